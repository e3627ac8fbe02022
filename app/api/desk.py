"""How the desks cope with their alerts, in the REST API."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from app.api.fields import Moment, Shape, choice
from app.api.openapi import PREFIX, Blueprint, Given
from app.auth import needs
from app.context import installation, now, session, viewer
from care_plans.models.work import FollowUpOutcome
from care_plans.reached import Came, Found
from care_plans.severity import Class, Severity
from outcomes import desk, desk_events, figures, ringing, ringing_rows
from outcomes.desk import MIX, Kept
from outcomes.ground import Ground

blueprint = Blueprint(
    "outcomes",
    "What it was good for: five measures with their definitions and rows.",
    part="desk",
    prefix=f"{PREFIX}/outcomes/desk",
)


class DeskAsked(Shape):
    """Which weeks; the last 13 where they are left out."""

    from_ = fields.Date(data_key="from", load_default=None, metadata={"description": "A day in the first."})
    to = fields.Date(load_default=None, metadata={"description": "A day in the last week."})


class LoadOut(Shape):
    """What was put before one team; repetitions of a step are left out."""

    team_id = fields.UUID()
    team = fields.String()
    agency = fields.String()
    presented = fields.Integer()
    per_ten_minutes = fields.Float(attribute="per_ten", metadata={"description": "For the whole team."})
    busiest = fields.Integer(metadata={"description": "The most in ten minutes."})
    busiest_at = Moment(allow_none=True)
    floods = fields.Integer(metadata={"description": "Ten in ten minutes, until there are fewer than five."})
    flooded_seconds = fields.Float()


class KeptOut(Shape):
    """How many were within a limit, and what share ought to be."""

    within_seconds = fields.Float()
    met = fields.Integer()
    of = fields.Integer()
    share = fields.Float(allow_none=True)
    target = fields.Float()


class MixOut(Shape):
    """How much of what was raised was of one severity."""

    severity = choice(Severity)
    share = fields.Float()
    usual = fields.Float(metadata={"description": "About the share where red still means red (EEMUA 191)."})


class CameOut(Shape):
    """How many attempts came to this."""

    came = choice(Came)
    number = fields.Integer()


class FoundOut(Shape):
    """How many of those who were looked for were found so."""

    found = choice(Found)
    number = fields.Integer()


class EndedOut(Shape):
    """How many calls ended so."""

    outcome = choice(FollowUpOutcome)
    number = fields.Integer()


class CallsOut(Shape):
    """Calls to people that fell due, and who was looked for; rings to family and neighbours are left out."""

    due = fields.Integer()
    made = fields.Integer(metadata={"description": "Somebody rang, or said how it ended."})
    in_time = fields.Integer()
    missed = fields.Integer()
    moved = fields.Integer(metadata={"description": "Put off, with a reason."})
    tried = fields.Integer(metadata={"description": "With an attempt on record."})
    at_once = fields.Integer(metadata={"description": "Of those tried, answered at the first attempt."})
    answered = fields.Integer()
    attempts = fields.Integer()
    came = fields.List(fields.Nested(CameOut))
    outcomes = fields.List(fields.Nested(EndedOut))
    no_replies = fields.Integer(metadata={"description": "How often somebody was looked for."})
    no_replies_open = fields.Integer()
    found = fields.List(fields.Nested(FoundOut))
    half_found_within_minutes = fields.Float(allow_none=True)


class DeskOut(Shape):
    """How much is put before each team, how soon it is taken up, and what stands or comes back.

    Taken up is the first press of a button by anybody; that is no answered call.
    """

    teams = fields.List(fields.Nested(LoadOut))
    life_safety_taken_up = fields.List(fields.Nested(KeptOut))
    taken_up = fields.List(fields.Nested(KeptOut))
    attended = fields.List(fields.Nested(KeptOut))
    mix = fields.List(fields.Nested(MixOut))
    calls = fields.Nested(CallsOut)
    standing = fields.Integer(metadata={"description": "Alerts open for more than a day."})
    chattering = fields.Integer(metadata={"description": "Raised three times or more within a day."})


@blueprint.get("")
@needs("outcomes:read")
@blueprint.takes(DeskAsked, location="query")
@blueprint.answers(DeskOut)
def get_desk(asked: Given) -> Any:
    """Show how the desks cope with their alerts."""
    ground = figures.lay(
        session(), viewer(), since=asked["from_"], until=asked["to"], now=now(), zone=installation().time_zone
    )
    events, known = desk_events.read(ground), desk_events.teams(session())
    loads = desk.loads(events, ground.since, min(ground.until, now()))
    return {
        "teams": [
            {
                **{name: getattr(one, name) for name in one.__slots__},
                "team_id": known[team_id][0].uuid,
                "team": known[team_id][0].name,
                "agency": known[team_id][1],
                "flooded_seconds": one.flooded.total_seconds(),
            }
            for team_id, one in sorted(loads.items(), key=lambda each: -each[1].presented)
        ],
        "life_safety_taken_up": _kept(desk.taken_up(events, now(), Class.LIFE_SAFETY)),
        "taken_up": _kept(desk.taken_up(events, now())),
        "attended": _kept(desk.attended(events, now())),
        "mix": [
            {"severity": severity, "share": share, "usual": MIX[severity]}
            for severity, share in desk.mix(events).items()
        ],
        "calls": _calls(ground),
        "standing": desk_events.count_standing(session(), ground.sight, now()),
        "chattering": desk.chattering(events),
    }


def _calls(ground: Ground) -> dict[str, Any]:
    calls = ringing.calls(ringing_rows.due(ground))
    searches = ringing.searches(ringing_rows.looked_for(ground))
    return {
        **{name: getattr(calls, name) for name in calls.__slots__},
        "came": [{"came": each, "number": calls.came[each]} for each in Came if calls.came[each]],
        "outcomes": [{"outcome": each, "number": number} for each, number in sorted(calls.outcomes.items())],
        "no_replies": searches.begun,
        "no_replies_open": searches.open,
        "found": [{"found": each, "number": number} for each, number in sorted(searches.ended.items())],
        "half_found_within_minutes": searches.half_within,
    }


def _kept(rows: Iterable[Kept]) -> list[dict[str, Any]]:
    return [
        {
            "within_seconds": one.within.total_seconds(),
            "met": one.met,
            "of": one.of,
            "share": one.share,
            "target": one.target,
        }
        for one in rows
    ]
