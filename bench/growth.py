"""Whether Hearthline is as quick with 100 million readings as with next to none: intake, pages and board."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from bench import growth_filling, growth_keeping, throughput
from bench.caseload import Member
from bench.flood import Place
from bench.growth_asking import Asked, ask, open_pages
from bench.growth_place import Site, open_site, usual_readings
from bench.growth_report import (
    BOARD,
    FLAT,
    PERSON,
    Page,
    Round,
    flat,
    said_of_intake,
    said_of_pages,
    said_of_statements,
)
from bench.system import machine
from care_plans.evaluating.evaluate import Evaluator
from core.clock import real_time
from devices import rows, series, unread
from devices.rows import Row
from devices.series import SeriesKey

READINGS = 100_000_000
SPREAD = timedelta(days=395)
"""Over how long they are spread: thirteen months, which is a month less than they are kept."""
QUIET = timedelta(hours=1)
"""Before now nothing is laid: there the messages of the flood go."""
NEWEST = timedelta(days=1)
"""What the empty place has of them, so that its pages show the same kit."""
UNWELL = 10
"""One person in so many has an open alert."""
WARM_UP = 6
"""From the sixth time on, the database keeps the plan of a statement."""
OF_A_PERSON = (
    ("the page", ""),
    ("chart of a day", "/readings.json?range=day"),
    ("chart of a month", "/readings.json?range=month"),
    ("chart of a year", "/readings.json?range=year"),
    ("readings anew", "/latest"),
    ("history", "/history"),
)
OF_THE_BOARD = (("the board", "/"), ("its lines anew", "/board/rows"))


def raise_alerts(site: Site, now: datetime) -> None:
    """Let one person in so many have low oxygen twice, and judge until nobody waits."""
    db = site.database.open("evaluate")
    unwell = [member.device_id for member in site.members[::UNWELL]]
    with db.transaction() as session:
        known = series.ensure(session, [SeriesKey(device, "", "spo2") for device in unwell])
        low = [Row(key, now - timedelta(minutes=ago), 84, 0) for key in known.values() for ago in (50, 49)]
        rows.put(session, low, now, now)
        unread.wake_by_devices(session, dict.fromkeys(unwell, (now - QUIET, now)), now)
    evaluator = Evaluator(db)
    while evaluator.step():
        pass
    db.engine.dispose()


def take_in(site: Site, messages: int) -> Round:
    """Let a flood wait at the broker, drain it bare, and make it durable with the product's intake."""
    began = real_time().start - timedelta(seconds=messages // len(site.members) + 60)
    place = Place(site.mqtt, site.database.url, messages, len(site.members), began, site.children.pids())
    found = throughput.backlog(place)
    spent = sum(found["intake"].processor.values()) - found["intake"].processor.get("broker", 0.0)
    rates = {name: messages / result.seconds for name, result in found.items()}
    return Round(rates["intake"], rates["bare"], spent * 1e6 / messages)


def look(sites: Sequence[Site], asked: int, seed: int) -> list[Page]:
    """Ask for every page at both places by turns, of so many people whom the coordinator sees."""
    whom = [[f"/people/{each.person}" for each in chosen(site, asked, seed)] for site in sites]
    with ExitStack() as stack:
        clients = [stack.enter_context(open_pages(site)) for site in sites]
        pages = [
            by_turns(name, PERSON, clients, [[f"{one}{path}" for one in theirs] for theirs in whom])
            for name, path in OF_A_PERSON
        ]
        return pages + [by_turns(name, BOARD, clients, [[path] * asked] * 2) for name, path in OF_THE_BOARD]


def chosen(site: Site, asked: int, seed: int) -> list[Member]:
    """All with a live meter, then some of the others whom the coordinator sees."""
    others = site.hers[site.live :]
    return [*site.hers[: site.live], *random.Random(seed).sample(others, min(len(others), asked - site.live))]


def by_turns(name: str, promised: float, clients: Sequence[FlaskClient], paths: list[list[str]]) -> Page:
    """Ask for a page of each of them, once at one place and once at the other."""
    for client, theirs in zip(clients, paths, strict=True):
        for path in theirs[:WARM_UP]:
            ask(client, path)
    found: list[list[Asked]] = [[], []]
    for pair in zip(*paths, strict=True):
        for client, path, answers in zip(clients, pair, found, strict=True):
            answers.append(ask(client, path))
    return Page(name, promised, *found)


def measure(sites: Sequence[Site], wanted: argparse.Namespace) -> bool:
    """Fill the second place, measure both by turns and print it; whether all promises were kept."""
    empty, full = sites
    now = real_time().start
    until = now - QUIET
    pace = usual_readings(wanted.people, SPREAD / timedelta(days=1)) / wanted.readings
    growth_filling.lay(empty, until - NEWEST, until, pace, wanted.seed)
    began = time.monotonic()
    readings = growth_filling.lay(full, until - SPREAD, until, pace, wanted.seed)
    took = time.monotonic() - began
    print(f"{readings:,} readings of {wanted.people:,} people and their homes laid in {took:,.0f} s", end="")
    print(f" ({readings / took:,.0f}/s); {machine()}")
    for site in sites:
        growth_filling.sum_up(site, until)
    print(f"{growth_keeping.said_of(full, readings)}\n", flush=True)
    for site in sites:
        raise_alerts(site, now)
    pages = look(sites, wanted.pages, wanted.seed)
    print(f"Pages of {len(pages[0].full)} people, {full.live} of them with a live meter; {machine()}")
    print(said_of_pages(pages))
    for page in pages:
        print(f"\n  {page.name}, at the full place:\n{said_of_statements(page.full)}", flush=True)
    rounds = [[take_in(site, wanted.messages) for site in sites] for _ in range(wanted.rounds)]
    before, after = ([both[place] for both in rounds] for place in (0, 1))
    print(f"\nIntake, of {wanted.messages:,} messages of two readings; {machine()}")
    print(said_of_intake(before, after), flush=True)
    during, dropped = growth_keeping.drop_month(full, lambda: take_in(full, wanted.messages))
    print(f"\n{dropped}; meanwhile {during.intake:,.0f} messages/s were taken in")
    return flat(before, after) >= FLAT and all(page.kept for page in pages)


def main() -> int:
    """Measure and print; 1 when a promise was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=READINGS)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--caseload", type=int, default=200, help="people whom one coordinator sees")
    parser.add_argument("--pages", type=int, default=100, help="people whose pages are asked for")
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    try:
        with ExitStack() as stack:
            empty, full = (
                stack.enter_context(open_site(folder / name, wanted.people, wanted.caseload))
                for name in ("empty", "full")
            )
            kept = measure((empty, full), wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"The promise was {'kept' if kept else 'missed'}.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
