"""The pages by which staff let family and carers in, and give out sign-ins on paper (H17)."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import asking, essentials, me, me_parts, proxy_forms
from app.web.forms import Form, refused
from app.web.pages import done, page
from core.zones import UK
from people import accounts, proxies, residencies, sharing, staff, visible, visitors
from people.access import Extent, Need, RecordClass, may
from people.models.accounts import Account, Proxy
from people.models.agencies import Staff
from people.models.people import Person

blueprint = Blueprint("proxies", __name__, url_prefix="/people/<uuid:person_id>")


@blueprint.get("/proxies")
@needs("authority:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """Who is let in, and whether the person has a sign-in of their own; the look is written down."""
    person, opened, now = _person(person_id), context.session(), context.now()
    visible.record_look(opened, context.viewer(), person, at_what="who is let in")
    sees = sharing.sees(opened, context.viewer(), person.id, now)
    return page(
        "proxies.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        own=accounts.find_own(opened, person.id),
        rows=tuple(
            proxy_forms.row(each, now, tells_why=sees[RecordClass.NOTES] is Extent.FULL)
            for each in proxies.listing(opened, person, now)
        ),
        may_write=may(context.viewer(), Need.AUTHORITY_WRITE),
    )


@blueprint.get("/proxies/new")
@needs("authority:write", form=True)
def show_grant(person_id: UUID) -> ResponseReturnValue:
    """The form to let somebody in."""
    usual = ",".join(each.value for each in visitors.USUAL)
    return asking.show(proxy_forms.granting(_person(person_id)), Form({"classes": usual}))


@blueprint.post("/proxies/new")
@needs("authority:write")
def grant(person_id: UUID) -> ResponseReturnValue:
    """Let somebody in; they get a code on paper next."""
    person = _person(person_id)

    def act(given: Mapping[str, str]) -> None:
        said = {**given, "shares_home": given["shares_home"] or "no"}
        proxies.grant(context.session(), person, said, by=_me(), actor=context.actor(), now=context.now())

    words = "They are let in. Give them a code on paper, so that they can sign in."
    return asking.done_by(proxy_forms.granting(person), act, words, f"/people/{person_id}/proxies")


@blueprint.post("/proxies/<uuid:proxy_id>/code")
@needs("authority:write")
def give_code(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """A code on paper for somebody who was let in; it is in this answer and never again."""
    person, row = _row(person_id, proxy_id)
    return _letter(person, proxies.account_of(context.session(), row))


@blueprint.get("/proxies/<uuid:proxy_id>/restrict")
@needs("authority:write", form=True)
def show_restrict(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """The form to restrict what somebody sees."""
    person, row = _row(person_id, proxy_id)
    return asking.show(proxy_forms.restricting(person, row))


@blueprint.post("/proxies/<uuid:proxy_id>/restrict")
@needs("authority:write")
def restrict(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """Show them nothing more, without a word to them."""
    person, row = _row(person_id, proxy_id)
    return asking.done_by(
        proxy_forms.restricting(person, row),
        lambda given: proxies.restrict(
            context.session(), row, given["why"], by=_me(), actor=context.actor(), now=context.now()
        ),
        "Restricted. Their page looks as it did, and nothing more comes to it.",
        f"/people/{person_id}/proxies",
    )


@blueprint.post("/proxies/<uuid:proxy_id>/unrestrict")
@needs("authority:write")
def unrestrict(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """Show them again what was granted."""
    _, row = _row(person_id, proxy_id)
    proxies.unrestrict(context.session(), row, actor=context.actor(), now=context.now())
    return done("They see again what was granted.", f"/people/{person_id}/proxies")


@blueprint.get("/proxies/<uuid:proxy_id>/end")
@needs("authority:write", form=True)
def show_end(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """The form to end an access."""
    person, row = _row(person_id, proxy_id)
    return asking.show(proxy_forms.ending(person, row), Form({"said_by": essentials.name_of(person)}))


@blueprint.post("/proxies/<uuid:proxy_id>/end")
@needs("authority:write")
def end(person_id: UUID, proxy_id: UUID) -> ResponseReturnValue:
    """End an access, now."""
    person, row = _row(person_id, proxy_id)
    return asking.done_by(
        proxy_forms.ending(person, row),
        lambda given: proxies.end(context.session(), row, **given, actor=context.actor(), now=context.now()),
        "Ended.",
        f"/people/{person_id}/proxies",
    )


@blueprint.get("/account")
@needs("authority:write", form=True)
def show_open(person_id: UUID) -> ResponseReturnValue:
    """The form to give the person a sign-in of their own."""
    return asking.show(proxy_forms.opening(_person(person_id)))


@blueprint.post("/account")
@needs("authority:write")
def open_own(person_id: UUID) -> ResponseReturnValue:
    """Give the person a sign-in of their own, with a code on paper, or a new code where they have one."""
    person, opened = _person(person_id), context.session()
    own = accounts.find_own(opened, person.id)
    if own is not None:
        return _letter(person, own)
    made: list[Account] = []
    sheet = proxy_forms.opening(person)
    given = asking.typed(sheet)
    wrong = refused(
        lambda: made.append(
            accounts.open_(
                opened, essentials.name_of(person), given["email"], actor=context.actor(), person=person
            )
        ),
        given,
    )
    return asking.show(sheet, wrong) if wrong else _letter(person, made[0])


@blueprint.get("/my-page")
@needs("people:read")
def show_paper(person_id: UUID) -> ResponseReturnValue:
    """The person's own page on paper, for staff to print, as far as their agency sees (H24)."""
    person, opened, now = _person(person_id), context.session(), context.now()
    visible.record_look(opened, context.viewer(), person, at_what="My page on paper")
    sees = sharing.sees(opened, context.viewer(), person.id, now)
    shows = [each for each in visitors.OWN if sees[each] is Extent.FULL]
    contact = sees[RecordClass.CONTACT] is Extent.FULL
    mine = me_parts.read_page(
        opened, person, own=True, named=visitors.OWN, shows=shows, now=now, with_matters=contact
    )
    home = residencies.find_home(opened, person, now)
    return me.paper(mine, back=f"/people/{person_id}", zone=home.time_zone if home else UK)


def _letter(person: Person, account: Account) -> str:
    code = accounts.give_code(
        context.session(), account, actor=context.actor(), real_now=context.installation().real_now()
    )
    return render_template(
        "account_letter.html",
        name=account.name,
        email=account.email,
        code=code,
        until=account.code_until,
        own=account.person_id == person.id,
        address=f"{request.host_url}me/code",
        back_href=f"/people/{person.uuid}/proxies",
        about=essentials.name_of(person),
    )


def _row(person_id: UUID, proxy_id: UUID) -> tuple[Person, Proxy]:
    person = _person(person_id)
    return person, proxies.get(context.session(), person, proxy_id)


def _person(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _me() -> Staff:
    return staff.get(context.session(), context.viewer().staff_uuid)[0]
