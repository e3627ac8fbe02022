"""Pathways in the REST API: the service models as data, and who has switched their clinical rules on."""

from typing import Any

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice
from app.api.openapi import Blueprint, Given
from app.auth import needs
from app.context import now, session, viewer
from care_plans.alerts.ladder import Way
from care_plans.judging.conditions import About
from care_plans.pathways import costing, prices, reading, switches
from care_plans.pathways.shape import Counts, FollowUpKind, Pathway, Role, Sector, Sense
from care_plans.plan import phrases
from care_plans.severity import Class, Severity
from care_plans.work import recurrence
from care_plans.work.recurrence import Recurrence
from core.errors import NotFound
from people import named
from people.access import RecordClass
from people.models.agencies import Staff

blueprint = Blueprint("pathways", "Service models: what they want, lend, watch and answer, and with whom.")


COMING: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "date-time"}}
DATES = 5


def coming(read: Recurrence) -> list[str]:
    """When it falls due next, five times, as JSON says times."""
    return [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in recurrence.coming(read, now(), DATES)]


class TeamMeant(Shape):
    """A team by sector and role; enrolment names the real one."""

    sector = choice(Sector)
    role = choice(Role)


class SourceOut(Shape):
    """Where figures come from."""

    title = Text()
    url = Text(allow_none=True)


class SwitchOut(Shape):
    """Who switched the clinical rules on, when and why."""

    at = Moment(attribute="on_at")
    by = Text(allow_none=True)
    reason = Text(lines=True, attribute="on_reason")
    pathway_version = fields.Integer()


class InForceOut(Shape):
    """From which day, and to which (inside), it may be laid into plans; null is without end."""

    from_ = fields.Date(data_key="from", attribute="since", allow_none=True)
    until = fields.Date(allow_none=True)


class PathwayOut(Shape):
    """A pathway; its clinical rules work only while `switched_on` is not null."""

    code = Text()
    version = fields.Integer()
    title = Text()
    owner = choice(Sector)
    accountable = Text(allow_none=True, metadata={"description": "Who answers for it, by what they do."})
    summary = Text(lines=True)
    for_whom = Text(lines=True, allow_none=True)
    not_for = Text(lines=True, allow_none=True)
    in_force = fields.Nested(InForceOut)
    record_class = choice(RecordClass, metadata={"description": "What its very name gives away."})
    switched_on = fields.Nested(SwitchOut, allow_none=True)


class MeasureOut(Shape):
    """How readings show a goal."""

    kind = Text()
    counts = choice(Counts)
    sense = choice(Sense)
    target = fields.Float()
    days = fields.Integer()
    enough = fields.Integer()


class ActionMeant(Shape):
    """What an agency takes on."""

    key = Text()
    text = Text(lines=True)
    team = fields.Nested(TeamMeant)
    due_in_days = fields.Integer()


class GoalMeant(Shape):
    """A goal, in the person's voice."""

    key = Text()
    text = Text(lines=True)
    importance = fields.Integer()
    measure = fields.Nested(MeasureOut, allow_none=True)
    actions = fields.List(fields.Nested(ActionMeant))


class NeedMeant(Shape):
    """A need and the goals that answer it."""

    key = Text()
    text = Text(lines=True)
    goals = fields.List(fields.Nested(GoalMeant))


class KitMeant(Shape):
    """Kit that is lent for a goal."""

    key = Text()
    name = Text()
    about = choice(About)
    kinds = fields.List(Text())
    goal = Text()
    watches = fields.Boolean(metadata={"description": "It needs a monitoring agreement first."})


class MonitoringMeant(Shape):
    """What is expected to be heard: by times of day, or every so many seconds."""

    key = Text()
    kind = Text()
    about = choice(About)
    by = fields.Function(
        lambda one: recurrence.to_document(one.by) if one.by else None,
        metadata={"type": ["object", "null"]},
    )
    every_seconds = fields.Integer(attribute="every", allow_none=True)
    grace_seconds = fields.Integer(attribute="grace")
    goal = Text()


