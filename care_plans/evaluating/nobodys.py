"""Asks whose it is what shared kit measured and nobody can be said to have measured (H4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.evaluating.among import among
from care_plans.evaluating.noticed import Noticed, Whose
from care_plans.judging import dangers
from care_plans.judging.verdicts import Finding
from care_plans.judging.words import value_text
from care_plans.severity import Class, Severity
from core.zones import UK
from devices import kinds, unclaimed
from devices.measurement import Flags
from devices.models import Device
from devices.subjects import Subject
from devices.unclaimed import Unclaimed

ORDINARY, DANGER = "whose.", "whose.danger."
AGAIN_AFTER = timedelta(hours=24)
DANGER_AGAIN_AFTER = timedelta(hours=1)
"""How long after it was closed without an answer it is asked again."""
ASK = (
    "Ask who measured, and say it on the page of the kit. Set down there who uses which number, so that it "
    "need not be asked again. Until then nobody is judged by it."
)
ASK_NOW = (
    "Dangerous, whoever’s it is: ring everybody who lives there now. Ask how they are, who measured, and to "
    "measure again. No answer, or help is needed: 999. Then say on the page of the kit whose it was."
)


def asked(session: Session, whose: Whose, zones: Mapping[Subject, str], now: datetime) -> list[Noticed]:
    """One question for each piece of kit that has measured for nobody; what is dangerous asks by itself.

    `zones` are by whose clock times are told, by subject.
    """
    found = unclaimed.list_of(session, whose.kit, now)
    if not found:
        return []
    kit = {
        device.id: device
        for device in session.scalars(
            select(Device).where(among(Device.id, {each.device_id for each in found}))
        )
    }
    by_kit: dict[tuple[int, bool], list[Unclaimed]] = {}
    for each in found:
        by_kit.setdefault((each.device_id, is_danger(each)), []).append(each)
    return [
        _question(kit[device_id], subject, some, zones.get(subject, UK), danger=danger)
        for (device_id, danger), some in by_kit.items()
        for subject in whose.kit[device_id]
    ]


def is_danger(each: Unclaimed) -> bool:
    """Whether nobody should wait to hear whose it is.

    What can't be believed (H3), or was only sent again, is asked about and not taken for a danger.
    """
    unfit = Flags.BEYOND_ABSOLUTE | Flags.REPLAYED
    return not each.flags & unfit and dangers.dangerous(each.values) is not None


def _question(
    device: Device, subject: Subject, some: Sequence[Unclaimed], zone: str, *, danger: bool
) -> Noticed:
    newest = some[0]
    kind, value = (dangers.dangerous(newest.values) if danger else None) or newest.values[0]
    finding = Finding(
        severity=Severity.RED if danger else Severity.WATCH,
        words=_words(device, some, zone),
        at=newest.at,
        kind=kind,
        value=value,
        unit=kinds.get(kind).unit_words or None,
        evidence=tuple((one, each.at, shown) for each in reversed(some) for one, shown in each.values),
        latest=newest.at,
    )
    return Noticed(
        subject=subject,
        rule_key=f"{DANGER if danger else ORDINARY}{device.uuid}",
        name="Whose reading is this?",
        class_=Class.CLINICAL if danger else Class.TECHNICAL,
        finding=finding,
        what_should_happen=ASK_NOW if danger else ASK,
        again_after=DANGER_AGAIN_AFTER if danger else AGAIN_AFTER,
        device_id=device.id,
        began=newest.at,
    )


def _words(device: Device, some: Sequence[Unclaimed], zone: str) -> str:
    newest = some[0]
    values = ", ".join(value_text(kind, value) for kind, value in newest.values)
    at = newest.at.astimezone(ZoneInfo(zone))
    more = f", and {len(some) - 1} more" if len(some) > 1 else ""
    return f"Whose is this? {values} at {at:%H:%M} on {at:%-d %B}, {device.name}{more}"
