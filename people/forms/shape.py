"""What a form is made of: sections of questions, scores, sentences for whoever reads it, and its source."""

from dataclasses import dataclass
from enum import StrEnum

from people.access import RecordClass
from people.forms.conditions import Condition


class QuestionKind(StrEnum):
    """What sort of answer a question wants."""

    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    SCALE = "scale"
    TEXT = "text"
    YES_NO = "yes_no"
    DATE = "date"


class Better(StrEnum):
    """Which way a score gets better, where its source says so."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the questions or their scoring come from."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice; `score` is what it counts."""

    key: str
    text: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `lowest` and `highest` bound a number (both may be missing) and a scale (both are there).

    `needed` means that the form can't be completed without it. `about_me` is the heading of About Me that
    its answer is put under. `ask_if` looks only at questions before it.
    """

    key: str
    kind: QuestionKind
    text: str
    hint: str | None = None
    needed: bool = False
    ask_if: Condition | None = None
    options: tuple[Option, ...] = ()
    unit: str | None = None
    lowest: float | None = None
    highest: float | None = None
    lowest_words: str | None = None
    highest_words: str | None = None
    about_me: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together."""

    title: str
    words: str | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What a score from `lowest` to `highest`, both inside, is called by its source."""

    lowest: float
    highest: float
    name: str


@dataclass(frozen=True, slots=True)
class Score:
    """What some answers add up to; `reading` is the kind of reading it becomes, if any.

    Without all of its questions answered there is no score.
    """

    key: str
    name: str
    questions: tuple[str, ...]
    lowest: float
    highest: float
    better: Better | None
    bands: tuple[Band, ...]
    reading: str | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence for whoever reads the answers, where they ask for it; it decides nothing by itself."""

    when: Condition
    words: str


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a questionnaire. `pathways` are those that it is meant for; none means everybody.

    `licence`, `scoring` and `missing` say in words who may use the questions, how they are scored, and what a
    missing answer does. `by_person` says that the person may fill it in by themselves, on their own page.
    """

    code: str
    version: int
    title: str
    about: str
    minutes: int
    record_class: RecordClass
    sources: tuple[Source, ...]
    licence: str
    scoring: str
    missing: str
    pathways: tuple[str, ...]
    sections: tuple[Section, ...]
    scores: tuple[Score, ...]
    prompts: tuple[Prompt, ...]
    by_person: bool = False

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of asking."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def readings(self) -> frozenset[str]:
        """The kinds of reading that its scores become."""
        return frozenset(score.reading for score in self.scores if score.reading)
