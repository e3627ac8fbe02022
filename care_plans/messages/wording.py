"""What messages say: enough to act on, and no more of a person than a mailbox may hold.

A message names a person by initials and area, says how bad it is, since when and why it comes to this reader,
and leads to the page where the rest is. Values, diagnoses and names stay there.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from care_plans.severity import Class, Severity
from core.zones import UK

_CLASSES = {
    Class.LIFE_SAFETY: "life-safety",
    Class.CLINICAL: "clinical",
    Class.HOME_SOCIAL: "home and social",
    Class.TECHNICAL: "kit",
}
MAY_BE_TEST = "It may be a test: somebody was at work on kit there."
NO_REPLY = "Replying to this message does nothing."
_LATE = 600  # seconds between the event and its arrival from which a message says both


@dataclass(frozen=True, slots=True)
class About:
    """Whom a message is about, as far as a message may say: initials, area, and the time zone there."""

    initials: str
    area: str | None
    zone: str

    @property
    def words(self) -> str:
        """For example "A.M., Westmere"."""
        return f"{self.initials}, {self.area}" if self.area else self.initials


@dataclass(frozen=True, slots=True)
class Words:
    """A subject line and a text."""

    subject: str
    body: str


def initials(*names: str) -> str:
    """For example "A.M."; a name of no letters is left out."""
    return "".join(f"{name[0].upper()}." for name in names if name[:1].isalpha())


def local(at: datetime, zone: str) -> str:
    """For example "Sunday 22 November, 07:44"."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%A} {there.day} {there:%B}, {there:%H:%M}"


def headline(severity: Severity, class_: Class | None, about: About) -> str:
    """For example "Red alert, clinical, for A.M., Westmere"; without its class to whom that is not shared."""
    if class_ is None:
        return f"{severity.value.capitalize()} alert: check on {about.words}"
    return f"{severity.value.capitalize()} alert, {_CLASSES[class_]}, for {about.words}"


def alert(
    severity: Severity,
    class_: Class | None,
    about: About,
    *,
    why: str,
    began_at: datetime,
    reached_at: datetime,
    unconfirmed: bool = False,
    may_be_test: bool = False,
    copy: str | None = None,
) -> Words:
    """Words that ask somebody to look at an alert; `why` says in a sentence why it comes to them.

    `class_` is None for whoever is shown no more than that somebody should check on the person. `copy` says
    who was called besides, where it is a copy of a call.
    """
    lines = [f"{headline(severity, class_, about)}."]
    began = f"It began {local(began_at, about.zone)}"
    if (reached_at - began_at).total_seconds() >= _LATE:
        began += f" and reached us {local(reached_at, about.zone)}"
    lines.append(f"{began}.")
    if unconfirmed:
        lines.append(
            "Not confirmed: it comes from a state that was sent again, or from their own kit that nobody has "
            "checked."
        )
    if may_be_test:
        lines.append(f"{MAY_BE_TEST} Take it as real until you know.")
    if copy is not None:
        lines.append(copy)
    lines.append(why)
    lines.append(f"Open Hearthline to see it and to say that you have it. {NO_REPLY}")
    return Words(headline(severity, class_, about), "\n".join(lines))


def over(severity: Severity, class_: Class | None, about: About, *, closed_at: datetime) -> Words:
    """Words that end what `alert` began: nobody needs to do anything more."""
    subject = f"Over: {headline(severity, class_, about)}"
    closed = f"It was closed {local(closed_at, about.zone)}."
    return Words(
        subject, f"{subject}.\n{closed}\nYou were told of it: nothing is left for you to do. {NO_REPLY}"
    )


def spoken(
    severity: Severity,
    class_: Class | None,
    about: About,
    *,
    why: str,
    began_at: datetime,
    ask: str,
    may_be_test: bool = False,
    copy: str | None = None,
) -> Words:
    """Words to be heard: the same as are read, in the order that somebody woken by them needs."""
    subject = headline(severity, class_, about)
    began = f"It began {local(began_at, about.zone)}"
    test = f" {MAY_BE_TEST}" if may_be_test else ""
    copied = f" {copy}" if copy else ""
    return Words(subject, f"This is Hearthline. {subject}. {began}.{test}{copied} {why} {ask}")


def restricted(why: str, *, due_at: datetime, zone: str) -> Words:
    """Words of which nobody but a team may learn: that something waits, and why now ("new", "overdue")."""
    subject = f"Something waits for your team only: {why}"
    return Words(subject, f"{subject}, due {local(due_at, zone)}.\nSee Concerns in Hearthline. {NO_REPLY}")


def follow_up(kind: str, about: About, *, why: str, due_at: datetime) -> Words:
    """Words that ask somebody to look at a follow-up: its kind ("call"), and why now ("missed")."""
    what = f"{kind.capitalize()} for {about.words}"
    return Words(
        f"{what}: {why}",
        f"{what}, due {local(due_at, about.zone)}: {why}.\nOpen Hearthline to see it. {NO_REPLY}",
    )


def referral(kind: str, about: About | None, *, why: str, answer_by: datetime | None = None) -> Words:
    """Words about a referral: its kind ("Transfer of the lead"), why now, and by when an answer is needed.

    `about` is None for somebody who asks for help and is in no record yet: then nothing of them is said.
    """
    what = f"{kind} for {about.words}" if about else kind
    until = f" Please answer by {local(answer_by, about.zone if about else UK)}." if answer_by else ""
    return Words(
        f"{what}: {why}", f"{what}: {why}.{until}\nOpen Hearthline to see it and to answer. {NO_REPLY}"
    )
