"""Two weeks lived through: readings come in, the evaluator judges, ladders climb, and staff do their work.

Nothing here writes an alert or an outcome by itself: it is the product's own code, walked through the days
with a clock that stands where the story is.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.beside import Told
from app.demo.households import Laid
from app.demo.shift import Shift
from care_plans.alerts import escalation
from care_plans.channel import Channel
from care_plans.evaluating import protection
from care_plans.evaluating.evaluate import Evaluator
from care_plans.messages import outbox
from care_plans.messages.channels.page import PageCarrier
from care_plans.models.alerts import Alert
from care_plans.models.messages import Message
from care_plans.plan import expecting, progress
from care_plans.work import follow_ups, scheduled
from core.clock import Clock
from core.db import Db
from devices import last_word, rows, series, silence, subjects
from devices.gather import Word
from devices.rows import Row
from devices.series import SeriesKey
from devices.simulator import speaking
from devices.subjects import Subject

DAYS = 14
DAY = timedelta(days=1)
LONG_STRIDE, SHORT_STRIDE = timedelta(hours=6), timedelta(hours=1)
LAST_STRETCH = timedelta(days=1)
ALL_PLANS = 100


def live(
    db: Db,
    westmere: Westmere,
    laid: list[Laid],
    told: Iterable[Told],
    now: datetime,
    say: Callable[[str], None],
) -> int:
    """Live from `DAYS` days ago to `now` with what kit measured; how many readings were stored."""
    flow = _readings(laid, told)
    shift = Shift(westmere, now)
    evaluator = Evaluator(db)
    everybody = _subjects(laid)
    at, stored = now - DAY * DAYS, 0
    pending = next(flow, None)
    while at < now:
        until = min(now, at + (SHORT_STRIDE if now - at <= LAST_STRETCH else LONG_STRIDE))
        chunk: list[tuple[SeriesKey, datetime, float]] = []
        while pending is not None and pending[1] < until:
            chunk.append(pending)
            pending = next(flow, None)
        with standing_at(db, until).transaction() as session:
            stored += _store(session, chunk, until)
            _work_until(session, shift, until)
            evaluator.judge(session, everybody, until)
            _speak_of_kit(session, laid, until)
            _tend(session, until)
            shift.look_at_the_board(session, until)
        if until.date() != at.date():
            say(f"  lived through {at:%A %d %B}: {stored:,} readings so far")
        at = until
    _send_all(db, now)
    return stored


def standing_at(db: Db, at: datetime) -> Db:
    """The same installation with its clock standing at `at`."""
    return Db(db.engine, Clock(at, at, 0.0), db.vault)


def _readings(laid: list[Laid], told: Iterable[Told]) -> Iterator[tuple[SeriesKey, datetime, float]]:
    devices = [[one.devices[spec.key_suffix] for spec in one.simulated.kit] for one in laid]
    keys: dict[tuple[int, int, str, str], SeriesKey] = {}
    for at, home, kit, channel, kind, value in told:
        key = keys.get((home, kit, channel, kind))
        if key is None:
            key = keys[home, kit, channel, kind] = SeriesKey(devices[home][kit], channel, kind)
        yield key, at, value


def _store(session: Session, chunk: list[tuple[SeriesKey, datetime, float]], now: datetime) -> int:
    ids = series.ensure(session, {key for key, _, _ in chunk})
    return rows.put(
        session, (Row(ids[key], at, float(value), 0) for key, at, value in chunk), now, now
    ).stored


def _subjects(laid: list[Laid]) -> list[Subject]:
    found = [subjects.home(one.home.id) for one in laid]
    found += [subjects.person(person.id) for one in laid for person in one.people]
    return found


def _work_until(session: Session, shift: Shift, until: datetime) -> None:
    """Let ladders climb and staff act in the order of time, up to `until`."""
    while True:
        climbing = session.scalar(select(func.min(Alert.escalate_after)).where(Alert.closed_at.is_(None)))
        acting = shift.next_at()
        moments = [each for each in (climbing, acting) if each is not None and each <= until]
        if not moments:
            return
        at = min(moments)
        if acting is not None and acting <= at:
            shift.act(session)
        elif not escalation.step(session, at):
            return


def _speak_of_kit(session: Session, laid: list[Laid], now: datetime) -> None:
    """What each piece of kit last let us know of itself: whether it is there, and its battery."""
    words: dict[int, Word] = {}
    for one in laid:
        cut_off = one.simulated.scenario.is_cut_off(now)
        dead_from = one.simulated.scenario.dead_from()
        for place, spec in enumerate(one.simulated.kit):
            dead = (
                spec.key_suffix == one.simulated.scenario.failing
                and dead_from is not None
                and now >= dead_from
            )
            if not dead and not (cut_off and spec.hub is not None):
                words[one.devices[spec.key_suffix]] = Word(
                    heard_at=None if cut_off else now,
                    online=None if spec.hub else not cut_off,
                    battery=float(speaking.battery(one.simulated, place, now)) if spec.battery else None,
                )
    last_word.write(session, words, now)


def _tend(session: Session, now: datetime) -> None:
    protection.step(session, now)
    silence.step(session, now, next_window=expecting.next_window)
    scheduled.step(session, now)
    follow_ups.miss_due(session, now)
    progress.step(session, now, limit=ALL_PLANS)


def _send_all(db: Db, now: datetime) -> None:
    """What was queued on the way is old news by now: it all goes to the outbox page."""
    standing = standing_at(db, now)
    with standing.transaction() as session:
        waiting = session.scalar(select(func.count()).select_from(Message)) or 0
    for _ in range(waiting // 10 + 1):
        if not outbox.step(standing, {Channel.PAGE: PageCarrier()}, now, lambda *_: None):
            return
