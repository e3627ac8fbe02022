"""The page of warnings about a visit to somebody, and of the numbers that stand for them."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.words import date_only
from core.errors import Invalid
from people import agencies, care_teams, identifiers, residencies, visible, visit_warnings
from people.access import Need, may
from people.faults import LINES, read_fields, words
from people.identifiers import ISSUED
from people.models.agencies import Agency
from people.models.identity import IdentifierKind, Verification
from people.models.people import Person
from people.visit_warnings import Warned

blueprint = Blueprint("visit_warnings", __name__)

FIELDS = ("words", "evidence", "team", "review_on")
KINDS = {
    IdentifierKind.SOCIAL_CARE: "Social care number",
    IdentifierKind.TENANCY: "Tenancy reference",
    IdentifierKind.HOSPITAL: "Hospital number",
    IdentifierKind.CHI: "CHI number (Scotland)",
    IdentifierKind.HEALTH_AND_CARE: "Health and Care Number (Northern Ireland)",
    IdentifierKind.NHS: "A former NHS number",
}
VERIFIED = {
    Verification.VERIFIED: "Verified",
    Verification.NOT_TRACED: "Not traced",
    Verification.TRACE_REQUIRED: "To be traced",
    Verification.TRACE_ATTEMPTED: "Tracing was tried",
    Verification.TO_BE_RESOLVED: "To be resolved",
    Verification.TRACE_IN_PROGRESS: "Being traced",
    Verification.NOT_REQUIRED: "No tracing needed",
    Verification.POSTPONED: "Tracing put off",
}


@blueprint.get("/people/<uuid:person_id>/warnings")
@needs("people:read")
def show_warnings(person_id: UUID) -> ResponseReturnValue:
    """Every warning in force of them and their home; that somebody looked is written down."""
    person = _get(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="warnings about a visit")
    return _warnings(person, Form())


@blueprint.post("/people/<uuid:person_id>/warnings")
@needs("people:write")
def warn(person_id: UUID) -> ResponseReturnValue:
    """Add a warning."""
    person = _get(person_id)
    given = typed(*FIELDS)

    def act() -> None:
        told = {name: given[name] for name in ("words", "evidence", "review_on")}
        visit_warnings.add(
            context.session(), {**told, "owner_team_id": _team(person, given["team"])}, by=context.viewer(),
            now=context.now(), person=person,
        )  # fmt: skip

    wrong = refused(act, given, {"owner_team_id": "team"})
    if wrong:
        return _warnings(_get(person_id), wrong)
    return done("Whoever visits is warned.", f"/people/{person_id}/warnings")


@blueprint.post("/people/<uuid:person_id>/warnings/<uuid:warning_id>/end")
@needs("people:write")
def end_warning(person_id: UUID, warning_id: UUID) -> ResponseReturnValue:
    """It holds no more."""
    person = _get(person_id)
    row = visit_warnings.get_seen(context.session(), context.viewer(), warning_id, context.now())
    name = f"why_{warning_id}"
    given = typed(name)

    def act() -> None:
        why = read_fields({"why": given[name]}, {"why": words(LINES)})["why"] or ""
        visit_warnings.end(context.session(), row, why=why, by=context.viewer(), now=context.now())

    wrong = refused(act, given, {"why": name})
    if wrong:
        return _warnings(_get(person_id), wrong)
    return done("Nobody is warned of that any more.", f"/people/{person.uuid}/warnings")


@blueprint.get("/people/<uuid:person_id>/numbers")
@needs("people:read")
def show_numbers(person_id: UUID) -> ResponseReturnValue:
    """Every number that stands for them; that somebody looked is written down."""
    person = _get(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="numbers")
    return _numbers(person, Form())


@blueprint.post("/people/<uuid:person_id>/numbers")
@needs("people:write")
def add_number(person_id: UUID) -> ResponseReturnValue:
    """Write a number down."""
    person = _get(person_id)
    given = typed("kind", "value", "issuer")

    def act() -> None:
        issuer = next(
            (
                row
                for row in context.session().scalars(agencies.listing())
                if str(row.uuid) == given["issuer"]
            ),
            None,
        )
        told = {"kind": given["kind"], "value": given["value"], "issuer_id": issuer.id if issuer else None}
        identifiers.add(context.session(), person, told, actor=context.actor())

    wrong = refused(act, given, {"issuer_id": "issuer"})
    if wrong:
        return _numbers(_get(person_id), wrong)
    return done("The number is written down.", f"/people/{person_id}/numbers")


def shown(warned: Warned, *, evidence: bool) -> dict[str, Any]:
    """A warning as pages show it, with its evidence where that is shared."""
    return {
        "uuid": warned.row.uuid,
        "words": warned.row.words,
        "evidence": warned.row.evidence if evidence else None,
        "team": warned.team.name,
        "review": date_only(warned.row.review_on),
        "late": warned.late,
        "of_home": warned.row.home_id is not None,
    }


def _get(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _team(person: Person, uuid: str) -> int:
    for each in care_teams.around(context.session(), person, context.now()):
        if str(each.team.uuid) == uuid:
            return each.team.id
    raise Invalid({"owner_team_id": "Choose the team that looks at it again."})


def _warnings(person: Person, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    rows = visit_warnings.about(opened, now, person_id=person.id)
    around = care_teams.around(opened, person, now)
    home = residencies.find_home(opened, person, now)
    evidence = visit_warnings.evidence_shown(opened, context.viewer(), rows, now)
    html = page(
        "person_warnings.html",
        person=_who(person),
        home_uuid=home.uuid if home and may(context.viewer(), Need.HOMES_READ) else None,
        warnings=[shown(each, evidence=evidence[each.row.id]) for each in rows],
        teams=[(str(each.team.uuid), f"{each.team.name}, {each.agency.name}") for each in around],
        form=form,
        may_warn=may(context.viewer(), Need.PEOPLE_WRITE),
        agency=context.viewer().agency,
    )
    return html, form.status


def _numbers(person: Person, form: Form) -> ResponseReturnValue:
    opened = context.session()
    numbers, all_shown = identifiers.list_seen(opened, context.viewer(), person, context.now())
    known = [
        {
            "kind": KINDS[each.row.kind],
            "value": identifiers.spaced(each.row.kind, each.value),
            "issuer": each.issuer.name if each.issuer else None,
            "verified": VERIFIED[each.row.verification],
            "ended": date_only(each.row.ended_on) if each.row.ended_on else None,
        }
        for each in numbers
    ]
    html = page(
        "person_numbers.html",
        person=_who(person),
        numbers=known,
        all_shown=all_shown,
        agency=context.viewer().agency,
        kinds=[(kind.value, words_) for kind, words_ in KINDS.items()],
        issued=[KINDS[kind] for kind in KINDS if kind in ISSUED],
        issuers=[
            ("", "None, or not one of these"),
            *((str(row.uuid), row.name) for row in opened.scalars(agencies.listing().order_by(Agency.name))),
        ],
        form=form,
        may_add=may(context.viewer(), Need.PEOPLE_WRITE),
    )
    return html, form.status


def _who(person: Person) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "name": essentials.name_of(person),
        "first_name": essentials.first_name(person),
    }
