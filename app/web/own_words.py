"""What a person says of themselves, and what they decided for later: read, written, and how it was before."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import attachment_views, plan_views, planning
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, page
from core.errors import Conflict
from people import about_me, sharing, unseen, visible, wishes
from people.access import Extent, Need, RecordClass, may
from people.models.attachments import BelongsTo
from people.models.people import AboutMe, Person
from people.models.wishes import Wish, WishKind

blueprint = Blueprint("own_words", __name__, url_prefix="/people/<uuid:person_id>")

LABELS = {
    "most_important": "What is most important to me",
    "people_important": "People who are important to me",
    "how_i_communicate": "How I communicate, and how to communicate with me",
    "my_wellness": "My wellness: how I am on a good day, and how you can tell when I am not well",
    "please_do_and_dont": "Please do, and please don’t",
    "how_and_when_to_support": "How and when to support me",
    "also_worth_knowing": "Also worth knowing about me",
    "supported_by": "Who supported me to write this",
}
SPELLED_OUT = {
    WishKind.RESPECT: ("What treatment to give in an emergency, agreed with them.",),
    WishKind.DNACPR: ("Do not attempt cardiopulmonary resuscitation.",),
    WishKind.ADRT: ("Advance decision to refuse treatment.",),
}
"""What the short names stand for, for whoever records one."""
WISH = ("kind", "words", "made_on", "original_place", "original_seen_on")


@dataclass(frozen=True, slots=True)
class WishShown:
    """One decision or wish: see wishes.html."""

    uuid: UUID
    row_version: int
    name: str
    words: str | None
    made_on: date
    place: str
    seen_on: date | None
    ended_at: datetime | None
    ended_why: str | None


def wishes_of(person: Person, *, ended: bool = False) -> tuple[WishShown, ...]:
    """The decisions and wishes of a person, as pages show them."""
    return tuple(_wish(row) for row in wishes.list_wishes(context.session(), person, ended=ended))


def about(row: AboutMe | None) -> tuple[tuple[str, str], ...]:
    """What they say, by heading, with those they filled in."""
    if row is None:
        return ()
    return tuple((LABELS[name], getattr(row, name)) for name in about_me.HEADINGS if getattr(row, name))


def extent_of(person: Person) -> Extent:
    """How much of what they say of themselves the viewer sees: it goes with how to reach them."""
    return sharing.sees(context.session(), context.viewer(), person.id, context.now())[RecordClass.CONTACT]


def about_of(person: Person) -> tuple[tuple[str, str], ...]:
    """What they say now, as far as it is shared with the viewer."""
    return about(about_me.find(context.session(), person)) if extent_of(person) is Extent.FULL else ()


@blueprint.get("/about-me")
@needs("people:read")
def show_about_me(person_id: UUID) -> ResponseReturnValue:
    """What they say of themselves, with how it was before; a form for whoever may write it."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="about me")
    row = about_me.find(context.session(), person) if extent_of(person) is Extent.FULL else None
    return _about_page(person, Form({name: getattr(row, name) or "" for name in LABELS} if row else {}))


@blueprint.post("/about-me")
@needs("people:write")
def write_about_me(person_id: UUID) -> ResponseReturnValue:
    """Write what they say; what it said before is kept."""
    person, given = planning.person_of(person_id), typed(*LABELS)
    unseen.refuse(context.session(), context.viewer(), person, RecordClass.CONTACT, context.now())

    def act() -> None:
        opened = context.session()
        before = about_me.find(opened, person)
        known = seen()
        if known is not None and known != (before.id if before else 0):
            raise Conflict(
                "Somebody else wrote this since you opened it: what they wrote stands below under Before."
            )
        about_me.write(opened, person, given, actor=context.actor(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        return _about_page(person, wrong)
    return done("What they say now is kept, and what they said before.", f"/people/{person.uuid}/about-me")


@blueprint.get("/wishes")
@needs("plans:read")
def show_wishes(person_id: UUID) -> ResponseReturnValue:
    """Advance decisions and end-of-life wishes, those that have ended too."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="wishes")
    return _wishes_page(person, Form())


@blueprint.post("/wishes")
@needs("plans:write")
def record_wish(person_id: UUID) -> ResponseReturnValue:
    """Record a decision or wish, which the responder card tells from now on."""
    person, given = planning.editable(person_id), typed(*WISH)

    def act() -> None:
        wishes.record(context.session(), person, given, actor=context.actor(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        return _wishes_page(person, wrong)
    return done("It is recorded, and on the responder card.", f"/people/{person.uuid}/wishes")


@blueprint.post("/wishes/<uuid:wish_id>/end")
@needs("plans:write")
def end_wish(person_id: UUID, wish_id: UUID) -> ResponseReturnValue:
    """It holds no more, and why."""
    person = planning.editable(person_id)
    wish = wishes.get(context.session(), person, wish_id)
    name = f"why.{wish_id}"
    given = typed(name)

    def act() -> None:
        if seen() not in (None, wish.version):
            raise Conflict("Somebody else changed this since you opened it: look again.")
        wishes.end(context.session(), person, wish, given[name], actor=context.actor(), now=context.now())

    wrong = refused(act, given, {"why": name})
    if wrong:
        return _wishes_page(person, wrong)
    return done("It holds no more; the responder card says so.", f"/people/{person.uuid}/wishes")


def _about_page(person: Person, form: Form) -> ResponseReturnValue:
    opened = context.session()
    row = about_me.find(opened, person)
    shared = unseen.shown(opened, context.viewer(), person, RecordClass.CONTACT, context.now())
    html = page(
        "about_me.html",
        person=plan_views.person(person),
        labels=LABELS,
        said=about(row) if shared else (),
        shared=shared,
        written_at=row.written_at if row else None,
        before=[(old.written_at, about(old)) for old in about_me.history(opened, person)] if shared else [],
        may_write=may(context.viewer(), Need.PEOPLE_WRITE) and shared,
        row_version=row.id if row else 0,
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _wishes_page(person: Person, form: Form) -> ResponseReturnValue:
    shared = planning.extent_of(person) is Extent.FULL
    html = page(
        "wishes.html",
        person=plan_views.person(person),
        kinds=[(kind.value, name, *SPELLED_OUT.get(kind, ())) for kind, name in wishes.NAMES.items()],
        shared=shared,
        wishes=wishes_of(person) if shared else (),
        ended=wishes_of(person, ended=True) if shared else (),
        verify=wishes.VERIFY,
        files=attachment_views.files_of(person, BelongsTo.ADVANCE_DECISION),
        may_write=planning.may_edit(person),
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _wish(row: Wish) -> WishShown:
    return WishShown(
        row.uuid,
        row.version,
        wishes.NAMES[row.kind],
        row.words,
        row.made_on,
        row.original_place,
        row.original_seen_on,
        row.ended_at,
        row.ended_why,
    )
