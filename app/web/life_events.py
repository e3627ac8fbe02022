"""The pages on which a move and a death are written down, and a death is taken back."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, person_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.words import counted, date_only, listed
from care_plans import deaths, moving_house
from care_plans.moving_house import KitLeft
from core.errors import Invalid, NotFound
from devices.registry import Kit
from people import homes, reach, residencies, visible
from people.access import Extent, RecordClass
from people.faults import LINES, one_of, read_fields, words
from people.models.agencies import Staff
from people.models.homes import Home
from people.models.identity import Death
from people.models.people import Person

blueprint = Blueprint("life_events", __name__)

MOVING = ("home", "address", "postcode", "kit", "key_safe", "landlord")
KIT = (
    (KitLeft.GOES.value, "It goes along to the new home"),
    (KitLeft.STAYS.value, "It stays for those who live there"),
    (KitLeft.COLLECT.value, "It is to be collected", "The leading team is asked to, within two days."),
)
OF_HOME = {"address_line": "address"}


@blueprint.get("/people/<uuid:person_id>/move")
@needs("people:write", form=True)
def show_move(person_id: UUID) -> ResponseReturnValue:
    """The form for somebody who moves house."""
    return _move_page(_get(person_id), Form())


@blueprint.post("/people/<uuid:person_id>/move")
@needs("people:write")
def move(person_id: UUID) -> ResponseReturnValue:
    """They live elsewhere from now on."""
    person = _get(person_id)
    pieces = {f"piece_{each.device.uuid}": each.device.uuid for each in _pieces(person)}
    given = typed(*MOVING, *pieces)

    def act() -> None:
        names = {"kit": given["kit"]} | {name: given[name] for name in pieces if given[name]}
        read = read_fields(names, dict.fromkeys(names, one_of(KitLeft)))
        moving_house.move(
            context.session(), person, _home(given), kit=read["kit"],
            pieces={uuid: read[name] for name, uuid in pieces.items() if name in read},
            landlord_goes_on=given["landlord"] == "yes", key_safe_seen_to=given["key_safe"] == "yes",
            by=context.viewer(), now=context.now(),
        )  # fmt: skip

    wrong = refused(act, given, OF_HOME)
    if wrong:
        return _move_page(_get(person_id), wrong)
    return done("Their address is changed.", f"/people/{person_id}")


@blueprint.get("/people/<uuid:person_id>/death")
@needs("people:write", form=True)
def show_death(person_id: UUID) -> ResponseReturnValue:
    """The form to record a death, or what is recorded."""
    return _death_page(_get(person_id))


@blueprint.post("/people/<uuid:person_id>/death")
@needs("people:write")
def record_death(person_id: UUID) -> ResponseReturnValue:
    """Write down that they died."""
    person = _get(person_id)
    given = typed("died_on", "known_from")
    wrong = refused(
        lambda: deaths.record(context.session(), person, given, by=context.viewer(), now=context.now()), given
    )
    if wrong:
        return _death_page(_get(person_id), wrong)
    return done(
        "It is recorded. Somebody is asked today to look after whoever is left.", f"/people/{person_id}"
    )


@blueprint.post("/people/<uuid:person_id>/death/undo")
@needs("people:write")
def take_death_back(person_id: UUID) -> ResponseReturnValue:
    """It was a mistake."""
    person = _get(person_id)
    given = typed("why")

    def act() -> None:
        why = read_fields(given, {"why": words(LINES)})["why"] or ""
        deaths.take_back(context.session(), person, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        return _death_page(_get(person_id), wrong)
    return done("It is taken back; everything is as it was.", f"/people/{person_id}")


def _get(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _pieces(person: Person) -> list[Kit]:
    """The kit of the home they leave, piece by piece, where the viewer is told which pieces these are."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    kit = moving_house.kit_of(opened, person, now)
    home = residencies.find_home(opened, person, now)
    reached = reach.read(opened, viewer, [person.id], [home.id if home else None], now)
    shown = reached.of(None, home.id if home else None, RecordClass.SAFETY_EVENTS)
    return kit if shown is Extent.FULL else []


def _home(given: dict[str, str]) -> Home | None:
    if given["home"]:
        try:
            return visible.get_home(context.session(), context.viewer(), UUID(given["home"]), context.now())
        except (ValueError, NotFound) as fault:
            raise Invalid({"home": "Choose a home, or give a new address."}) from fault
    if not (given["address"] or given["postcode"]):
        return None
    told = {"address_line": given["address"], "postcode": given["postcode"]}
    return homes.add(context.session(), told, actor=context.actor())


def _move_page(person: Person, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    old = residencies.find_home(opened, person, now)
    known = opened.scalars(homes.listing(viewer, now).order_by(Home.address_line))
    choices = [(str(home.uuid), essentials.address_of(home) or "") for home in known if home is not old]
    kit, pieces = moving_house.kit_of(opened, person, now), _pieces(person)
    landlords = moving_house.landlords(opened, person, old, None, now) if old else ()
    html = page(
        "move.html",
        person=_who(person),
        old=essentials.address_of(old),
        homes=[("", "A new address, or not known yet"), *choices],
        kit=listed(tuple(dict.fromkeys(each.device.name for each in pieces)))
        or (counted(len(kit), "piece", "pieces") if kit else ""),
        kit_choices=KIT,
        pieces=[(f"piece_{each.device.uuid}", person_views.kit_name(each.device)) for each in pieces]
        if len(pieces) > 1
        else [],
        piece_choices=[("", "As answered for all"), *((value, words) for value, words, *_ in KIT)],
        has_key_safe=old is not None and old.key_safe_sealed is not None,
        landlords=listed(tuple(team.name for team in landlords)),
        form=form,
    )
    return html, form.status


def _death_page(person: Person, form: Form | None = None) -> ResponseReturnValue:
    form = form or Form()
    recorded = deaths.find(context.session(), person)
    death = _shown(person, recorded) if recorded else None
    html = page("death.html", person=_who(person), death=death, form=form, agency=context.viewer().agency)
    return html, form.status


def _shown(person: Person, death: Death) -> dict[str, Any]:
    opened = context.session()
    by = opened.get_one(Staff, death.recorded_by_id)
    words_shown = deaths.words_shown(opened, context.viewer(), person, death, context.now())
    return {
        "on": date_only(death.died_on),
        "known_from": death.known_from if words_shown else None,
        "by": by.name,
        "at": death.recorded_at,
        "kit_at": death.ask_for_kit_at,
    }


def _who(person: Person) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "name": essentials.name_of(person),
        "first_name": essentials.first_name(person),
    }
