"""Whom a judgement is about: a person or a home, as one number that can be locked and queued.

An alert can also be about a visit, which nothing judges.
"""

from typing import NamedTuple


class Subject(NamedTuple):
    """A person, a home or a visit, by inner key; judging looks things up by it a hundred times for each."""

    about: str
    id: int

    @property
    def number(self) -> int:
        """One bigint for all: even for people, odd for homes, below zero for visits."""
        if self.about == "visit":
            return -self.id
        return self.id * 2 + (self.about == "home")


def person(person_id: int) -> Subject:
    """The subject that is a person."""
    return Subject("person", person_id)


def home(home_id: int) -> Subject:
    """The subject that is a home."""
    return Subject("home", home_id)


def visit(visit_id: int) -> Subject:
    """The subject that is a visit."""
    return Subject("visit", visit_id)


def of_number(number: int) -> Subject:
    """The subject that `number` stands for."""
    if number < 0:
        return Subject("visit", -number)
    return Subject("home" if number % 2 else "person", number // 2)
