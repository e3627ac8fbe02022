"""My page, for the person and whoever they let in: their plan in plain words, and what they may change."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app import auth, context
from app.auth import of_my_page
from app.web import essentials, me_parts, me_today
from app.web.about import harm
from app.web.forms import Form, refused, typed
from app.web.me_signing_in import NEUTRAL
from app.web.pages import Paging, done, filled, page_number
from app.web.words import initial_capital
from care_plans.models.work import FollowUpKind
from care_plans.work import follow_ups, hours, monitoring, part_in_care
from core import journal
from core.errors import Conflict, NotFound
from core.journal import Actor
from core.zones import UK
from devices import watching
from people import agreements, choices, class_words, looks, proxies, residencies, visitors
from people.access import RecordClass
from people.faults import LINES, read_fields, words
from people.models.accounts import Account
from people.models.people import Person
from people.models.sharing import Decision
from people.visitors import Visitor
from people.watching import WORDS

blueprint = Blueprint("me", __name__, url_prefix="/me")

LOOKS = 50
ITSELF = "Asked on their own page"


@blueprint.get("")
@of_my_page()
def show() -> ResponseReturnValue:
    """The page; that somebody looked is written down, whoever it was."""
    visitor, person = whose()
    proxies.record_look(context.session(), visitor, "My page")
    today = me_today.of(context.session(), person, context.now(), _zone(person)) if visitor.own else None
    return page("me.html", mine=_mine(visitor, person), pages=_pages(visitor), today=today)


@blueprint.get("/paper")
@of_my_page(own=True)
def show_paper() -> ResponseReturnValue:
    """The same on paper."""
    visitor, person = whose()
    proxies.record_look(context.session(), visitor, "My page on paper")
    return paper(_mine(visitor, person), back="/me", zone=_zone(person))


@blueprint.post("/whose")
@of_my_page()
def turn_to() -> ResponseReturnValue:
    """Open the page of another of those whose page they may open; nobody else's can be named."""
    account = context.session().get_one(Account, context.visitor().account_id)
    wanted = request.form.get("whose", "")
    for each, person in proxies.open_to(context.session(), account, context.now()):
        if str(person.uuid) == wanted:
            auth.turn_to(each.person_uuid)
            return redirect("/me", 303)
    raise NotFound


@blueprint.get("/looks")
@of_my_page(own=True)
def show_looks() -> ResponseReturnValue:
    """Who has looked at my record."""
    visitor, person = whose()
    number = page_number()
    rows = looks.list_looks(context.session(), person, limit=LOOKS, offset=(number - 1) * LOOKS)
    proxies.record_look(context.session(), visitor, "who has looked")
    older = f"/me/looks?page={number + 1}" if len(rows) == LOOKS else None
    newer = f"/me/looks?page={number - 1}" if number > 1 else None
    return page("me_looks.html", looks=rows, paging=Paging(newer, older, ""))


@blueprint.get("/choices")
@of_my_page(own=True)
def show_choices() -> ResponseReturnValue:
    """Who sees my page, what watches me, and what I said about sharing."""
    visitor, person = whose()
    proxies.record_look(context.session(), visitor, "my choices")
    return _choices(person, Form())


@blueprint.post("/choices/ask")
@of_my_page(own=True)
def ask() -> ResponseReturnValue:
    """Ask for a change: somebody rings about it."""
    _, person = whose()
    given = typed("words")

    def act() -> None:
        read = read_fields(given, {"words": words(LINES)}, required=("words",))
        _tell(person, f"{ITSELF}, about what they share: {read['words']}")

    wrong = refused(act, given)
    return _choices(person, wrong) if wrong else done("Sent. Somebody rings you about it.", "/me/choices")


@blueprint.post("/choices/end")
@of_my_page(own=True)
def end_access() -> ResponseReturnValue:
    """End the access of somebody I let in, now."""
    visitor, person = whose()
    row = proxies.get(context.session(), person, _uuid("proxy"))
    by = Actor(by=f"{visitor.name} (their own page)")
    proxies.end(context.session(), row, said_by=visitor.name, why=ITSELF, actor=by, now=context.now())
    _tell(person, f"{ITSELF}: the access of a {row.relation} has ended. Ask how they are.")
    return done("They see nothing of yours any more.", "/me/choices")


@blueprint.post("/choices/stop")
@of_my_page(own=True)
def stop_watching() -> ResponseReturnValue:
    """Stop one sort of watching, now."""
    visitor, person = whose()
    row = agreements.get(context.session(), person, _uuid("agreement"))
    by = Actor(by=f"{visitor.name} (their own page)")
    monitoring.stop(
        context.session(), person, row, said_by=visitor.name, why=ITSELF, actor=by, now=context.now()
    )
    return done("It watches you no more.", "/me/choices")


