"""What is asked about capacity, best interests, attorneys and agreements to kit that watches."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.web import essentials
from app.web.asking import Ask, Part, Sheet, choices
from app.web.words import initial_capital
from people.authority import WORDS as HELD_AS
from people.models.authority import (
    AgreedBy,
    Authority,
    AuthorityKind,
    BestInterests,
    Capacity,
    CapacityAssessment,
)
from people.models.people import Person
from people.watching import RESTRICTIVE, WORDS, Watched

OUTCOMES = {
    Capacity.HAS: "Can make this decision",
    Capacity.LACKS: "Can’t make this decision, even with support",
    Capacity.FLUCTUATES: "Sometimes can: it changes",
    Capacity.NOT_SETTLED: "Not settled: more support or another look first",
}
AGREED_BY = {
    AgreedBy.PERSON: "The person themself",
    AgreedBy.BEST_INTERESTS: "A best-interests decision",
    AgreedBy.REPRESENTATIVE: "A verified attorney or deputy",
}


AGAINST = Ask(
    "objections", "What was said against it, by whom", "words", "Write “none” if nobody objected.", rows=2
)


def path_of(person: Person) -> str:
    """The page about who decides for somebody."""
    return f"/people/{person.uuid}/authority"


def capacity(person: Person) -> Sheet:
    """An assessment of one decision."""
    return _sheet(
        person,
        "Record a capacity assessment",
        "capacity",
        (
            Part(
                "",
                (
                    Ask("decision", "Which decision", hint="One: “whether door sensors are put in”."),
                    Ask("assessed_on", "When", "date"),
                    Ask("assessed_by", "By whom", hint="Name and role."),
                    Ask("support", "What helped them to decide for themselves", "words",
                        "Time of day, pictures, an interpreter, somebody they trust."),
                    Ask("outcome", "What was found", "radio", choices=choices(Capacity, OUTCOMES)),
                    Ask("reasons", "Why, in your words", "words"),
                    Ask("review_on", "Look again on (optional)", "date"),
                ),
            ),
        ),
        "Record the assessment",
        lead=("Words and structure only: Hearthline applies no legal test. You do.",),
    )  # fmt: skip


def best_interests(person: Person, found: tuple[CapacityAssessment, ...]) -> Sheet:
    """A decision made for somebody who could not make it."""
    known = [(str(each.uuid), f"{each.decision}, {each.assessed_on:%-d %B %Y}") for each in found]
    rests_on = (("", "Choose"), *known)
    return _sheet(
        person,
        "Record a best-interests decision",
        "best-interests",
        (
            Part(
                "",
                (
                    Ask("assessment_id", "Which assessment it rests on", "pick", choices=rests_on),
                    Ask("decision", "Which decision"),
                ),
            ),
            Part(
                "What was weighed",
                (
                    Ask("asked", "Who was asked, and what they said", "words"),
                    Ask("wishes", "What the person wishes, feels and values", "words"),
                    Ask("options", "Which options were considered", "words"),
                    Ask("less_intrusive", "Which less intrusive ones, and why not", "words"),
                    AGAINST,
                ),
            ),
            Part(
                "What was decided",
                (
                    Ask("decided", "The decision", "words"),
                    Ask("decided_by", "Who decided", hint="Name and role."),
                    Ask("decided_on", "When", "date"),
                    Ask("review_on", "Review on", "date"),
                ),
            ),
        ),
        "Record the decision",
    )  # fmt: skip


def attorney(person: Person) -> Sheet:
    """Somebody who may decide for the person."""
    kinds = choices(AuthorityKind, _capitals(HELD_AS), "Choose")
    return _sheet(
        person,
        "Record an attorney, deputy or appointee",
        "attorneys",
        (
            Part(
                "Who",
                (
                    Ask("kind", "As what", "pick", choices=kinds),
                    Ask("name", "Name"),
                    Ask("relation", "Relation (optional)"),
                    Ask("telephone", "Telephone (optional)"),
                ),
            ),
            Part(
                "The document",
                (
                    Ask("registered", "It is registered", "tick"),
                    Ask("reference", "Reference (optional)"),
                    Ask("limits", "Limits or instructions in it (optional)", "words", rows=2),
                    Ask("kept_where", "Where the document is (optional)"),
                    Ask("begins_on", "From (optional)", "date"),
                    Ask("ends_on", "Until (optional)", "date"),
                ),
            ),
            Part(
                "Verified",
                (
                    Ask("verified_on", "When you verified it", "date"),
                    Ask("verified_how", "How", hint="What you looked at, or who confirmed it."),
                ),
                "Until it is verified it is on record and counts for nothing.",
            ),
        ),
        "Record who it is",
    )  # fmt: skip


def agreement(person: Person, decisions: tuple[BestInterests, ...], held: tuple[Authority, ...]) -> Sheet:
    """An agreement to one sort of kit that watches."""
    restricts = " and ".join(WORDS[each] for each in Watched if each in RESTRICTIVE)
    rests = tuple((str(each.uuid), f"{each.decision}, {each.decided_on:%-d %B %Y}") for each in decisions)
    others = tuple((str(each.uuid), f"{each.name}, {HELD_AS[each.kind]}") for each in held)
    basis = [Ask("agreed_by", "Who agrees", "radio", choices=choices(AgreedBy, AGREED_BY))]
    if rests:
        basis.append(Ask("best_interests_id", "Which decision", "pick", choices=(("", "None"), *rests)))
    if others:
        basis.append(Ask("authority_id", "Which attorney or deputy", "pick", choices=(("", "None"), *others)))
    return _sheet(
        person,
        "Record a monitoring agreement",
        "agreements",
        (
            Part(
                "What watches",
                (
                    Ask("watched", "Sort of kit", "radio", choices=choices(Watched, _capitals(WORDS))),
                    Ask("why", "What it is for", "words", rows=2),
                ),
            ),
            Part("On whose word", tuple(basis), _rests(rests, others)),
            Part(
                "What was weighed",
                (
                    Ask("said", "What they said of it", "words", "Their own words, where they can be had."),
                    Ask("less_intrusive", "Which less intrusive ways, and why not those", "words"),
                    AGAINST,
                    Ask("agreed_on", "Agreed on (today if left empty)", "date"),
                    Ask("review_on", "Review on", "date"),
                ),
            ),
            Part(
                "If it could restrict them",
                (
                    Ask("reviewed_by", "Reviewed in social care by"),
                    Ask("reviewed_on", "Reviewed on", "date"),
                    Ask("expires_on", "Runs out on", "date", "Within a year. That kit ends then."),
                ),
                f"Needed for {restricts}; leave it empty for the rest.",
            ),
        ),
        "Record the agreement",
        lead=(
            "One agreement for each sort of kit and each person: everybody in the home has their own. "
            "They can end it at any time.",
        ),
    )  # fmt: skip


def stop(person: Person, action: str, watched: Watched) -> Sheet:
    """Stopping one sort of watching."""
    return _sheet(
        person,
        f"Stop watching: {WORDS[watched]}",
        action,
        (Part("", (Ask("said_by", "Who wants it to stop"), Ask("why", "What they said", "words", rows=2))),),
        "Stop watching",
        lead=(
            "From now on what this kit measures is nobody’s: it is not shown and not judged. What it "
            "measured until now stays. Pendants, smoke and gas alarms go on. Whoever leads the care is asked "
            "to look at the plan.",
        ),
    )


def verify(person: Person, action: str, held: Authority) -> Sheet:
    """Saying that a document was looked at."""
    how = (Ask("how", "How you verified it", hint="What you looked at, or who confirmed it."),)
    return _sheet(person, f"Verify: {held.name}", action, (Part("", how),), "Verified today")


def withdraw(person: Person, action: str, what: str) -> Sheet:
    """Saying that something counts no more."""
    why = (Ask("why", "Why it counts no more", "words", rows=2),)
    lead = ("It stays on record, marked as withdrawn. Agreements that rest on it fall due for review today.",)
    return _sheet(person, f"Withdraw: {what}", action, (Part("", why),), "Withdraw it", lead=lead)


def next_month(today: date, months: int) -> str:
    """A day some months on, as a date field holds it: what review dates begin with."""
    month = today.month - 1 + months
    return date(today.year + month // 12, month % 12 + 1, min(today.day, 28)).isoformat()


def _rests(rests: tuple[tuple[str, str], ...], others: tuple[tuple[str, str], ...]) -> str | None:
    if rests and others:
        return None
    lacking = [] if rests else ["a best-interests decision"]
    lacking += [] if others else ["an attorney or deputy who is verified"]
    return f"To rest it on {' or '.join(lacking)}, record that first."


def _capitals(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): initial_capital(text) for key, text in words.items()}


def _sheet(
    person: Person, title: str, action: str, parts: tuple[Part, ...], send: str, lead: tuple[str, ...] = ()
) -> Sheet:
    return Sheet(
        title=title,
        action=f"{path_of(person)}/{action}",
        back_href=path_of(person),
        back_words="Capacity and agreements",
        parts=parts,
        send=send,
        lead=lead,
        about=f"For {essentials.name_of(person)}",
    )
