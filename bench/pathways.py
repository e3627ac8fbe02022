"""Whether each pathway holds from enrolment to the closed follow-up, in a running system by its broker."""

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bench.caseload import Member, Speaker
from bench.system import Api, WholeSystem, pause
from devices.simulator.homes import emissions
from devices.simulator.house import Home
from devices.simulator.kit import About
from devices.simulator.lent import TRIGGERS, home_on
from devices.simulator.speaking import Emission
from people.watching import Watched

PATIENCE = 60.0
BEGAN: dict[str, timedelta] = {
    "fall_at_night": timedelta(minutes=10),
    "goes_out_at_night": timedelta(minutes=10),
    "doses_missed": timedelta(hours=26),
    "caring_too_much": timedelta(days=5),
    "low_glucose": timedelta(days=3),
}
"""How long ago the course began, so that what it shows reaches to now; four days where it is not said."""
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of one pathway."""

    pathway: str
    words: str
    severity: str
    follow_up: str
    seconds: float
    closed: bool


def follow(system: WholeSystem, api: Api, pathway: str, now: datetime) -> Followed:
    """Enrol somebody, let their kit speak through the broker, and do the work that follows over REST."""
    home = home_on(pathway, "bench", now - BEGAN.get(TRIGGERS[pathway], timedelta(days=4)))
    person, speakers, renamed = _register(system, api, home, pathway, now)
    began = time.monotonic()
    for each in emissions(home, now - timedelta(days=6), now):
        _say(speakers[each.device_key], each, renamed)
    alert = _await(api, person, pathway)
    asked = _asked(api, alert["id"])[0]
    seconds = time.monotonic() - began
    path = f"/alerts/{alert['id']}"
    api.post(f"{path}/contact", {"kind": "spoke_to", "words": "Sitting up, talking."}, status=200)
    for one in api.get(f"/follow-ups?alert_id={alert['id']}")["items"]:
        api.post(f"/follow-ups/{one['id']}/take", {}, status=200)
        api.post(f"/follow-ups/{one['id']}/complete", {"outcome": "done", "remarks": "Done."}, status=200)
    said = {"cause": "true_acted", "action": "Went through the plan.", "outcome": "visit_made"}
    closed = api.post(f"{path}/close", said, status=200)
    for speaker in speakers.values():
        speaker.close()
    work = f"{asked['kind']}: {asked['text']}"
    return Followed(pathway, alert["words"], alert["severity"], work, seconds, closed["state"] == "closed")


def _register(
    system: WholeSystem, api: Api, home: Home, pathway: str, now: datetime
) -> tuple[str, dict[str, Speaker], dict[str, str]]:
    """A person, their home and kit, and the plan; speakers by the simulator's device key."""
    said = {"given_name": "Ada", "family_name": f"Bench {next(NUMBERS)}", "date_of_birth": "1948-05-04"}
    person = api.post("/people", said)["id"]
    place = api.post("/homes", {"address_line": f"{person[:4]} Bench Lane", "postcode": "WM1 1AA"})["id"]
    api.post(f"/people/{person}/residencies", {"home_id": place})
    since = (now - timedelta(days=8)).isoformat()
    for watched in Watched:
        api.post(f"/people/{person}/agreements", _agreed(watched, now))
    speakers: dict[str, Speaker] = {}
    renamed: dict[str, str] = {}
    hubs: dict[str, str] = {}
    for spec in sorted(home.kit, key=lambda each: each.hub is not None):
        given: dict[str, Any] = {"name": spec.name, "model": spec.model, "room": spec.room}
        given = {name: value for name, value in given.items() if value is not None}
        given |= {"life_safety": spec.life_safety}
        if spec.hub is not None:
            given |= {"hub_id": hubs[spec.hub], "address": spec.address}
        made = api.post("/devices", given)
        whose = {"person_id": person} if spec.about is About.PERSON else {"home_id": place}
        api.post(f"/devices/{made['id']}/assignments", {**whose, "from": since})
        if spec.hub is None:
            key = home.device_key(spec)
            hubs[spec.key_suffix] = made["id"]
            mqtt = made["mqtt"]
            renamed[key] = mqtt["username"]
            member = Member(0, person, 0, mqtt["username"], mqtt["password"])
            speakers[key] = Speaker(system.mqtt("", ""), member)
            speakers[key].open()
    api.post(f"/people/{person}/care-plans", {"pathway": pathway})
    return person, speakers, renamed


def _agreed(watched: Watched, now: datetime) -> dict[str, str]:
    """That the person agrees to one sort of kit that watches, since before they had it."""
    told = dict.fromkeys(("why", "said", "less_intrusive", "objections", "reviewed_by"), "For the bench")
    days = {"agreed_on": -9, "reviewed_on": -9, "review_on": 90, "expires_on": 90}
    when = {name: (now + timedelta(days=far)).date().isoformat() for name, far in days.items()}
    return {"watched": watched.value, "agreed_by": "person", **told, **when}


def _say(speaker: Speaker, each: Emission, renamed: dict[str, str]) -> None:
    topic = each.topic.replace(f"/{each.device_key}/", f"/{renamed[each.device_key]}/", 1)
    deadline = time.monotonic() + PATIENCE
    while True:
        sent = speaker.say(each.payload, topic=topic)
        if sent.rc == 0 or time.monotonic() > deadline:
            sent.wait_for_publish(30)
            return
        pause(0.2)  # the broker let go of it while it learnt of newer devices; it comes back by itself


def _asked(api: Api, alert: str) -> list[Any]:
    """The follow-ups that the plan asks for; what came late in the backlog asks to be looked at besides."""
    found = api.get(f"/follow-ups?alert_id={alert}")["items"]
    return [one for one in found if not one["text"].startswith("Look at what came late")]


def _await(api: Api, person: str, pathway: str) -> Any:
    """The worst alert of the pathway that has a follow-up."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = api.get(f"/alerts?person_id={person}&state=open")["items"]
        for one in sorted(found, key=lambda each: ("red", "amber", "watch").index(each["severity"])):
            whole = api.get(f"/alerts/{one['id']}")
            if whole["pathway"] == pathway and _asked(api, one["id"]):
                return whole
        pause(0.5)
    raise AssertionError(f"{pathway}: no alert with a follow-up came")


def main() -> int:
    """Follow all twelve and print a line for each."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, WholeSystem(Path(folder), "--seed", "none") as system:
        api, clock = system.api(), system.open_db().clock
        for pathway in TRIGGERS:
            try:
                one = follow(system, api, pathway, clock.now())
            except AssertionError as fault:
                wrong += 1
                print(f"{pathway:15} FAILED {fault}")
                continue
            done = f"{one.seconds:5.1f} s {'closed' if one.closed else 'OPEN'}"
            print(f"{pathway:15} {one.severity:6} {one.words[:60]:60} {one.follow_up[:40]:40} {done}")
    print("Every pathway was seen through." if not wrong else f"{wrong} pathways were not seen through.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
