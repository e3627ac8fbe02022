"""The people my teams care for: the list, the search, and taking somebody on."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from app import context
from app.auth import needs
from app.web import essentials, might_be, people_rows
from app.web.forms import CONFLICT, INVALID, Form, refused, typed
from app.web.might_be import Found
from app.web.pages import PER_PAGE, Chip, address, done, page, page_number, paging
from care_plans.plan import cared_for
from care_plans.plan.cared_for import Which
from core.errors import Conflict, Invalid, NotFound
from people import about_me, duplicates, finding, homes, people, residencies, teams, visible
from people.access import Need, may
from people.models.agencies import Team
from people.models.homes import Home
from people.models.people import Person, Sex

blueprint = Blueprint("people", __name__)

Made = TypeVar("Made")

PATH = "/people"
CHIPS = {
    Which.ALL: "Everybody",
    Which.OPEN_ALERT: "With an open alert",
    Which.UNHEARD: "Not heard from",
    Which.UNWATCHED: "Nobody watching",
}
SEXES = [
    ("", "Choose"),
    (Sex.FEMALE.value, "Female"),
    (Sex.MALE.value, "Male"),
    (Sex.OTHER.value, "Other"),
    (Sex.NOT_KNOWN.value, "Not known"),
]
FIELDS = (
    "given_name", "family_name", "called", "born", "sex", "nhs_number", "telephone", "language", "needs",
    "matters", "home", "address", "postcode", "access", "team", "anyway",
)  # fmt: skip
# What a field of the form is called by those who read it.
OF_PERSON = {"preferred_name": "called", "date_of_birth": "born", "communication_needs": "needs"}
OF_HOME = {"address_line": "address", "access_notes": "access"}


@blueprint.get("/people")
@needs("people:read")
def show_list() -> ResponseReturnValue:
    """Those asked for, a page at a time."""
    asked = request.args.get("which", "")
    which = Which.UNWATCHED if request.args.get("watched") == "no" else Which.ALL
    which = Which(asked) if asked in set(Which) else which
    query = cared_for.listing(context.viewer(), context.now(), which)
    return _list(query, which=which)


@blueprint.post("/people/search")
@needs("people:read")
def search() -> ResponseReturnValue:
    """Those who fit; what was searched for stands in no address."""
    text = typed("q")["q"][:100]
    if not text:
        return _list(cared_for.listing(context.viewer(), context.now(), Which.ALL), which=Which.ALL)
    query = cared_for.searched(context.session(), context.viewer(), text, context.now())
    return _list(query, which=None, text=text)


@blueprint.get("/people/new")
@needs("people:write", form=True)
def show_new() -> ResponseReturnValue:
    """The form to take somebody on."""
    return _form(Form({"team": next((value for value, _ in _teams() if value), "")}))


@blueprint.post("/people/new")
@needs("people:write")
def add() -> ResponseReturnValue:
    """Take somebody on, in the care of one of my teams."""
    given = typed(*FIELDS)
    known = might_be.find(given)
    if known and not given["anyway"]:
        context.keep()  # that it was asked is written down
        faults = _faults(given)
        if faults:
            return _form(Form(given, faults, INVALID), known)
        return _form(Form(given, {"anyway": might_be.words(known)}, CONFLICT), known)
    added: list[Person] = []
    wrong = refused(lambda: added.append(_add(given)), given)
    if wrong:
        return _form(wrong, known)
    return done(f"{added[0].given_name} is added.", f"{PATH}/{added[0].uuid}")


def _list(query: Select[Person], *, which: Which | None, text: str = "") -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    number = page_number()
    counts = cared_for.count(opened, viewer, now)
    total = cared_for.count_of(opened, query)
    found = opened.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    zone = context.installation().time_zone
    rows = cared_for.read_all(opened, viewer, found, now)
    kept = {"which": which.value if which and which is not Which.ALL else None}
    return page(
        "people.html",
        people=tuple(people_rows.row(each, now, zone) for each in rows),
        total=counts[Which.ALL],
        q=text,
        chips=tuple(
            Chip(words, address(PATH, {"which": None if each is Which.ALL else each.value}),
                 on=each is which, number=counts[each])
            for each, words in CHIPS.items()
        ),
        paging=paging(PATH, kept, number, total) if not text else None,
        may_add=may(viewer, Need.PEOPLE_WRITE),
        may_override=may(viewer, Need.PEOPLE_OVERRIDE),
        twice=duplicates.count(opened, viewer, now),
        matched=finding.whose_number(opened, [one.id for one in found], text),
    )  # fmt: skip


def _form(form: Form, known: Sequence[Found] = ()) -> ResponseReturnValue:
    places = context.session().scalars(
        homes.listing(context.viewer(), context.now()).order_by(Home.address_line)
    )
    choices = [(str(home.uuid), essentials.address_of(home) or "") for home in places]
    html = page(
        "new_person.html",
        form=form,
        known=known,
        sexes=SEXES,
        teams=_teams(),
        homes=[("", "A new address"), *choices],
    )
    return html, form.status


def _teams() -> list[tuple[str, str]]:
    mine = teams.list_of(context.session(), context.viewer().staff_id, context.now())
    return [(str(team.uuid), team.name) for team in mine] or [("", "You are in no team yet")]


def _add(given: Mapping[str, str]) -> Person:
    """The person, their words and their home; Invalid with all that is wrong at once."""
    opened, now, actor = context.session(), context.now(), context.actor()
    faults: dict[str, str] = {}
    team = _gathered(faults, lambda: _team(given["team"]), {})
    told = {
        "given_name": given["given_name"],
        "family_name": given["family_name"],
        "preferred_name": given["called"],
        "date_of_birth": given["born"],
        "sex": given["sex"],
        "nhs_number": given["nhs_number"],
        "telephone": given["telephone"],
        "language": given["language"],
        "communication_needs": given["needs"],
    }
    anyway = given["anyway"] or None
    person = _gathered(
        faults, lambda: people.add(opened, told, actor=actor, now=now, team=team, anyway=anyway), OF_PERSON
    )
    home = _gathered(faults, lambda: _home(given), OF_HOME)
    if faults or person is None:
        raise Invalid(faults)
    if given["matters"]:
        about_me.write(opened, person, {"most_important": given["matters"]}, actor=actor, now=now)
    if home is not None:
        residencies.move_in(opened, person, home, now, actor=actor)
    return person


def _faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields, whoever else may be of this description; nothing is kept of it."""
    try:
        with context.session().begin_nested() as trial:
            _add({**given, "anyway": "asked first"})
            trial.rollback()
            return {}
    except (Invalid, Conflict) as fault:
        return {name if name in given else "": words for name, words in fault.fields.items()}


def _team(text: str) -> Team:
    mine = teams.list_of(context.session(), context.viewer().staff_id, context.now())
    for team in mine:
        if str(team.uuid) == text:
            return team
    raise Invalid({"team": "Choose one of your teams: without one, nobody could see them."})


def _home(given: Mapping[str, str]) -> Home | None:
    if given["home"]:
        try:
            return visible.get_home(context.session(), context.viewer(), UUID(given["home"]), context.now())
        except (ValueError, NotFound) as fault:
            raise Invalid({"home": "Choose a home, or give a new address."}) from fault
    if not (given["address"] or given["postcode"]):
        return None
    told = {
        "address_line": given["address"],
        "postcode": given["postcode"],
        "access_notes": given["access"],
    }
    return homes.add(context.session(), told, actor=context.actor())


def _gathered(faults: dict[str, str], make: Callable[[], Made], named: Mapping[str, str]) -> Made | None:
    """What `make` answers; None, with its faults put to the others by the form's names, when it refuses."""
    try:
        return make()
    except (Invalid, Conflict) as fault:
        faults.update({named.get(name, name): words for name, words in fault.fields.items()})
        return None
