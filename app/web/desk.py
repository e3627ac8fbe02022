"""The page that says how the desks cope: how much is put before each team, and how soon it is taken up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import outcome_filters
from app.web import ringing_figures as call_words
from app.web.outcome_filters import OutcomeFilters
from app.web.pages import page
from app.web.words import clock, counted, date_only, severity_word
from care_plans.severity import Class
from outcomes import desk, desk_events, figures, ringing, ringing_rows
from outcomes.desk import FLOOD, MANAGEABLE, MIX, Kept, Load
from outcomes.ground import Ground

blueprint = Blueprint("desk", __name__)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team: see desk.html."""

    name: str
    agency: str
    presented: int
    per_ten: str
    busiest: str
    floods: str
    heavy: bool


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One limit: see desk.html."""

    what: str
    said: str
    target: str
    missed: bool


@blueprint.get("/outcomes/desk")
@needs("outcomes:read")
def show_desk() -> ResponseReturnValue:
    """How much, how soon, and what stands or comes back."""
    filters, opened, now = OutcomeFilters.asked(), context.session(), context.now()
    zone = context.installation().time_zone
    ground = figures.lay(opened, context.viewer(), since=filters.since(now, zone), now=now, zone=zone)
    events = desk_events.read(ground)
    picks = outcome_filters.picks(filters, (), ())
    safety = desk.taken_up(events, now, Class.LIFE_SAFETY)
    return page(
        "desk.html",
        teams=_teams(ground, desk.loads(events, ground.since, min(ground.until, now))),
        taken_up=(
            *_kept("Life-safety, taken up on the screen", safety),
            *_kept("All red and amber, taken up on the screen", desk.taken_up(events, now)),
            *_kept("Somebody there after “I’m going”", desk.attended(events, now)),
            *_kept("Somebody with them after a fall", desk.lain(events, now)),
        ),
        mix=tuple(
            (
                severity_word(severity),
                f"{share:.0%}".replace("%", " %"),
                f"{MIX[severity]:.0%}".replace("%", " %"),
            )
            for severity, share in desk.mix(events).items()
        ),
        standing=desk_events.count_standing(opened, ground.sight, now),
        chattering=desk.chattering(events),
        calls=call_words.facts(ringing.calls(ringing_rows.due(ground))),
        searches=call_words.searches(ringing.searches(ringing_rows.looked_for(ground))),
        picks=tuple(one for one in picks if one.name == "weeks"),
        keep=filters.kept(),
        since_words=f"Since {date_only(ground.weeks[0].monday)}",
    )


def _teams(ground: Ground, loads: Mapping[int, Load]) -> tuple[TeamRow, ...]:
    known = desk_events.teams(ground.session)
    return tuple(
        TeamRow(
            name=known[team_id][0].name,
            agency=known[team_id][1],
            presented=one.presented,
            per_ten=_average(one.per_ten),
            busiest=f"{one.busiest}, {clock(one.busiest_at, ground.now, ground.zone)}"
            if one.busiest_at
            else "",
            floods=f"{counted(one.floods, 'flood')}, {_minutes(one.flooded)}" if one.floods else "None",
            heavy=one.per_ten > MANAGEABLE or one.busiest >= FLOOD,
        )
        for team_id, one in sorted(loads.items(), key=lambda each: -each[1].presented)
    )


def _average(per_ten: float) -> str:
    """To two places; what is less than that is still something."""
    return "under 0.01" if 0 < per_ten < 0.005 else f"{per_ten:.2f}"


def _kept(what: str, rows: Sequence[Kept]) -> list[KeptRow]:
    return [
        KeptRow(
            f"{what} within {_minutes(one.within)}",
            f"{one.share:.1%} of {one.of:,}".replace("%", " %")
            if one.share is not None
            else "Nothing to tell yet",
            f"{one.target:.1%}".replace(".0%", "%").replace("%", " %"),
            one.share is not None and one.share < one.target,
        )
        for one in rows
    ]


def _minutes(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
