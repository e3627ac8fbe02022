"""The page of how somebody gets by until their life-safety kit protects them again."""

import re
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, planning
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.unprotected import banners
from care_plans.models.protecting import Interim
from care_plans.protecting import interims
from core.errors import Invalid
from people import visible
from people.access import Need, may
from people.models.people import Person

blueprint = Blueprint("interim", __name__)

BETWEEN = re.compile(r"[,;]|\band\b")


@blueprint.get("/people/<uuid:person_id>/interim")
@needs("people:read")
def show_interim(person_id: UUID) -> ResponseReturnValue:
    """How they get by; that somebody looked is written down."""
    person = _get(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="interim plan")
    return _page(person, None)


@blueprint.post("/people/<uuid:person_id>/interim")
@needs("alerts:act")
def agree_interim(person_id: UUID) -> ResponseReturnValue:
    """Write down what was agreed: when they are rung."""
    person, given = _get(person_id), typed("call_times", "agreed")

    def act() -> None:
        interims.agree(
            context.session(), _open(person), BETWEEN.split(given["call_times"]), given["agreed"],
            by=context.viewer(), now=context.now(),
        )  # fmt: skip

    wrong = refused(act, given)
    return (
        _page(_get(person_id), wrong)
        if wrong
        else done("It is written down.", f"/people/{person_id}/interim")
    )


def _page(person: Person, form: Form | None) -> ResponseReturnValue:
    opened, now, zone = context.session(), context.now(), planning.zone_of(person)
    plan = interims.find(opened, person.id)
    told = {"call_times": ", ".join(plan.call_times), "agreed": plan.agreed or ""} if plan else {}
    html = page(
        "interim.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        unprotected=banners(interims.list_of(opened, [person.uuid]), now, zone),
        plan=plan,
        work=interims.work_of(opened, plan) if plan else None,
        may_agree=may(context.viewer(), Need.ALERTS_ACT),
        form=form or Form(told),
        zone=zone,
    )
    return html, form.status if form else 200


def _open(person: Person) -> Interim:
    found = interims.find(context.session(), person.id)
    if found is None:
        raise Invalid({"": interims.OVER})
    return found


def _get(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())
