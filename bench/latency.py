"""How long it takes from a device's publishing until the REST API shows the alert, while others publish."""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event as SharedEvent
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import caseload, crowd
from bench.caseload import Member, Speaker, said
from bench.system import Api, CpuShares, WholeSystem, machine, pause, quantile
from core.clock import real_time
from core.db import Db
from core.errors import Unavailable
from devices.lanes import MqttAddress

PROMISED = 1.0
"""Seconds within which 95 of 100 alerts are to be seen."""
SPEAKERS = 25
"""Devices in the background, each on a connection of its own."""
ASK_EVERY = 0.01
GIVE_UP = 30.0
BETWEEN = 0.2
FIRST = timedelta(minutes=1)
"""How long before the second reading the first was measured."""

STORY = """
SELECT b.stored_at, e.at
FROM alerts a
JOIN alert_events e ON e.alert_id = a.id AND e.severity = 'red' AND e.what IN ('raised', 'worse')
JOIN series s ON s.device_id = :device_id AND s.kind = 'spo2'
JOIN readings r ON r.series_id = s.id AND r.measured_at = date_trunc('milliseconds', CAST(:at AS timestamptz))
JOIN batches b ON b.id = r.batch_id
WHERE a.uuid = :alert
ORDER BY e.at LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """One alert: when its second reading was published, stored and judged, when it was seen in the API, and
    how many seconds an answer of the API took.
    """

    published: datetime
    stored: datetime
    judged: datetime
    seen: datetime
    answers: float

    def stages(self) -> dict[str, float]:
        """Seconds of each stage; storing and judging are stamped when they begin."""
        return {
            "published to stored (client, broker, waiting for others of the batch)": _between(
                self.published, self.stored
            ),
            "stored to judged (commit, evaluator's look, claim and read)": _between(self.stored, self.judged),
            "judged to seen (alert, ladder, commit; asking the API again and again)": _between(
                self.judged, self.seen
            ),
            "of that, one answer of the API": self.answers,
        }

    @property
    def whole(self) -> float:
        """Seconds from publishing to seeing."""
        return _between(self.published, self.seen)


def _between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def background(
    at: MqttAddress, members: Sequence[Member], readings_a_second: float, stop: SharedEvent
) -> None:
    """Let these devices publish calm readings, two in a message, at a steady pace until told to stop."""
    speakers = [Speaker(at, member) for member in members]
    for speaker in speakers:
        speaker.open()
    clock, began, sent = real_time(), time.monotonic(), 0
    while not stop.is_set():
        due = int((time.monotonic() - began) * readings_a_second / 2)
        for number in range(sent, due):
            now = clock.now()
            speakers[number % len(speakers)].say(said(("spo2", 93, now), ("pulse", 68 + number % 9, now)))
        sent = max(sent, due)
        pause(0.01)
    for speaker in speakers:
        speaker.close()


def trial(system: WholeSystem, db: Db, api: Api, member: Member) -> Trial:
    """Publish 84 % twice as this device and wait until the API shows the red alert."""
    speaker = Speaker(system.mqtt("", ""), member)
    speaker.open()
    try:
        now = db.clock.now()
        speaker.say(said(("spo2", 84, now - FIRST)))
        published = db.clock.now()
        speaker.say(said(("spo2", 84, published)))
        alert, answers = _await_alert(api, member.person)
        seen = db.clock.now()
    finally:
        speaker.close()
    with db.transaction() as session:
        stored, judged = session.execute(
            text(STORY), {"device_id": member.device_id, "alert": alert, "at": published}
        ).one()
    return Trial(published, stored, judged, seen, answers)


def _await_alert(api: Api, person: UUID) -> tuple[str, float]:
    """The alert's id, and the seconds that one answer took."""
    began, asked, waited = time.monotonic(), 0, 0.0
    while time.monotonic() - began < GIVE_UP:
        found = api.get(f"/alerts?state=open&severity=red&person_id={person}")["items"]
        asked += 1
        if found:
            return str(found[0]["id"]), (time.monotonic() - began - waited) / asked
        pause(ASK_EVERY)
        waited += ASK_EVERY
    raise Unavailable("The alert did not come.")


def take_on(system: WholeSystem, db: Db, count: int) -> list[Member]:
    """So many people on the COPD plan, whose kit the broker knows."""
    first = caseload.take_on(db, 1)[0]
    with Session(system.owner_engine()) as session, session.begin():
        return crowd.multiply(session, first, count)


def tell(trials: Sequence[Trial], load: int) -> bool:
    """Print what was found; whether the promise was kept."""
    whole = [trial.whole for trial in trials]
    p95 = quantile(whole, 0.95)
    print(f"\n{len(trials)} alerts at a background of {load} readings/s; {machine()}")
    p50, most = quantile(whole, 0.5), max(whole)
    print(f"  publish to alert in the API: p50 {p50:.3f} s, p95 {p95:.3f} s, max {most:.3f} s")
    print(f"  {'kept' if p95 < PROMISED else 'missed'}: p95 under {PROMISED:.0f} s is promised")
    print("  where the time goes (p50, p95):")
    for stage in trials[0].stages():
        seconds = [trial.stages()[stage] for trial in trials]
        print(f"    {quantile(seconds, 0.5):.3f} s, {quantile(seconds, 0.95):.3f} s  {stage}")
    return p95 < PROMISED


def run(folder: Path, trials: int, load: int) -> bool:
    """Start a system, run the trials and tell."""
    with WholeSystem(folder, "--seed", "none") as system:
        db, api = system.open_db(), system.api()
        members = take_on(system, db, trials + SPEAKERS)
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        others = context.Process(
            target=background, args=(system.mqtt("", ""), members[trials:], load, stop), daemon=True
        )
        others.start()
        pause(8)
        shares = CpuShares({**system.ready()["processes"], "background": others.pid or 0})
        found = []
        for member in members[:trials]:
            found.append(trial(system, db, api, member))
            pause(BETWEEN)
        used = shares.said()
        stop.set()
        others.join()
        kept = tell(found, load)
        print(f"  processor: {used}")
        db.engine.dispose()
        return kept


def main() -> int:
    """Measure and print; 1 when slower than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--load", type=int, default=500, help="readings a second of other devices")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    try:
        return 0 if run(folder, wanted.trials, wanted.load) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
