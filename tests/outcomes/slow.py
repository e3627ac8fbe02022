"""Every figure once more, slowly: plain SQL for one thing at a time, and loops; nothing of `outcomes`."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import text
from sqlalchemy.orm import Session

LONDON = ZoneInfo("Europe/London")
MONTH = Fraction(304375, 10000) * 86400
RANKS = {"watch": 1, "amber": 2, "red": 3}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Asked:
    """One week and one breakdown."""

    monday: date
    now: datetime
    pathway: str | None = None
    agency: int | None = None
    class_: str | None = None
    cause: str | None = None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.monday, time(0), LONDON).astimezone(UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.monday + timedelta(days=7), time(0), LONDON).astimezone(UTC)


ASKED: WeakKeyDictionary[Session, dict[tuple[Any, ...], list[Any]]] = WeakKeyDictionary()


def rows(session: Session, sql: str, **values: Any) -> list[Any]:
    """The rows; the same question of the same test is asked once."""
    known = ASKED.setdefault(session, {})
    key = sql, *sorted(values.items())
    if key not in known:
        known[key] = list(session.execute(text(sql), values))
    return known[key]


def leader(session: Session, person_id: int | None, at: datetime) -> int | None:
    found = rows(
        session,
        "SELECT t.agency_id FROM care_teams c JOIN teams t ON t.id = c.team_id "
        "WHERE c.lead AND c.person_id = :p AND c.period @> CAST(:at AS timestamptz) ORDER BY lower(c.period)",
        p=person_id,
        at=at,
    )
    return found[0].agency_id if found else None


def about(session: Session, alert: Any) -> list[int]:
    if alert.person_id is not None:
        return [alert.person_id]
    return [
        row.person_id
        for row in rows(
            session,
            "SELECT person_id FROM residencies WHERE home_id = :h AND period @> CAST(:at AS timestamptz) "
            "ORDER BY lower(period)",
            h=alert.home_id,
            at=alert.raised_at,
        )
    ]


def alerts(session: Session, asked: Asked, *, response: bool) -> list[Any]:
    """The alerts of the week in this breakdown; whose they are depends on what is asked about them."""
    found = []
    for alert in rows(
        session,
        "SELECT * FROM alerts WHERE deleted_at IS NULL AND raised_at >= :a AND raised_at < :b",
        a=asked.start,
        b=asked.end,
    ):
        agency = None
        if response and alert.owner_team_id is not None:
            (owner,) = rows(session, "SELECT agency_id FROM teams WHERE id = :t", t=alert.owner_team_id)
            agency = owner.agency_id
        for person_id in about(session, alert):
            agency = agency or leader(session, person_id, alert.raised_at)
        if asked.agency is not None and agency != asked.agency:
            continue
        if asked.pathway is not None and alert.pathway != asked.pathway:
            continue
        if asked.class_ is not None and getattr(alert, "class") != asked.class_:
            continue
        if asked.cause is not None and (alert.cause or "open") != asked.cause:
            continue
        found.append(alert)
    return found


def events(session: Session, alert: Any) -> list[Any]:
    return rows(session, "SELECT * FROM alert_events WHERE alert_id = :a ORDER BY at, id", a=alert.id)


def time_to_contact(session: Session, asked: Asked) -> tuple[int, int, float | None, int]:
    in_time, waits, never = 0, [], 0
    for alert in alerts(session, asked, response=True):
        said = events(session, alert)
        own = [_wait(said, place, asked.now, alert) for place in range(len(said)) if _asks(said, place)]
        late = [minutes for minutes, target in own if minutes is not None and minutes > target]
        if not own or (not late and any(minutes is None for minutes, _ in own)):
            continue
        longest = max(minutes for minutes, _ in own if minutes is not None)
        waits.append(longest)
        never += longest == float("inf")
        in_time += not late
    waits.sort()
    middle = None
    if waits:
        middle = (waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2
    return in_time, len(waits), None if middle == float("inf") else middle, never


def _asks(said: list[Any], place: int) -> bool:
    """Whether an event asks for contact: red or amber that is new, worse or back, not resting on a shelf."""
    event, shelf = said[place], None
    for before in said[:place]:
        if before.what == "shelved":
            shelf = before.severity
        elif before.what in ("contact", "emergency", "shelf_ended") or (
            before.what in ("worse", "reopened") and shelf and RANKS[before.severity] > RANKS[shelf]
        ):
            shelf = None
    new = event.what in ("raised", "worse", "reopened") and event.severity != "watch"
    return new and (shelf is None or RANKS[event.severity] > RANKS[shelf])


def _wait(said: list[Any], place: int, now: datetime, alert: Any) -> tuple[float | None, int]:
    """Minutes to the next contact, endless where there is none, None where nobody knows yet; the target."""
    event = said[place]
    target = 60 if event.severity == "red" else 240
    contacts = [later.at for later in said[place:] if later.what == "contact"]
    if contacts:
        return (contacts[0] - event.at) / timedelta(minutes=1), target
    if alert.closed_at is None and now <= event.at + timedelta(minutes=target):
        return None, target
    return float("inf"), target


def escalations(session: Session, asked: Asked) -> tuple[int, int, float | None]:
    climbed, steps, every = 0, 0, alerts(session, asked, response=True)
    for alert in every:
        past_first = [
            event
            for event in events(session, alert)
            if event.what == "step" and event.step >= 2 and not event.details.get("repeats")
        ]
        climbed += bool(past_first)
        steps += len(past_first)
    return climbed, len(every), 100 * steps / len(every) if every else None


def ends(session: Session, version: Any) -> datetime:
    """When a version stopped to be in force."""
    end: datetime = version.superseded_at or datetime(9000, 1, 1, tzinfo=UTC)
    (person,) = rows(session, "SELECT died_on FROM people WHERE id = :p", p=version.person_id)
    if person.died_on is not None:
        end = min(end, datetime.combine(person.died_on + timedelta(days=1), time(0), LONDON).astimezone(UTC))
    return end


def versions(session: Session) -> list[Any]:
    return rows(
        session,
        "SELECT v.*, p.person_id FROM plan_versions v JOIN plans p ON p.id = v.plan_id "
        "WHERE v.published_at IS NOT NULL ORDER BY v.published_at",
    )


def follows(session: Session, version: Any, pathway: str | None) -> bool:
    return pathway is None or bool(
        rows(
            session,
            "SELECT 1 FROM plan_pathways WHERE version_id = :v AND pathway = :p",
            v=version.id,
            p=pathway,
        )
    )


def alerts_per_person_month(session: Session, asked: Asked) -> tuple[int, float, float | None]:
    every = versions(session)
    count = 0
    for alert in alerts(session, asked, response=False):
        count += any(
            version.person_id in about(session, alert)
            and version.published_at <= alert.raised_at < ends(session, version)
            for version in every
        )
    seconds = Fraction(0)
    for version in every:
        if follows(session, version, asked.pathway):
            seconds += _seconds(session, version, asked)
    months = seconds / MONTH
    return count, float(months), float(count / months) if months else None


def _seconds(session: Session, version: Any, asked: Asked) -> Fraction:
    start = max(version.published_at, asked.start)
    end = min(ends(session, version), asked.end, asked.now)
    if start >= end:
        return Fraction(0)
    if asked.agency is None:
        return Fraction((end - start) // timedelta(microseconds=1), 10**6)
    led = rows(
        session,
        "SELECT lower(o.part) AS a, upper(o.part) AS b FROM ("
        "  SELECT c.period * tstzrange(:a, :b) AS part FROM care_teams c JOIN teams t ON t.id = c.team_id"
        "  WHERE c.lead AND c.person_id = :p AND t.agency_id = :agency) o WHERE NOT isempty(o.part)",
        a=start,
        b=end,
        p=version.person_id,
        agency=asked.agency,
    )
    return sum((Fraction((row.b - row.a) // timedelta(microseconds=1), 10**6) for row in led), Fraction(0))


def goals_progressing(session: Session, asked: Asked) -> tuple[int, int, int]:
    end = min(asked.end, asked.now)
    well, every, unknown = 0, 0, 0
    if asked.start >= end:
        return 0, 0, 0
    for version in versions(session):
        if not (version.published_at < end and ends(session, version) >= end):
            continue
        if asked.agency not in (None, leader(session, version.person_id, end - timedelta(microseconds=1))):
            continue
        for goal in rows(
            session, "SELECT * FROM goals WHERE version_id = :v AND measure IS NOT NULL", v=version.id
        ):
            need = rows(
                session,
                "SELECT pathway FROM needs WHERE version_id = :v AND key = :k",
                v=version.id,
                k=goal.need_key,
            )
            if asked.pathway not in (None, need[0].pathway if need else None):
                continue
            every += 1
            last = rows(
                session,
                "SELECT status FROM goal_progress WHERE plan_id = :p AND goal_key = :k "
                "AND at >= :a AND at < :b ORDER BY at DESC, id DESC LIMIT 1",
                p=version.plan_id,
                k=goal.key,
                a=asked.start,
                b=asked.end,
            )
            unknown += not last
            well += bool(last) and last[0].status in ("progressing", "achieved")
    return well, every, unknown


def readings_as_expected(session: Session, asked: Asked) -> tuple[int, int]:
    heard, every = 0, 0
    for version in versions(session):
        for row in rows(session, "SELECT * FROM monitoring WHERE version_id = :v ORDER BY id", v=version.id):
            if asked.pathway not in (None, row.pathway):
                continue
            for due, after, until in _due(session, version, row, asked):
                if row.about == "person" and _away(session, version.person_id, due, row.document):
                    continue
                if asked.agency not in (None, leader(session, version.person_id, due)):
                    continue
                home = rows(
                    session,
                    "SELECT home_id FROM residencies WHERE person_id = :p "
                    "AND period @> CAST(:at AS timestamptz)",
                    p=version.person_id,
                    at=due,
                )
                if row.about == "home" and not home:
                    continue
                every += 1
                heard += _heard(
                    session,
                    row.kind,
                    after,
                    until,
                    person_id=version.person_id if row.about == "person" else None,
                    home_id=home[0].home_id if row.about == "home" else None,
                )
    return heard, every


def _away(session: Session, person_id: int, due: datetime, document: dict[str, Any]) -> bool:
    """Whether somebody was away when it was due, or back for less time than it takes to miss one."""
    back = document["every"] + document["grace"] if "every" in document else 1e-6
    (found,) = rows(
        session,
        """
        SELECT count(*) AS count FROM absences WHERE person_id = :person AND begun_at IS NOT NULL
          AND began_at <= :due AND coalesce(ended_at, ends_at) + make_interval(secs => :back) > :due
        """,
        person=person_id,
        due=due,
        back=back,
    )
    return bool(found.count)


def _heard(
    session: Session,
    kind: str,
    after: datetime,
    until: datetime,
    *,
    person_id: int | None,
    home_id: int | None,
) -> bool:
    (found,) = rows(
        session,
        """
        SELECT count(*) AS count FROM readings r JOIN series s ON s.id = r.series_id
        WHERE s.kind = :kind AND r.measured_at > :after AND r.measured_at <= :until
          AND r.flags & 2 = 0 AND r.flags & 16 = 0 AND r.flags & 512 = 0 AND r.flags & 1024 = 0
          AND (s.person_id = :person OR EXISTS (
            SELECT 1 FROM assignments a WHERE a.device_id = s.device_id AND a.period @> r.measured_at
              AND (a.person_id = :person OR a.home_id = :home)))
        """,
        kind=kind,
        after=after,
        until=until,
        person=person_id,
        home=home_id,
    )
    return bool(found.count)


def _due(session: Session, version: Any, row: Any, asked: Asked) -> list[tuple[datetime, datetime, datetime]]:
    start, end = version.published_at, ends(session, version)
    grace = timedelta(seconds=row.document["grace"])
    if "every" in row.document:
        every = timedelta(seconds=row.document["every"])
        begun = _begun(session, version, row)
        due = datetime(1970, 1, 1, tzinfo=UTC)
        due += (asked.start - due) // every * every - every
        found = []
        while due < min(asked.end, asked.now + timedelta(microseconds=1)):
            due += every
            fits = asked.start <= due < asked.end and start <= due < end and due <= asked.now
            if fits and due - begun >= every + grace:
                found.append((due, due - every - grace, due))
        return found
    moments = _by_clock(row.document["by"], asked)
    found = []
    for before, due in pairwise(moments):
        if asked.start <= due < asked.end and start < due < end and due + grace <= asked.now:
            found.append((due, max(due - timedelta(hours=24), before + grace), due + grace))
    return found


def _begun(session: Session, version: Any, row: Any) -> datetime:
    """When the plan began to expect this without a break: versions before that said exactly the same."""
    begun: datetime = version.published_at
    while True:
        before = rows(
            session,
            "SELECT v.published_at FROM plan_versions v JOIN monitoring m ON m.version_id = v.id "
            "WHERE v.plan_id = :p AND v.superseded_at = :at AND m.key = :k "
            "AND m.document = CAST(:d AS jsonb) AND m.pathway IS NOT DISTINCT FROM :w",
            p=version.plan_id,
            at=begun,
            k=row.key,
            d=json.dumps(row.document),
            w=row.pathway,
        )
        if not before:
            return begun
        begun = before[0].published_at


def _by_clock(by: dict[str, Any], asked: Asked) -> list[datetime]:
    """Every local time of the calendar from two weeks before the week to its end."""
    found = []
    for number in range(-14, 8):
        day = asked.monday + timedelta(days=number)
        if DAYS[day.weekday()] in by.get("weekdays", DAYS):
            assert day not in holidays.country_holidays("GB", subdiv="ENG")
            found += [
                datetime.combine(day, time.fromisoformat(local), LONDON).astimezone(UTC)
                for local in by["times"]
            ]
    return sorted(found)
