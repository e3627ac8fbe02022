"""A person's own cuff, scale or watch, for staff: added with them, checked, doubted, taken off the record."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, kit_views, own_kit_views, planning
from app.web.forms import Form, moment, refused, typed
from app.web.pages import done, page
from care_plans.models.own_kit import Found
from care_plans.work import checking_kit
from care_plans.work.checking_kit import Added
from core.errors import Invalid, NotFound
from devices import assignments, own_kit, visible
from devices.own_kit import Own
from people import visible as seen
from people.access import Need, may
from people.models.people import Person

blueprint = Blueprint("own_kit", __name__)

ADDED = ("sort", "model", "way")
NEXT = "readings"  # our own form: what an app or a gateway that is told a topic speaks


@blueprint.get("/people/<uuid:person_id>/own-kit")
@needs("kit:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """Their own kit, and the form to add some; that somebody looked is written down."""
    person = planning.person_of(person_id)
    seen.record_look(context.session(), context.viewer(), person, at_what="own kit")
    return _page(person, Form({"way": "by_hand"}))


@blueprint.post("/people/<uuid:person_id>/own-kit")
@needs("kit:write")
def add(person_id: UUID) -> ResponseReturnValue:
    """Put it on record; where it speaks by itself its password is in this answer and never again."""
    person, given = planning.person_of(person_id), typed(*ADDED)
    made: list[Added] = []
    wrong = refused(
        lambda: made.append(
            checking_kit.add(
                context.session(), person, given, zone=planning.zone_of(person), actor=context.actor(),
                now=context.now(),
            )
        ),
        given,
        {"person_id": "sort"},
    )  # fmt: skip
    if wrong:
        return _page(planning.person_of(person_id), wrong)
    enrolment = made[0].enrolment
    if enrolment is None:
        return done("It is on record, and is to be checked.", f"/people/{person_id}/own-kit")
    context.after_commit(context.installation().refresh_broker)
    told = kit_views.enrolled(enrolment, context.installation().broker_address, NEXT)
    return _page(person, Form({"way": "by_hand"}), told)


@blueprint.get("/kit/<uuid:own_id>/check")
@needs("kit:write", form=True)
def show_check(own_id: UUID) -> ResponseReturnValue:
    """The form to say what a check against ours found."""
    return _check_page(_get(own_id), Form())


@blueprint.post("/kit/<uuid:own_id>/check")
@needs("kit:write")
def check(own_id: UUID) -> ResponseReturnValue:
    """Say what it found: from then on it counts, or it does not."""
    own = _get(own_id)
    fields = [f"{whose}_{code}" for code in own.sort.kinds for whose in ("theirs", "ours")]
    given = typed("found", "remarks", "counts_from", *fields)
    person, zone = _whose(own)

    def act() -> None:
        told: dict[str, Any] = {
            "found": given["found"],
            "remarks": given["remarks"],
            "counts_from": moment(zone)(given["counts_from"]) if given["counts_from"] else None,
            "compared": {
                code: [_number(given, f"theirs_{code}"), _number(given, f"ours_{code}")]
                for code in own.sort.kinds
            },
        }
        checking_kit.record(context.session(), own, told, zone=zone, by=context.viewer(), now=context.now())

    named = {"compared": fields[0], **{f"compared.{code}": f"ours_{code}" for code in own.sort.kinds}}
    wrong = refused(act, given, named)
    if wrong:
        return _check_page(_get(own_id), wrong)
    said = own_kit_views.FOUND[Found(given["found"])]
    return done(f"{said}.", f"/people/{person.uuid}/own-kit")


@blueprint.post("/kit/<uuid:own_id>/doubt")
@needs("kit:write")
def doubt(own_id: UUID) -> ResponseReturnValue:
    """It counted, and is doubted again."""
    own, given = _get(own_id), typed("why")
    person, zone = _whose(own)
    wrong = refused(
        lambda: checking_kit.doubt(
            context.session(), own, given, zone=zone, by=context.viewer(), now=context.now()
        ),
        given,
    )
    if wrong:
        return _check_page(_get(own_id), wrong)
    return done("It is unchecked again, and is to be checked.", f"/people/{person.uuid}/own-kit")


@blueprint.post("/kit/<uuid:own_id>/leave")
@needs("kit:write")
def leave(own_id: UUID) -> ResponseReturnValue:
    """Take it off the record: it stays with whoever owns it."""
    own = _get(own_id)
    person, _ = _whose(own)
    own_kit.leave(context.session(), own, now=context.now(), actor=context.actor())
    context.after_commit(context.installation().refresh_broker)
    return done("It is off the record. What it measured stays.", f"/people/{person.uuid}/own-kit")


def _page(person: Person, form: Form, enrolled: kit_views.Enrolled | None = None) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    html = page(
        "own_kit.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        kit=own_kit_views.list_of(opened, person.id, now),
        means=own_kit_views.MEANS,
        sorts=own_kit_views.sorts(),
        ways=own_kit_views.ways(),
        may_add=may(context.viewer(), Need.KIT_WRITE) and person.died_on is None,
        enrolled=enrolled,
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _check_page(own: Own, form: Form) -> ResponseReturnValue:
    person, zone = _whose(own)
    (one,) = own_kit_views.shown(context.session(), [own], context.now())
    html = page(
        "kit_check.html",
        one=one,
        person={"uuid": person.uuid, "name": essentials.name_of(person)},
        founds=own_kit_views.founds(),
        form=form,
        zone=zone,
    )
    return html, form.status


def _number(given: Mapping[str, str], name: str) -> float | None:
    text = given[name].replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as fault:
        raise Invalid({name: "Give a number."}) from fault


def _get(own_id: UUID) -> Own:
    return checking_kit.get(
        context.session(), visible.get(context.session(), context.viewer(), own_id, context.now())
    )


def _whose(own: Own) -> tuple[Person, str]:
    held = assignments.find(context.session(), own.device.id, context.now())
    if held is None or held.person_id is None:
        raise NotFound
    person = context.session().get_one(Person, held.person_id)
    return person, planning.zone_of(person)
