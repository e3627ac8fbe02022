"""Ada's number on kit, and a measurement that was said to be hers, for routes that take their ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from devices.models import Device
from devices.shared_kit_models import KitUser, Owner, ReadingOwner
from tests.cast import Cast


def lay(session: Session, cast: Cast, device: Device, now: datetime) -> dict[str, UUID]:
    """One of each on `device`; their outer ids."""
    user = KitUser(device_id=device.id, number=2, person_id=cast.ada.id, period=Range(now, None))
    answer = ReadingOwner(
        device_id=device.id, channel="user 3", measured_at=now, owner=Owner.PERSON, person_id=cast.ada.id,
        answered_at=now, answered_by="Cora",
    )  # fmt: skip
    session.add_all([user, answer])
    session.flush()
    return {"user_id": user.uuid, "answer_id": answer.uuid}
