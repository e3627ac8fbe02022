"""The sorts of kit that people have of their own, and what each measures; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from people.watching import Watched


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of kit: what it is called, the kinds that can be typed in from it, and what it watches.

    What it watches counts where it speaks by itself: then the agreement of that sort is needed (H18).
    """

    name: str
    kinds: tuple[str, ...]
    watches: tuple[Watched, ...] = ()


SORTS: Mapping[str, Sort] = MappingProxyType(
    {
        "cuff": Sort("Blood pressure cuff", ("systolic", "diastolic", "pulse")),
        "scale": Sort("Scale", ("weight",)),
        "oximeter": Sort("Oximeter", ("spo2", "pulse")),
        "thermometer": Sort("Thermometer", ("body_temperature",)),
        "glucose_meter": Sort("Glucose meter", ("glucose",)),
        "peak_flow_meter": Sort("Peak flow meter", ("peak_flow",)),
        "watch": Sort("Watch or wristband", ("pulse", "spo2"), (Watched.MOVEMENT,)),
    }
)
"""By what the database and the API call them. None protects: pendants and alarms come from an agency."""