class StepMeant(Shape):
    """One step of a ladder."""

    team = fields.Nested(TeamMeant)
    words = Text()
    way = choice(Way)
    wait_seconds = fields.Integer(attribute="wait")
    staffed_all_hours = fields.Boolean()
    receiving_centre = fields.Boolean()


class LadderMeant(Shape):
    """Who is contacted after whom."""

    key = Text()
    name = Text()
    steps = fields.List(fields.Nested(StepMeant))


class LimitMeant(Shape):
    """A limit that may be set for one person, within these bounds."""

    name = Text()
    label = Text()
    unit = Text()
    lowest = fields.Float()
    highest = fields.Float()


class TriggerOut(Shape):
    """A rule."""

    key = Text(attribute="rule.key")
    name = Text(attribute="rule.name")
    class_ = choice(Class, data_key="class", attribute="rule.class_")
    about = choice(About, attribute="rule.about")
    limits = fields.List(fields.Nested(LimitMeant), attribute="personal")
    document = fields.Dict(keys=fields.String())


class FollowUpMeant(Shape):
    """The follow-up that comes with its alerts."""

    kind = choice(FollowUpKind)
    text = Text(lines=True)
    team = fields.Nested(TeamMeant)
    due_in_seconds = fields.Integer(attribute="due_in")
    from_severity = choice(Severity)


class ContingencyMeant(Shape):
    """If this happens: what should happen, and who is contacted."""

    key = Text()
    name = Text()
    triggers = fields.List(fields.Nested(TriggerOut))
    what_should_happen = Text(lines=True)
    ladder = Text()
    goal = Text()
    follow_up = fields.Nested(FollowUpMeant, allow_none=True)


class ScheduleMeant(Shape):
    """A follow-up that comes again and again."""

    key = Text()
    kind = choice(FollowUpKind)
    text = Text(lines=True)
    team = fields.Nested(TeamMeant)
    recurrence = fields.Function(
        lambda one: recurrence.to_document(one.recurrence), metadata={"type": "object"}
    )
    words = fields.Function(
        lambda one: phrases.recurs(recurrence.to_document(one.recurrence)),
        metadata={"type": "string", "description": "When it falls due, in words."},
    )
    coming = fields.Function(
        lambda one: coming(recurrence.begun(one.recurrence, now().date())),
        metadata={**COMING, "description": "When it falls due next, five times, if it is begun today."},
    )
    goal = Text()


class ClockMeant(Shape):
    """A named deadline: so many seconds, or so many working days, from what begins it."""

    key = Text()
    name = Text()
    starts = Text()
    within_seconds = fields.Integer(attribute="within", allow_none=True)
    working_days = fields.Integer(allow_none=True)
    team = fields.Nested(TeamMeant)
    source = Text(lines=True)


class PriceOut(Shape):
    """What an hour costs; `stand_in` where another work's price stands in."""

    code = Text()
    name = Text()
    pounds = fields.Float()
    year = Text()
    source = Text(lines=True)
    stand_in = fields.Boolean()


class CostLineOut(Shape):
    """What one person takes of one team, in hours a week and pounds a month."""

    team = fields.Nested(TeamMeant, attribute="staffing.team")
    what = Text(lines=True, attribute="staffing.what")
    hours_a_week = fields.Float(attribute="staffing.hours")
    price = fields.Nested(PriceOut)
    pounds_a_month = fields.Float(attribute="pounds")


class CostOut(Shape):
    """A planning figure for one person: hours a week × 52 ÷ 12 × the price of an hour, line by line."""

    hours_a_week = fields.Float(attribute="hours")
    pounds_a_month = fields.Float(attribute="pounds")
    lines = fields.List(fields.Nested(CostLineOut))
    not_priced = fields.List(Text(), metadata={"description": "Kit that has only local prices."})


class AdviceMeant(Shape):
    """What people are told on a topic; pathways of another `stance` on it contradict this one."""

    topic = Text()
    stance = Text()
    words = Text(lines=True)


