"""By which line the demo place's alarms call: most of it in order, some of it as it is found in life."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo.households import BY, Laid
from devices import alarm_lines
from devices.models import Device

ROUND = 4
"""Of so many homes one is not set down at all, and one has a fault of its own."""


def lay(session: Session, laid: list[Laid], now: datetime) -> None:
    """Set the lines down that somebody knows of, and the test presses of most pendants."""
    kit = {each.home.id: _protecting(session, each) for each in laid}
    protected = [each for each in laid if kit[each.home.id]]
    for place, each in enumerate(protected):
        if place % ROUND != ROUND - 1:
            alarm_lines.set_line(session, each.home, _line(place, now), now=now, actor=BY)
        if place % ROUND != 1:
            for device in kit[each.home.id]:
                pressed_at = now - timedelta(days=3 + place)
                alarm_lines.note_test_press(session, device, now=pressed_at, actor=BY)


def _protecting(session: Session, each: Laid) -> list[Device]:
    devices = [session.get_one(Device, device_id) for device_id in each.devices.values()]
    return [device for device in devices if device.life_safety]


def _line(place: int, now: datetime) -> dict[str, str]:
    today = now.date()
    known = {
        "line": "digital",
        "provider": "Westmere Fibre",
        "centre": "Allhours Care Line",
        "migrates_on": (today - timedelta(days=200)).isoformat(),
        "tested_on": (today - timedelta(days=20 + place)).isoformat(),
        "battery_hours": "4",
    }
    if place % ROUND == 1:
        moved = (today - timedelta(days=9)).isoformat()
        return known | {"migrates_on": moved, "tested_on": (today - timedelta(days=90)).isoformat()}
    if place % (2 * ROUND) == 2:
        moves = (today + timedelta(days=24)).isoformat()
        return known | {"line": "analogue", "provider": "County Telephone", "migrates_on": moves}
    return known
