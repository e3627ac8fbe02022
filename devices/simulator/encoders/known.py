"""Every family of kit that simulated homes know, what it can say, and how it is addressed behind a hub."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from devices.kinds import KINDS
from devices.simulator import payloads
from devices.simulator.chance import stream
from devices.simulator.encoders import announced, fhir, gatt, lorawan, openmhealth, scaip, tasmota, theengs
from devices.simulator.encoders.said import Said, Wire
from devices.simulator.kit import (
    APPLIANCE,
    BED,
    BODY_TEMPERATURE,
    DIASTOLIC,
    DOOR,
    ELECTRICITY,
    EXIT,
    FALL,
    GAS,
    GLUCOSE,
    HUMIDITY,
    MOTION,
    PENDANT,
    POWER,
    PULSE,
    SPO2,
    SYSTOLIC,
    TEMPERATURE,
    WEIGHT,
    About,
    Format,
    KitSpec,
)

_AIR = frozenset({TEMPERATURE, HUMIDITY})
_BODY = frozenset({SYSTOLIC, DIASTOLIC, PULSE, SPO2, WEIGHT, BODY_TEMPERATURE, GLUCOSE})
_ROOM = _AIR | {APPLIANCE, MOTION, DOOR}


@dataclass(frozen=True, slots=True)
class Family:
    """One format: what it can say, in which messages, and the address that kit number n has behind a hub.

    `model` is what the kit is registered as; `behind` whether it has an address behind the hub, or is the hub
    itself to whoever listens. `announce` is what it tells of itself once, where it does.
    """

    name: str
    kinds: frozenset[str]
    messages: Callable[[Said], list[Wire]]
    address_of: Callable[[int], str]
    model: str
    behind: bool = True
    announce: Callable[[Said], list[Wire]] | None = None

    def can_say(self, spec: KitSpec) -> bool:
        """Whether all that a piece of kit measures has words here."""
        return bool(spec.kinds) and self.kinds.issuperset(spec.kinds)


def behind_hub(spec: KitSpec, words: Format, seed: int) -> KitSpec:
    """The same piece of kit as another make of it, which speaks these words through the hub of its home."""
    family = FAMILIES[words]
    number = stream("address", seed, words, spec.key_suffix).getrandbits(24)
    return replace(spec, model=family.model, format=words, hub="hub", address=family.address_of(number))


def _ieee(number: int) -> str:
    return f"0x00158d{number % 2**40:010x}"


def _zigbee(said: Said) -> list[Wire]:
    spec = replace(_SENSOR, address=said.address, battery=APPLIANCE not in said.values)
    return [Wire(*payloads.zigbee(spec, said.key, said.at, tuple(said.values.items()), said.battery))]


def _shelly(said: Said) -> list[Wire]:
    topic, payload = payloads.shelly(said.key, said.at, tuple(said.values.items()), said.battery)
    return [Wire(topic.replace("/shelly/", f"/shelly/{said.address}/"), payload)]


def _glow(said: Said) -> list[Wire]:
    total = said.values.get(ELECTRICITY, said.values.get(GAS, 0.0))
    periods = {"day": 10, "week": 70, "month": 300}
    began = {period: float(total // long * long) for period, long in periods.items()}
    return [Wire(*payloads.glow(said.key, said.at, tuple(said.values.items()), began))]


def _own(said: Said) -> list[Wire]:
    spec = replace(_SENSOR, key_suffix=said.address, life_safety=not {PENDANT, FALL}.isdisjoint(said.values))
    return [Wire(*payloads.own(spec, said.key, [(said.at, tuple(said.values.items()))], said.at))]


_SENSOR = KitSpec("", "", "", (), Format.ZIGBEE, About.HOME)
_EVERYTHING = frozenset(KINDS)

FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Family("readings", _EVERYTHING, _own, "own-{}".format, "HL-K1", behind=False),
        Family(
            "glow", frozenset({ELECTRICITY, POWER, GAS}), _glow, "meter-{}".format, "Glow IHD", behind=False
        ),
        Family("zigbee2mqtt", _ROOM, _zigbee, _ieee, "SNZB-02D"),
        Family("shelly", _AIR, _shelly, "shellyplusht-{:012x}".format, "Shelly Plus H&T"),
        Family(
            theengs.NAME,
            _AIR | {DOOR, MOTION, WEIGHT},
            theengs.messages,
            theengs.address_of,
            "LYWSD03MMC",
        ),
        Family(tasmota.NAME, _AIR | {APPLIANCE}, tasmota.messages, tasmota.address_of, "MJ_HT_V1"),
        Family(lorawan.CHIRPSTACK, _AIR | {DOOR}, lorawan.chirpstack, lorawan.address_of, "EM300"),
        Family(lorawan.TTS, _AIR | {MOTION}, lorawan.tts, lorawan.address_of, "ERS"),
        Family(gatt.NAME, _BODY, gatt.messages, gatt.address_of, "Bluetooth kit"),
        Family(
            announced.HOMEASSISTANT,
            _ROOM | {BED},
            announced.homeassistant,
            announced.address_of,
            "Room display",
            announce=lambda said: announced.announcement(said, announced.HOMEASSISTANT),
        ),
        Family(
            announced.ESPHOME,
            _ROOM | {BED},
            announced.esphome,
            announced.address_of,
            "ESPHome node",
            behind=False,
            announce=lambda said: announced.announcement(said, announced.ESPHOME),
        ),
        Family(
            openmhealth.NAME, _BODY, openmhealth.messages, openmhealth.address_of, "Health app", behind=False
        ),
        Family(fhir.NAME, _BODY, fhir.messages, fhir.address_of, "PHD gateway"),
        Family(
            scaip.NAME, frozenset({PENDANT, FALL, EXIT}), scaip.messages, scaip.address_of, "Telecare unit"
        ),
    )
}
