"""One part of a plan's draft at a time: add it, change it, put it in another order, take it out."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import plan_forms, plan_ladders, plan_views, plan_words, planning
from app.web.forms import Form, refused
from app.web.pages import done, page
from app.web.words import initial_capital
from care_plans.plan import changing, given, known, phrases
from care_plans.plan.known import Known
from care_plans.plan.parts import SORTS, Part, title_of
from care_plans.work import recurrence
from core.errors import NotFound
from people.models.people import Person

blueprint = Blueprint("plan_parts", __name__, url_prefix="/people/<uuid:person_id>/plan/edit")


@blueprint.get("/<part>")
@needs("plans:write", form=True)
def show_add(person_id: UUID, part: str) -> ResponseReturnValue:
    """The form to add a part; `under` in the address says what it hangs on."""
    person, sort = planning.editable(person_id), _sort(part)
    field = SORTS[sort].parent_field.removesuffix("_key")
    begin = {field: request.args.get("under", "")} if field else {}
    return _page(person, sort, None, Form(begin))


@blueprint.post("/<part>")
@needs("plans:write")
def add(person_id: UUID, part: str) -> ResponseReturnValue:
    """Add a part to the draft."""
    person, sort = planning.editable(person_id), _sort(part)
    typed = plan_forms.typed(plan_forms.fields(sort, _known(person)))
    made: list[Any] = []

    def act() -> None:
        draft = planning.opened_draft(person)
        known_now = _known(person)
        values = plan_forms.to_action(typed)
        made.append(
            changing.add(
                context.session(), person, draft, sort, values, known_now,
                by=planning.me(), now=context.now(),
            )
        )  # fmt: skip

    if _only_looks(sort):
        return _when(person, sort, None, typed)
    wrong = refused(act, typed, plan_ladders.places(typed))
    if wrong:
        return _page(person, sort, None, wrong)
    return _done(person, sort, made[0].key, "added to the draft")


@blueprint.get("/<part>/<part_key>")
@needs("plans:write", form=True)
def show_change(person_id: UUID, part: str, part_key: str) -> ResponseReturnValue:
    """The form to change a part."""
    person, sort = planning.editable(person_id), _sort(part)
    row = _row(person, sort, part_key)
    values = plan_forms.shown(given.of(sort, row, _known(person)))
    return _page(person, sort, row, Form(values))


@blueprint.post("/<part>/<part_key>")
@needs("plans:write")
def change(person_id: UUID, part: str, part_key: str) -> ResponseReturnValue:
    """Change a part of the draft."""
    person, sort = planning.editable(person_id), _sort(part)
    row = _row(person, sort, part_key)
    typed = plan_forms.typed(plan_forms.fields(sort, _known(person), _steps(sort, row)))

    def act() -> None:
        draft = planning.opened_draft(person)
        values = plan_forms.to_action(typed)
        changing.change(
            context.session(), person, draft, sort, part_key, values, _known(person),
            by=planning.me(), now=context.now(),
        )  # fmt: skip

    if _only_looks(sort):
        return _when(person, sort, row, typed)
    wrong = refused(act, typed, plan_ladders.places(typed))
    if wrong:
        return _page(person, sort, row, wrong)
    return _done(person, sort, part_key, "changed in the draft")


@blueprint.post("/<part>/<part_key>/remove")
@needs("plans:write")
def remove(person_id: UUID, part: str, part_key: str) -> ResponseReturnValue:
    """Take a part out of the draft, with all that hangs on it."""
    person, sort = planning.editable(person_id), _sort(part)
    row = _row(person, sort, part_key)

    def act() -> None:
        draft = planning.opened_draft(person)
        changing.remove(context.session(), person, draft, sort, part_key, by=planning.me())

    wrong = refused(act, {})
    if wrong:
        return _page(person, sort, row, wrong)
    return _done(person, sort, "", "taken out of the draft")


@blueprint.post("/<part>/<part_key>/move")
@needs("plans:write")
def move(person_id: UUID, part: str, part_key: str) -> ResponseReturnValue:
    """Put a part before or behind its neighbour."""
    person, sort = planning.editable(person_id), _sort(part)
    row = _row(person, sort, part_key)

    def act() -> None:
        draft = planning.opened_draft(person)
        up = request.form.get("way") == "up"
        changing.move(context.session(), person, draft, sort, part_key, up=up, by=planning.me())

    wrong = refused(act, {})
    return _page(person, sort, row, wrong) if wrong else _done(person, sort, part_key, "moved")


def _only_looks(sort: Part) -> bool:
    """Whether the dates are asked for, and nothing is to be put into the draft."""
    return sort is Part.SCHEDULES and "look" in request.form


def _when(person: Person, sort: Part, row: Any, typed: dict[str, str]) -> ResponseReturnValue:
    """The form as it was typed, with what that means in words and dates."""
    found: list[dict[str, Any]] = []

    def act() -> None:
        values = plan_forms.to_action(typed)
        found.append(changing.meant(sort, values, _known(person), row))

    wrong = refused(act, typed)
    return _page(person, sort, row, wrong or Form(typed), found[0] if found else None)


def _page(
    person: Person, sort: Part, row: Any, form: Form, meant: dict[str, Any] | None = None
) -> ResponseReturnValue:
    known_now = _known(person)
    asked = plan_forms.fields(sort, known_now, _steps(sort, row))
    own = sort is not Part.TRIGGERS or row is None or row.pathway is None
    html = page(
        "plan_part.html",
        person=plan_views.person(person),
        part=sort.value,
        one=SORTS[sort].one,
        key=row.key if row is not None else None,
        title=title_of(sort, row) if row is not None else None,
        fields=asked if own else (),
        own=own,
        row_version=planning.row_version(person),
        form=form,
        when=_said(meant or (row.recurrence if sort is Part.SCHEDULES and row is not None else None)),
    )
    return html, form.status


def _said(document: dict[str, Any] | None) -> tuple[str, tuple[str, ...]] | None:
    """When it falls due in words, and its next dates."""
    if document is None:
        return None
    words = initial_capital(phrases.recurs(document))
    return words, plan_words.next_dates(recurrence.from_document(document), context.now())


def _sort(part: str) -> Part:
    try:
        return Part(part)
    except ValueError as fault:
        raise NotFound from fault


def _row(person: Person, sort: Part, key: str) -> Any:
    version = planning.version_to_edit(person)
    if version is None:
        raise NotFound
    return changing.get(context.session(), version, sort, key)


def _known(person: Person) -> Known:
    opened, now = context.session(), context.now()
    version = planning.version_to_edit(person)
    return known.of(opened, person, version.id if version else None, now, planning.zone_of(person))


def _steps(sort: Part, row: Any) -> int:
    if sort is not Part.LADDERS or row is None:
        return plan_ladders.STEPS
    return max(plan_ladders.STEPS, len(row.document["steps"]) + 1)


def _done(person: Person, sort: Part, key: str, what: str) -> ResponseReturnValue:
    anchor = f"#{sort.value}.{key}" if key else f"#{sort.value}"
    return done(f"The {SORTS[sort].one} was {what}.", planning.path(person, f"/edit{anchor}"))
