"""What is amiss in the register of protection is asked of a team: one follow-up for each home and thing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care_plans.models.protecting import LineWork
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.protecting import asking, deadlines
from care_plans.work import follow_ups
from core.zones import UK
from devices import alarm_lines, subjects
from devices.alarm_lines import Protected
from devices.protecting import Amiss
from people.models.agencies import Team

MENDED = "Mended: the register of protection says so."
NOBODY = "Nobody there has life-safety kit any more."
ASKED: Mapping[Amiss, str] = {
    Amiss.NO_ANALOGUE: "Alarms here are set down as calling by an analogue line, and those have ended: they "
    "may reach nobody. Try one today, end to end, and set the line down anew.",
    Amiss.UNTRIED_SINCE: "The line was moved, and no alarm was tried since. Try one, from button to voice.",
    Amiss.UNKNOWN_LINE: "Find out by which line the alarms here call, and set it down.",
    Amiss.NEVER_TRIED: "No alarm here was tried end to end for a year. Try one, from button to voice.",
    Amiss.NOT_PRESSED: "No test press for five weeks. Ask for one, and see that it reaches whoever answers.",
    Amiss.NO_BATTERY: "No battery for an hour without mains is known of. Find out, and have one put in.",
    Amiss.MOVES_SOON: "The line is to move. Agree with its provider how alarms call afterwards, and who "
    "tries them.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about one thing that is amiss in a home, and how that stands."""

    home_id: int
    amiss: Amiss
    follow_up: FollowUp
    team: str


def step(session: Session, now: datetime, limit: int = 200) -> bool:
    """Ask for what is amiss and not asked for, settle what is mended, riskiest first; whether any changed."""
    today = now.astimezone(ZoneInfo(UK)).date()
    homes = {each.home.id: each for each in alarm_lines.list_everywhere(session, now, today)}
    open_ = {
        (row.home_id, row.amiss): row
        for row in session.scalars(
            select(LineWork).where(LineWork.settled_at.is_(None)).with_for_update(skip_locked=True)
        )
    }
    changed = 0
    for (home_id, amiss), row in open_.items():
        home = homes.get(home_id)
        if home is None or amiss not in home.amiss:
            row.settled_at = now
            words = MENDED if home is not None else NOBODY
            follow_ups.settle(session, row.follow_up_id, words=words, by=None, now=now)
            changed += 1
    given = _given_today(session, now)
    wanting = [(each, amiss) for each in homes.values() for amiss in each.amiss]
    for each, amiss in sorted(wanting, key=lambda one: (list(Amiss).index(one[1]), not one[0].alone)):
        if changed >= limit:
            break
        changed += _ask(session, each, amiss, open_.get((each.home.id, amiss)), given, now)
    session.flush()
    return changed > 0


def list_open(session: Session, home_ids: list[int]) -> list[Asked]:
    """What was asked about these homes and is not mended yet."""
    rows = session.execute(
        select(LineWork, FollowUp, Team.name)
        .join(FollowUp, FollowUp.id == LineWork.follow_up_id)
        .join(Team, Team.id == FollowUp.team_id)
        .where(LineWork.home_id.in_(home_ids), LineWork.settled_at.is_(None))
        .order_by(FollowUp.due_at)
    )
    return [Asked(row.home_id, row.amiss, follow_up, team) for row, follow_up, team in rows]


def _ask(
    session: Session,
    each: Protected,
    amiss: Amiss,
    before: LineWork | None,
    given: Counter[int],
    now: datetime,
) -> bool:
    """Ask for one thing; not while it is asked, nor soon after it was done, nor of a team that has enough."""
    if before is not None and not _is_asked_again(session, before, now):
        return False
    team_id = asking.team_of(session, subjects.home(each.home.id), now)
    if team_id is None or (amiss not in deadlines.AT_ONCE and given[team_id] >= deadlines.MOST_A_DAY):
        return False
    moves_on = each.line.migrates_on if each.line else None
    zone = each.home.time_zone
    due_at = deadlines.line_due(amiss, now, zone, alone=each.alone, moves_on=moves_on)
    made = follow_ups.make(
        session, kind=FollowUpKind.CHECK, text=ASKED[amiss], team_id=team_id, due_at=due_at, now=now,
        home_id=each.home.id,
    )  # fmt: skip
    if before is None:
        session.add(LineWork(home_id=each.home.id, amiss=amiss, follow_up_id=made.id, asked_at=now))
    else:
        before.follow_up_id, before.asked_at = made.id, now
    given[team_id] += 1
    return True


def _is_asked_again(session: Session, row: LineWork, now: datetime) -> bool:
    done_at = session.get_one(FollowUp, row.follow_up_id).done_at
    return done_at is not None and now - done_at >= deadlines.AGAIN_AFTER


def _given_today(session: Session, now: datetime) -> Counter[int]:
    """How many each team was given within a day."""
    rows = session.execute(
        select(FollowUp.team_id, func.count())
        .join(LineWork, LineWork.follow_up_id == FollowUp.id)
        .where(LineWork.asked_at > now - timedelta(days=1))
        .group_by(FollowUp.team_id)
    )
    return Counter({row[0]: row[1] for row in rows})
