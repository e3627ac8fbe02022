"""Which homes of a fleet are befallen by which faults: a share of them for each, by chance that repeats."""

from collections.abc import Iterable, Mapping

from core.errors import Invalid
from devices.simulator.acts import Act
from devices.simulator.chance import stream
from devices.simulator.faults import FAULTS
from devices.simulator.fleet_homes import FleetHome
from devices.simulator.going_wrong import Befalls

SHARE = 0.1
"""The share of homes that a fault befalls where none is given."""
ALL = "all"


class Troubles:
    """The faults of one run. `shares` names faults and what share of the homes each befalls."""

    def __init__(self, shares: Mapping[str, float], seed: int) -> None:
        self._shares = dict(shares)
        self._seed = seed
        self._of: dict[int, list[Befalls]] = {}
        self.homes = dict.fromkeys(shares, 0)
        """How many homes each has befallen by now."""

    def befall(self, home: FleetHome, acts: list[Act]) -> list[Act]:
        """What becomes of the acts of a home."""
        for befall in self._befalling(home.number):
            if acts:
                acts = befall(home, acts)
        return acts

    def _befalling(self, number: int) -> list[Befalls]:
        known = self._of.get(number)
        if known is None:
            known = self._of[number] = []
            for name, share in self._shares.items():
                chance = stream("fault", name, self._seed, number)
                if chance.random() < share:
                    known.append(FAULTS[name].of(chance))
                    self.homes[name] += 1
        return known


def asked_for(words: Iterable[str]) -> dict[str, float]:
    """The shares that "name", "name=0.2" and "all" ask for. Invalid for a name or a share that is none."""
    shares: dict[str, float] = {}
    for word in words:
        name, _, said = word.partition("=")
        if name not in FAULTS and name != ALL:
            raise Invalid({"fault": f"Choose from {ALL}, {', '.join(FAULTS)}."})
        share = _share(name, said)
        shares |= dict.fromkeys(FAULTS, share) if name == ALL else {name: share}
    return shares


def _share(name: str, said: str) -> float:
    try:
        share = float(said) if said else SHARE
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Invalid({"fault": f"The share of homes of {name} is a number from 0 to 1."})
    return share
