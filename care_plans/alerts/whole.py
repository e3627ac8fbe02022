"""An alert with all that a page about it shows, and the same as somebody may see it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from care_plans.alerts import on_the_floor
from care_plans.alerts.events import What
from care_plans.alerts.ladder import Way
from care_plans.alerts.moves import Move
from care_plans.alerts.on_the_floor import Floor
from care_plans.alerts.workers import Worker
from care_plans.channel import Channel
from care_plans.models.alerts import Alert
from care_plans.models.calls import CallState
from care_plans.models.messages import MessageState
from care_plans.seen import showing
from care_plans.seen.showing import Shown
from care_plans.severity import Severity
from people.access import Extent, Viewer
from people.models.homes import Home
from people.models.people import ResponderCard


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, with the names of those in it; `agency_id` is of whoever did it, `team_id` whom it names."""

    at: datetime
    what: str
    by: str | None
    agency_id: int | None
    team: str | None
    team_id: int | None
    step: int | None
    severity: Severity | None
    words: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about the alert, and what came back."""

    uuid: UUID
    to: str
    channel: Channel
    state: MessageState
    subject: str
    queued_at: datetime
    sent_at: datetime | None
    attempts: int
    fault: str | None
    agency_id: int | None
    call: CallState | None = None
    centre: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of its ladder: whom it reaches, how to ring them, and whether it has begun, stands or is next.

    `at` is when it began or will begin; None for one that was passed over, and for those after the next,
    which begin `wait` seconds after it.
    """

    position: int
    words: str
    way: Way
    wait: int
    who: str
    telephone: str | None
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Near:
    """Family, a friend or a neighbour."""

    name: str
    relation: str | None
    telephone: str | None
    key_holder: bool
    minutes_away: int | None
    remarks: str | None


@dataclass(frozen=True, slots=True)
class About:
    """Somebody the alert is about: the essentials, the responder card (H11) and who is near."""

    person_uuid: UUID
    name: str
    date_of_birth: date
    telephone: str | None
    language: str | None
    interpreter_needed: bool
    communication_needs: str | None
    card: ResponderCard | None
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """An alert with all that the page about it shows; `unseen` is how many more people it is about.

    `shown` says how much of it that is: what is not shown is not in it. `warnings` are what whoever goes must
    know to be safe, shown to everybody who may be sent (H22). `worker` is whom it is about, of a worker's.
    """

    alert: Alert
    shown: Shown
    people: tuple[About, ...]
    unseen: int
    home: Home | None
    device: str | None
    owner: str | None
    owner_team: str | None
    handed_to: str | None
    closed_by: str | None
    plan_version: int | None
    events: tuple[Happened, ...]
    messages: tuple[Sent, ...]
    ladder: tuple[Rung, ...]
    evidence: tuple[tuple[str, datetime, float], ...]
    warnings: tuple[str, ...]
    allowed: frozenset[Move]
    worker: Worker | None

    @property
    def floor(self) -> Floor | None:
        """How long somebody may have lain after the fall it speaks of, as far as that is shown."""
        contacts = ((each.at, each.details.get("kind")) for each in self.events if each.what == What.CONTACT)
        return on_the_floor.time_of(self.alert.kind, self.alert.began_at, contacts, self.alert.cause)


def as_seen(found: Whole, how: Shown, viewer: Viewer) -> Whole:
    """The same without what is not shown; what may be done with it stays as it is."""
    who = found.people[0].name if found.alert.person_id is not None and found.people else None
    seen = showing.as_seen(found.alert, how, who)
    return replace(
        found,
        alert=seen,
        shown=how,
        device=found.device if how.full else None,
        plan_version=found.plan_version if how.full and how.plan else None,
        events=tuple(_event_as_seen(each, how, viewer) for each in found.events),
        messages=tuple(_sent_as_seen(each, how, viewer) for each in found.messages),
        evidence=found.evidence if how.full else (),
    )


def _event_as_seen(event: Happened, how: Shown, viewer: Viewer) -> Happened:
    own = event.agency_id == viewer.agency_id or event.team_id in viewer.team_ids
    words = showing.words_shown(event.what, how, own=own)
    return replace(
        event,
        words=event.words if words else "",
        details=showing.details_shown(event.details, words=words and (how.full or own)),
    )


def _sent_as_seen(each: Sent, how: Shown, viewer: Viewer) -> Sent:
    hidden = how.extent is Extent.CHECK and each.agency_id != viewer.agency_id
    return replace(each, subject="About this alert") if hidden else each
