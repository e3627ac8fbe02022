"""What the same key means on different models: the key name alone doesn't tell.

`alarm_1` is smoke on one model and water on another; `voltage` is millivolts of a battery or volts of the
mains; a press of one button is a call for help, of another a light. Names match whatever their case. A plain
button that somebody was given to call for help with is registered as the model "SOS button".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Model:
    """The meaning of the ambiguous keys of one model.

    `alarm_1` and `alarm_2` name kinds; `voltage` is the unit of that key. `calls_for_help` means that any
    press is one; `misfires` that the model is known to send presses nobody made: a hint for whoever answers,
    since every press is stored and alarms. `sleeps` that it leaves the network between its words, so that to
    be offline says nothing. `codec` is how its LoRaWAN frames are laid out.
    """

    alarm_1: str | None = None
    alarm_2: str | None = None
    voltage: Literal["mV", "V"] | None = None
    calls_for_help: bool = False
    misfires: bool = False
    sleeps: bool = False
    codec: Literal["milesight", "elsys"] | None = None
    speaks_every: int | None = None


_SMOKE = Model(alarm_1="smoke", voltage="mV")
_WATER = Model(alarm_1="water_leak", voltage="mV")
_SOS = Model(voltage="mV", calls_for_help=True)
_PLUG = Model(voltage="V")
_SLEEPER = Model(sleeps=True)
_LORA_SOS = Model(calls_for_help=True, codec="milesight")
_MILESIGHT = (
    *("AM102", "AM102L", "AM103", "AM103L", "AM104", "AM107"),
    *("AM307", "AM307L", "AM308", "AM308L", "AM319", "AM319L"),
    *("EM300-MCS", "EM300-MLD", "EM300-SLD", "EM300-TH", "EM300-ZLD", "EM320-TH", "EM500-CO2"),
    *("GS101", "GS301", "VS321", "VS330", "VS340", "VS341", "VS370", "VS373"),
    *("WS202", "WS203", "WS301", "WS302", "WS303"),
)
_OURS = ("HL-B1", "HL-D1", "HL-E1", "HL-H1", "HL-W1")
_ELSYS = (
    *("ELT-2", "ELT-LITE", "ELT-ULTRASONIC", "EMS", "EMS-DESK", "EMS-DOOR", "EMS-LITE"),
    *("ERS", "ERS-CO2", "ERS-CO2-LITE", "ERS-EYE", "ERS-LITE", "ERS-SOUND", "ERS-VOC"),
)

# Sources: alarm_1 of HS1SA-E-PLUS, sweeney/statehouse firealarm report; of S4SN-0071A (Shelly Flood Gen4
# over Zigbee), Koenkk/zigbee-herdsman-converters#10088; misfires of TS0601_sos, Koenkk/zigbee2mqtt#31821; the
# buttons sold for emergencies, the device pages of zigbee2mqtt.io; which Shelly sleep, "Sleep management for
# battery-operated devices" on shelly-api-docs.shelly.cloud; the leak sensor of Aqara, arendst/Tasmota#14096;
# how often WS203 speaks, its configurable properties on milesight.com/docs (development platform). The kit of
# simulated homes (devices.simulator.speaking) says every hour that it is there.
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "HS1SA-E-PLUS": _SMOKE,
        "S4SN-0071A": Model(alarm_1="water_leak", voltage="mV", sleeps=True),
        "SNSN-0013A": _SLEEPER,
        "SNSN-0031Z": _SLEEPER,
        "S3SN-0U12A": _SLEEPER,
        "SJCGQ11LM": _WATER,
        "LUMI.SENSOR_WLEAK.AQ1": _WATER,
        "SOS BUTTON": Model(calls_for_help=True),
        "TS0601_SOS": Model(voltage="mV", calls_for_help=True, misfires=True),
        "TS0215A_SOS": _SOS,
        "HS1EB/HS1EB-E": _SOS,
        "HS1EB": _SOS,
        "HS1EB-E": _SOS,
        "SEB01ZB": _SOS,
        "TS011F": _PLUG,
        "TS0121": _PLUG,
        "SP 120": _PLUG,
        "WS101": _LORA_SOS,
        "WS101-SOS": _LORA_SOS,
        **dict.fromkeys(_MILESIGHT, Model(codec="milesight")),
        "WS203": Model(codec="milesight", speaks_every=1800),
        **dict.fromkeys(_ELSYS, Model(codec="elsys")),
        **dict.fromkeys(_OURS, Model(speaks_every=3600)),
    }
)

UNKNOWN = Model()


def is_known(name: str | None) -> bool:
    """Whether anything is known of the model called `name`."""
    return name is not None and name.upper() in MODELS


def model_called(name: str | None) -> Model:
    """Return what is known of the model called `name`; a Model that knows nothing if that is all."""
    return MODELS.get(name.upper(), UNKNOWN) if name else UNKNOWN
