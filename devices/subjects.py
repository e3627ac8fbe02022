"""Whom a judgement is about: a person or a home, as one number that can be locked and queued."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A person or a home, by inner key."""

    about: str
    id: int

    @property
    def number(self) -> int:
        """One bigint for both: even for people, odd for homes."""
        return self.id * 2 + (self.about == "home")


def person(person_id: int) -> Subject:
    """The subject that is a person."""
    return Subject("person", person_id)


def home(home_id: int) -> Subject:
    """The subject that is a home."""
    return Subject("home", home_id)


def of_number(number: int) -> Subject:
    """The subject that `number` stands for."""
    return Subject("home" if number % 2 else "person", number // 2)
