"""A simulated home with one of every kind of kit, for the simulator's own tests."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

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
)
from devices.simulator.meter import Supply
from devices.simulator.physiology import Profile
from devices.simulator.scenarios import COURSES

NOW = datetime(2026, 11, 22, 7, 46, tzinfo=UTC)
DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
USUAL = {
    SPO2: 94.0, PULSE: 76.0, SYSTOLIC: 132.0, DIASTOLIC: 78.0, WEIGHT: 71.0, BODY_TEMPERATURE: 36.6,
    GLUCOSE: 7.5, BREATHING: 15.0, PAIN: 2.0, BREATHLESSNESS: 2.0, CARING: 4.0,
}  # fmt: skip


def profile(seed: int = 5) -> Profile:
    return Profile(seed, USUAL)


def home(course: str = "stable", began: datetime = NOW, seed: int = 5) -> Home:
    return Home(
        key=f"t{seed:03d}",
        seed=seed,
        people=(profile(seed),),
        kit=(
            kit.pendant(),
            kit.oximeter(),
            kit.cuff(),
            kit.scale(),
            kit.thermometer(),
            kit.glucose_meter(),
            kit.breathing_patch(),
            kit.questions(PAIN, BREATHLESSNESS, CARING),
            kit.dispenser(),
            kit.exit_sensor(),
            kit.bed(),
            kit.hub(),
            kit.climate("bedroom", seed),
            kit.motion("kitchen", seed),
            kit.motion("hall", seed),
            kit.front_door(seed),
            kit.kettle(seed),
            kit.meter(),
            kit.shelly("kitchen"),
        ),
        scenario=COURSES[course](began),
        rooms=(Room("bedroom", comfort=19.0), Room("kitchen", comfort=19.0, moisture=60, changes=0.8)),
        weather=Weather(seed=3, mean=5.0),
        electricity=Supply(seed, 8.0, 12000.0),
        gas=Supply(seed + 1, 35.0, 40000.0),
    )
