"""What filled forms do beyond themselves: their scores become readings, their words the person's About Me."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from devices import entry, kinds, partitions
from devices.measurement import Source
from people import about_me, scoping
from people.access import Viewer
from people.forms import filling, reading
from people.forms.shape import Form
from people.models.forms import AnsweredBy, FilledForm
from people.models.people import Person
from people.visitors import Visitor

STEP = timedelta(milliseconds=1)
"""How much later than the one before it a reading of the same moment is kept: both stay to be seen."""
TAKEN = "Another value stands for this very minute: give the time it was answered."


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
    """Complete a form, and let what it says count: goals, charts and rules see its scores as readings."""
    row = filling.complete(session, person, form, given, told, viewer=viewer, now=now, draft=draft)
    with scoping.lifted(session):  # whoever fills a form in need not see the readings that come of it
        _let_count(session, person, form, row, viewer, now)
    return row


def correct(
    session: Session,
    person: Person,
    before: FilledForm,
    given: Mapping[str, Any],
    told: Mapping[str, Any],
    *,
    viewer: Viewer,
    now: datetime,
) -> FilledForm:
    """Correct a completed form: its readings are taken back, and those of the correction stand instead."""
    form = reading.get(before.form_code, before.form_version)
    row = filling.correct(session, person, before, form, given, told, viewer=viewer, now=now)
    with scoping.lifted(session):
        _take_back(session, before, viewer, now)
        _let_count(session, person, form, row, viewer, now)
    return row


def mark_mistaken(
    session: Session, row: FilledForm, given: Mapping[str, Any], *, viewer: Viewer, now: datetime
) -> None:
    """Say that a form was entered in error: its readings are taken back; About Me stays as it is now."""
    filling.mark_mistaken(session, row, given, viewer=viewer, now=now)
    with scoping.lifted(session):
        _take_back(session, row, viewer, now)


def reading_at(session: Session, row: FilledForm) -> datetime:
    """When the readings of a completed form count as taken: a step later for each before it of that moment.

    So a correction, or a form that is filled in again after a mistake, never meets what was taken back.
    """
    before = select(func.count()).where(
        FilledForm.person_id == row.person_id,
        FilledForm.form_code == row.form_code,
        FilledForm.answered_at == row.answered_at,
        tuple_(FilledForm.completed_at, FilledForm.id) < (row.completed_at, row.id),
    )
    return row.answered_at + session.scalars(before).one() * STEP


def _let_count(
    session: Session, person: Person, form: Form, row: FilledForm, viewer: Viewer | Visitor, now: datetime
) -> None:
    at = reading_at(session, row)
    source = Source.STAFF if row.answered_by is AnsweredBy.STAFF else Source.SELF_REPORTED
    for kind, value in _values(row) if at >= partitions.retention_start(now) else ():
        try:
            entry.enter(
                session,
                person_id=person.id,
                kind=kind,
                value=value,
                at=at,
                source=source,
                now=now,
                actor=filling.actor(viewer),
            )
        except Conflict:
            raise Conflict(TAKEN, {"answered_at": TAKEN}) from None
    said = {
        question.about_me: row.answers[question.key]
        for question in form.questions
        if question.about_me and question.key in row.answers
    }
    if said:
        about_me.write(session, person, said, actor=filling.actor(viewer), now=now)


def _take_back(session: Session, row: FilledForm, viewer: Viewer, now: datetime) -> None:
    at = reading_at(session, row)
    for kind, _ in _values(row):
        try:
            entry.take_back(
                session, person_id=row.person_id, kind=kind, at=at, now=now, actor=filling.actor(viewer)
            )
        except NotFound:  # older than readings are kept
            continue


def _values(row: FilledForm) -> list[tuple[str, float]]:
    """The readings that its scores become; a kind that the catalogue no longer has makes none."""
    return [
        (each["reading"], each["value"])
        for each in row.scores or ()
        if each["reading"] and each["value"] is not None and kinds.find_measured(each["reading"])
    ]
