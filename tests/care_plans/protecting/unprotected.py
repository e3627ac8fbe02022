"""Ada's pendant, and how it fails, for tests of protection."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.protecting import Interim
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.protecting import interims
from devices.models import Device, DeviceState
from tests.cast import Cast
from tests.devices import kit

HOUR = timedelta(hours=1)


def pendant(session: Session, cast: Cast, **given: object) -> Device:
    """Ada's, out with her for a month."""
    told = {"name": "Pendant", "model": "HL-P1", "life_safety": True, "state": DeviceState.INSTALLED}
    made = kit.device(session, "adas-pendant", **told | given)
    kit.give(session, made, person_id=cast.ada.id)
    return made


def fails(session: Session, device: Device, at: datetime) -> None:
    """It is shut out: it can't say anything any more."""
    device.revoked_at = at
    session.flush()


def works_again(session: Session, device: Device) -> None:
    """It is heard again."""
    device.revoked_at = None
    session.flush()


def plan_of(session: Session, cast: Cast) -> Interim:
    """Ada's interim plan."""
    found = interims.find(session, cast.ada.id)
    assert found is not None
    return found


def asked(session: Session, cast: Cast, kind: FollowUpKind) -> list[FollowUp]:
    """What was asked of that kind for Ada, done or not."""
    of_ada = (FollowUp.person_id == cast.ada.id) & (FollowUp.kind == kind)
    return list(session.scalars(select(FollowUp).where(of_ada).order_by(FollowUp.id)))
