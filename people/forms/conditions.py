"""When a question is asked, and when a sentence applies: a small tree over the answers given so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.documents import Part

Answers = Mapping[str, Any]
"""Answers by question key: text, a number, yes or no, an ISO date, an option's key, or a list of those."""


@dataclass(frozen=True, slots=True)
class Answered:
    """That there is an answer."""

    question: str


@dataclass(frozen=True, slots=True)
class Equals:
    """That the answer is this; of several chosen options, that this is among them."""

    question: str
    value: str | bool | float


@dataclass(frozen=True, slots=True)
class AtLeast:
    """That the answer is a number not below this."""

    question: str
    value: float


@dataclass(frozen=True, slots=True)
class AllOf:
    """That all of these hold."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """That one of these holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """That this does not hold."""

    part: "Condition"


Condition = Answered | Equals | AtLeast | AllOf | AnyOf | Not

KINDS = ("answered", "equals", "at_least", "all", "any", "not")


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether it holds for `answers`; nothing but `not` and `all` of nothing holds for no answer."""
    match condition:
        case Answered(question):
            return question in answers
        case Equals(question, value):
            given = answers.get(question)
            return value in given if isinstance(given, list) else _same(given, value)
        case AtLeast(question, value):
            number = answers.get(question)
            return isinstance(number, int | float) and not isinstance(number, bool) and number >= value
        case AllOf(parts):
            return all(holds(part, answers) for part in parts)
        case AnyOf(parts):
            return any(holds(part, answers) for part in parts)
        case Not(part):
            return not holds(part, answers)


def questions_of(condition: Condition) -> frozenset[str]:
    """The keys of the questions that it looks at."""
    match condition:
        case Answered(question) | Equals(question, _) | AtLeast(question, _):
            return frozenset({question})
        case AllOf(parts) | AnyOf(parts):
            return frozenset().union(*(questions_of(part) for part in parts))
        case Not(part):
            return questions_of(part)


def read_condition(part: Part) -> Condition:
    """The condition that a document says: one of KINDS, with the question that it looks at."""
    found = [kind for kind in KINDS if kind in part.content]
    if len(found) != 1:
        part.fault(None, f"Say one of {', '.join(KINDS)} here.")
        return Answered("")
    kind = found[0]
    condition: Condition
    if kind == "not":
        condition = Not(read_condition(part.part("not")))
    elif kind in ("all", "any"):
        parts = tuple(read_condition(each) for each in part.parts(kind))
        condition = AllOf(parts) if kind == "all" else AnyOf(parts)
    elif kind == "answered":
        condition = Answered(part.key("answered"))
    elif kind == "at_least":
        condition = AtLeast(part.key("question"), part.number("at_least"))
    else:
        condition = Equals(part.key("question"), _value(part))
    part.no_more()
    return condition


def to_document(condition: Condition) -> dict[str, Any]:
    """The condition as a document says it, which a browser reads too; `read_condition` reads it back."""
    match condition:
        case Answered(question):
            return {"answered": question}
        case Equals(question, value):
            return {"question": question, "equals": value}
        case AtLeast(question, value):
            return {"question": question, "at_least": value}
        case AllOf(parts):
            return {"all": [to_document(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_document(part) for part in parts]}
        case Not(part):
            return {"not": to_document(part)}


def _value(part: Part) -> str | bool | float:
    value = part.raw("equals")
    if isinstance(value, str | bool | int | float) and value != "":
        return value
    part.fault("equals", "Give a text, a number, true or false.")
    return ""


def _same(given: object, value: str | bool | float) -> bool:
    """Equal, and of one sort: 1 is not yes."""
    return isinstance(given, bool) == isinstance(value, bool) and given == value