@blueprint.get("/went-wrong")
@of_my_page()
def show_went_wrong() -> ResponseReturnValue:
    """The form to tell that something went wrong."""
    return page("me_went_wrong.html", form=Form(), sent=False)


@blueprint.post("/went-wrong")
@of_my_page()
def tell_went_wrong() -> ResponseReturnValue:
    """Put it into the hazard log (H25)."""
    given, visitor = typed("what", "harm"), context.visitor()

    def act() -> None:
        read = read_fields(given, {"what": words(LINES), "harm": harm}, required=("what", "harm"))
        journal.write(
            context.session(), "something went wrong", actor=Actor(by=visitor.name), subject="hazard",
            details={**read, "page": auth.MY_PAGE},
        )  # fmt: skip

    wrong = refused(act, given)
    return page("me_went_wrong.html", form=wrong or Form(), sent=wrong is None)


def paper(mine: me_parts.MyPage, *, back: str, zone: str) -> str:
    """The page as it is printed, in letters of the usual size or larger."""
    large = request.args.get("size") == "large"
    return render_template(
        "me_paper.html", mine=mine, printed=context.now(), large=large, back_href=back, zone=zone
    )


def whose() -> tuple[Visitor, Person]:
    """Who is signed in, and whose page is open."""
    visitor = context.visitor()
    return visitor, context.session().get_one(Person, visitor.person_id)


def _mine(visitor: Visitor, person: Person) -> me_parts.MyPage:
    return me_parts.read_page(
        context.session(), person, own=visitor.own, named=visitor.named, shows=visitor.shows,
        now=context.now(),
    )  # fmt: skip


def _pages(visitor: Visitor) -> tuple[tuple[str, str, bool], ...]:
    if not visitor.others:
        return ()
    account = context.session().get_one(Account, visitor.account_id)
    return tuple(
        (str(person.uuid), essentials.name_of(person), person.id == visitor.person_id)
        for _, person in proxies.open_to(context.session(), account, context.now())
    )


def _choices(person: Person, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    kit = watching.of_people(opened, [person.id], now)
    let_in = [
        each
        for each in proxies.listing(opened, person, now)
        if each.proxy.ended_at is None and each.proxy.expires_on >= now.date()
    ]
    agreed = [each for each in agreements.listing(opened, person) if each.ended_at is None]
    html, _ = page(
        "me_choices.html",
        choices=tuple(_said(each) for each in choices.listing(opened, person, now)),
        people=tuple(
            (
                str(each.proxy.uuid),
                f"{each.account.name}, {each.proxy.relation}",
                "; ".join(visitors.WORDS[RecordClass(one)] for one in each.proxy.classes),
            )
            for each in let_in
        ),
        watching=tuple(
            (
                str(each.uuid),
                initial_capital(WORDS[each.watched]),
                ", ".join(one.device.name for one in kit if each.watched in one.sorts)
                or "No such kit is here now",
            )
            for each in agreed
        ),
        ask=form,
    )
    return html, form.status


def _said(each: choices.Said) -> str:
    choice = each.choice
    who = each.agency or "any agency"
    what = f"“{class_words.CLASSES[choice.record_class]}”" if choice.record_class else "anything"
    purpose = f", for {class_words.PURPOSES[choice.purpose].lower()}" if choice.purpose else ""
    if choice.decision is Decision.PERMIT:
        return f"You agreed that {who} may see {what}{purpose}."
    return f"You do not want {who} to see {what}{purpose}."


def _tell(person: Person, text: str) -> None:
    opened, now = context.session(), context.now()
    team_id = part_in_care.leading_team(opened, person.id, None, now)
    if team_id is None:
        raise Conflict("Nobody leads your care here just now. Ring those who look after you.")
    follow_ups.make(
        opened, kind=FollowUpKind.CALL, text=text, team_id=team_id, person_id=person.id,
        due_at=hours.by_working_hours(now, _zone(person)), now=now,
    )  # fmt: skip


def _zone(person: Person) -> str:
    home = residencies.find_home(context.session(), person, context.now())
    return home.time_zone if home else UK


def _uuid(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError as fault:
        raise NotFound from fault


def page(template: str, **given: Any) -> tuple[str, int]:
    """A page of My page, with the status of its form."""
    visitor, person = whose()
    form = given.get("form")
    html = filled(
        template, visitor=visitor, here=essentials.first_name(person), neutral=NEUTRAL, zone=_zone(person),
        **given,
    )  # fmt: skip
    return html, form.status if isinstance(form, Form) else 200
