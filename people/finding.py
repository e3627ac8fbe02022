"""Finds people in sight by whatever was typed into one box: names, a date of birth, a street, a number."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.errors import Invalid
from people import people
from people.access import Viewer
from people.models.homes import Home, Residency
from people.models.people import Person

DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")
LONGEST = 200


def search(session: Session, viewer: Viewer, text: str, now: datetime) -> Select[Person]:
    """Who in sight fits `text`; nothing typed fits everybody. No order.

    An NHS number, a telephone number or a date of birth is taken for that; of anything else each word must
    begin a name, or stand in the address where they live at `now`.
    """
    text = text.strip()[:LONGEST].replace("\0", "")
    numbers: tuple[Callable[[], Select[Person]], ...] = (
        lambda: people.by_nhs_number(session, viewer, text, now),
        lambda: people.by_telephone(session, viewer, text, now),
    )
    for read in numbers:
        try:
            return read()
        except Invalid:
            continue  # it was not meant as one
    everybody = people.listing(viewer, now)
    born = _date(text)
    if born is not None:
        return everybody.where(Person.date_of_birth == born)
    for word in text.lower().split():
        everybody = everybody.where(or_(people.called(word), _lives_at(word, now)))
    return everybody


def _date(text: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _lives_at(word: str, now: datetime) -> ColumnElement[bool]:
    address = func.lower(func.concat_ws(" ", Home.address_line, Home.locality, Home.postcode))
    return exists(
        select(Residency.id)
        .join(Home, Home.id == Residency.home_id)
        .where(Residency.person_id == Person.id, Residency.period.contains(now))
        .where(address.contains(word, autoescape=True))
    )
