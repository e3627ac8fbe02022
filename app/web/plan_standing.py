"""Where somebody's plan stands and who agreed it, for its page: worked out, never typed in."""

from app import context
from app.web import authority_views
from app.web.words import date_only, initial_capital
from care_plans.models.goals import ActionStatus
from care_plans.models.plans import FundingSource
from care_plans.plan import agreeing, checks, compare, drafts, open_work, read, workflow
from care_plans.plan.whole import PlanRead
from care_plans.plan.workflow import Drafted, InForce, Standing
from devices import watching
from people import care_teams
from people.access import Extent, Need, may
from people.models.people import Person

STATUSES = [(one.value, initial_capital(one.value.replace("_", " "))) for one in ActionStatus]


def of(person: Person, extent: Extent) -> tuple[Standing, ...]:
    """All that is true of the plan now; nothing of it for whom it is not shared with."""
    if extent is not Extent.FULL:
        return ()
    opened, now = context.session(), context.now()
    published, draft = drafts.find_published(opened, person), drafts.find_draft(opened, person)
    in_force = drafted = before = None
    if published is not None:
        before = read.whole(opened, person, published, now)
        in_force = InForce(
            number=published.number,
            agreed=before.agreement is not None or published.agreed_with is not None,
            review_on=published.review_on,
            review_by=before.review_by,
            unseen_work=len(open_work.unseen_work(opened, published)),
        )
    if draft is not None:
        plan = read.whole(opened, person, draft, now)
        drafted = Drafted(
            by=plan.drafted_by or "somebody",
            faults=len(checks.faults(opened, person, draft, now)),
            agreed=agreeing.holds(draft, plan.agreement),
            changed=before is None or bool(compare.differences(before, plan)),
        )
    return (*_unagreed(person), *workflow.standing(in_force, drafted, now.date()))


def _unagreed(person: Person) -> tuple[Standing, ...]:
    """Kit that needs an agreement, for those who may look at agreements."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    if not may(viewer, Need.AUTHORITY_READ):
        return ()
    return workflow.unagreed(
        authority_views.unagreed(watching.of_people(opened, [person.id], now), person, now)
    )


def agreed(plan: PlanRead) -> str:
    """Who agreed it, in a sentence with the day and how; or that nobody has."""
    agreement = plan.agreement
    if agreement is None:
        said = plan.version.agreed_with
        return f"Agreed with {said}." if said else "Nobody has agreed it yet."
    how = f" {agreement.how}." if agreement.how else ""
    by = plan.names.get(agreement.by_id, "somebody")
    who, when = agreeing.said(agreement), date_only(agreement.agreed_on)
    return f"Agreed with {who} on {when}, written down by {by}.{how}"


def funding(plan: PlanRead) -> str:
    """Who pays, in words; "" where nobody said."""
    source, more = plan.version.funding, plan.version.funding_words
    named = ""
    if source is not None:
        nhs = source is FundingSource.NHS_CONTINUING_HEALTHCARE
        named = "NHS continuing healthcare" if nhs else initial_capital(source.value.replace("_", " "))
    return ". ".join(each for each in (named, more) if each)


def who_leads(person: Person) -> str | None:
    """The team that leads the care: whom to ask."""
    around = care_teams.around(context.session(), person, context.now())
    return next((f"{each.team.name}, {each.agency.name}" for each in around if each.lead), None)
