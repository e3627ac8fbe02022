"""Care plans as the API tells them: versions in a list, and one version whole."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.ladders import LadderOut, Named
from app.api.ladders import told as ladder_told
from app.api.pathways import LimitMeant, MeasureOut, coming
from app.context import session
from care_plans.alerts import ladder as ladders
from care_plans.alerts import listing
from care_plans.alerts.listing import Recipients
from care_plans.judging.conditions import About
from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.models.plans import AgreedWith, FundingSource, PlanVersion, VersionState
from care_plans.models.work import FollowUpKind
from care_plans.plan import agreeing, phrases
from care_plans.plan.whole import ContingencyRead, PlanRead, RuleRead
from care_plans.severity import Class, Severity
from care_plans.work import recurrence
from people import named
from people.access import Extent

MADE = frozenset({"team", "words", "coming"})
VERDICTS = ("finding", "unknown", "nothing", "off")


class VersionOut(Shape):
    """A version of a person's one plan."""

    id = identity()
    version = row_version()
    number = fields.Integer()
    state = choice(VersionState)
    drafted_by = fields.Nested(Named, allow_none=True)
    published_at = Moment(allow_none=True)
    published_by = fields.Nested(Named, allow_none=True)
    superseded_at = Moment(allow_none=True)
    reason = Text(lines=True, allow_none=True)
    agreed_with = Text(allow_none=True)
    review_on = fields.Date(allow_none=True)
    watched = Text(lines=True, allow_none=True, metadata={"description": "When somebody looks, and who."})
    otherwise = Text(lines=True, allow_none=True, metadata={"description": "What to do otherwise."})
    review_by = fields.Nested(Named, allow_none=True)
    funding = choice(FundingSource, allow_none=True)
    funding_words = Text(lines=True, allow_none=True)


class PathwayFollowed(Shape):
    """A pathway that the plan follows."""

    pathway = Text()
    pathway_version = fields.Integer()
    title = Text()


class StageOut(Shape):
    """A smaller goal on the way."""

    key = Text()
    text = Text(lines=True)
    status = choice(GoalStatus)
    outcome = Text(lines=True, allow_none=True)


class ActionOut(Shape):
    """What an agency has taken on; in a draft perhaps nobody yet."""

    key = Text(attribute="action.key")
    text = Text(lines=True, attribute="action.text")
    agency = Text(allow_none=True)
    team = Text(allow_none=True)
    staff = Text(allow_none=True)
    when_words = Text(attribute="action.when_words", allow_none=True)
    review_on = fields.Date(attribute="action.review_on", allow_none=True)
    strategies = Text(lines=True, attribute="action.strategies", allow_none=True)
    confidence = fields.Integer(
        attribute="action.confidence",
        allow_none=True,
        metadata={"description": "How sure the person is that they can do their part, 0 to 10."},
    )
    also_by = fields.List(fields.String(), attribute="action.also_by", allow_none=True)
    stages = fields.List(fields.Nested(StageOut))
    due_on = fields.Date(attribute="action.due_on", allow_none=True)
    status = choice(ActionStatus, attribute="action.status")


class ProgressOut(Shape):
    """How a goal was last seen to stand."""

    at = Moment()
    status = choice(GoalStatus)
    done = fields.Float(allow_none=True)
    of = fields.Float(allow_none=True)
    words = Text(lines=True, allow_none=True)


class GoalOut(Shape):
    """A goal, with what has been taken on for it."""

    key = Text(attribute="goal.key")
    text = Text(lines=True, attribute="goal.text")
    importance = fields.Integer(attribute="goal.importance", allow_none=True)
    measure = fields.Nested(MeasureOut, attribute="goal.measure", allow_none=True)
    measure_words = Text(lines=True, attribute="goal.measure_words", allow_none=True)
    also_by = fields.List(fields.String(), attribute="goal.also_by", allow_none=True)
    target_on = fields.Date(attribute="goal.target_on", allow_none=True)
    progress = fields.Nested(ProgressOut, allow_none=True)
    actions = fields.List(fields.Nested(ActionOut))


class NeedOut(Shape):
    """A need and the goals that answer it."""

    key = Text(attribute="need.key")
    text = Text(lines=True, attribute="need.text")
    pathway = Text(attribute="need.pathway", allow_none=True)
    also_by = fields.List(fields.String(), attribute="need.also_by", allow_none=True)
    goals = fields.List(fields.Nested(GoalOut))


