"""From a reading in a home to a closed follow-up, on the processes that `hearthline up` starts."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.caseload import Speaker
from bench.system import HEARTHLINE, Api, WholeSystem
from tests.journeys.conftest import without_settings
from tests.journeys.household import Household, oxygen, register, until

pytestmark = pytest.mark.journey
WORKERS = {"postgres", "broker", "web", "intake", "evaluate", "schedule", "audit"}
PRIVATE = b"wolfgangstrasse"
MALFORMED = {
    "not_json": b"{ this is " + PRIVATE,
    "empty": b"",
    "not_utf8": b"\xff\xfe" + PRIVATE,
    "not_an_object": b"[1, 2]",
    "bad_time": b'{"readings": [{"kind": "spo2", "value": 84, "at": "22/11/2026"}]}',
    "unknown_kind": b'{"readings": [{"kind": "%s", "value": 1, "at": "2026-11-22T10:00:00Z"}]}' % PRIVATE,
    "number_too_large": b'{"readings": [{"kind": "spo2", "value": 1e400, "at": "2026-11-22T10:00:00Z"}]}',
    "too_deep": b"[" * 5000,
    "too_large": b'{"readings": "' + b"x" * 500_000 + b'"}',
}
"""What each is kept as."""


@pytest.fixture
def household(api: Api) -> Household:
    return register(api)


@pytest.fixture
def speaker(system: WholeSystem, household: Household) -> Iterator[Speaker]:
    speaker = Speaker(system.mqtt("", ""), household.member)
    speaker.open()
    yield speaker
    speaker.close()


def alerts(api: Api, household: Household, more: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/alerts?person_id={household.person}{more}")["items"]
    return found


def readings(api: Api, household: Household) -> list[float]:
    return [one["value"] for one in api.get(f"/people/{household.person}/readings?kind=spo2")["items"]]


def test_a_low_reading_twice_is_one_red_alert_that_is_seen_through_to_its_follow_up(
    api: Api, household: Household, speaker: Speaker
) -> None:
    first, second = oxygen(84, minutes=-2), oxygen(84)
    for message in (first, second, second):
        speaker.say(message).wait_for_publish(10)
    red = until(lambda: alerts(api, household, "&state=open&severity=red"), "the red alert")
    assert len(red) == 1
    alert = f"/alerts/{red[0]['id']}"
    whole = api.get(alert)
    assert (whole["rule_key"], whole["pathway"], whole["value"]) == ("copd.oxygen_low", "copd", 84)
    assert whole["escalate_after"] is not None
    assert [person["id"] for person in whole["people"]] == [household.person]

    api.post(f"{alert}/acknowledge", {}, status=200)
    refused, problem = api.ask("POST", f"{alert}/close", closing())
    assert refused == 422, f"a red alert needs a contact first: {problem}"
    api.post(f"{alert}/contact", {"kind": "spoke_to", "words": "Breathless, sitting up."}, status=200)
    visit = until(lambda: api.get(f"/follow-ups?alert_id={red[0]['id']}")["items"], "the follow-up")
    done = api.post(
        f"/follow-ups/{visit[0]['id']}/complete", {"outcome": "done", "remarks": "Rescue pack begun."},
        status=200,
    )  # fmt: skip
    assert (done["state"], done["done_by"]["name"]) == ("done", "Trial Clinician")
    closed = api.post(f"{alert}/close", closing(), status=200)
    assert (closed["state"], closed["closed"]["cause"]) == ("closed", "true_acted")

    assert sorted(readings(api, household)) == [84, 84]
    assert [one["id"] for one in alerts(api, household)] == [red[0]["id"]]
    said = {event["what"] for event in api.get(alert)["events"]}
    assert said >= {"acknowledged", "contact", "closed"}


def closing() -> dict[str, str]:
    return {"cause": "true_acted", "action": "Nurse visited", "outcome": "visit_made"}


def test_a_device_that_publishes_under_anothers_key_stores_nothing(
    system: WholeSystem, api: Api, household: Household, speaker: Speaker
) -> None:
    other = register(api)
    speaker.say(oxygen(84), topic=other.member.topic).wait_for_publish(10)
    speaker.say(oxygen(84), topic=f"hearth/v1/{other.member.key}/urgent").wait_for_publish(10)
    speaker.say(oxygen(97)).wait_for_publish(10)
    until(lambda: readings(api, household) == [97], "its own reading")
    assert readings(api, other) == []
    assert alerts(api, other) == []
    rejected = api.get("/rejected")["items"]
    assert [one for one in rejected if other.member.key in one["topic"]] == []


def test_what_cannot_be_read_is_kept_with_a_reason_and_everything_else_goes_on(
    system: WholeSystem, api: Api, household: Household, speaker: Speaker
) -> None:
    for payload in MALFORMED.values():
        speaker.say(payload).wait_for_publish(10)
    speaker.say(oxygen(96)).wait_for_publish(10)
    until(lambda: readings(api, household) == [96], "the good reading")

    def kept() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = api.get("/rejected?limit=200")["items"]
        return [one for one in items if one["topic"] == household.member.topic]

    until(lambda: len(kept()) == len(MALFORMED), "every rejected message")
    sizes = {one["code"]: one["size"] for one in kept() if one["reason"]}
    assert sizes == {code: len(payload) for code, payload in MALFORMED.items()}
    assert alerts(api, household) == []
    assert all(psutil.pid_exists(pid) for pid in system.pids().values())
    for log in (system.state_dir / "logs").iterdir():
        assert PRIVATE not in log.read_bytes(), log.name


@pytest.mark.parametrize("name", ["intake", "evaluate", "schedule", "web", "broker", "postgres"])
def test_a_process_that_dies_is_started_again_named_in_the_ready_file_and_the_loop_runs_on(
    system: WholeSystem, api: Api, name: str
) -> None:
    before = system.pids()
    system.await_restart(name, system.kill(name))
    after = system.pids()
    assert set(after) == WORKERS | {"up"}
    assert after[name] != before[name]
    assert psutil.pid_exists(after[name])
    others = WORKERS - {name}
    assert {other: after[other] for other in others} == {other: before[other] for other in others}
    until(lambda: answers(api), "an answer of the API", within=60)
    household = register(api)
    speaker = Speaker(system.mqtt("", ""), household.member)
    speaker.open()
    speaker.say(oxygen(79)).wait_for_publish(30)
    found = until(lambda: alerts(api, household), "the alert", within=60)
    speaker.close()
    assert [one["severity"] for one in found] == ["red"]


def answers(api: Api) -> bool:
    """Whether the web and the database behind it are up again."""
    try:
        return api.ask("GET", "/people")[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_system_however_it_ends(folder: Path, how: signal.Signals) -> None:
    system = WholeSystem(folder, "--seed", "none", environment=without_settings())
    system.start()
    whole = psutil.Process(system.pids()["up"])
    everybody = [whole, *whole.children(recursive=True)]
    assert len(everybody) > len(WORKERS)
    whole.send_signal(how)
    code = system.wait()
    until(lambda: not [one for one in everybody if lives(one)], "the end of every process", within=60)
    if how is signal.SIGTERM:
        assert (code, system.ready_file.exists()) == (0, False)


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_wrong_settings_stop_the_start_with_one_message_that_names_them_all(folder: Path) -> None:
    wrong = {
        "HEARTH_TIME_ZONE": "Mars/Olympus",
        "HEARTH_SMTP_URL": "mail.example.org",
        "HEARTH_SECRET_KEY": "short-and-private",
    }
    state = folder / "state"
    ended = subprocess.run(
        [HEARTHLINE, "up", "--state-dir", str(state), "--web-port", "0", "--mqtt-port", "0"],
        env={**without_settings(), **wrong},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    lines = ended.stderr.strip().splitlines()
    assert lines[0] == "3 settings are wrong:"
    assert sorted(line.split()[0] for line in lines[1:]) == sorted(wrong)
    assert "short-and-private" not in ended.stderr
    assert not state.exists()
