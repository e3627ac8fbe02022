"""Somebody with a home, kit and a plan, registered over REST as a program would, and what their kit says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from bench.caseload import Member, said
from bench.system import Api, pause

NUMBERS = count(1)
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Household:
    """Ids as REST tells them; `member` is whose the oximeter is, and its key and secret."""

    person: str
    home: str
    device: str
    member: Member


def register(api: Api, pathway: str | None = "copd") -> Household:
    """A person who lives in a home, has an oximeter, and is on the pathway."""
    number = next(NUMBERS)
    person = api.post(
        "/people", {"given_name": "Ada", "family_name": f"Marsh {number}", "date_of_birth": "1948-05-04"}
    )["id"]
    home = api.post("/homes", {"address_line": f"{number} Orchard Row", "postcode": "WM1 1AA"})["id"]
    api.post(f"/people/{person}/residencies", {"home_id": home})
    made = api.post("/devices", {"name": "Oximeter", "model": "HL-O1"})
    api.post(f"/devices/{made['id']}/assignments", {"person_id": person, "from": moment(hours=-1)})
    if pathway is not None:
        api.post(f"/people/{person}/care-plans", {"pathway": pathway})
    mqtt = made["mqtt"]
    member = Member(0, UUID(person), 0, mqtt["username"], mqtt["password"])
    return Household(person, home, made["id"], member)


def moment(**ago: float) -> str:
    """A time from now, as REST takes it."""
    return (datetime.now(UTC) + timedelta(**ago)).isoformat()


def oxygen(value: float, **ago: float) -> bytes:
    """A message with one reading of oxygen saturation."""
    return said(("spo2", value, datetime.now(UTC) + timedelta(**ago)))


def until(found: Callable[[], Any], what: str, *, within: float = PATIENCE) -> Any:
    """What `found` answers once it is something; it fails with `what` did not come."""
    deadline = datetime.now(UTC) + timedelta(seconds=within)
    while not (answer := found()):
        assert datetime.now(UTC) < deadline, f"{what} did not come"
        pause(0.1)
    return answer