class LimitOut(LimitMeant):
    """A limit of this person, within its safe bounds."""

    at = fields.Float()


class JudgementOut(Shape):
    """How a rule last stood."""

    verdict = fields.String(metadata={"description": f"One of {', '.join(VERDICTS)}."})
    words = Text(lines=True)
    since = Moment()
    judged_at = Moment()


class RuleOut(Shape):
    """A rule with its personal limits, and who set them."""

    key = Text()
    name = Text()
    class_ = choice(Class, data_key="class")
    about = choice(About)
    pathway = Text(allow_none=True)
    limits = fields.List(fields.Nested(LimitOut))
    set_by = Text(allow_none=True)
    set_at = Moment(allow_none=True)
    set_why = Text(lines=True, allow_none=True)
    judgement = fields.Nested(JudgementOut, allow_none=True)
    document = fields.Dict(keys=fields.String())


class FollowUpAsked(Shape):
    """The follow-up that comes with its alerts."""

    kind = choice(FollowUpKind)
    text = Text(lines=True)
    team = fields.Nested(Named, allow_none=True)
    due_in_seconds = fields.Integer()
    from_severity = choice(Severity)


class ContingencyOut(Shape):
    """If this happens: what should happen, and who is contacted."""

    key = Text()
    name = Text()
    pathway = Text(allow_none=True)
    also_by = fields.List(fields.String(), allow_none=True)
    what_should_happen = Text(lines=True)
    early_signs = Text(lines=True, allow_none=True)
    coping = Text(lines=True, allow_none=True)
    anticipatory = Text(lines=True, allow_none=True)
    goal_key = Text(allow_none=True)
    rules = fields.List(fields.Nested(RuleOut))
    ladder = fields.Nested(LadderOut, allow_none=True)
    follow_up = fields.Nested(FollowUpAsked, allow_none=True)


class MonitoringOut(Shape):
    """What is expected to be heard, how often, by when."""

    key = Text()
    kind = Text()
    about = choice(About)
    pathway = Text(allow_none=True)
    also_by = fields.List(fields.String(), allow_none=True)
    goal_key = Text(allow_none=True)
    document = fields.Dict(keys=fields.String())


class ScheduleOut(Shape):
    """A follow-up that comes again and again."""

    key = Text()
    kind = choice(FollowUpKind)
    text = Text(lines=True)
    team = fields.Nested(Named, allow_none=True)
    pathway = Text(allow_none=True)
    also_by = fields.List(fields.String(), allow_none=True)
    goal_key = Text(allow_none=True)
    recurrence = fields.Dict(keys=fields.String())
    words = Text()
    coming = fields.List(
        fields.String(metadata={"format": "date-time"}),
        metadata={"description": "When it falls due next, five times at most."},
    )
    next_at = Moment(allow_none=True)


class StrengthOut(Shape):
    """What the person can do and has around them."""

    key = Text()
    text = Text(lines=True)


class DocumentOut(Shape):
    """Another document that belongs with the plan."""

    key = Text()
    title = Text()
    place = Text()
    dated_on = fields.Date(allow_none=True)
    review_on = fields.Date(allow_none=True)


class AgreementOut(Shape):
    """Who agreed it, or why nobody could."""

    with_whom = choice(AgreedWith)
    name = Text(allow_none=True)
    role = Text(allow_none=True)
    how = Text(lines=True, allow_none=True)
    why_not = Text(lines=True, allow_none=True)
    agreed_on = fields.Date()
    at = Moment()
    holds = fields.Boolean(metadata={"description": "False once a draft has changed since."})


class PlanLadderOut(Shape):
    """A ladder of the plan."""

    key = Text()
    name = Text()


class VersionWhole(VersionOut):
    """A version with all that it says, or as much of it as is shared with the asker's agency.

    `shown` is full, category (the agency's own actions, the goals they serve, what should happen when it is
    contacted) or check (that there is a plan, when somebody looks, and what to do otherwise).
    """

    shown = choice(Extent)
    agreement = fields.Nested(AgreementOut, allow_none=True)
    strengths = fields.List(fields.Nested(StrengthOut))
    documents = fields.List(fields.Nested(DocumentOut))
    ladders = fields.List(fields.Nested(PlanLadderOut))
    pathways = fields.List(fields.Nested(PathwayFollowed))
    needs = fields.List(fields.Nested(NeedOut))
    contingencies = fields.List(fields.Nested(ContingencyOut))
    monitoring = fields.List(fields.Nested(MonitoringOut))
    schedules = fields.List(fields.Nested(ScheduleOut))


