"""Who sees what of a person: the table, what the person has said of it, and saying something new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import attachment_views, essentials, sharing_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from core.errors import Invalid, NotFound
from core.zones import UK
from people import agencies, care_teams, choices, households, staff, visible, who_sees
from people.access import Need, Purpose, may
from people.models.agencies import Agency, Staff
from people.models.attachments import BelongsTo
from people.models.people import Person
from people.models.sharing import Decision, SharingChoice

blueprint = Blueprint("sharing", __name__)

FIELDS = ("decision", "agency", "record_class", "purpose", "said_by", "evidence")


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose sharing it is, and the time zone of their home."""

    person: Person
    zone: str
    now: datetime

    @property
    def path(self) -> str:
        return f"/people/{self.person.uuid}/sharing"

    @property
    def who(self) -> dict[str, str]:
        return {
            "uuid": str(self.person.uuid),
            "name": essentials.name_of(self.person),
            "first_name": essentials.first_name(self.person),
        }


@blueprint.get("/people/<uuid:person_id>/sharing")
@needs("people:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """Which agency sees how much, and why; it prints, for the person to keep."""
    found = _of(person_id)
    visible.record_look(context.session(), context.viewer(), found.person, at_what="sharing")
    return _page(found)


@blueprint.get("/people/<uuid:person_id>/sharing/new")
@needs("choices:write", form=True)
def show_new(person_id: UUID) -> ResponseReturnValue:
    """The form for what the person says."""
    asked = {name: request.args.get(name, "")[:100] for name in ("agency", "record_class", "purpose")}
    return _form_page(_of(person_id), Form({"decision": Decision.DISSENT.value, **asked}))


@blueprint.post("/people/<uuid:person_id>/sharing/preview")
@needs("choices:write")
def preview(person_id: UUID) -> ResponseReturnValue:
    """What would change for whom; nothing is recorded yet."""
    found, given = _of(person_id), typed(*FIELDS)
    drafted: list[SharingChoice] = []
    wrong = refused(lambda: drafted.append(_drafted(found, given)), given)
    if wrong:
        return _form_page(found, wrong)
    changes = who_sees.changes(context.session(), found.person, drafted[0], found.now)
    return page(
        "sharing_preview.html",
        person=found.who,
        words=sharing_views.choice_words(drafted[0], _name(given["agency"])),
        changes=sharing_views.change_rows(changes),
        planning=drafted[0].purpose in (None, Purpose.PLANNING),
        dissents=drafted[0].decision is Decision.DISSENT,
        given=given,
        zone=found.zone,
    )


@blueprint.post("/people/<uuid:person_id>/sharing")
@needs("choices:write")
def choose(person_id: UUID) -> ResponseReturnValue:
    """Record what the person says."""
    found, given = _of(person_id), typed(*FIELDS)
    wrong = refused(
        lambda: choices.choose(
            context.session(), found.person, _agency(given["agency"]), _told(given), by=_me(),
            actor=context.actor(), now=found.now,
        ),
        given,
    )  # fmt: skip
    return _form_page(found, wrong) if wrong else done("Recorded. It holds from now on.", found.path)


@blueprint.post("/people/<uuid:person_id>/sharing/<uuid:choice_id>/end")
@needs("choices:write")
def end(person_id: UUID, choice_id: UUID) -> ResponseReturnValue:
    """Take a choice back."""
    found = _of(person_id)
    choice = choices.get(context.session(), found.person, choice_id)
    wrong = refused(lambda: choices.end(context.session(), choice, actor=context.actor(), now=found.now), {})
    return (
        _page(found, wrong) if wrong else done("Taken back. The agencies’ own bases count again.", found.path)
    )


def _of(person_id: UUID) -> _Of:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = visible.get_person(opened, viewer, person_id, now)
    home = households.of(opened, viewer, person.id, now).home
    return _Of(person, home.time_zone if home else UK, now)


def _page(found: _Of, wrong: Form | None = None) -> ResponseReturnValue:
    opened, viewer = context.session(), context.viewer()
    rows = who_sees.table(opened, found.person, found.now)
    said = choices.listing(opened, found.person, found.now)
    html = page(
        "sharing.html",
        person=found.who,
        heads=sharing_views.heads(rows),
        classes=sharing_views.classes(rows, found.who["first_name"]),
        choices=sharing_views.choice_rows(said),
        files={
            each.choice.uuid: attachment_views.files_of(found.person, BelongsTo.CHOICE, uuid=each.choice.uuid)
            for each in said
        },
        counted=who_sees.counted([each.choice for each in said], viewer.agency_id),
        may_choose=may(viewer, Need.CHOICES_WRITE),
        form=wrong or Form(),
        zone=found.zone,
    )
    return html, wrong.status if wrong else 200


def _form_page(found: _Of, form: Form) -> ResponseReturnValue:
    caring = care_teams.around(context.session(), found.person, found.now)
    known = {str(each.agency.uuid): each.agency.name for each in caring}
    html = page(
        "sharing_choice.html",
        person=found.who,
        form=form,
        decisions=[(each.value, words) for each, words in sharing_views.DECISIONS.items()],
        agencies=[("", "Every agency"), *known.items()],
        classes=sharing_views.class_choices(),
        purposes=sharing_views.purpose_choices(),
        zone=found.zone,
    )
    return html, form.status


def _drafted(found: _Of, given: Mapping[str, str]) -> SharingChoice:
    return choices.drafted(found.person, _agency(given["agency"]), _told(given), by=_me(), now=found.now)


def _told(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name != "agency"}


def _agency(text: str) -> Agency | None:
    if not text:
        return None
    try:
        return agencies.get(context.session(), UUID(text))
    except (ValueError, NotFound) as fault:
        raise Invalid({"agency": "Choose an agency, or every agency."}) from fault


def _name(text: str) -> str | None:
    agency = _agency(text)
    return agency.name if agency else None


def _me() -> Staff:
    return staff.get(context.session(), context.viewer().staff_uuid)[0]
