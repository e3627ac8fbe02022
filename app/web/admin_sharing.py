"""The page of what one agency may see: purpose by class, why, since when, and what it was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import context
from app.auth import needs
from app.web.admin_words import SECTORS
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from core.errors import NotFound
from people import agencies, grants, staff, who_sees
from people.access import Extent, Need, Purpose, RecordClass, may
from people.class_words import BASES, CLASSES, EXTENTS, HOLDS, PURPOSES
from people.models.agencies import Agency, Staff
from people.models.sharing import LawfulBasis, SharingBasis
from people.usual_sharing import PROPOSED

blueprint = Blueprint("admin_sharing", __name__)

FIELDS = ("purpose", "record_class", "extent", "lawful_basis", "agreement")


@dataclass(frozen=True, slots=True)
class BasisCell:
    """One basis in the matrix; None stands for none: see admin_sharing.html."""

    uuid: UUID
    extent: str
    words: str
    lawful_basis: str
    agreement: str
    proposed: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One class of record, with a cell for each purpose."""

    value: str
    name: str
    holds: str
    cells: tuple[tuple[str, BasisCell | None], ...]


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A basis of the past."""

    words: str
    since: datetime
    until: datetime | None
    agreement: str
    why: str


@blueprint.get("/admin/agencies/<uuid:agency_id>/sharing")
@needs("sharing:read")
def show(agency_id: UUID) -> ResponseReturnValue:
    """All that it has a basis for, and what can't be granted."""
    opened, agency = context.session(), agencies.get(context.session(), agency_id)
    every = grants.listing(opened, agency, ended=True)
    held = [each for each in every if each.ended_at is None]
    return page(
        "admin_sharing.html",
        agency=agency,
        sector=SECTORS[agency.sector],
        purposes=[PURPOSES[each] for each in Purpose],
        rows=_matrix(held),
        unconfirmed=sum(each.agreement == PROPOSED for each in held),
        ended=_ended(opened, [each for each in every if each.ended_at is not None]),
        may_set=may(context.viewer(), Need.SHARING_WRITE),
    )


@blueprint.get("/admin/agencies/<uuid:agency_id>/sharing/set")
@needs("sharing:write", form=True)
def show_form(agency_id: UUID) -> ResponseReturnValue:
    """The form for one purpose and class, with what holds now."""
    agency = agencies.get(context.session(), agency_id)
    asked = {name: request.args.get(name, "")[:40] for name in ("purpose", "record_class")}
    held = _held(agency, asked)
    if held is not None:
        agreement = "" if held.agreement == PROPOSED else held.agreement
        asked |= {
            "extent": held.extent.value,
            "lawful_basis": held.lawful_basis.value,
            "agreement": agreement,
        }
    return _form(agency, Form(asked))


@blueprint.post("/admin/agencies/<uuid:agency_id>/sharing")
@needs("sharing:write")
def set_(agency_id: UUID) -> ResponseReturnValue:
    """Put a basis in place of what held for this purpose and class."""
    agency, given = agencies.get(context.session(), agency_id), typed(*FIELDS)
    wrong = refused(
        lambda: grants.set_(
            context.session(), agency, given, by=_me(), actor=context.actor(), now=context.now()
        ),
        given,
    )
    return _form(agency, wrong) if wrong else done("It holds from now on.", _path(agency))


@blueprint.post("/admin/agencies/<uuid:agency_id>/sharing/<uuid:basis_id>/end")
@needs("sharing:write")
def end(agency_id: UUID, basis_id: UUID) -> ResponseReturnValue:
    """End a basis, with a reason."""
    opened, agency = context.session(), agencies.get(context.session(), agency_id)
    basis, given = grants.get(opened, basis_id), typed("reason")
    if basis.agency_id != agency.id:
        raise NotFound
    wrong = refused(
        lambda: grants.end(opened, basis, reason=given["reason"], actor=context.actor(), now=context.now()),
        given,
    )
    if wrong:
        given |= {"purpose": basis.purpose.value, "record_class": basis.record_class.value}
        return _form(agency, Form(given, wrong.errors, wrong.status))
    return done("Ended. The agency is asked to check on people, and sees no more.", _path(agency))


def _form(agency: Agency, form: Form) -> ResponseReturnValue:
    held = _held(agency, form.values)
    html = page(
        "admin_basis.html",
        agency=agency,
        form=form,
        held=_cell(held) if held is not None else None,
        purposes=[(each.value, PURPOSES[each]) for each in Purpose],
        classes=[(each.value, CLASSES[each]) for each in who_sees.CLASSES],
        extents=[(each.value, words) for each, words in EXTENTS.items() if each is not Extent.CHECK],
        bases=[("", "Choose"), *((each.value, words) for each, words in BASES.items())],
    )
    return html, form.status


def _held(agency: Agency, asked: Mapping[str, str]) -> SharingBasis | None:
    wanted = (asked.get("purpose"), asked.get("record_class"))
    found = grants.listing(context.session(), agency)
    return next((each for each in found if (each.purpose, each.record_class) == wanted), None)


def _matrix(held: Sequence[SharingBasis]) -> tuple[MatrixRow, ...]:
    known = {(each.record_class, each.purpose): _cell(each) for each in held}
    return tuple(
        MatrixRow(
            each.value,
            CLASSES[each],
            HOLDS[each],
            tuple((purpose.value, known.get((each, purpose))) for purpose in Purpose),
        )
        for each in RecordClass
        if each in who_sees.CLASSES
    )


def _cell(each: SharingBasis) -> BasisCell:
    return BasisCell(
        each.uuid,
        each.extent.value,
        EXTENTS[each.extent],
        BASES[LawfulBasis(each.lawful_basis)],
        each.agreement,
        each.agreement == PROPOSED,
        each.began_at,
    )


def _ended(session: Session, some: Sequence[SharingBasis]) -> tuple[EndedRow, ...]:
    ends = grants.list_ends(session, some)
    rows = sorted(some, key=lambda each: (each.ended_at or each.began_at, each.id), reverse=True)
    return tuple(
        EndedRow(
            f"{CLASSES[each.record_class]}, {PURPOSES[each.purpose].lower()}: {EXTENTS[each.extent].lower()}",
            each.began_at,
            each.ended_at,
            each.agreement,
            "{}: {}".format(*ends[each.uuid]) if each.uuid in ends else "Another took its place",
        )
        for each in rows
    )


def _me() -> Staff:
    return staff.get(context.session(), context.viewer().staff_uuid)[0]


def _path(agency: Agency) -> str:
    return f"/admin/agencies/{agency.uuid}/sharing"
