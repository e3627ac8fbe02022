"""What is expected of kit itself: to be heard as often as staff, its model or its own word have it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import models_of_kit, silence, silent_after
from devices.models import Assignment, Device, DeviceWord
from devices.silences import KIT
from devices.silent_after import Figure


def figure_of(device: Device, said: float | None) -> Figure | None:
    """How long `device`, which says that it speaks so often, may be silent; None where nobody knows."""
    return silent_after.figure(
        set_by_staff=device.silent_after_seconds,
        of_model=models_of_kit.model_called(device.model).speaks_every,
        said=said,
        protects=device.life_safety,
    )


def expect(session: Session, device: Device, now: datetime) -> None:
    """Expect `device` to be heard as often as it should be; no more, where nobody knows how often."""
    said = select(DeviceWord.speaks_every_seconds).where(DeviceWord.device_id == device.id)
    figure = figure_of(device, session.scalar(said))
    if figure is None:
        silence.end(session, source=KIT, device_id=device.id, now=now)
        return
    silence.expect(
        session,
        source=KIT,
        device_id=device.id,
        every_seconds=figure.late_after,
        grace_seconds=figure.grace,
        first_by=now + timedelta(seconds=figure.late_after),
        now=now,
    )


def expect_anew(session: Session, device_ids: Collection[int], now: datetime) -> None:
    """What these go by may have changed: those that are somebody's are expected by what holds now."""
    held = select(Assignment.device_id).where(
        Assignment.device_id.in_(device_ids), Assignment.deleted_at.is_(None), Assignment.period.contains(now)
    )
    for device in session.scalars(select(Device).where(Device.id.in_(held)).order_by(Device.id)):
        expect(session, device, now)
