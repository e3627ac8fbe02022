"""The page on which somebody finds the other record of a person whom nobody had proposed."""

from uuid import UUID

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, people_rows
from app.web.forms import Form, refused, typed
from app.web.pages import page
from care_plans.plan import cared_for
from core.errors import Invalid, NotFound
from people import duplicates, visible
from people.models.identity import Pair
from people.models.people import Person

blueprint = Blueprint("same_person", __name__)

MOST = 20


@blueprint.get("/people/<uuid:person_id>/same-as")
@needs("people:merge", form=True)
def show(person_id: UUID) -> ResponseReturnValue:
    """The search for the other record."""
    return _page(_get(person_id), Form())


@blueprint.post("/people/<uuid:person_id>/same-as/search")
@needs("people:merge")
def search(person_id: UUID) -> ResponseReturnValue:
    """Those in sight who fit; what was searched for stands in no address."""
    person, text = _get(person_id), typed("q")["q"][:100]
    return _page(person, Form({"q": text}))


@blueprint.post("/people/<uuid:person_id>/same-as")
@needs("people:merge")
def compare(person_id: UUID) -> ResponseReturnValue:
    """Go on to both side by side; nothing is brought together yet."""
    person, given = _get(person_id), typed("other", "q")
    pairs: list[Pair] = []

    def act() -> None:
        try:
            other = visible.get_person(
                context.session(), context.viewer(), UUID(given["other"]), context.now()
            )
        except (ValueError, NotFound) as fault:
            raise Invalid({"q": "Choose one of those you find."}) from fault
        pairs.append(
            duplicates.put_together(context.session(), person, other, by=context.viewer(), now=context.now())
        )

    wrong = refused(act, given, {"other": "q"})
    return _page(_get(person_id), wrong) if wrong else redirect(f"/people/duplicates/{pairs[0].uuid}", 303)


def _get(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _page(person: Person, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    text, rows = form.values.get("q", ""), []
    if text:
        query = cared_for.searched(opened, viewer, text, now).where(Person.id != person.id).limit(MOST)
        zone = context.installation().time_zone
        told = cared_for.read_all(opened, viewer, opened.scalars(query).all(), now)
        rows = [people_rows.row(each, now, zone) for each in told]
    html = page(
        "same_person.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
            "born": person.date_of_birth,
        },
        people=rows,
        searched=bool(text),
        form=form,
    )
    return html, form.status