BY = {"drafted_by", "published_by", "review_by"}
OF_ROW = (
    "key", "name", "pathway", "also_by", "what_should_happen", "early_signs", "coping", "anticipatory",
    "goal_key",
)  # fmt: skip
SAME = tuple(name for name in VersionOut._declared_fields if name not in {"id", *BY})


def told(versions: Sequence[PlanVersion]) -> list[dict[str, Any]]:
    """Versions as they are answered in a list."""
    staff = named.staff(
        session(),
        [each for one in versions for each in (one.drafted_by_id, one.published_by_id, one.review_by_id)],
    )
    return [
        {
            **{name: getattr(one, name) for name in ("uuid", *SAME)},
            "drafted_by": staff.get(one.drafted_by_id),
            "published_by": staff.get(one.published_by_id),
            "review_by": staff.get(one.review_by_id),
        }
        for one in versions
    ]


def whole(plan: PlanRead, extent: Extent) -> dict[str, Any]:
    """A version as it is answered by itself."""
    asked = [one.contingency.follow_up for one in plan.contingencies if one.contingency.follow_up]
    read = {
        one.ladder.key: ladders.from_document(one.ladder.document)
        for one in plan.contingencies
        if one.ladder is not None
    }
    teams = [each["team_id"] for each in asked] + [each.team_id for each in plan.schedules]
    steps = [step for ladder in read.values() for step in ladder.steps]
    recipients = listing.recipients(session(), steps, teams=teams)
    return {
        **told([plan.version])[0],
        **({} if extent is Extent.FULL else {"reason": None, "agreed_with": None, "funding_words": None}),
        "shown": extent,
        "agreement": _agreement(plan),
        "strengths": plan.strengths,
        "documents": plan.documents,
        "ladders": plan.ladders,
        "pathways": plan.pathways,
        "needs": plan.needs,
        "contingencies": [_contingency(one, read, recipients) for one in plan.contingencies],
        "monitoring": plan.monitoring,
        "schedules": [
            {
                **{name: getattr(one, name) for name in ScheduleOut._declared_fields if name not in MADE},
                "team": recipients.teams.get(one.team_id),
                "words": phrases.recurs(one.recurrence),
                "coming": coming(recurrence.from_document(one.recurrence)),
            }
            for one in plan.schedules
        ],
    }


def _agreement(plan: PlanRead) -> dict[str, Any] | None:
    row = plan.agreement
    if row is None:
        return None
    names = (name for name in AgreementOut._declared_fields if name != "holds")
    return {**{name: getattr(row, name) for name in names}, "holds": agreeing.holds(plan.version, row)}


def _contingency(
    one: ContingencyRead, read: dict[str, ladders.Ladder], recipients: Recipients
) -> dict[str, Any]:
    row, asked = one.contingency, one.contingency.follow_up
    return {
        **{name: getattr(row, name) for name in OF_ROW},
        "rules": [_rule(each) for each in one.rules],
        "ladder": ladder_told(read[one.ladder.key], recipients) if one.ladder else None,
        "follow_up": {
            "kind": FollowUpKind(asked["kind"]),
            "text": asked["text"],
            "team": recipients.teams.get(asked["team_id"]),
            "due_in_seconds": asked["due_in"],
            "from_severity": Severity(asked["from_severity"]),
        }
        if asked
        else None,
    }


def _rule(one: RuleRead) -> dict[str, Any]:
    rule = one.rule
    return {
        **{
            name: getattr(rule, name)
            for name in ("key", "class_", "pathway", "set_at", "set_why", "document")
        },
        "name": rule.document["name"],
        "about": About(rule.about),
        "limits": [
            {
                **{name: getattr(limit.personal, name) for name in LimitMeant._declared_fields},
                "at": limit.at,
            }
            for limit in one.limits
        ],
        "set_by": one.set_by,
        "judgement": one.judgement,
    }