class WatchMeant(Shape):
    """When somebody looks, and what to do otherwise."""

    team = fields.Nested(TeamMeant)
    watched = Text(lines=True)
    otherwise = Text(lines=True)


class PathwayWhole(PathwayOut):
    """A pathway with all that it says."""

    sources = fields.List(fields.Nested(SourceOut))
    needs = fields.List(fields.Nested(NeedMeant))
    kit = fields.List(fields.Nested(KitMeant))
    monitoring = fields.List(fields.Nested(MonitoringMeant))
    ladders = fields.List(fields.Nested(LadderMeant))
    contingencies = fields.List(fields.Nested(ContingencyMeant))
    schedules = fields.List(fields.Nested(ScheduleMeant))
    clocks = fields.List(fields.Nested(ClockMeant))
    advice = fields.List(fields.Nested(AdviceMeant))
    cost = fields.Nested(CostOut)
    watch = fields.Nested(WatchMeant)
    versions = fields.List(fields.Integer(), metadata={"description": "The newest first."})


class Pathways(Shape):
    """Every pathway; there is never a next part."""

    items = fields.List(fields.Nested(PathwayOut), required=True)
    next = fields.String(required=True, allow_none=True)


class Authority(Shape):
    """On whose authority, and for whom."""

    reason = Text(lines=True, required=True)


def _told(pathways: list[Pathway]) -> list[dict[str, Any]]:
    on = switches.all_on(session())
    by = named.staff(session(), [switch.on_by_id for switch in on.values()])
    names = PathwayWhole._declared_fields.keys() - {"switched_on", "cost", "versions"}
    found = []
    for pathway in pathways:
        switch = on.get(pathway.code)
        said = {name: getattr(pathway, name) for name in names}
        if switch is not None:
            who = by.get(switch.on_by_id)
            said["switched_on"] = {
                "on_at": switch.on_at,
                "on_reason": switch.on_reason,
                "pathway_version": switch.pathway_version,
                "by": who.name if who else None,
            }
        said["cost"] = costing.cost(pathway, prices.all_prices())
        said["versions"] = [each.version for each in reading.versions(pathway.code)]
        found.append({"switched_on": None, **said})
    return found


@blueprint.get("")
@needs("pathways:read")
@blueprint.answers(Pathways)
def list_pathways() -> Any:
    """List every pathway, by code."""
    return {"items": _told(list(reading.all_pathways().values())), "next": None}


@blueprint.get("/<pathway>")
@needs("pathways:read")
@blueprint.answers(PathwayWhole)
def get_pathway(pathway: str) -> Any:
    """Show all that a pathway says."""
    return _told([reading.get(pathway)])[0]


@blueprint.get("/<pathway>/versions/<number>")
@needs("pathways:read")
@blueprint.answers(PathwayWhole)
def get_pathway_version(pathway: str, number: str) -> Any:
    """Show one version of a pathway as it was."""
    for each in reading.versions(pathway):
        if str(each.version) == number:
            return _told([each])[0]
    raise NotFound


@blueprint.post("/<pathway>/switch-on")
@needs("pathways:switch")
@blueprint.takes(Authority)
@blueprint.answers(PathwayWhole)
def switch_on(given: Given, pathway: str) -> Any:
    """Take responsibility, as a clinician, for a pathway's clinical rules: they work from now on."""
    switches.switch_on(session(), pathway, by=_staff(), reason=given["reason"], now=now())
    return _told([reading.get(pathway)])[0]


@blueprint.post("/<pathway>/switch-off")
@needs("pathways:switch")
@blueprint.takes(Authority)
@blueprint.answers(PathwayWhole)
def switch_off(given: Given, pathway: str) -> Any:
    """Switch a pathway's clinical rules off, as a clinician: nobody is told of what they would find."""
    found = reading.get(pathway)
    switches.switch_off(session(), pathway, by=_staff(), reason=given["reason"], now=now())
    return _told([found])[0]


def _staff() -> Staff:
    return session().get_one(Staff, viewer().staff_id)
