"""What happens on the lines of simulated homes: who is on them, a message, a line lost and found again."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from devices.simulator.speaking import Emission


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device signs in to the broker with."""

    device_key: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Member:
    """A device of a fleet: its secret, whether it tells its state (also as its last will), and its line."""

    credential: Credential
    tells_state: bool = True
    up: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """A device loses its line at a time, without a goodbye, or has it back."""

    at: datetime
    device_key: str
    up: bool


Act: TypeAlias = Emission | Turn
