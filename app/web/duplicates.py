"""The pages on which a human says whether two records are one person, and takes it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import context
from app.auth import needs
from app.web import duplicate_views, essentials
from app.web.forms import Form, refused, typed
from app.web.pages import PER_PAGE, done, page, page_number, paging
from care_plans.merging import questions
from core.errors import Conflict, Invalid
from people import duplicates, merging, visible
from people.access import Need, may
from people.duplicates import Likely
from people.faults import LINES, read_fields, words
from people.models.agencies import Staff
from people.models.identity import PairState
from people.models.people import Person

blueprint = Blueprint("duplicates", __name__)

PATH = "/people/duplicates"
DECIDED = "Somebody has decided on these two already. Look again."


@blueprint.get("/people/duplicates")
@needs("people:read")
def show_list() -> ResponseReturnValue:
    """The pairs that might be one person, the likeliest first."""
    opened, viewer, now, number = context.session(), context.viewer(), context.now(), page_number()
    found = duplicates.list_likely(opened, viewer, now, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    return page(
        "duplicates.html",
        pairs=tuple(duplicate_views.row(each) for each in found),
        may_merge=may(viewer, Need.PEOPLE_MERGE),
        paging=paging(PATH, {}, number, duplicates.count(opened, viewer, now)),
    )


@blueprint.get("/people/duplicates/<uuid:pair_id>")
@needs("people:merge", form=True)
def show(pair_id: UUID) -> ResponseReturnValue:
    """Both side by side; that somebody looked at each is written down."""
    likely = _get(pair_id)
    for person in (likely.one, likely.other):
        if person is not None:
            visible.record_look(context.session(), context.viewer(), person, at_what="side by side")
    return _page(likely)


@blueprint.post("/people/duplicates/<uuid:pair_id>/merge")
@needs("people:merge")
def merge(pair_id: UUID) -> ResponseReturnValue:
    """Let them be brought together as it was decided."""
    likely = _get(pair_id)
    kept, gone = _sides(likely)
    given = {
        name: value.strip() for name, value in request.form.items() if name.startswith(("fields.", "alerts."))
    }
    given |= typed("home", "why", "keep")

    def act() -> None:
        if likely.pair.state is not PairState.PROPOSED:
            raise Conflict(DECIDED)
        why = read_fields({"why": given["why"]}, {"why": words(LINES)})["why"] or ""
        decided = questions.settled(context.session(), kept, gone, _decisions(given), context.now())
        merging.ask(context.session(), kept, gone, decided, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, {**_asked(likely), **given})
    if wrong:
        return _page(_get(pair_id), merge=wrong)
    return done("They are being brought together.", f"/people/{kept.uuid}/merges")


@blueprint.post("/people/duplicates/<uuid:pair_id>/different")
@needs("people:merge")
def say_different(pair_id: UUID) -> ResponseReturnValue:
    """They are two people."""
    likely = _get(pair_id)
    given = typed("why_different")

    def act() -> None:
        why = read_fields({"why": given["why_different"]}, {"why": words(LINES)})["why"] or ""
        duplicates.say_different(context.session(), likely, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, given, {"why": "why_different"})
    return _page(_get(pair_id), different=wrong) if wrong else done("They stay two people.", PATH)


@blueprint.get("/people/<uuid:person_id>/merges")
@needs("people:read")
def show_merges(person_id: UUID) -> ResponseReturnValue:
    """Every time that this record was brought together with another."""
    person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
    visible.record_look(context.session(), context.viewer(), person, at_what="records brought together")
    return _merges(person)


@blueprint.post("/people/<uuid:person_id>/merges/<uuid:merge_id>/undo")
@needs("people:merge")
def undo(person_id: UUID, merge_id: UUID) -> ResponseReturnValue:
    """Part them again."""
    person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
    row = merging.get(context.session(), context.viewer(), merge_id, context.now())
    name = f"why_{merge_id}"
    given = typed(name)

    def act() -> None:
        why = read_fields({"why": given[name]}, {"why": words(LINES)})["why"] or ""
        merging.ask_undo(context.session(), row, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, given, {"why": name})
    if wrong:
        person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
        return _merges(person, wrong)
    return done("They are being parted.", f"/people/{person.uuid}/merges")


def _get(pair_id: UUID) -> Likely:
    return duplicates.get(context.session(), context.viewer(), pair_id, context.now())


def _sides(likely: Likely) -> tuple[Person, Person]:
    """The record to keep and the one that goes, as asked for or as is best; Invalid where one is unseen."""
    if likely.one is None or likely.other is None:
        raise Invalid({"": duplicates.ask_words(likely)})
    kept, gone = duplicate_views.prefers(context.session(), likely.one, likely.other)
    asked = request.values.get("keep", "")
    return (gone, kept) if asked == str(gone.uuid) else (kept, gone)


def _asked(likely: Likely) -> dict[str, str]:
    """The names of all that may be decided, so that a fault is said at its place."""
    kept, gone = _sides(likely)
    asked = questions.of(context.session(), kept, gone, context.now())
    names = [f"fields.{name}" for name in asked.differs] + [
        f"alerts.{each.alert.uuid}" for each in asked.alerts
    ]
    return dict.fromkeys([*names, "home", "why"], "")


def _decisions(given: dict[str, str]) -> dict[str, Any]:
    return {
        "fields": {name[7:]: value for name, value in given.items() if name.startswith("fields.")},
        "alerts": {name[7:]: value for name, value in given.items() if name.startswith("alerts.")},
        "home": given["home"] or None,
    }


def _page(likely: Likely, *, merge: Form | None = None, different: Form | None = None) -> ResponseReturnValue:
    if likely.one is None or likely.other is None:
        shown, kept = None, likely.one or likely.other
    else:
        kept, gone = _sides(likely)
        shown = duplicate_views.show(context.session(), context.viewer(), kept, gone, likely, context.now())
    wrong = merge or different or Form()
    begin = {each.name: "kept" for each in shown.fields if each.choices} if shown else {}
    html = page(
        "duplicate.html",
        pair=duplicate_views.row(likely),
        shown=shown,
        decided=likely.pair.state is not PairState.PROPOSED,
        merge=Form({**begin, **merge.values}, merge.errors, merge.status) if merge else Form(begin),
        different=different or Form(),
        person=kept,
    )
    return html, wrong.status


def _merges(person: Person, wrong: Form | None = None) -> ResponseReturnValue:
    opened = context.session()
    rows = merging.list_of(opened, context.viewer(), person, context.now())
    ids = {key for row in rows for key in (row.asked_by_id, row.undo_asked_by_id) if key}
    staff = dict(opened.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))).all())
    html = page(
        "person_merges.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        merges=tuple(duplicate_views.merge_row(opened, row, person, staff) for row in rows),
        may_undo=may(context.viewer(), Need.PEOPLE_MERGE),
        form=wrong or Form(),
    )
    return html, (wrong.status if wrong else 200)
