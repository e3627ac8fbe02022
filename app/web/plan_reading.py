"""Beside the plan's page: two versions compared, the plan on paper, how a goal or an action stands now."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, own_words, person_views, plan_changes, plan_views, plan_words, planning
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.words import initial_capital
from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.models.plans import PlanVersion
from care_plans.pathways import switches
from care_plans.plan import agreeing, doing, drafts, phrases, read, shared, watched
from care_plans.plan.whole import PlanRead
from core.errors import NotAllowed, NotFound
from people import residencies, visible
from people.access import Extent, RecordClass
from people.faults import one_of, read_fields, words
from people.models.people import Person

blueprint = Blueprint("plan_reading", __name__, url_prefix="/people/<uuid:person_id>/plan")

SIZES = ("normal", "large")


@blueprint.get("/compare")
@needs("plans:read")
def compare(person_id: UUID) -> ResponseReturnValue:
    """Any two versions, part by part; the last two unless the address says which."""
    person = planning.person_of(person_id)
    if planning.extent_of(person) is not Extent.FULL:
        raise NotAllowed(planning.NOT_SHARED)
    opened, now = context.session(), context.now()
    visible.record_look(opened, context.viewer(), person, at_what="plan")
    rows = read.list_versions(opened, person)
    newest = rows[0].number if rows else 0
    later = _version(rows, request.args.get("to"), newest)
    earlier = _version(rows, request.args.get("from"), newest - 1)
    changes: tuple[plan_changes.PlanChange, ...] = ()
    if earlier is not None and later is not None:
        before = read.whole(opened, person, earlier, now)
        changes = plan_changes.between(before, read.whole(opened, person, later, now))
    return page(
        "plan_compare.html",
        person=plan_views.person(person),
        versions=[(str(row.number), _named(row)) for row in rows],
        form=Form(
            {
                "from": str(earlier.number) if earlier else "",
                "to": str(later.number) if later else "",
            }
        ),
        changes=changes,
        one_only=len(rows) < 2,
    )


@blueprint.get("/paper")
@needs("plans:read")
def paper(person_id: UUID) -> ResponseReturnValue:
    """The plan to be printed and kept at home; in large print with `size=large`."""
    person = planning.person_of(person_id)
    opened, now, viewer = context.session(), context.now(), context.viewer()
    visible.record_look(opened, viewer, person, at_what="plan on paper")
    sees = planning.sees_of(person)
    extent = sees[RecordClass.PLAN]
    whole = read.find_published(opened, person, now)
    size = request.args.get("size", "normal")
    zone = planning.zone_of(person)
    plan = shared.shown(whole, sees, viewer.agency_id, viewer.team_ids) if whole else None
    home = residencies.find_home(opened, person, now)
    return page(
        "plan_paper.html",
        person=plan_views.person(person),
        born=person.date_of_birth,
        address=essentials.address_of(home),
        large=size == "large",
        sees=extent.value,
        about=own_words.about_of(person),
        wishes=own_words.wishes_of(person) if extent is Extent.FULL else (),
        around=person_views.around(opened, person, now, sees),
        plan=_on_paper(plan) if plan else None,
        watched=watched.of(opened, [person.id])[person.id],
        zone=zone,
    )


@blueprint.post("/goals/<part_key>/progress")
@needs("plans:write")
def judge(person_id: UUID, part_key: str) -> ResponseReturnValue:
    """Say how a goal stands, and what shows it."""
    person = planning.editable(person_id)
    given = typed("status", "words")

    def act() -> None:
        told = {"status": one_of(GoalStatus), "words": words(4000)}
        values = read_fields(given, told, required=("status", "words"))
        doing.judge(
            context.session(), person, part_key, values["status"], values["words"],
            by=planning.me(), now=context.now(),
        )  # fmt: skip

    wrong = refused(act, given)
    if wrong:
        return _goal_page(person, part_key, wrong)
    return done("It is written down how the goal stands.", planning.path(person, "#actions"))


@blueprint.get("/goals/<part_key>/progress")
@needs("plans:write", form=True)
def show_judge(person_id: UUID, part_key: str) -> ResponseReturnValue:
    """The form to say how a goal stands, with how it was seen before."""
    return _goal_page(planning.editable(person_id), part_key, Form())


@blueprint.post("/actions/<part_key>/status")
@needs("plans:write")
def set_status(person_id: UUID, part_key: str) -> ResponseReturnValue:
    """Say how an action stands: anybody of its own agency may, and whoever sees the whole plan."""
    person = planning.person_of(person_id)
    opened = context.session()
    version = drafts.find_published(opened, person)
    if version is None:
        raise NotFound
    action = doing.get_action(opened, version, part_key)
    own = action.agency_id == context.viewer().agency_id
    if not own and planning.extent_of(person) is not Extent.FULL:
        raise NotAllowed(planning.NOT_SHARED)
    given = typed("status")

    def act() -> None:
        values = read_fields(given, {"status": one_of(ActionStatus)}, required=("status",))
        doing.set_status(opened, person, part_key, values["status"], by=planning.me(), now=context.now())

    wrong = refused(act, given)
    said = "It is written down how the action stands." if wrong is None else wrong.errors.get("status", "")
    return done(said, planning.path(person, "#actions"))


def _goal_page(person: Person, key: str, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    plan = read.find_published(opened, person, now)
    found = next((goal for goal in plan.goals if goal.goal.key == key), None) if plan else None
    if found is None:
        raise NotFound
    html = page(
        "goal_progress.html",
        person=plan_views.person(person),
        key=key,
        goal=found.goal.text,
        measure=plan_words.about_goal(found.goal),
        statuses=[(one.value, initial_capital(phrases.plain(one))) for one in GoalStatus],
        seen=plan_words.runs(
            (row.at, initial_capital(phrases.plain(row.status)), row.words or "", name)
            for row, name in read.list_progress(opened, found.goal, plan.version.plan_id)
        )
        if plan
        else [],
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _version(rows: list[PlanVersion], asked: str | None, otherwise: int) -> PlanVersion | None:
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else otherwise
    return next((row for row in rows if row.number == number), None)


def _named(row: PlanVersion) -> str:
    return f"Version {row.number}, {row.state.value}"


def _on_paper(plan: PlanRead) -> dict[str, Any]:
    now, version = context.now(), plan.version
    on = switches.all_on(context.session())
    return {
        "number": version.number,
        "published_at": version.published_at,
        "agreed": agreeing.said(plan.agreement) if plan.agreement else version.agreed_with,
        "review_on": version.review_on,
        "review_by": plan.review_by,
        "strengths": [one.text for one in plan.strengths],
        "needs": plan_views.needs(plan, now.date()),
        "contingencies": plan_views.contingencies(plan, on),
        "schedules": [plan_words.schedule(one, plan.teams) for one in plan.schedules],
        "documents": [(one.title, one.place) for one in plan.documents],
        "otherwise": version.otherwise,
    }
