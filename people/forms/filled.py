"""Reads what was filled in about a person: as much of each as whoever looks may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from people import sharing
from people.access import Extent, Sees, Viewer
from people.forms import reading
from people.forms.scoring import Scored
from people.forms.shape import Form
from people.models.agencies import Agency, Staff
from people.models.forms import AskedBy, FilledForm, FillState
from people.models.people import Person

OWN = "their own page"
"""In the place of an agency, where the person filled it in."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form with the version it was filled in by, who did it, and how much of it is shown."""

    row: FilledForm
    form: Form
    by: str
    agency: str
    extent: Extent
    scores: tuple[Scored, ...]

    @property
    def stands(self) -> bool:
        """Whether it counts: completed, neither superseded nor entered in error."""
        row = self.row
        return row.state is FillState.COMPLETE and row.superseded_at is None and row.mistaken_at is None


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody sees of a person's forms, the latest first; `others` says that there is more."""

    items: tuple[Filled, ...]
    others: bool


def shown(session: Session, viewer: Viewer, person: Person, now: datetime) -> Shown:
    """Every form of the person's that the viewer sees anything of.

    Of a class that is shown as a category alone: that it was filled in, when, and by which agency. Of one
    that is shown less: only that there is something.
    """
    sees = sharing.sees(session, viewer, person.id, now)
    every = [_filled(row, staff, agency, viewer, sees) for row, staff, agency in _rows(session, person)]
    seen = tuple(each for each in every if each.extent is not Extent.CHECK)
    finished = [each for each in every if each.row.state is FillState.COMPLETE]
    return Shown(
        tuple(each for each in seen if each.extent is Extent.FULL or each.stands),
        any(each.extent is Extent.CHECK and each.stands for each in finished),
    )


def get(session: Session, viewer: Viewer, person: Person, uuid: UUID, now: datetime) -> Filled:
    """One form of the person's, as much as the viewer sees; NotFound where that is nothing."""
    sees = sharing.sees(session, viewer, person.id, now)
    for row, staff, agency in _rows(session, person, uuid):
        found = _filled(row, staff, agency, viewer, sees)
        if found.extent is Extent.FULL or (found.extent is Extent.CATEGORY and found.stands):
            return found
    raise NotFound


def get_whole(session: Session, viewer: Viewer, person: Person, uuid: UUID, now: datetime) -> Filled:
    """One form that the viewer sees all of, as whoever changes it must; NotFound otherwise."""
    found = get(session, viewer, person, uuid, now)
    if found.extent is not Extent.FULL:
        raise NotFound
    return found


def on_own_page(session: Session, person: Person) -> dict[str, datetime]:
    """When the person last filled in each form on their own page, by its code."""
    rows = session.execute(
        select(FilledForm.form_code, func.max(FilledForm.answered_at).label("last_at"))
        .where(
            FilledForm.person_id == person.id,
            FilledForm.asked_by == AskedBy.OWN_PAGE,
            FilledForm.mistaken_at.is_(None),
        )
        .group_by(FilledForm.form_code)
    )
    return {row.form_code: row.last_at for row in rows}


def find_after(session: Session, row: FilledForm) -> UUID | None:
    """The outer id of the form that corrected this one."""
    return session.scalar(select(FilledForm.uuid).where(FilledForm.supersedes_id == row.id))


def find_before(session: Session, row: FilledForm) -> UUID | None:
    """The outer id of the form that this one corrected."""
    return session.scalar(select(FilledForm.uuid).where(FilledForm.id == row.supersedes_id))


def extent_of(row: FilledForm, viewer: Viewer, sees: Sees) -> Extent:
    """How much of it somebody sees; whoever filled it in sees what they wrote."""
    mine = row.staff_id is not None and row.staff_id == viewer.staff_id
    return Extent.FULL if mine else sees[row.record_class]


def _filled(row: FilledForm, staff: str, agency: str, viewer: Viewer, sees: Sees) -> Filled:
    return Filled(
        row,
        reading.get(row.form_code, row.form_version),
        staff,
        agency,
        extent_of(row, viewer, sees),
        tuple(Scored(**each) for each in row.scores or ()),
    )


def _rows(
    session: Session, person: Person, uuid: UUID | None = None
) -> Sequence[tuple[FilledForm, str, str]]:
    query = (
        select(FilledForm, Staff.name, Agency.name)
        .outerjoin(Staff, Staff.id == FilledForm.staff_id)
        .outerjoin(Agency, Agency.id == FilledForm.agency_id)
        .where(FilledForm.person_id == person.id, FilledForm.deleted_at.is_(None))
        .order_by(FilledForm.answered_at.desc(), FilledForm.id.desc())
    )
    if uuid is not None:
        query = query.where(FilledForm.uuid == uuid)
    own = f"{person.given_name} {person.family_name}"
    return [(row, staff or own, agency or OWN) for row, staff, agency in session.execute(query)]
