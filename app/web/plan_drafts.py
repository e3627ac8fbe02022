"""The draft of a plan: begun, changed as a whole, its contradictions settled, agreed, published."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import plan_changes, plan_draft_views, plan_views, planning
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, page
from app.web.words import initial_capital
from care_plans.models.plans import FundingSource, PlanVersion, WorkDecision
from care_plans.plan import (
    agreeing,
    changing,
    checks,
    drafts,
    edits,
    known,
    open_work,
    publish,
    read,
    settling,
    shared,
    unreached,
)
from care_plans.plan.open_work import Decided
from care_plans.plan.parts import SORTS
from core.errors import NotFound
from people import authority
from people.faults import LINES, as_given, read_fields, words
from people.models.agencies import Staff
from people.models.people import Person

blueprint = Blueprint("plan_drafts", __name__, url_prefix="/people/<uuid:person_id>/plan")

ABOUT = tuple(part for part, sort in SORTS.items() if sort.parent is None)
WHOLE = ("watched", "otherwise", "review_on", "review_by", "funding", "funding_words")
AGREEING = ("who", "name", "how", "why_not", "agreed_on")
WORK = ("decision", "reason", "text")


@blueprint.get("/edit")
@needs("plans:write", form=True)
def show(person_id: UUID) -> ResponseReturnValue:
    """The draft with everything that can be done to it, and what is still wrong with it."""
    return _page(planning.editable(person_id))


@blueprint.post("/edit/begin")
@needs("plans:write")
def begin(person_id: UUID) -> ResponseReturnValue:
    """Begin a draft: a copy of what is in force, or an empty one."""
    person = planning.editable(person_id)
    drafts.open_draft(context.session(), person, planning.me())
    return done("This is the draft. What is in force stays until it is published.", _path(person))


@blueprint.get("/edit/whole")
@needs("plans:write", form=True)
def show_whole(person_id: UUID) -> ResponseReturnValue:
    """The form for what belongs to the plan as a whole."""
    person = planning.editable(person_id)
    version = planning.version_to_edit(person)
    values = {name: _text(getattr(version, name, None)) for name in WHOLE if name != "review_by"}
    owner = _reviewer(version)
    return _whole_page(person, Form({**values, "review_by": str(owner.uuid) if owner else ""}))


@blueprint.post("/edit/whole")
@needs("plans:write")
def change_whole(person_id: UUID) -> ResponseReturnValue:
    """Change when somebody looks, what to do otherwise, the review and who pays."""
    person, given = planning.editable(person_id), typed(*WHOLE)

    def act() -> None:
        draft = planning.opened_draft(person)
        changing.set_whole(
            context.session(), person, draft, given, _may_review(person), by=planning.me(), now=context.now()
        )

    wrong = refused(act, given)
    return _whole_page(person, wrong) if wrong else done("It is in the draft.", _path(person))


@blueprint.post("/edit/agree")
@needs("plans:write")
def agree(person_id: UUID) -> ResponseReturnValue:
    """Record who agreed the draft (or what is in force, where there is none), or why nobody could."""
    person, given = planning.editable(person_id), typed(*AGREEING)

    def act() -> None:
        opened = context.session()
        version = planning.version_to_edit(person)
        if version is None:
            raise NotFound
        edits.refuse_if_changed(opened, drafts.find_draft(opened, person), person, seen())
        told = plan_draft_views.agreement(given)
        agreeing.agree(opened, person, version, told, by=planning.me(), now=context.now())

    wrong = refused(act, given, {"with_whom": "who"})
    return _page(person, wrong) if wrong else done("It is written down who agreed.", _path(person))


@blueprint.post("/edit/settle")
@needs("plans:write")
def settle(person_id: UUID) -> ResponseReturnValue:
    """Let one side of a contradiction hold, or both, with a reason."""
    person = planning.editable(person_id)
    key = request.form.get("key", "")
    keep, reason = f"keep.{key}", f"reason.{key}"
    given = typed(keep, reason)

    def act() -> None:
        opened, draft = context.session(), planning.opened_draft(person)
        if given[keep] == "both":
            settling.accept(opened, person, draft, key, given[reason], by=planning.me(), now=context.now())
        else:
            settling.keep(
                opened, person, draft, key, given[keep], given[reason], by=planning.me(), now=context.now()
            )

    wrong = refused(act, given, {"keep": keep, "reason": reason})
    return _page(person, wrong) if wrong else done("Settled in the draft.", f"{_path(person)}#contradictions")


@blueprint.post("/publish")
@needs("plans:write")
def publish_draft(person_id: UUID) -> ResponseReturnValue:
    """Put the draft in force, once each piece of open work has been looked at."""
    person = planning.editable(person_id)
    opened, now = context.session(), context.now()
    draft = drafts.find_draft(opened, person)
    agreed = draft is not None and agreeing.holds(draft, agreeing.find(opened, draft))
    given = typed("agreed_with", "note", *_work_fields())
    places = dict.fromkeys(checks.faults(opened, person, draft, now), "") if draft else {}

    def act() -> None:
        edits.refuse_if_changed(opened, draft, person, seen())
        told = {"agreed_with": words(), "note": words(LINES), **dict.fromkeys(_work_fields(), as_given)}
        read_fields(given, told, required=() if agreed else ("agreed_with",))
        publish.publish(
            opened, person, by=planning.me(), now=now, reason=given["note"] or "The plan was changed",
            agreed_with=given["agreed_with"], decided=_decided(given), viewer=context.viewer(),
        )  # fmt: skip

    work_places = {f"open_work.{uuid}": f"work.{uuid}.reason" for uuid in _pieces()}
    wrong = refused(act, {**places, **given}, work_places)
    if wrong:
        return _page(person, wrong)
    return done("Published: it is in force now.", planning.path(person))


@blueprint.get("/work")
@needs("plans:write", form=True)
def show_work(person_id: UUID) -> ResponseReturnValue:
    """Open work that was kept when the plan changed, and that nobody has looked at."""
    return _work_page(planning.editable(person_id), Form())


@blueprint.post("/work")
@needs("plans:write")
def look_at_work(person_id: UUID) -> ResponseReturnValue:
    """Keep, replace or cancel what was kept unseen."""
    person = planning.editable(person_id)
    given = typed(*_work_fields())

    def act() -> None:
        opened, version = context.session(), drafts.find_published(context.session(), person)
        if version is None:
            raise NotFound
        decided = _decided(given)
        open_work.look_again(
            opened, person, version, decided, by=planning.me(), viewer=context.viewer(), now=context.now()
        )

    work_places = {f"open_work.{uuid}": f"work.{uuid}.reason" for uuid in _pieces()}
    wrong = refused(act, given, work_places)
    return _work_page(person, wrong) if wrong else done("It is looked at.", planning.path(person))


def _page(person: Person, form: Form | None = None) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    draft = drafts.find_draft(opened, person)
    html = page(
        "plan_draft.html",
        person=plan_views.person(person),
        draft=_told(person, draft, now) if draft else None,
        row_version=planning.row_version(person),
        today=now.date().isoformat(),
        agreed_choices=plan_draft_views.who_may_agree(
            authority.who_may_agree(opened, person, now), is_assessed=agreeing.is_assessed(opened, person)
        ),
        form=form or Form(),
        zone=planning.zone_of(person),
    )
    return html, (form or Form()).status


def _told(person: Person, draft: PlanVersion, now: datetime) -> dict[str, Any]:
    opened = context.session()
    plan = shared.named(read.whole(opened, person, draft, now), planning.sees_of(person))
    current = drafts.find_published(opened, person)
    before = read.whole(opened, person, current, now) if current else None
    faults = checks.faults(opened, person, draft, now)
    work = open_work.list_open(opened, person, draft.plan_id, draft) if current else []
    agreed = agreeing.holds(draft, plan.agreement)
    return {
        "number": draft.number,
        "begun_by": plan.drafted_by,
        "begun_at": draft.begun_at,
        "lists": plan_draft_views.lists(plan, faults, ABOUT),
        "contradictions": plan_draft_views.contradictions(plan, settling.standing(opened, draft), faults),
        "faults": [
            plan_draft_views.Fault(place if place != "review_by" else "whole", told)
            for place, told in faults.items()
        ],
        "doubts": tuple(unreached.doubts(opened, draft, now, unrung=context.unrung()).values()),
        "whole": plan_draft_views.whole(plan),
        "pathways": tuple(one.title for one in plan.pathways),
        "changes": plan_changes.between(before, plan),
        "is_first": before is None,
        "work": plan_draft_views.work(work),
        "agreed": agreeing.said(plan.agreement) if plan.agreement and agreed else None,
        "agreed_before": plan.agreement is not None and not agreed,
    }


def _whole_page(person: Person, form: Form) -> ResponseReturnValue:
    html = page(
        "plan_whole.html",
        person=plan_views.person(person),
        staff=[("", "Choose"), *((str(each.uuid), each.name) for each in _may_review(person))],
        funding=[("", "Not known"), *((one.value, _funding(one)) for one in FundingSource)],
        row_version=planning.row_version(person),
        form=form,
    )
    return html, form.status


def _work_page(person: Person, form: Form) -> ResponseReturnValue:
    opened = context.session()
    version = drafts.find_published(opened, person)
    pieces = [piece for piece, _ in open_work.unseen_work(opened, version)] if version else []
    html = page(
        "plan_work.html",
        person=plan_views.person(person),
        work=plan_draft_views.work(pieces),
        number=version.number if version else None,
        form=form,
    )
    return html, form.status


def _may_review(person: Person) -> list[Staff]:
    """Everybody in a team around the person, each once, by name; and whoever has the review now."""
    opened, now = context.session(), context.now()
    found = known.of(opened, person, None, now, planning.zone_of(person)).staff
    around = [opened.get_one(Staff, key) for key in dict.fromkeys(each.id for each in found)]
    has_it = _reviewer(planning.version_to_edit(person))
    return around if has_it is None or has_it in around or has_it.left_at else [*around, has_it]


def _reviewer(version: PlanVersion | None) -> Staff | None:
    if version is None or version.review_by_id is None:
        return None
    return context.session().get(Staff, version.review_by_id)


def _pieces() -> list[str]:
    """The ids of the pieces of work that the form speaks of."""
    names = [name.split(".") for name in request.form if name.startswith("work.")]
    return list(dict.fromkeys(parts[1] for parts in names if len(parts) == 3))


def _work_fields() -> list[str]:
    return [f"work.{uuid}.{name}" for uuid in _pieces() for name in WORK]


def _decided(given: Mapping[str, str]) -> dict[UUID, Decided]:
    """What was chosen of each piece; one that nothing was chosen for is left out."""
    found = {}
    for text in _pieces():
        try:
            uuid, decision = UUID(text), WorkDecision(given[f"work.{text}.decision"])
        except ValueError:
            continue
        found[uuid] = Decided(
            decision, given[f"work.{text}.reason"] or None, given[f"work.{text}.text"] or None
        )
    return found


def _path(person: Person) -> str:
    return planning.path(person, "/edit")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _funding(source: FundingSource) -> str:
    if source is FundingSource.NHS_CONTINUING_HEALTHCARE:
        return "NHS continuing healthcare"
    return initial_capital(source.value.replace("_", " "))
