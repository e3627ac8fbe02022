"""What the page about capacity and agreements shows of each row, as far as the viewer's agency sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.web.authority_forms import AGREED_BY, OUTCOMES
from app.web.words import date_only, initial_capital
from devices.watching import Watching
from people import authority, identity
from people.access import Extent, RecordClass, Sees
from people.models.authority import Agreement, Authority, BestInterests, CapacityAssessment
from people.models.people import Person
from people.standing import holds
from people.watching import RESTRICTIVE, WORDS, Watched, say

SOON = 14  # days before a review or an end that a page says so


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement: see authority.html."""

    uuid: object
    words: str
    basis: str
    holds: bool
    state: str
    soon: bool
    restrictive: bool
    kit: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """An assessment or a decision: its heading, whether it was withdrawn, and what it says."""

    uuid: object
    words: str
    on: date
    state: str
    withdrawn: bool
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """Somebody who may decide for the person."""

    uuid: object
    name: str
    held_as: str
    counts: bool
    state: str
    telephone: str | None
    verified: bool
    withdrawn: bool
    facts: tuple[tuple[str, str], ...]


def agreed(
    rows: Sequence[Agreement], kit: Sequence[Watching], sees: Sees, now: datetime
) -> tuple[AgreementRow, ...]:
    """Every agreement; the words that were said only where the plan is seen in full."""
    full = sees[RecordClass.PLAN] is Extent.FULL
    return tuple(_agreed(row, kit, now.date(), full=full) for row in rows)


def unagreed(kit: Sequence[Watching], person: Person, now: datetime) -> tuple[str, ...]:
    """The kit that watches the person without an agreement, in words."""
    return tuple(f"{each.device.name}: {say(each.sorts)}" for each in kit if person.id in each.lacking)


def assessments(rows: Sequence[CapacityAssessment], sees: Sees) -> tuple[RecordRow, ...]:
    """Every assessment; what it found only where mental health is seen in full."""
    if sees[RecordClass.MENTAL_HEALTH] is not Extent.FULL:
        return tuple(
            RecordRow(row.uuid, "An assessment about one decision", row.assessed_on, "", False, ())
            for row in rows
            if row.withdrawn_at is None
        )
    return tuple(
        RecordRow(
            row.uuid, row.decision, row.assessed_on, OUTCOMES[row.outcome], row.withdrawn_at is not None,
            _told(
                ("By", row.assessed_by),
                ("Support given", row.support),
                ("Why", row.reasons),
                ("Look again", _day(row.review_on)),
                ("Withdrawn", row.withdrawn_why),
            ),
        )
        for row in rows
    )  # fmt: skip


def decisions(rows: Sequence[BestInterests], sees: Sees) -> tuple[RecordRow, ...]:
    """Every best-interests decision, in the same way."""
    if sees[RecordClass.MENTAL_HEALTH] is not Extent.FULL:
        return tuple(
            RecordRow(row.uuid, "A best-interests decision", row.decided_on, "", False, ())
            for row in rows
            if row.withdrawn_at is None
        )
    return tuple(
        RecordRow(
            row.uuid, row.decision, row.decided_on, row.decided, row.withdrawn_at is not None,
            _told(
                ("By", row.decided_by),
                ("Asked", row.asked),
                ("Their wishes", row.wishes),
                ("Options", row.options),
                ("Less intrusive", row.less_intrusive),
                ("Against it", row.objections),
                ("Review", _day(row.review_on)),
                ("Withdrawn", row.withdrawn_why),
            ),
        )
        for row in rows
    )  # fmt: skip


def held(session: Session, row: Authority, now: datetime) -> HeldRow:
    """One of those who may decide for the person."""
    counts = holds(row, now.date())
    if row.withdrawn_at is not None:
        state = "withdrawn"
    elif row.verified_on is None:
        state = "not verified: counts for nothing yet"
    else:
        state = f"verified {date_only(row.verified_on)}" if counts else "out of its time"
    number = authority.telephone(session, row)
    return HeldRow(
        uuid=row.uuid,
        name=row.name,
        held_as=initial_capital(authority.WORDS[row.kind]),
        counts=counts,
        state=state,
        telephone=identity.spaced_telephone(number) if number else None,
        verified=row.verified_on is not None,
        withdrawn=row.withdrawn_at is not None,
        facts=_told(
            ("Relation", row.relation),
            ("Registered", "Yes" if row.registered else "No"),
            ("Reference", row.reference),
            ("Verified by", row.verified_how),
            ("The document", row.kept_where),
            ("Limits", row.limits),
            ("Until", _day(row.ends_on)),
            ("Withdrawn", row.withdrawn_why),
        ),
    )


def _agreed(row: Agreement, kit: Sequence[Watching], today: date, *, full: bool) -> AgreementRow:
    in_force = row.ended_at is None and not (row.expires_on and row.expires_on < today)
    ends = min(filter(None, (row.review_on, row.expires_on)))
    said = (
        ("What for", row.why),
        ("They said", row.said),
        ("Less intrusive", row.less_intrusive),
        ("Against it", row.objections),
    )
    return AgreementRow(
        uuid=row.uuid,
        words=initial_capital(WORDS[Watched(row.watched)]),
        basis=AGREED_BY[row.agreed_by],
        holds=in_force,
        state=f"since {date_only(row.began_at.date())}"
        if in_force
        else f"ended {date_only((row.ended_at or row.began_at).date())}",
        soon=in_force and (ends - today).days <= SOON,
        restrictive=row.watched in RESTRICTIVE,
        kit=tuple(each.device.name for each in kit if row.watched in each.sorts) if in_force else (),
        facts=_told(
            *(said if full else ()),
            (
                "Social care review",
                f"{row.reviewed_by}, {_day(row.reviewed_on)}" if row.reviewed_by else None,
            ),
            ("Review", _day(row.review_on)),
            ("Runs out", _day(row.expires_on)),
            (
                "Ended",
                f"by {row.ended_by}" + (f": {row.ended_why}" if full else "") if row.ended_at else None,
            ),
        ),
    )


def _told(*facts: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words) for name, words in facts if words)


def _day(at: date | None) -> str | None:
    return date_only(at) if at else None
