"""Filling forms in: drafts wait, completed ones stand, corrections supersede, mistakes stay to be seen."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotAllowed
from core.journal import Actor
from people import unseen
from people.access import RecordClass, Viewer
from people.changes import in_conflict, note
from people.faults import LINES, Reader, as_given, one_of, read_fields, words
from people.forms import answering, scoring
from people.forms.answering import Read
from people.forms.shape import Form
from people.models.forms import AnsweredBy, AskedBy, FilledForm, FillState
from people.models.people import Person
from people.visible import actor as staff_actor
from people.visitors import Visitor

AHEAD = timedelta(minutes=5)
"""How far a clock that somebody read the time from may be ahead of ours."""
READERS: Mapping[str, Reader] = {
    "answered_by": one_of(AnsweredBy),
    "answered_by_name": words(),
    "asked_by": one_of(AskedBy),
    "answered_at": as_given,
}
NOT_A_DRAFT = "This form was completed already: correct it instead."
WHO = "Say who: their answers stand in the record."
OWN = "Only the person themselves fills in forms on their own page: say how you asked."


def save(
    session: Session,
    person: Person,
    form: Form,
    given: Mapping[str, Any],
    told: Mapping[str, Any],
    *,
    viewer: Viewer,
    now: datetime,
    draft: FilledForm | None = None,
) -> FilledForm:
    """Keep what was answered so far, to go on with; `told` says who answered, how they were asked and when.

    Invalid by field: "answers.<question>" for an answer that can't be, and the fields of `told`;
    NotAllowed as for `refuse_unseen`.
    """
    refuse_unseen(session, person, form, viewer, now)
    read = answering.read(form, given, complete=False)
    values = _told(told, read, now, whole=False)
    row = draft or _new(person, form, viewer, now)
    _open(row)
    _put(row, read, values)
    session.add(row)
    session.flush()
    note(session, "saved a draft of", row, "form", actor=actor(viewer), person_id=person.id, details=_of(row))
    return row


def complete(
    session: Session,
    person: Person,
    form: Form,
    given: Mapping[str, Any],
    told: Mapping[str, Any],
    *,
    viewer: Viewer | Visitor,
    now: datetime,
    draft: FilledForm | None = None,
) -> FilledForm:
    """Complete a form, from a draft or at once; it is scored by its own version. Invalid as for `save`.

    A visitor answers for themselves, on their own page; NotAllowed for whoever was let in.
    """
    if isinstance(viewer, Visitor) and not viewer.own:
        raise NotAllowed
    refuse_unseen(session, person, form, viewer, now)
    read = answering.read(form, given, complete=True)
    values = _told(told, read, now, whole=True, own=isinstance(viewer, Visitor))
    row = draft or _new(person, form, viewer, now)
    _open(row)
    _finish(row, form, read, values, now)
    session.add(row)
    session.flush()
    note(session, "completed", row, "form", actor=actor(viewer), person_id=person.id, details=_of(row))
    return row


def correct(
    session: Session,
    person: Person,
    before: FilledForm,
    form: Form,
    given: Mapping[str, Any],
    told: Mapping[str, Any],
    *,
    viewer: Viewer,
    now: datetime,
) -> FilledForm:
    """Put another row in the place of one that was completed; the first stays, superseded.

    Conflict when somebody else has corrected it, or it was entered in error.
    """
    stands(before)
    refuse_unseen(session, person, form, viewer, now)
    read = answering.read(form, given, complete=True)
    values = _told(told, read, now, whole=True)
    row = _new(person, form, viewer, now)
    row.supersedes_id = before.id
    _finish(row, form, read, values, now)
    with in_conflict(
        session, "uq_filled_forms_supersedes_id", "Somebody else corrected this at the same moment."
    ):
        before.superseded_at = now
        session.add(row)
    note(session, "corrected", row, "form", actor=actor(viewer), person_id=person.id, details=_of(row))
    return row


def mark_mistaken(
    session: Session, row: FilledForm, given: Mapping[str, Any], *, viewer: Viewer, now: datetime
) -> None:
    """Say that a completed form was entered in error, and why; it stays to be seen, and counts no more."""
    stands(row)
    row.mistake = read_fields(given, {"mistake": words(LINES)}, required=("mistake",))["mistake"]
    row.mistaken_at = now
    session.flush()
    note(session, "entered in error", row, "form", actor=actor(viewer), person_id=row.person_id)


def throw_away(session: Session, row: FilledForm, *, viewer: Viewer, now: datetime) -> None:
    """Let a draft go; Conflict for a form that was completed."""
    _open(row)
    row.deleted_at = now
    session.flush()
    note(session, "threw away a draft of", row, "form", actor=actor(viewer), person_id=row.person_id)


def actor(viewer: Viewer | Visitor) -> Actor:
    """Whoever fills it in, as the journal names them."""
    if isinstance(viewer, Visitor):
        return Actor(by=f"{viewer.name} (their own page)")
    return staff_actor(viewer)


def refuse_unseen(
    session: Session, person: Person, form: Form, viewer: Viewer | Visitor, now: datetime
) -> None:
    """NotAllowed for a form whose answers become About Me, where that is not shared with the viewer."""
    if isinstance(viewer, Viewer) and any(each.about_me for each in form.questions):
        unseen.refuse(session, viewer, person, RecordClass.CONTACT, now)


def stands(row: FilledForm) -> None:
    """Conflict unless the form is completed, and neither superseded nor entered in error."""
    if row.state is not FillState.COMPLETE:
        raise Conflict("This form is a draft: go on with it instead.")
    if row.superseded_at is not None:
        raise Conflict("Somebody has corrected this form: look at the correction.")
    if row.mistaken_at is not None:
        raise Conflict("This form was entered in error, and counts no more.")


def _open(row: FilledForm) -> None:
    if row.state is not FillState.DRAFT:
        raise Conflict(NOT_A_DRAFT)
    if row.deleted_at is not None:
        raise Conflict("This draft was thrown away.")


def _new(person: Person, form: Form, viewer: Viewer | Visitor, now: datetime) -> FilledForm:
    return FilledForm(
        person_id=person.id,
        form_code=form.code,
        form_version=form.version,
        record_class=form.record_class,
        state=FillState.DRAFT,
        answers={},
        answered_by=AnsweredBy.PERSON,
        asked_by=AskedBy.OWN_PAGE if isinstance(viewer, Visitor) else AskedBy.IN_PERSON,
        answered_at=now,
        staff_id=None if isinstance(viewer, Visitor) else viewer.staff_id,
        agency_id=None if isinstance(viewer, Visitor) else viewer.agency_id,
    )


def _told(
    told: Mapping[str, Any], read: Read, now: datetime, *, whole: bool, own: bool = False
) -> dict[str, Any]:
    """Who answered, how and when; Invalid together with what is wrong with the answers."""
    faults = {f"answers.{key}": words_ for key, words_ in read.faults.items()}
    values: dict[str, Any] = {}
    try:
        values = {name: value for name, value in read_fields(told, READERS).items() if value is not None}
    except Invalid as refused:
        faults.update(refused.fields)
    at = told.get("answered_at")
    if isinstance(at, datetime) and at > now + AHEAD:
        faults["answered_at"] = "This lies ahead; give the time it was answered."
    if values.get("asked_by") is AskedBy.OWN_PAGE and not own:
        faults["asked_by"] = OWN
    speaks = values.get("answered_by")
    if (
        whole
        and speaks in (AnsweredBy.REPRESENTATIVE, AnsweredBy.CARER)
        and not values.get("answered_by_name")
    ):
        faults.setdefault("answered_by_name", WHO)
    if faults:
        raise Invalid(faults)
    return values


def _put(row: FilledForm, read: Read, values: Mapping[str, Any]) -> None:
    row.answers = dict(read.answers)
    for name, value in values.items():
        setattr(row, name, value)


def _finish(row: FilledForm, form: Form, read: Read, values: Mapping[str, Any], now: datetime) -> None:
    if not read.answers:
        raise Invalid({"": "Nothing is answered yet: answer a question, or leave the form."})
    _put(row, read, values)
    row.scores = [asdict(each) for each in scoring.score(form, read.answers)]
    row.state = FillState.COMPLETE
    row.completed_at = now


def _of(row: FilledForm) -> dict[str, Any]:
    return {"form": row.form_code, "version": row.form_version}
