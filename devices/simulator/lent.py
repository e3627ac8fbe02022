"""What pathways lend to somebody, and a home on one pathway with what it is there to notice."""

from collections.abc import Collection, Mapping
from datetime import datetime

from devices.simulator import kit
from devices.simulator.climate import Room, Weather
from devices.simulator.house import Home
from devices.simulator.kit import (
    BODY_TEMPERATURE,
    BREATHING,
    BREATHLESSNESS,
    CARING,
    DIASTOLIC,
    GLUCOSE,
    PAIN,
    PULSE,
    SPO2,
    SYSTOLIC,
    WEIGHT,
    KitSpec,
)
from devices.simulator.meter import Supply
from devices.simulator.physiology import Profile
from devices.simulator.scenarios import COURSES

TRIGGERS: Mapping[str, str] = {
    "copd": "slowly_worse_copd",
    "heart_failure": "heart_failure_weight_gain",
    "hypertension": "pressure_very_high",
    "diabetes": "low_glucose",
    "frailty_falls": "fall_at_night",
    "discharge_home": "fever_after_discharge",
    "virtual_ward": "worse_on_the_ward",
    "dementia": "goes_out_at_night",
    "warm_dry_home": "cold_damp_home",
    "medication": "doses_missed",
    "carer": "caring_too_much",
    "end_of_life": "pain_at_the_end",
}
"""The course of events that each pathway is there to notice."""

USUAL: Mapping[str, float] = {
    SPO2: 96, PULSE: 78, SYSTOLIC: 128, DIASTOLIC: 78, WEIGHT: 72, BODY_TEMPERATURE: 36.6, GLUCOSE: 7.6,
    BREATHING: 15, PAIN: 2, BREATHLESSNESS: 2, CARING: 4,
}  # fmt: skip

OWN: Mapping[str, Mapping[str, float]] = {
    "copd": {SPO2: 90, PULSE: 86},
    "hypertension": {SYSTOLIC: 146, DIASTOLIC: 88},
}
"""What is usual for somebody on that pathway, where it differs."""


def for_person(pathways: Collection[str], resident: int = 0) -> list[KitSpec]:
    """What somebody on these pathways has for themselves, each once."""
    lent: list[KitSpec] = []
    if {"frailty_falls", "dementia", "end_of_life"} & set(pathways):
        lent.append(kit.pendant(resident))
    if {"copd", "heart_failure", "virtual_ward"} & set(pathways):
        lent.append(kit.oximeter(resident, often=3 if "virtual_ward" in pathways else None))
    if {"copd", "discharge_home", "virtual_ward"} & set(pathways):
        lent.append(kit.thermometer(resident))
    if "heart_failure" in pathways:
        lent.append(kit.scale(resident))
    if {"heart_failure", "hypertension", "virtual_ward"} & set(pathways):
        lent.append(kit.cuff(resident))
    if "diabetes" in pathways:
        lent.append(kit.glucose_meter(resident))
    if "virtual_ward" in pathways:
        lent.append(kit.breathing_patch(resident))
    if "medication" in pathways:
        lent.append(kit.dispenser(resident))
    if "dementia" in pathways:
        lent.append(kit.exit_sensor(resident))
    asked = [PAIN] if {"discharge_home", "end_of_life"} & set(pathways) else []
    asked += [BREATHLESSNESS] if "end_of_life" in pathways else []
    asked += [CARING] if "carer" in pathways else []
    return [*lent, *([kit.questions(*asked, resident=resident)] if asked else [])]


def home_on(pathway: str, key: str, began: datetime, seed: int = 7) -> Home:
    """A home of one person on this pathway with the kit it lends; what is to be noticed begins at `began`."""
    return Home(
        key=key,
        seed=seed,
        people=(Profile(seed, {**USUAL, **OWN.get(pathway, {})}),),
        kit=(
            *for_person([pathway]),
            kit.hub(),
            kit.climate("bedroom", seed),
            *(kit.motion(room, seed) for room in ("kitchen", "living room", "hall")),
            kit.kettle(seed),
        ),
        scenario=COURSES[TRIGGERS[pathway]](began),
        rooms=(Room("bedroom", comfort=19.5),),
        weather=Weather(seed=3, mean=5.0),
        electricity=Supply(seed, 8.0, 12000.0),
    )
