"""Kit of Ada's own, for tests that need a piece of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.work import checking_kit
from core.journal import Actor
from core.zones import UK
from devices.models import Device
from tests.cast import Cast


def lay(session: Session, cast: Cast, now: datetime) -> Device:
    """Her cuff, which she reads off herself."""
    given = {"sort": "cuff", "model": "Omron M3", "way": "by_hand"}
    return checking_kit.add(session, cast.ada, given, zone=UK, actor=Actor("Ada"), now=now).device
