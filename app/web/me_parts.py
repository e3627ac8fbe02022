"""What My page says of somebody: the same on the screen, for whom they let in, and on paper."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.web import essentials, person_views
from app.web.person_views import Carer
from care_plans.plan import read, watched
from care_plans.plan.watched import Extent
from care_plans.plan.whole import GoalRead
from devices import kinds, readings, subjects
from devices.kinds import Group
from devices.measurement import Flags
from devices.readings import Latest
from people import about_me, residencies
from people.access import SEES_ALL, RecordClass
from people.models.people import Person

OLD = timedelta(hours=36)
"""From when on a reading is said to be old."""
MOST = 14
READINGS = frozenset(
    {
        RecordClass.VITALS,
        RecordClass.ACTIVITY,
        RecordClass.SAFETY_EVENTS,
        RecordClass.HOME_ENVIRONMENT,
        RecordClass.ENERGY,
    }
)
MATTERS = {
    "most_important": "",
    "people_important": "People who matter",
    "how_and_when_to_support": "How to support me",
    "please_do_and_dont": "Please do, and please don’t",
}


@dataclass(frozen=True, slots=True)
class MyGoal:
    """Something they want, how it stands, and who does what for it."""

    words: str
    said: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MyReading:
    """The latest reading of one kind, with its time."""

    name: str
    value: str
    at: datetime
    stale: bool
    unchecked: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """All that the page says: see _parts/my_page.html."""

    own: bool
    first_name: str
    parts: frozenset[str]
    watched_words: str
    watched_now: bool
    otherwise: str | None
    matters: tuple[tuple[str, str], ...]
    goals: tuple[MyGoal, ...]
    readings: tuple[MyReading, ...]
    around: tuple[Carer, ...]


def read_page(
    session: Session,
    person: Person,
    *,
    own: bool,
    named: Collection[RecordClass],
    shows: Collection[RecordClass],
    now: datetime,
    with_matters: bool = True,
) -> MyPage:
    """The page with the parts that are `named`, and in them what may be shown.

    What matters to them is a part of the plan; staff are shown it where contact details are shared, too.
    """
    looked_after = watched.of(session, [person.id])[person.id]
    planned = RecordClass.PLAN in shows
    plan = read.find_published(session, person, now) if planned else None
    return MyPage(
        own=own,
        first_name=essentials.first_name(person),
        parts=_parts(named),
        watched_words=looked_after.words,
        watched_now=looked_after.extent is not Extent.NONE,
        otherwise=looked_after.otherwise,
        matters=_matters(session, person) if planned and with_matters else (),
        goals=tuple(_goal(each) for each in plan.goals) if plan else (),
        readings=_latest(session, person, shows, now),
        around=person_views.around(session, person, now, SEES_ALL) if RecordClass.CONTACT in shows else (),
    )


def _parts(named: Collection[RecordClass]) -> frozenset[str]:
    found = {"plan"} if RecordClass.PLAN in named else set()
    found |= {"readings"} if READINGS & set(named) else set()
    found |= {"around"} if RecordClass.CONTACT in named else set()
    return frozenset(found)


def _matters(session: Session, person: Person) -> tuple[tuple[str, str], ...]:
    said = about_me.find(session, person)
    found = [(heading, getattr(said, name, None)) for name, heading in MATTERS.items()]
    return tuple((heading, words) for heading, words in found if words)


def _goal(each: GoalRead) -> MyGoal:
    shown = person_views.goal(each)
    actions = tuple(
        f"{one.action.text} ({one.team})" if one.team else one.action.text for one in each.actions
    )
    return MyGoal(shown.words, shown.said, actions)


def _latest(
    session: Session, person: Person, shows: Collection[RecordClass], now: datetime
) -> tuple[MyReading, ...]:
    wanted = READINGS & set(shows)
    if not wanted:
        return ()
    home = residencies.find_home(session, person, now)
    about = [subjects.person(person.id), *([subjects.home(home.id)] if home else [])]
    newest: dict[str, Latest] = {}
    for each in readings.latest(session, about, now):
        kind = kinds.get(each.kind)
        if kind.record_class not in wanted or kind.group is Group.KIT or each.at > now:
            continue
        if each.kind not in newest or newest[each.kind].at < each.at:
            newest[each.kind] = each
    order = [kind.code for kind in kinds.all_kinds()]
    shown = sorted(newest.values(), key=lambda each: order.index(each.kind))[:MOST]
    return tuple(
        MyReading(
            kinds.get(each.kind).name,
            kinds.say(kinds.get(each.kind), each.value),
            each.at,
            now - each.at > OLD,
            bool(each.flags & Flags.UNCHECKED),
        )
        for each in shown
    )
