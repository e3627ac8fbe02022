"""What is asked about a safeguarding concern, and how one is shown."""

from dataclasses import dataclass
from datetime import datetime

from app.web import essentials
from app.web.asking import Ask, Part, Sheet, choices
from app.web.forms import Form
from people.concerns import Held
from people.models.concerns import Concern, Enquiry, Knows, Met
from people.models.people import Person

KNOWS = {
    Knows.YES: "Yes, we spoke about it",
    Knows.NO: "No",
    Knows.UNSAFE: "It was not safe to ask",
}
ENQUIRY = {
    Enquiry.BEGUN: "Begin an enquiry",
    Enquiry.NOT_BEGUN: "No enquiry",
}
MET = {
    Met.FULLY: "Yes",
    Met.PARTLY: "Partly",
    Met.NOT: "No",
    Met.NOT_SAID: "They did not say what they wished",
}


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern in a list: see concerns.html."""

    uuid: object
    subject: str
    raised_at: datetime
    raised_by: str
    team: str
    state: str
    due_at: datetime | None
    open: bool


def row(found: Held) -> ConcernRow:
    """One of a list."""
    concern = found.concern
    state, due = "Closed", None
    if concern.closed_at is None:
        if concern.read_at is None:
            state, due = "To be read", concern.read_by
        elif concern.enquiry is None:
            state, due = "To be decided", concern.decide_by
        else:
            state = "Enquiry begun" if concern.enquiry is Enquiry.BEGUN else "No enquiry: to be closed"
    return ConcernRow(
        concern.uuid, essentials.name_of(found.person), concern.raised_at,
        f"{found.raised_by}, {found.raised_for}", found.team.name, state, due, concern.closed_at is None,
    )  # fmt: skip


def said(found: Held) -> tuple[tuple[str, str], ...]:
    """What was said when it was raised."""
    concern = found.concern
    told = [
        ("The worry", concern.worry),
        ("What they wish", concern.wishes),
        ("They know", KNOWS[concern.knows]),
    ]
    if concern.danger:
        told.insert(1, ("Danger now", concern.danger_done or ""))
    return tuple(told)


def facts(concern: Concern) -> tuple[tuple[str, str], ...]:
    """What its team has found and decided."""
    told = [
        ("Enquiry", f"{ENQUIRY[concern.enquiry]}: {concern.enquiry_why}" if concern.enquiry else None),
        ("Safety plan", concern.safety_plan),
        ("What came of it", concern.outcome),
        ("Their wishes came about", MET[concern.wishes_met] if concern.wishes_met else None),
    ]
    return tuple((name, words) for name, words in told if words)


def moves(concern: Concern) -> tuple[str, ...]:
    """What its team may do with it as it stands."""
    if concern.closed_at is not None:
        return ()
    if concern.read_at is None:
        return ("read", "safety-plan")
    return ("enquiry" if concern.enquiry is None else "close", "safety-plan")


def raising(person: Person, back_href: str, back_words: str) -> Sheet:
    """The form to raise one."""
    first = essentials.first_name(person)
    return Sheet(
        title="Raise a concern",
        action=f"{back_href}/concern",
        back_href=back_href,
        back_words=back_words,
        about=f"About {essentials.name_of(person)}",
        lead=(
            "If somebody is in danger now, ring 999 first.",
            "This goes to the safeguarding team only. Nobody else sees that it is there: not the care team, "
            f"not {first}’s family, not {first}’s own page.",
        ),
        parts=(
            Part(
                "",
                (
                    Ask("worry", "What worries you?", "words",
                        "What you saw or heard, and when. You need not be sure.", rows=5),
                    Ask("danger", "Is anybody in danger now?", "radio",
                        choices=(("no", "No"), ("yes", "Yes"))),
                    Ask("danger_done", "If yes: what have you done to keep them safe?", "words", rows=2),
                    Ask("wishes", f"What does {first} want to happen?", "words",
                        "In their words. If you could not ask, say so and why.", rows=2),
                    Ask("knows", f"Does {first} know that you raise this?", "radio",
                        choices=choices(Knows, KNOWS)),
                ),
            ),
        ),
        send="Send to the safeguarding team",
    )  # fmt: skip


def deciding(concern: Concern) -> Sheet:
    """The form to decide about an enquiry."""
    return _sheet(
        concern, "Decide about an enquiry", "enquiry", "Decide",
        Ask("enquiry", "Decision", "radio", "Care Act 2014, section 42.", choices(Enquiry, ENQUIRY)),
        Ask("why", "Why", "words"),
    )  # fmt: skip


def planning(concern: Concern) -> Sheet:
    """The form of the safety plan."""
    return _sheet(
        concern, "Safety plan", "safety-plan", "Write it",
        Ask("safety_plan", "What keeps them safe, who does it, and by when", "words", rows=6),
    )  # fmt: skip


def begun(concern: Concern) -> Form:
    """How the safety plan stands."""
    return Form({"safety_plan": concern.safety_plan or ""})


def closing(concern: Concern) -> Sheet:
    """The form to close it."""
    return _sheet(
        concern, "Close", "close", "Close it",
        Ask("outcome", "What came of it", "words"),
        Ask("wishes_met", "Did what they wished come about?", "radio", choices=choices(Met, MET)),
    )  # fmt: skip


def _sheet(concern: Concern, title: str, move: str, send: str, *asks: Ask) -> Sheet:
    return Sheet(
        title=title,
        action=f"/concerns/{concern.uuid}/{move}",
        back_href=f"/concerns/{concern.uuid}",
        back_words="The concern",
        parts=(Part("", asks),),
        send=send,
        section="concerns",
    )
