"""My kit, for the person: their own cuff, scale or watch, readings off it, and kit that comes with a code."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import of_my_page
from app.web import kit_views, me, measured, own_kit_views
from app.web.forms import CONFLICT, INVALID, Form, moment, moment_text, refused, typed
from app.web.own_kit_views import OwnShown
from app.web.pages import done
from care_plans.work import checking_kit
from care_plans.work.checking_kit import Added
from core.errors import Invalid, NotFound
from core.journal import Actor
from core.zones import UK
from devices import claims, kinds, own_kit
from devices.claims import Claimant
from devices.joining_models import Way
from devices.measurement import Source
from devices.models import Assignment, Device
from devices.own_kit import Own
from devices.own_sorts import SORTS
from people import proxies, residencies, scoping
from people.faults import as_given, read_fields
from people.models.people import Person
from people.visitors import Visitor
from people.watching import say

blueprint = Blueprint("me_kit", __name__, url_prefix="/me")

WATCHES = (
    "This watches ({sorts}). Before it can send by itself, somebody sits down with you and writes down "
    "whether you agree. Ask those who look after you; until then you can type its readings in."
)
AGREE = (
    "This kit watches ({sorts}). Whoever it watches has to agree first: somebody sits down with you and "
    "writes that down. Ask whoever gave it to you; the code stays good for a day after it was made."
)


@blueprint.get("/kit")
@of_my_page(own=True)
def show() -> ResponseReturnValue:
    """My own kit, to read off, and the forms to add some."""
    visitor, person = me.whose()
    proxies.record_look(context.session(), visitor, "my kit")
    return _page(person, Form())


@blueprint.post("/kit")
@of_my_page(own=True)
def add() -> ResponseReturnValue:
    """Put my own kit on record; where it speaks by itself its password is in this answer and never again."""
    visitor, person = me.whose()
    given = typed("sort", "model", "way")
    made: list[Added] = []
    wrong = refused(
        lambda: made.append(
            checking_kit.add(
                context.session(), person, given, zone=_zone(person), actor=_by(visitor), now=context.now()
            )
        ),
        given,
    )
    if wrong:
        return _page(me.whose()[1], _worded(wrong, given))
    enrolment = made[0].enrolment
    if enrolment is None:
        return done("It is on record. Somebody comes to check it against theirs.", "/me/kit")
    context.after_commit(context.installation().refresh_broker)
    told = kit_views.enrolled(enrolment, context.installation().broker_address, "readings")
    return _page(person, Form(), told)


@blueprint.post("/kit/readings")
@of_my_page(own=True)
def enter() -> ResponseReturnValue:
    """Keep what I read off it."""
    visitor, person = me.whose()
    own = _own(person)
    given = typed("kit", "at", *own.sort.kinds)

    def act() -> None:
        readers = {
            "kit": as_given,
            "at": moment(_zone(person)),
            **{code: measured.reader_of(kinds.get(code)) for code in own.sort.kinds},
        }
        told = read_fields(given, readers, required=("at",))
        values = {code: told[code] for code in own.sort.kinds if told.get(code) is not None}
        own_kit.enter(
            context.session(), own, values, person_id=person.id, at=told["at"],
            source=Source.SELF_REPORTED, now=context.now(), actor=_by(visitor),
        )  # fmt: skip

    wrong = refused(act, given)
    if wrong:
        return _page(me.whose()[1], wrong)
    return done("Thank you. It is in your record. Worried? Ring 111. In an emergency, ring 999.", "/me/kit")


@blueprint.post("/kit/leave")
@of_my_page(own=True)
def leave() -> ResponseReturnValue:
    """Take my own kit off the record."""
    visitor, person = me.whose()
    own_kit.leave(context.session(), _own(person), now=context.now(), actor=_by(visitor))
    context.after_commit(context.installation().refresh_broker)
    return done("It is off your record. What it measured stays.", "/me/kit")


@blueprint.get("/claim")
@of_my_page()
def show_claim() -> ResponseReturnValue:
    """The form to enter a code that came with kit."""
    return me.page("me_claim.html", form=Form())


@blueprint.post("/claim")
@of_my_page()
def claim() -> ResponseReturnValue:
    """Take over the kit of a code; a household may do it for the person whose page is open."""
    visitor, person = me.whose()
    given, now = typed("code"), context.now()
    home = residencies.find_home(context.session(), person, now)
    claimant = Claimant(f"account {visitor.account_id}", person.id, home.id if home else None)
    made: list[Assignment | None] = []

    def act() -> None:
        if not given["code"]:
            raise Invalid({"code": "Type the code."})
        code = given["code"] if visitor.shows else ""  # who was restricted finds no more than a wrong code
        made.append(
            claims.claim(
                context.session(), code, claimant, now=now, real_now=context.installation().real_now(),
                actor=_by(visitor),
            )
        )  # fmt: skip

    wrong = refused(act, given)
    if wrong:
        return _claim_page(wrong, claimant)
    if made[0] is None:
        context.keep()
        return me.page("me_claim.html", form=Form(given, {"code": claims.WRONG}, INVALID))
    with scoping.lifted(context.session()):  # it has become theirs in this very transaction
        name = context.session().get_one(Device, made[0].device_id).name
    said = f"{name} is yours from now on." if visitor.own else f"{name} is theirs from now on."
    return done(said, "/me/kit" if visitor.own else "/me")


def _worded(wrong: Form, given: Mapping[str, str]) -> Form:
    """In words for whoever is at home, where what is lacking is an agreement."""
    sort = SORTS.get(given["sort"])
    if wrong.status != CONFLICT or sort is None or given["way"] != Way.BY_ITSELF or not sort.watches:
        return wrong
    return Form(given, {"way": WATCHES.format(sorts=say(sort.watches))}, CONFLICT)


def _claim_page(wrong: Form, claimant: Claimant) -> ResponseReturnValue:
    """In words for whoever is at home, where what is lacking is an agreement."""
    sorts = claims.lacking(context.session(), wrong.values["code"], claimant, context.now())
    if wrong.status == CONFLICT and sorts:
        wrong = Form(wrong.values, {"code": AGREE.format(sorts=say(sorts))}, CONFLICT)
    return me.page("me_claim.html", form=wrong)


def _page(person: Person, form: Form, enrolled: kit_views.Enrolled | None = None) -> ResponseReturnValue:
    kit = own_kit_views.list_of(context.session(), person.id, context.now())
    return me.page(
        "me_kit.html",
        kit=kit,
        forms={each.uuid: _form_of(each, form, person) for each in kit if each.by_hand},
        sorts=own_kit_views.sorts(),
        ways=own_kit_views.ways(),
        enrolled=enrolled,
        form=form,
    )


def _form_of(one: OwnShown, form: Form, person: Person) -> Form:
    """The form to read off one piece: as it was typed in, where this was the one."""
    if form.values.get("kit") == str(one.uuid):
        return form
    return Form({"at": moment_text(context.now(), _zone(person))})


def _own(person: Person) -> Own:
    try:
        uuid = UUID(request.form.get("kit", ""))
    except ValueError as fault:
        raise NotFound from fault
    return own_kit.get_of(context.session(), person.id, uuid, context.now())


def _by(visitor: Visitor) -> Actor:
    return Actor(by=f"{visitor.name} (their own page)" if visitor.own else f"{visitor.name} (My page)")


def _zone(person: Person) -> str:
    home = residencies.find_home(context.session(), person, context.now())
    return home.time_zone if home else UK
