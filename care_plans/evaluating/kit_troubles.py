"""What kit says of itself that is wrong: a battery that is low or has failed, a fault (H5)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from care_plans.evaluating.noticed import Noticed, Whose, finding
from care_plans.judging.conditions import About
from care_plans.severity import Class, Severity
from devices import kit_states, works
from devices.models import Device, DeviceWord, KitState
from devices.subjects import Subject

BATTERY_LOW = 15.0
"""Percent at which a battery is reported: about a week left for most home sensors."""
NEW_BATTERY = "Change the battery, or have it changed at the next visit."
MEND = "Ask whether it is plugged in and in its place; have it mended or exchanged if that does not help."
AGAIN_AFTER = timedelta(days=3)
NOBODY_YET = Subject(About.PERSON, 0)
"""Whose a finding about kit is before it is given to each whose kit it is."""


def batteries(session: Session, whose: Whose, now: datetime) -> list[Noticed]:
    """Kit of these subjects whose battery is nearly empty, or low or failed by its own word."""
    rows = session.execute(
        select(Device, DeviceWord)
        .join(DeviceWord, DeviceWord.device_id == Device.id)
        .where(among(Device.id, whose.kit), DeviceWord.battery <= BATTERY_LOW)
    ).all()
    found = {device.id: _low(device, word, now) for device, word in rows}
    for device, state in _by_its_word(session, kit_states.BATTERIES, whose.kit):
        if state.kind == "battery_failed" or device.id not in found:
            found[device.id] = _by_word(device, state, now)
    return list(_for_each(session, found, whose.kit, now))


def faults(session: Session, whose: Whose, now: datetime) -> list[Noticed]:
    """Faults that kit of these subjects reports; life-safety kit is seen to by `protection`."""
    found = {
        device.id: _fault(device, state, now)
        for device, state in _by_its_word(session, kit_states.FAULTS, whose.kit)
        if not device.life_safety
    }
    return list(_for_each(session, found, whose.kit, now))


def _by_its_word(
    session: Session, wanted: Collection[str], kit: Mapping[int, Sequence[Subject]]
) -> list[tuple[Device, KitState]]:
    """What of these kinds is wrong with the kit, a failed battery after one that is low."""
    rows = session.execute(
        select(Device, KitState)
        .join(KitState, KitState.device_id == Device.id)
        .where(among(Device.id, kit), KitState.kind.in_(wanted), kit_states.is_wrong())
        .order_by(KitState.kind.desc(), KitState.since.desc())
    )
    return [(device, state) for device, state in rows]


def _for_each(
    session: Session, found: Mapping[int, Noticed], kit: Mapping[int, Sequence[Subject]], now: datetime
) -> Iterator[Noticed]:
    """What was noticed of kit, for each whose it is, but for what is being worked on."""
    at_work = works.under_way(session, list(found), now)
    for device_id, each in found.items():
        if device_id not in at_work:
            yield from (replace(each, subject=subject) for subject in kit[device_id])


def _low(device: Device, word: DeviceWord, now: datetime) -> Noticed:
    words = f"{device.name}: battery {word.battery or 0:.0f}%"
    severity = Severity.AMBER if device.life_safety else Severity.WATCH
    return Noticed(
        NOBODY_YET,
        f"kit.battery.{device.uuid}",
        "Battery low",
        Class.TECHNICAL,
        finding(severity, words, word.heard_at or now, now),
        NEW_BATTERY,
        AGAIN_AFTER,
        device.id,
    )


def _by_word(device: Device, state: KitState, now: datetime) -> Noticed:
    failed = state.kind == "battery_failed"
    severity = Severity.AMBER if failed or device.life_safety else Severity.WATCH
    words = f"{device.name}: battery {'failed' if failed else 'low'}, by its own word"
    return _told(device, state, "battery", "Battery low", severity, words, NEW_BATTERY, now)


def _fault(device: Device, state: KitState, now: datetime) -> Noticed:
    words = f"{device.name} reports a fault" + (f" ({state.channel})" if state.channel else "")
    return _told(device, state, "fault", "Kit reports a fault", Severity.WATCH, words, MEND, now)


def _told(
    device: Device,
    state: KitState,
    key: str,
    name: str,
    severity: Severity,
    words: str,
    to_do: str,
    now: datetime,
) -> Noticed:
    found = replace(finding(severity, words, state.since, now, state.kind), unconfirmed=not state.confirmed)
    return Noticed(
        NOBODY_YET,
        f"kit.{key}.{device.uuid}",
        name,
        Class.TECHNICAL,
        found,
        to_do,
        AGAIN_AFTER,
        device.id,
        state.since,
    )
