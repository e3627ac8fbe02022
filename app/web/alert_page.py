"""What the page of one alert tells beyond the part beside the board: rule, events, messages, its end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import call_words
from app.web.alert_charts import rule_of
from app.web.alert_words import CAUSES, OUTCOMES
from app.web.charts import TableRow, limits_of, said
from app.web.words import clock, initial_capital
from care_plans.alerts.deadlines import standing
from care_plans.alerts.events import What
from care_plans.alerts.whole import About, Sent, Whole
from care_plans.evaluating import nobodys
from care_plans.judging import describing
from care_plans.judging.conditions import Rule
from care_plans.models.alerts import Cause, Outcome
from care_plans.models.messages import MessageState
from devices import kinds
from devices.models import Device
from people import identity


@dataclass(frozen=True, slots=True)
class RuleUsed:
    """Why it was raised: see alert.html."""

    words: str
    from_words: str
    clears: str | None
    source: str | None
    found: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message sent about it, and what came back."""

    at: datetime
    to: str
    channel: str
    words: str
    state: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """How it ended."""

    at: datetime
    by: str
    cause: str
    action: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class NearBy:
    """Family, a friend or a neighbour to ring: see team in _parts/lists.html."""

    name: str
    role: str
    telephone: str | None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class AlertPerson:
    """Whose page the alert's leads to."""

    uuid: UUID
    first_name: str


NOT_SHARED = "Not shared with your agency"


def person_of(whole: Whole) -> AlertPerson | None:
    """The one person it is about; None for a home with several."""
    if len(whole.people) != 1:
        return None
    about = whole.people[0]
    return AlertPerson(about.person_uuid, about.name.split()[0])


def whose_href(session: Session, whole: Whole) -> str | None:
    """Where it is said whose a reading was, for an alert that asks; None for any other."""
    asks = whole.shown.full and whole.alert.rule_key.startswith(nobodys.ORDINARY)
    device = session.get(Device, whole.alert.device_id) if asks and whole.alert.device_id else None
    return f"/kit/{device.uuid}/users" if device is not None else None


def rule_used(whole: Whole, from_words: str) -> RuleUsed:
    """The rule in words, and the readings it was judged on."""
    rule = rule_of(whole)
    words = "; ".join(f"{severity}: {told}" for severity, told in describing.step_words(rule)) if rule else ""
    return RuleUsed(
        words=initial_capital(words) or whole.alert.name,
        from_words=f"{from_words}, “{rule.name}”" if rule else initial_capital(from_words),
        clears=describing.condition_words(rule.clear) if rule and rule.clear else None,
        source=rule.source if rule else None,
        found=tuple(_row(rule, *each) for each in reversed(whole.evidence)),
    )


def messages(whole: Whole) -> tuple[MessageRow, ...]:
    """What was sent about it, the newest first."""
    return tuple(
        MessageRow(
            at=each.sent_at or each.queued_at,
            to=each.to,
            channel=call_words.CHANNELS[each.channel],
            words=each.subject,
            state=_state(each),
            wrong=each.state is MessageState.FAILED or each.call in call_words.WRONG,
        )
        for each in reversed(whole.messages)
    )


def _state(each: Sent) -> str:
    if each.call is not None and each.state is MessageState.SENT:
        return call_words.placed(each.call, centre=each.centre)
    states = {
        MessageState.WAITING: "Waiting",
        MessageState.SENT: "Sent",
        MessageState.DROPPED: "Not needed any more",
    }
    return states.get(each.state) or f"Failed: {each.fault or 'no reason given'}"


def closed(whole: Whole) -> Closed | None:
    """How it ended; None while it is open."""
    alert = whole.alert
    if alert.closed_at is None:
        return None
    last = next((event for event in reversed(whole.events) if event.what == What.CLOSED), None)
    told = last.details if last else {}
    cause, outcome = alert.cause or told.get("cause"), alert.outcome or told.get("outcome")
    return Closed(
        at=alert.closed_at,
        by=whole.closed_by or "Hearthline",
        cause=CAUSES[Cause(cause)] if cause else NOT_SHARED,
        action=(last.words if last else alert.action) or NOT_SHARED,
        outcome=OUTCOMES[Outcome(outcome)] if outcome else NOT_SHARED,
        note=last.details.get("clinical_reason", "") if last else "",
    )


def acknowledged_words(whole: Whole, now: datetime, zone: str) -> str | None:
    """Who has seen it and when, and that a pressing one goes on all the same (H7)."""
    seen = (What.ACKNOWLEDGED, What.ACCEPTED)
    last = next((event for event in reversed(whole.events) if event.what in seen), None)
    if whole.alert.acknowledged_at is None or last is None:
        return None
    on = "; the ladder goes on" if standing(whole.alert).pressing and whole.alert.contact_at is None else ""
    return f"Seen by {last.by or 'somebody'} {clock(last.at, now, zone)}{on}."


def near(whole: Whole) -> tuple[NearBy, ...]:
    """Who lives near and may help, key holders first."""
    return tuple(_near(about, place) for about in whole.people for place in range(len(about.near)))


def _near(about: About, place: int) -> NearBy:
    each = about.near[place]
    told = [initial_capital(each.relation or "contact"), "key holder" if each.key_holder else ""]
    told.append(f"{each.minutes_away} min away" if each.minutes_away is not None else "")
    telephone = identity.spaced_telephone(each.telephone) if each.telephone else None
    return NearBy(each.name, ", ".join(filter(None, told)), telephone)


def _row(rule: Rule | None, code: str, at: datetime, number: float) -> TableRow:
    kind = kinds.get(code)
    beyond = [
        limit
        for limit in (limits_of((rule,), code) if rule else ())
        if (number < limit.value if limit.low_side else number > limit.value)
    ]
    told = f"{beyond[0].words} {kind.unit_words}" if beyond else ""
    value = said(kind, number)
    return TableRow(at, initial_capital(value) if kind.is_binary else f"{kind.name} {value}", told)
