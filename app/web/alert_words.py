"""What alerts are called on pages: classes, causes, moves, and what happened to them."""

from collections.abc import Mapping

from app.web.essentials import sentences
from care_plans.alerts.events import What
from care_plans.alerts.whole import Happened
from care_plans.models.alerts import Cause, ContactKind, Outcome
from care_plans.seen.showing import Shown, class_shown
from care_plans.severity import Class, Severity

CLASSES: Mapping[Class, str] = {
    Class.LIFE_SAFETY: "Life-safety",
    Class.CLINICAL: "Clinical",
    Class.HOME_SOCIAL: "Home",
    Class.TECHNICAL: "Technical",
}
CONTACTS: Mapping[ContactKind, str] = {
    ContactKind.SPOKE_TO: "Spoke to them",
    ContactKind.SAW: "Saw them",
    ContactKind.WITH_THEM_NOW: "With them now",
}
NO_ANSWER = "no_answer"
HOW: Mapping[str, str] = {
    **{kind.value: words for kind, words in CONTACTS.items()},
    NO_ANSWER: "No answer: the ladder goes on",
}
CAUSES: Mapping[Cause, str] = {
    Cause.TRUE_ACTED: "It was so, and something was done",
    Cause.TRUE_NO_ACTION: "It was so, and nothing had to be done",
    Cause.FALSE_KIT: "Not so: the kit was wrong",
    Cause.FALSE_THRESHOLD: "Not so: the limit does not fit the person",
    Cause.FALSE_USER: "Not so: the kit was used by somebody else, or in another way",
    Cause.DUPLICATE: "The same as another alert",
    Cause.TEST: "A test",
}
ACTIONS: tuple[str, ...] = (
    "Rang and gave advice",
    "Visited",
    "Asked somebody else to ring or visit",
    "Passed to the GP",
    "Passed to the community nurse",
    "Emergency services called",
    "Kit mended or replaced",
    "Limit in the plan to be adjusted",
    "Home made warm or safe",
    "Nothing had to be done",
)
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SETTLED_AT_HOME: "Settled at home",
    Outcome.ADVICE_GIVEN: "Advice given",
    Outcome.TREATMENT_CHANGED: "Treatment changed",
    Outcome.VISIT_MADE: "Visit made",
    Outcome.URGENT_COMMUNITY_RESPONSE: "Urgent community response",
    Outcome.EMERGENCY_SERVICES: "Emergency services",
    Outcome.ADMITTED: "Admitted to hospital",
    Outcome.HOME_MADE_SAFE: "Home made safe",
    Outcome.KIT_MENDED: "Kit mended",
    Outcome.NONE: "Nothing more",
}
HAPPENED: Mapping[str, str] = {
    What.RAISED: "Raised",
    What.WORSE: "Worse",
    What.CONFIRMED: "Confirmed",
    What.REOPENED: "Back again",
    What.CLEARED: "Well again",
    What.STEP: "Ladder",
    What.REMINDED: "Reminded",
    What.ACKNOWLEDGED: "Seen",
    What.SEEN_ENDED: "Nobody looked again; the ladder goes on",
    What.CONTACT: "Contact made",
    What.GOING: "On the way",
    What.NOT_ARRIVED: "No arrival was confirmed; the ladder goes on",
    What.ASSIGNED: "Assigned",
    What.COMMENTED: "Comment",
    What.SHELVED: "Shelved",
    What.SHELF_ENDED: "Back from the shelf",
    What.HANDED_OVER: "Handed over",
    What.ACCEPTED: "Accepted",
    What.DECLINED: "Declined",
    What.NOT_ACCEPTED: "Not accepted in time; it stays",
    What.EMERGENCY: "Emergency services called",
    What.MESSAGE_FAILED: "A message did not arrive",
    What.CALL_ANSWERED: "The telephone was answered",
    What.CALL_UNANSWERED: "The telephone was not answered",
    What.CLOSED: "Closed",
}


def class_words(class_: Class, how: Shown) -> str:
    """What an alert's class is called; "Check" where its class is not shown."""
    told = class_shown(class_, how)
    return CLASSES[told] if told is not None else "Check"


def shown_severity(severity: Severity, class_: Class | None) -> str:
    """The severity as pages show it: what only concerns kit stands apart as "kit", where that is shown."""
    return "kit" if class_ is Class.TECHNICAL and severity is Severity.WATCH else severity.value


def parted(words: str) -> tuple[str, str]:
    """A finding's first words, printed bold, and the rest of it."""
    head, _, rest = words.partition(", ")
    return head, rest


def happened(event: Happened) -> str:
    """What an event says beyond its name: "Step 2. Community nurses.", "Spoke to them. She is better."."""
    team = event.team if event.team and event.team not in event.words else None
    return sentences(_of_details(event), team, event.words)


def _of_details(event: Happened) -> str:
    kind = event.details.get("kind")
    if event.what == What.CONTACT and kind is not None:
        return CONTACTS[ContactKind(kind)]
    if event.what == What.STEP and event.step is not None:
        again = " again" if event.details.get("repeats") else ""
        return f"Step {event.step}{again}"
    return ""
