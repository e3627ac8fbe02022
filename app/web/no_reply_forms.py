"""The form of what is done when somebody does not answer: for a person and for a team's calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import context
from care_plans.reached import Found
from care_plans.ringing import procedure
from care_plans.ringing.procedure import Act, ProcedureStep, Terms
from core.errors import Invalid, NotFound
from people import teams
from people.faults import LINE, words
from people.models.agencies import Team

ACTS: Mapping[Act, tuple[str, str]] = {
    Act.KEY_HOLDER: ("Ring whoever holds a key", "The team that rang does it, unless you choose another."),
    Act.ASK_OTHERS: (
        "Ask other teams and family whether they know where they are",
        "The team that rang does it, unless you choose another.",
    ),
    Act.VISIT: (
        "Somebody goes and sees",
        "Responders in their care, else community nurses, unless you choose.",
    ),
    Act.WELFARE_CHECK: (
        "Decide about a welfare check by the police",
        "Whoever is there round the clock. A named person rings 101 or 999: Hearthline never does.",
    ),
}
"""What each step is called, and who has it unless a team is chosen."""
ENDED: Mapping[Found, str] = {
    Found.SPOKEN_TO: "Spoken to",
    Found.SEEN: "Seen",
    Found.HOSPITAL: "In hospital",
    Found.AWAY: "Away from home",
    Found.DIED: "Had died",
    Found.DUPLICATE: "Looked for under their other record",
}
SHORT: Mapping[Act, str] = {
    Act.KEY_HOLDER: "key holder",
    Act.ASK_OTHERS: "others",
    Act.VISIT: "visit",
    Act.WELFARE_CHECK: "welfare check",
}
NUMBERS = ("attempts", "apart_minutes", "within_minutes")
KEEP = (Act.VISIT, Act.WELFARE_CHECK)


@dataclass(frozen=True, slots=True)
class StepFields:
    """One step of the form: see no_reply.html."""

    key: str
    words: str
    hint: str
    short: str
    may_be_left_out: bool


def fields() -> tuple[StepFields, ...]:
    """The steps in the order of the form."""
    return tuple(StepFields(act.value, *ACTS[act], SHORT[act], act not in KEEP) for act in Act)


def names() -> tuple[str, ...]:
    """Every field of the form."""
    return (*NUMBERS, *(f"{what}_{act}" for act in Act for what in ("minutes", "team", "note")))


def begin(terms: Terms) -> dict[str, str]:
    """What the form begins with."""
    document = procedure.to_document(terms)
    found = {name: str(document[name]) for name in NUMBERS}
    known = {team.id: team.uuid for team, _agency in _teams()}
    for step in terms.steps:
        found[f"minutes_{step.act}"] = str(step.minutes)
        found[f"team_{step.act}"] = str(known.get(step.team or 0, ""))
        found[f"note_{step.act}"] = step.words
    return found


def choices() -> list[tuple[str, str]]:
    """Whose a step can be."""
    named = [(str(team.uuid), f"{team.name}, {agency}") for team, agency in _teams()]
    return [("", "As usual"), *sorted(named, key=lambda each: each[1])]


def read(before: Terms, given: Mapping[str, str]) -> dict[str, Any]:
    """The document that what was typed says, in the order in which the steps stood before."""
    document: dict[str, Any] = {name: _whole(given[name]) for name in NUMBERS}
    steps = []
    faults: dict[str, str] = {}
    for act in _order(before):
        if not given[f"minutes_{act}"]:
            continue
        step: dict[str, Any] = {"act": act.value, "minutes": _whole(given[f"minutes_{act}"])}
        try:
            if given[f"team_{act}"]:
                step["team"] = teams.get(context.session(), UUID(given[f"team_{act}"]))[0].id
        except (ValueError, NotFound):
            faults[f"team_{act}"] = "Choose one of these teams."
        try:
            if given[f"note_{act}"]:
                step["words"] = words(LINE)(given[f"note_{act}"])
        except Invalid as refused:
            faults[f"note_{act}"] = next(iter(refused.fields.values()))
        steps.append(step)
    if faults:
        raise Invalid(faults)
    document["steps"] = steps
    return document


def named(before: Terms, given: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form for the places of the document."""
    found = {"steps": f"minutes_{Act.VISIT}"}
    kept = [act for act in _order(before) if given[f"minutes_{act}"]]
    for place, act in enumerate(kept):
        for name, what in (("minutes", "minutes"), ("team", "team"), ("words", "note")):
            found[f"steps.{place}.{name}"] = f"{what}_{act}"
    return found


def _order(before: Terms) -> list[Act]:
    """As they stood before; what was left out then comes first, so that the decision stays the last."""
    acts = [step.act for step in before.steps]
    return [*(act for act in Act if act not in acts), *acts]


def lines(terms: Terms) -> tuple[tuple[str, str, str], ...]:
    """The steps as they are read: what, whose and how long, what to know."""
    known = {team.id: f"{team.name}, {agency}" for team, agency in _teams()}
    return tuple((ACTS[step.act][0], _whose(step, known), step.words) for step in terms.steps)


def _whose(step: ProcedureStep, known: Mapping[int, str]) -> str:
    whose = known.get(step.team or 0)
    return f"{whose}, {step.minutes} min" if whose else f"{step.minutes} min"


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _teams() -> list[tuple[Team, str]]:
    return [(team, agency.name) for team, agency in context.session().execute(teams.listing())]
