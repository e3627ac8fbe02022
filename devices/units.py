"""Which texts mean which unit, and how a value in one unit becomes a value in another."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

PLACES = 6
"""Decimals kept after a conversion: finer than any sensor, coarse enough that 0.951 kW is 951 W."""

MOST = sys.float_info.max


class Linear(NamedTuple):
    """A conversion: canonical value = value × factor + offset."""

    factor: float
    offset: float = 0.0

    def convert(self, value: float) -> float:
        """Return `value` in the canonical unit; a unit that is already canonical changes nothing.

        A value too large to be converted becomes the largest number there is: beyond belief, but a number.
        """
        if self is SAME:
            return value
        return max(-MOST, min(MOST, round(value * self.factor + self.offset, PLACES)))


SAME = Linear(1.0)

# UCUM code: the texts that kit and people write for it. The UCUM code itself is always understood.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "1": ("",),
    "%": ("%", "percent", "pct", "%RH"),
    "/min": ("/min", "bpm", "1/min", "{beats}/min", "beats/min", "breaths/min", "br/min", "rpm"),
    "mm[Hg]": ("mmHg", "mm Hg"),
    "kPa": (),
    "kg": ("kg", "kgs"),
    "g": (),
    "[lb_av]": ("lb", "lbs"),
    "[stone_av]": ("st", "stone"),
    "Cel": ("°C", "C", "degC", "ºC", "celsius"),
    "[degF]": ("°F", "F", "degF", "ºF", "fahrenheit"),
    "K": (),
    "mmol/L": ("mmol/l",),
    "mg/dL": ("mg/dl",),
    "L/min": ("l/min",),
    "L/s": ("l/s",),
    "{steps}": ("steps", "step", "count"),
    "{movements}": ("movements",),
    "s": ("sec", "seconds"),
    "min": ("minutes",),
    "h": ("hours", "hr"),
    "[ppm]": ("ppm",),
    "[ppb]": ("ppb",),
    "ug/m3": ("µg/m³", "μg/m³", "µg/m3", "ug/m³"),
    "mg/m3": ("mg/m³",),
    "lx": ("lux",),
    "dB[SPL]": ("dB", "dBA", "dB(A)"),
    "hPa": ("mbar",),
    "Pa": (),
    "W": ("watt", "watts"),
    "kW": (),
    "mW": (),
    "kW.h": ("kWh",),
    "W.h": ("Wh",),
    "MJ": (),
    "m3": ("m³",),
    "L": ("l", "litres"),
    "[cft_i]": ("ft3", "ft³"),
    "V": ("volt", "volts"),
    "mV": (),
    "dB{mW}": ("dBm",),
    "{lqi}": ("lqi",),
    "{score}": ("score", "{ScoreOf}"),
}

# canonical unit: what other units are worth in it. Exact by definition unless said otherwise.
CONVERSIONS: Mapping[str, Mapping[str, Linear]] = {
    "mm[Hg]": {"kPa": Linear(1 / 0.133322387415)},
    "kg": {"g": Linear(0.001), "[lb_av]": Linear(0.45359237), "[stone_av]": Linear(6.35029318)},
    "Cel": {"[degF]": Linear(5 / 9, -160 / 9), "K": Linear(1.0, -273.15)},
    "L/min": {"L/s": Linear(60.0)},
    "min": {"s": Linear(1 / 60), "h": Linear(60.0)},
    "h": {"s": Linear(1 / 3600), "min": Linear(1 / 60)},
    "[ppm]": {"[ppb]": Linear(0.001)},
    "ug/m3": {"mg/m3": Linear(1000.0)},
    "hPa": {"Pa": Linear(0.01), "kPa": Linear(10.0)},
    "W": {"kW": Linear(1000.0), "mW": Linear(0.001)},
    "kW.h": {"W.h": Linear(0.001), "MJ": Linear(1 / 3.6)},
    "m3": {"L": Linear(0.001), "[cft_i]": Linear(0.028316846592)},
    "mV": {"V": Linear(1000.0)},
    "V": {"mV": Linear(0.001)},
}


def plain(unit: str) -> str:
    """Return the commonest way to write a UCUM unit."""
    return next(iter(SPELLINGS[unit]), unit)


def accepted(canonical: str, special: Mapping[str, float]) -> dict[str, Linear]:
    """Return every unit text a value may come in, each with its conversion to `canonical`.

    `special` maps units whose size depends on what is measured (mg/dL of glucose) to their factor.
    """
    by_unit = {canonical: SAME, **CONVERSIONS.get(canonical, {})}
    by_unit |= {unit: Linear(factor) for unit, factor in special.items()}
    return {text: linear for unit, linear in by_unit.items() for text in (unit, *SPELLINGS[unit])}
