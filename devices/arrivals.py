"""When readings last reached us: what says that the installation hears at all."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices.models import Batch


def last_stored(session: Session) -> datetime | None:
    """When the newest readings were received, whoever's they are; None before the first."""
    return session.scalar(select(Batch.received_at).order_by(Batch.id.desc()).limit(1))
