"""Referrals as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.web import referral_words as said
from app.web.essentials import sentences
from app.web.happenings import Happening
from care_plans import record_entry
from care_plans.models.referrals import Referral
from care_plans.referral_states import OPEN, ReferralKind, ReferralState
from care_plans.referrals import clocks, leading, read
from care_plans.referrals.moves import Side
from care_plans.referrals.read import Line, Whole
from people import finding, identity
from people.access import Extent, Need, Viewer, may
from people.foreseen import Foreseen
from people.models.people import Person

OF_LEAD = (ReferralKind.TRANSFER, ReferralKind.TRANSFER_REQUEST)


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral as a line: see referrals.html."""

    uuid: UUID
    kind: str
    words: str
    who: str
    person_uuid: UUID | None
    area: str | None
    from_words: str
    to_words: str
    receiver: str
    sender: str
    clock_at: datetime | None
    next_words: str
    urgent: str | None
    ended_at: datetime | None
    open: bool
    warns: bool


@dataclass(frozen=True, slots=True)
class PartShown:
    """One class of record: what is shown of it."""

    title: str
    extent: str
    lines: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody in the record who may be the one that asks for help."""

    uuid: UUID
    words: str


@dataclass(frozen=True, slots=True)
class ReferralShown:
    """One referral with all that its page says: see referral.html."""

    row: ReferralRow
    version: int
    kind: str
    is_request: bool
    facts: tuple[tuple[str, str], ...]
    background: str | None
    action: str | None
    alert_uuid: UUID | None
    respond_by: datetime
    due_at: datetime | None
    aware_at: datetime | None
    judge_by: datetime | None
    judgement: str | None
    duty_by: datetime | None
    answer_why: str
    sides: tuple[str, ...]
    party: bool
    may: frozenset[str]
    shared: tuple[PartShown, ...]
    shared_with: str
    warnings: tuple[str, ...]
    summary_at: datetime | None
    summary: tuple[PartShown, ...]
    happenings: tuple[Happening, ...]
    entry: str | None
    again_of: UUID | None
    again: UUID | None
    again_href: str | None
    outside: bool
    moves_lead: str | None
    work: tuple[leading.OpenWork, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class SeenRow:
    """How much a team will see of one class, and why: see refer.html."""

    value: str
    words: str
    extent: str
    whole: bool
    why: str
    offered: bool
    always: bool


def row(line: Line) -> ReferralRow:
    """A referral as a line."""
    one = line.row
    warns = one.next_at is not None and line.mine_to_answer
    return ReferralRow(
        uuid=one.uuid,
        kind=said.KINDS[one.kind],
        words=line.words,
        who=line.who,
        person_uuid=line.person_uuid,
        area=line.area,
        from_words=f"{line.from_team}, {line.from_agency}",
        to_words=", ".join(filter(None, (line.to, line.to_agency))),
        receiver=said.RECEIVER[line.receiver_state],
        sender=said.SENDER[line.sender_state],
        clock_at=one.next_at,
        next_words=_next(line),
        urgent=None if one.urgency.value == "routine" else said.SOON[one.urgency],
        ended_at=one.ended_at,
        open=one.state in OPEN,
        warns=warns,
    )


def shown(session: Session, viewer: Viewer, referral: Referral, now: datetime) -> ReferralShown:
    """One referral whole, for whoever looks."""
    whole = read.whole(session, viewer, referral, now)
    line, one = whole.line, referral
    allowed = (
        frozenset(move.value for move in whole.allowed) if may(viewer, Need.REFERRALS_ACT) else frozenset()
    )
    ended = one.state not in OPEN
    return ReferralShown(
        row=row(line),
        version=one.version,
        kind=said.KINDS[one.kind],
        is_request=one.kind is ReferralKind.TRANSFER_REQUEST,
        facts=_facts(whole),
        background=whole.background,
        action=one.action_text if whole.party or whole.opens else None,
        alert_uuid=whole.alert_uuid if may(viewer, Need.ALERTS_READ) else None,
        respond_by=one.respond_by,
        due_at=one.due_at,
        aware_at=one.aware_at,
        judge_by=one.judge_by,
        judgement=_judgement(whole),
        duty_by=whole.duty_by,
        answer_why=clocks.ANSWER_WHY[one.urgency],
        sides=tuple(sorted(side.value for side in whole.sides)),
        party=whole.party,
        may=allowed,
        shared=_parts(whole.shared),
        shared_with=line.to,
        warnings=whole.warnings,
        summary_at=whole.summary.at if whole.summary else None,
        summary=_parts(whole.summary.document) if whole.summary else (),
        happenings=_happenings(whole),
        entry=record_entry.of_referral(session, viewer, one, now) if ended else None,
        again_of=whole.again_of,
        again=whole.again,
        again_href=_again(whole, allowed),
        outside=one.to_team_id is None,
        moves_lead=_moves_lead(whole) if one.kind in OF_LEAD else None,
        work=_work(session, whole, now) if "accept" in allowed else (),
        zone=line.zone,
    )


def seen_rows(found: Sequence[Foreseen], offered: Sequence[str]) -> tuple[SeenRow, ...]:
    """What a team will see, class by class."""
    return tuple(
        SeenRow(
            value=each.record_class.value,
            words=said.CLASSES[each.record_class],
            extent=said.EXTENTS[each.extent],
            whole=each.extent is Extent.FULL,
            why=each.why,
            offered=each.record_class.value in offered,
            always=each.record_class.value == "contact",
        )
        for each in found
    )


def people_like(
    session: Session, viewer: Viewer, text: str, now: datetime, limit: int = 8
) -> tuple[Found, ...]:
    """Those in sight who may be meant."""
    query = finding.search(session, viewer, text, now).order_by(Person.family_name, Person.given_name)
    return tuple(
        Found(each.uuid, f"{each.given_name} {each.family_name}, born {_day(each)}")
        for each in session.scalars(query.limit(limit))
    )


def _day(person: Person) -> str:
    born = person.date_of_birth
    return f"{born.day} {born:%B %Y}"


def _next(line: Line) -> str:
    one = line.row
    if one.judge_by is not None and one.judged_at is None:
        return "The landlord judges whether it is a hazard"
    if one.state is ReferralState.SENT:
        return "Accept or decline it" if line.mine_to_answer else f"{line.to} answers"
    if one.state in OPEN:
        return f"{line.owner or line.to} does it"
    if one.reviewed_at is not None or one.state is ReferralState.REVOKED:
        return "Nothing more"
    if one.state is ReferralState.DONE:
        return f"{line.from_team} looks at the result"
    return f"{line.from_team} decides what else to do"


def _facts(whole: Whole) -> tuple[tuple[str, str], ...]:
    one, line = whole.line.row, whole.line
    found = [("From", f"{whole.sent_by}, {line.from_team}, {line.from_agency}")]
    to = ", ".join(filter(None, (line.to, line.to_agency)))
    found.append(("To", to))
    if one.outside_name and whole.party:
        found[-1] = ("To", sentences(one.outside_name, one.outside_address))
        found.append(("How", said.WAYS[one.outside_way] if one.outside_way else "Not recorded"))
    if whole.fallback and whole.party:
        found.append(("If nobody answers", f"{whole.fallback} is asked"))
    if one.asked_name and whole.party:
        asked = said.ASKED_BY[one.asked_by] if one.asked_by else ""
        how = said.ASKED_HOW[one.asked_how].lower() if one.asked_how else ""
        found.append(("Asked by", f"{asked}, {how}"))
        found.append(("Name given", one.asked_name))
        if one.asked_born:
            found.append(("Born", f"{one.asked_born.day} {one.asked_born:%B %Y}"))
        if whole.telephone:
            found.append(("Telephone", identity.spaced_telephone(whole.telephone)))
    number = whole.to_telephone if Side.SENDER in whole.sides else whole.from_telephone
    if number and whole.party:
        found.append(("Ring them", identity.spaced_telephone(number)))
    return tuple(found)


def _judgement(whole: Whole) -> str | None:
    one = whole.line.row
    if one.judgement is None:
        return None
    return f"{said.JUDGEMENTS[one.judgement]} ({whole.judged_by})"


def _parts(document: Sequence[Mapping[str, Any]]) -> tuple[PartShown, ...]:
    return tuple(
        PartShown(
            part["title"],
            said.EXTENTS[Extent(part["extent"])],
            tuple(part["lines"]),
            whole=part["extent"] == Extent.FULL.value,
        )
        for part in document
    )


def _happenings(whole: Whole) -> tuple[Happening, ...]:
    return tuple(
        Happening(
            event.at,
            said.happened(event) if whole.party else "",
            ", ".join(filter(None, (event.by or "Hearthline", event.team))),
            strong=f"{said.HAPPENED[event.what]}.",
        )
        for event in reversed(whole.events)
    )


def _again(whole: Whole, allowed: frozenset[str]) -> str | None:
    """Where the same can be asked again, by whoever asked, once it was declined or not answered."""
    one, person = whole.line.row, whole.line.person_uuid
    again = (ReferralState.DECLINED, ReferralState.TIMED_OUT)
    if one.state not in again or person is None or Side.SENDER not in whole.sides or whole.again:
        return None
    return f"/people/{person}/refer?again={one.uuid}" if "review" in allowed or one.reviewed_at else None


def _moves_lead(whole: Whole) -> str:
    one, line = whole.line.row, whole.line
    pull = one.kind is ReferralKind.TRANSFER_REQUEST
    old, new = (line.to, line.from_team) if pull else (line.from_team, line.to)
    if one.state is ReferralState.DONE:
        return f"{new} leads since then. {old} {'left' if one.leaves else 'goes on caring'}."
    if pull:
        return f"On acceptance {new} leads. Whether {old} goes on caring is theirs to say."
    return f"On acceptance {new} leads. {old} {'leaves' if one.leaves else 'goes on caring'}."


def _work(session: Session, whole: Whole, now: datetime) -> tuple[leading.OpenWork, ...]:
    one = whole.line.row
    if one.kind is not ReferralKind.TRANSFER_REQUEST or one.person_id is None or one.to_team_id is None:
        return ()
    return tuple(leading.list_open_work(session, one.person_id, one.to_team_id, now))
