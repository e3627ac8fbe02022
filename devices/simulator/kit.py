"""What stands in a home: each piece of kit, what it measures, about whom, and how it speaks."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from devices.simulator.chance import stream

SPO2 = "spo2"
PULSE = "pulse"
SYSTOLIC = "systolic"
DIASTOLIC = "diastolic"
WEIGHT = "weight"
BODY_TEMPERATURE = "body_temperature"
TEMPERATURE = "room_temperature"
HUMIDITY = "room_humidity"
OUTSIDE = "outdoor_temperature"
MOTION = "motion"
DOOR = "door_open"
BED = "bed_occupied"
APPLIANCE = "appliance_power"
POWER = "electricity_power"
ELECTRICITY = "electricity_energy"
GAS = "gas_energy"
PENDANT = "pendant"
FALL = "fall"
GLUCOSE = "glucose"
BREATHING = "respiratory_rate"
PAIN = "pain"
BREATHLESSNESS = "breathlessness"
CARING = "caring_load"
DISPENSED = "medication_dispensed"
TAKEN = "medication_taken"
MISSED = "medication_missed"
EXIT = "property_exit"


class Format(StrEnum):
    """The words a piece of kit speaks: the format level of its topics."""

    OWN = "readings"
    ZIGBEE = "zigbee2mqtt"
    GLOW = "glow"
    SHELLY = "shelly"
    THEENGS = "theengs"
    CHIRPSTACK = "chirpstack"
    TTS = "tts"
    GATT = "gatt"


class About(StrEnum):
    """Whose readings they are."""

    PERSON = "person"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class KitSpec:
    """One piece of kit; with a `hub` it speaks through that one, under its own `address` there.

    `resident` says whose it is when it is about a person; `every` how often sampled kit measures;
    `keeps` whether it remembers what it measured while it could not send. What somebody takes up to measure
    with is used `often` a day when all is well; None: as is usual for it.
    """

    key_suffix: str
    name: str
    model: str
    kinds: tuple[str, ...]
    format: Format
    about: About
    room: str | None = None
    resident: int = 0
    life_safety: bool = False
    hub: str | None = None
    address: str | None = None
    every: timedelta | None = None
    battery: bool = True
    keeps: bool = True
    often: int | None = None


def pendant(resident: int = 0) -> KitSpec:
    """An alarm button with a fall detector, worn round the neck."""
    return _worn("pendant", "Pendant", "HL-P1", (PENDANT, FALL), resident, life_safety=True)


def oximeter(resident: int = 0, often: int | None = None) -> KitSpec:
    """A fingertip oximeter kept by the bed."""
    return replace(_worn("oximeter", "Oximeter", "HL-OX2", (SPO2, PULSE), resident), often=often)


def cuff(resident: int = 0) -> KitSpec:
    """An upper-arm blood-pressure monitor."""
    return _worn("cuff", "Blood pressure monitor", "HL-BP3", (SYSTOLIC, DIASTOLIC, PULSE), resident)


def scale(resident: int = 0) -> KitSpec:
    """A bathroom scale."""
    return _worn("scale", "Scale", "HL-S1", (WEIGHT,), resident)


def thermometer(resident: int = 0) -> KitSpec:
    """An ear thermometer."""
    return _worn("thermometer", "Thermometer", "HL-T1", (BODY_TEMPERATURE,), resident)


def glucose_meter(resident: int = 0) -> KitSpec:
    """A blood glucose meter."""
    return _worn("glucose", "Glucose meter", "HL-G1", (GLUCOSE,), resident)


def breathing_patch(resident: int = 0) -> KitSpec:
    """A patch on the chest that counts breaths, day and night."""
    return _worn("breathing", "Breathing rate patch", "HL-R1", (BREATHING,), resident)


def questions(*kinds: str, resident: int = 0) -> KitSpec:
    """A tablet that asks how somebody is, a question for each kind."""
    return _worn("questions", "Question tablet", "HL-Q1", kinds, resident)


def dispenser(resident: int = 0) -> KitSpec:
    """A medicine dispenser that turns at its times and notices whether the dose is taken out."""
    return _worn("dispenser", "Medicine dispenser", "HL-D1", (DISPENSED, TAKEN, MISSED), resident)


def exit_sensor(resident: int = 0) -> KitSpec:
    """A sensor that notices its wearer leaving the home in the hours that were agreed."""
    return _worn("exit", "Exit sensor", "HL-E1", (EXIT,), resident)


def bed(resident: int = 0) -> KitSpec:
    """A mat under the mattress that feels whether somebody is in bed."""
    return _worn("bed", "Bed mat", "HL-B1", (BED,), resident, room="bedroom")


def hub() -> KitSpec:
    """The box that listens to the Zigbee sensors and sends what they say."""
    return KitSpec("hub", "Hub", "HL-H1", (), Format.OWN, About.HOME, room="hall", battery=False)


def climate(room: str, seed: int, minutes: int = 20) -> KitSpec:
    """A room thermometer and hygrometer behind the hub."""
    return _sensor("climate", f"Climate, {room}", "SNZB-02D", (TEMPERATURE, HUMIDITY), room, seed, minutes)


def motion(room: str, seed: int) -> KitSpec:
    """A motion sensor behind the hub."""
    return _sensor("motion", f"Motion, {room}", "SNZB-03", (MOTION,), room, seed)


def front_door(seed: int) -> KitSpec:
    """A contact on the front door behind the hub."""
    return _sensor("door", "Front door", "SNZB-04", (DOOR,), "hall", seed)


def kettle(seed: int) -> KitSpec:
    """The plug that the kettle is on, behind the hub."""
    return _sensor("kettle", "Kettle plug", "TS011F", (APPLIANCE,), "kitchen", seed)


def outdoors(minutes: int = 30) -> KitSpec:
    """A thermometer outside, on the shady side."""
    return KitSpec("outdoors", "Thermometer outside", "HL-W1", (OUTSIDE,), Format.OWN, About.HOME,
                   room="outside", every=timedelta(minutes=minutes))  # fmt: skip


def meter(minutes: int = 30) -> KitSpec:
    """A display that reads the smart meters; a real one speaks every 10 seconds."""
    every = timedelta(minutes=minutes)
    return KitSpec("meter", "Smart meter display", "Glow IHD", (ELECTRICITY, POWER, GAS), Format.GLOW,
                   About.HOME, every=every, battery=False, keeps=False)  # fmt: skip


def shelly(room: str, minutes: int = 30) -> KitSpec:
    """A room thermometer and hygrometer with its own line over Wi-Fi."""
    return KitSpec("shelly", f"Climate, {room}", "Shelly Plus H&T", (TEMPERATURE, HUMIDITY), Format.SHELLY,
                   About.HOME, room=room, every=timedelta(minutes=minutes), keeps=False)  # fmt: skip


def _worn(
    suffix: str,
    name: str,
    model: str,
    kinds: tuple[str, ...],
    resident: int,
    *,
    room: str | None = None,
    life_safety: bool = False,
) -> KitSpec:
    own = suffix if resident == 0 else f"{suffix}-{resident + 1}"
    return KitSpec(own, name, model, kinds, Format.OWN, About.PERSON, room, resident, life_safety)


def _sensor(
    suffix: str,
    name: str,
    model: str,
    kinds: tuple[str, ...],
    room: str,
    seed: int,
    minutes: int | None = None,
) -> KitSpec:
    own = f"{suffix}-{room.replace(' ', '-')}"
    return KitSpec(
        own,
        name,
        model,
        kinds,
        Format.ZIGBEE,
        About.HOME,
        room=room,
        hub="hub",
        address=f"0x00158d00{stream('address', seed, own).getrandbits(32):08x}",
        every=None if minutes is None else timedelta(minutes=minutes),
        battery=model != "TS011F",
    )
