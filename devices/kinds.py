"""The kinds of reading Hearthline knows: what each measures, in which unit, within which limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

from core.errors import Invalid, NotFound
from devices import units
from devices.units import Linear
from people.access import RecordClass


class Group(StrEnum):
    """Where a kind stands in lists and on pages."""

    VITALS = "vitals"
    ACTIVITY = "activity"
    HOME = "home"
    ENERGY = "energy"
    SAFETY = "safety"
    MEDICATION = "medication"
    WELLBEING = "wellbeing"
    KIT = "kit"


class Shape(StrEnum):
    """How the values of a kind behave."""

    NUMBER = "number"
    STATE = "state"
    EVENT = "event"
    COUNTER = "counter"


_STATE, _EVENT = Shape.STATE, Shape.EVENT


class CareClass(StrEnum):
    """The class of rule that readings of a kind usually feed."""

    LIFE_SAFETY = "life_safety"
    CLINICAL = "clinical"
    HOME_SOCIAL = "home_social"
    TECHNICAL = "technical"


_CLASS_OF_GROUP: Mapping[Group, CareClass] = {
    Group.VITALS: CareClass.CLINICAL,
    Group.MEDICATION: CareClass.CLINICAL,
    Group.ACTIVITY: CareClass.HOME_SOCIAL,
    Group.HOME: CareClass.HOME_SOCIAL,
    Group.ENERGY: CareClass.HOME_SOCIAL,
    Group.SAFETY: CareClass.HOME_SOCIAL,
    Group.WELLBEING: CareClass.HOME_SOCIAL,
    Group.KIT: CareClass.TECHNICAL,
}

_RECORD_CLASS_OF_GROUP: Mapping[Group, RecordClass] = {
    Group.VITALS: RecordClass.VITALS,
    Group.MEDICATION: RecordClass.VITALS,
    Group.ACTIVITY: RecordClass.ACTIVITY,
    Group.HOME: RecordClass.HOME_ENVIRONMENT,
    Group.ENERGY: RecordClass.ENERGY,
    Group.SAFETY: RecordClass.SAFETY_EVENTS,
    Group.WELLBEING: RecordClass.MENTAL_HEALTH,
    Group.KIT: RecordClass.SAFETY_EVENTS,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reading. `unit` is a UCUM code; limits are (lowest, highest), both inside.

    States and events hold 0 or 1, with `true_words` and `false_words`. `conversions` maps every unit text
    that is understood to its conversion into `unit`. One that is `made` comes of other readings, and of
    nobody's kit or hand.
    """

    code: str
    name: str
    group: Group
    unit: str
    unit_words: str
    shape: Shape
    plausible: tuple[float, float]
    absolute: tuple[float, float]
    about: Literal["person", "home"]
    life_safety: bool
    made: bool
    record_class: RecordClass
    loinc: str | None
    snomed: str | None
    mdc: str | None
    digits: int
    true_words: str
    false_words: str
    conversions: Mapping[str, Linear]

    @property
    def is_binary(self) -> bool:
        """Whether values are only 0 and 1."""
        return self.shape is _STATE or self.shape is _EVENT

    @property
    def of_body(self) -> bool:
        """Whether kit measures it of one body, so that shared kit has to say whose: a weight, a pressure."""
        return self.record_class is RecordClass.VITALS and self.group is Group.VITALS and not self.made

    @property
    def care_class(self) -> CareClass:
        """The class of rule that readings of this kind usually feed."""
        return CareClass.LIFE_SAFETY if self.life_safety else _CLASS_OF_GROUP[self.group]


def find(code: str) -> Kind | None:
    """Return the kind called `code`, or None."""
    return KINDS.get(code)


def get(code: str) -> Kind:
    """Return the kind called `code`; NotFound if there is none."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound("There is no such kind of reading.")
    return kind


def find_measured(code: str) -> Kind | None:
    """Return the kind called `code` if kit or people can measure it, or None."""
    return _MEASURED.get(code)


def all_kinds() -> tuple[Kind, ...]:
    """Return every kind, in the order of the catalogue."""
    return tuple(KINDS.values())


def of_class(record_class: RecordClass) -> frozenset[str]:
    """The codes of the kinds that belong to a class of record."""
    return frozenset(kind.code for kind in KINDS.values() if kind.record_class is record_class)


def to_canonical(kind: Kind, value: float, unit: str | None) -> float:
    """Return `value`, given in `unit`, in the kind's own unit; None means it already is.

    Raises Invalid on the field "unit" when a value of this kind can't come in that unit.
    """
    if unit is None:
        return value
    linear = kind.conversions.get(unit)
    if linear is None:
        raise Invalid({"unit": unknown_unit(kind)})
    return linear.convert(value)


def unknown_unit(kind: Kind) -> str:
    """Say which units a value of this kind may come in."""
    if kind.is_binary:
        return f"{kind.name} has no unit; leave it out."
    known = sorted({units.plain(unit) for unit in kind.conversions if unit in units.SPELLINGS})
    return f"{kind.name} can't come in that unit; send one of {', '.join(known)}, or leave it out."


def say(kind: Kind, value: float) -> str:
    """Return `value` as a page writes it: "93 %", "open"."""
    if kind.is_binary:
        return kind.true_words if value >= 0.5 else kind.false_words
    space = "" if kind.unit_words in ("%", "°C") else " "
    return f"{value:.{kind.digits}f}{space}{kind.unit_words}"


_BINARY_LIMITS = [0, 1]


def _kind(code: str, row: Mapping[str, Any]) -> Kind:
    shape = Shape(row.get("shape", "number"))
    binary = shape in (Shape.STATE, Shape.EVENT)
    group = Group(row["group"])
    unit = "1" if binary else str(row["unit"])
    in_home = group in (Group.HOME, Group.ENERGY, Group.SAFETY, Group.KIT)
    low, high = row["plausible"] if not binary else _BINARY_LIMITS
    lowest, highest = row["absolute"] if not binary else _BINARY_LIMITS
    return Kind(
        code=code,
        name=row["name"],
        group=group,
        unit=unit,
        unit_words=row.get("words", ""),
        shape=shape,
        plausible=(float(low), float(high)),
        absolute=(float(lowest), float(highest)),
        about=row.get("about", "home" if in_home else "person"),
        life_safety=row.get("life_safety", False),
        made=row.get("made", False),
        record_class=RecordClass(row.get("record_class", _RECORD_CLASS_OF_GROUP[group])),
        loinc=row.get("loinc"),
        snomed=row.get("snomed"),
        mdc=row.get("mdc"),
        digits=row.get("digits", 0),
        true_words=row["when_true"] if binary else "",
        false_words=row["when_false"] if binary else "",
        conversions=MappingProxyType(units.accepted(unit, row.get("conversions", {}))),
    )


def _load() -> dict[str, Kind]:
    rows = yaml.safe_load(Path(__file__).with_name("catalogue.yaml").read_text("utf-8"))
    return {code: _kind(code, row) for code, row in rows.items()}


KINDS: Mapping[str, Kind] = MappingProxyType(_load())
_MEASURED = {code: kind for code, kind in KINDS.items() if not kind.made}
LIFE_SAFETY = frozenset(kind.code for kind in KINDS.values() if kind.life_safety)


def alarms(code: str, value: float) -> bool:
    """Whether a value of a kind is a danger to life: a press, a fall, smoke."""
    return code in LIFE_SAFETY and value > 0
