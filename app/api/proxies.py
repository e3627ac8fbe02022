"""Family and carers who are let in, in the REST API: by class of record, after the person was seen alone."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from app.api.fields import Moment, Shape, Text, choice, identity, row_version
from app.api.named import own_staff
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.people import opened_person
from app.auth import needs
from app.context import actor, installation, now, session, viewer
from people import accounts, proxies, sharing, visible
from people.access import Extent, RecordClass
from people.models.accounts import Proxy
from people.models.people import Person
from people.proxies import Granted

blueprint = Blueprint(
    "proxies",
    "Who of family and carers sees which part of a person's record, and their sign-ins.",
    prefix=f"{PREFIX}/people/<uuid:person_id>",
)


class ProxyIn(Shape):
    """Who is to be let in to what, and that the person was seen alone."""

    name = Text(most=100, required=True)
    email = Text(required=True)
    relation = Text(most=100, required=True)
    classes = fields.List(choice(RecordClass), required=True)
    seen_alone_on = fields.Date(required=True)
    seen_alone_by = Text(most=100, required=True)
    seen_alone_where = Text(required=True)
    said = Text(lines=True, required=True, metadata={"description": "What the person said of it."})
    shares_home = fields.Boolean()
    expires_on = fields.Date(required=True)


class ProxyOut(Shape):
    """An access."""

    id = identity()
    version = row_version()
    name = Text()
    email = Text()
    relation = Text()
    classes = fields.List(fields.String())
    seen_alone_on = fields.Date()
    seen_alone_by = Text()
    seen_alone_where = Text(lines=True)
    said = Text(lines=True)
    from_ = Moment(data_key="from", attribute="began_at")
    expires_on = fields.Date()
    shows_nothing = fields.Boolean(
        metadata={"description": "Restricted, or the person moved out of the shared home; they are not told."}
    )
    restricted_at = Moment(allow_none=True)
    restricted_why = Text(lines=True, allow_none=True)
    ended_at = Moment(allow_none=True)
    ended_by = Text(allow_none=True)
    ended_why = Text(lines=True, allow_none=True)


class Proxies(Shape):
    """Every access, open ones first."""

    items = fields.List(fields.Nested(ProxyOut), required=True)


class ClassesIn(Shape):
    """What they may see."""

    classes = fields.List(choice(RecordClass), required=True)


class RestrictIn(Shape):
    """Why they are shown nothing more; never told to them."""

    why = Text(lines=True, required=True)


class AccessEndIn(Shape):
    """Who wants it to end, and what they said."""

    said_by = Text(required=True)
    why = Text(lines=True, required=True)


class CodeOut(Shape):
    """A code with which they choose a password at /me/code; told this once."""

    email = Text()
    code = fields.String()
    until = Moment()


class OwnIn(Shape):
    """The e-mail address that the person signs in with."""

    email = Text(required=True)


@blueprint.get("/proxies")
@needs("authority:read")
@blueprint.answers(Proxies)
def list_proxies(person_id: UUID) -> Any:
    """List who is let in, and who was."""
    person = opened_person(person_id, "who is let in")
    return {"items": [_told(each) for each in proxies.listing(session(), person, now())]}


@blueprint.post("/proxies")
@needs("authority:write")
@blueprint.takes(ProxyIn)
@blueprint.answers(ProxyOut, 201)
def grant(given: Given, person_id: UUID) -> Any:
    """Let somebody in, by class of record, after the person was seen alone."""
    made = proxies.grant(session(), _person(person_id), given, by=own_staff(), actor=actor(), now=now())
    return _told(made)


@blueprint.post("/proxies/<uuid:proxy_id>/classes")
@needs("authority:write")
@blueprint.takes(ClassesIn)
@blueprint.answers(ProxyOut)
def change_classes(given: Given, person_id: UUID, proxy_id: UUID) -> Any:
    """Grant other classes."""
    person, row = _row(person_id, proxy_id)
    proxies.change_classes(session(), row, given["classes"], actor=actor(), now=now())
    return _one(person, row)


@blueprint.post("/proxies/<uuid:proxy_id>/restrict")
@needs("authority:write")
@blueprint.takes(RestrictIn)
@blueprint.answers(ProxyOut)
def restrict(given: Given, person_id: UUID, proxy_id: UUID) -> Any:
    """Show them nothing more, without a word to them."""
    person, row = _row(person_id, proxy_id)
    proxies.restrict(session(), row, given["why"], by=own_staff(), actor=actor(), now=now())
    return _one(person, row)


@blueprint.post("/proxies/<uuid:proxy_id>/unrestrict")
@needs("authority:write")
@blueprint.answers(ProxyOut)
def unrestrict(person_id: UUID, proxy_id: UUID) -> Any:
    """Show them again what was granted."""
    person, row = _row(person_id, proxy_id)
    proxies.unrestrict(session(), row, actor=actor(), now=now())
    return _one(person, row)


@blueprint.post("/proxies/<uuid:proxy_id>/end")
@needs("authority:write")
@blueprint.takes(AccessEndIn)
@blueprint.answers(ProxyOut)
def end(given: Given, person_id: UUID, proxy_id: UUID) -> Any:
    """End an access, now."""
    person, row = _row(person_id, proxy_id)
    proxies.end(session(), row, **given, actor=actor(), now=now())
    return _one(person, row)


@blueprint.post("/proxies/<uuid:proxy_id>/code")
@needs("authority:write")
@blueprint.answers(CodeOut)
def give_code(person_id: UUID, proxy_id: UUID) -> Any:
    """A code for somebody who was let in; every session of theirs ends."""
    _, row = _row(person_id, proxy_id)
    account = proxies.account_of(session(), row)
    code = accounts.give_code(session(), account, actor=actor(), real_now=installation().real_now())
    return {"email": account.email, "code": code, "until": account.code_until}


@blueprint.post("/account")
@needs("authority:write")
@blueprint.takes(OwnIn)
@blueprint.answers(CodeOut, 201)
def open_own(given: Given, person_id: UUID) -> Any:
    """Give the person a sign-in of their own, with a code."""
    person = _person(person_id)
    name = f"{person.given_name} {person.family_name}"
    account = accounts.open_(session(), name, given["email"], actor=actor(), person=person)
    code = accounts.give_code(session(), account, actor=actor(), real_now=installation().real_now())
    return {"email": account.email, "code": code, "until": account.code_until}


def _person(person_id: UUID) -> Person:
    return visible.get_person(session(), viewer(), person_id, now())


def _row(person_id: UUID, proxy_id: UUID) -> tuple[Person, Proxy]:
    person = _person(person_id)
    return person, proxies.get(session(), person, proxy_id)


def _one(person: Person, row: Proxy) -> Any:
    return next(_told(each) for each in proxies.listing(session(), person, now()) if each.proxy.id == row.id)


def _told(found: Granted) -> dict[str, Any]:
    row = found.proxy
    names = (
        "uuid", "version", "relation", "classes", "seen_alone_on", "seen_alone_by", "seen_alone_where",
        "said", "began_at", "expires_on", "restricted_at", "ended_at", "ended_by", "ended_why",
    )  # fmt: skip
    sees = sharing.sees(session(), viewer(), row.person_id, now())
    return {
        **{name: getattr(row, name) for name in names},
        "name": found.account.name,
        "email": found.account.email,
        "shows_nothing": row.restricted_at is not None or found.moved,
        "restricted_why": row.restricted_why if sees[RecordClass.NOTES] is Extent.FULL else None,
    }
