"""Which measured values are a danger whoever's they are, so that nobody waits to hear whose; pure.

Not for judging somebody: their own plan does that once it is known whose a value is. Only for how soon it is
asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Bounds:
    """At or beyond which a value is a danger; None is no bound on that side."""

    at_or_below: float | None = None
    at_or_above: float | None = None


BOUNDS: Mapping[str, Bounds] = MappingProxyType(
    {
        "spo2": Bounds(at_or_below=91),
        "pulse": Bounds(at_or_below=40, at_or_above=131),
        "respiratory_rate": Bounds(at_or_below=8, at_or_above=25),
        "body_temperature": Bounds(at_or_below=35.0, at_or_above=39.1),
        "systolic": Bounds(at_or_below=90, at_or_above=180),
        "diastolic": Bounds(at_or_above=120),
        "glucose": Bounds(at_or_below=3.0, at_or_above=25.0),
    }
)
"""Defaults, for a clinical safety officer to set. Oxygen, pulse, breathing, temperature and the lower
systolic bound: what alone scores 3 in NEWS2 (Royal College of Physicians, 2017), and a high temperature, 2.
Upper pressures: the severe hypertension of NICE NG136. Glucose: clinically significant hypoglycaemia is below
3.0 mmol/L (International Hypoglycaemia Study Group, 2017), and 3.0 counts here; the upper bound is ours."""


def dangerous(values: Iterable[tuple[str, float]]) -> tuple[str, float] | None:
    """The first of these values, by kind, that is a danger whoever's it is; None where none is."""
    return next(((kind, value) for kind, value in values if _beyond(BOUNDS.get(kind), value)), None)


def _beyond(bounds: Bounds | None, value: float) -> bool:
    if bounds is None:
        return False
    low, high = bounds.at_or_below, bounds.at_or_above
    return (low is not None and value <= low) or (high is not None and value >= high)
