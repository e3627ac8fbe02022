"""Brings what is known of one person in two records into one: fields, card, words, teams, homes.

What would clash is decided here by rule or by what a human said; all else is moved by `core.undoing.repoint`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from core.undoing import Place, place_of
from people import absences
from people.models.accounts import Account, Proxy
from people.models.authority import Agreement
from people.models.caring import CareTeam
from people.models.homes import Residency
from people.models.people import AboutMe, Person, ResponderCard

FIELDS = (
    "given_name", "family_name", "preferred_name", "title", "date_of_birth", "sex", "ethnicity", "nhs_number",
    "telephone", "gp_practice", "language", "interpreter_needed", "communication_needs", "disability",
    "digital_exclusion",
)  # fmt: skip
"""What is decided one by one."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "nhs_number": ("nhs_number_sealed", "nhs_number_blind", "nhs_number_status"),
    "telephone": ("telephone_sealed", "telephone_blind"),
    "gp_practice": ("gp_practice_code", "gp_practice_name"),
}
SEALED = ("nhs_number", "telephone")
DANGERS = ("home_oxygen", "end_of_life")
CARD_WORDS = ("mobility", "communication", "dog", "infection", "access")
CARD_FORM = ("decision_form", "decision_form_date", "decision_form_place")
KEPT, GONE = "kept", "gone"
TWICE = "Both records that were brought together had one."


def columns(name: str) -> tuple[str, ...]:
    """The columns behind a field."""
    return COLUMNS.get(name, (name,))


def differs(kept: Person, gone: Person, name: str) -> bool:
    """Whether both records say something of this field, and not the same."""
    column = f"{name}_blind" if name in SEALED else columns(name)[0]
    one, other = getattr(kept, column), getattr(gone, column)
    return one != other and _said(one) and _said(other)


def fills(kept: Person, gone: Person, name: str) -> bool:
    """Whether only the record that goes says anything of this field."""
    column = f"{name}_blind" if name in SEALED else columns(name)[0]
    return not _said(getattr(kept, column)) and _said(getattr(gone, column))


def join(
    session: Session, kept: Person, gone: Person, decisions: Mapping[str, Any], now: datetime
) -> set[Place]:
    """Settle what would clash; the rows that stay with the record that goes."""
    _fields(session, kept, gone, decisions.get("fields", {}))
    _words(session, kept, gone, now)
    stay = _card(session, kept, gone)
    stay |= _care_teams(session, kept, gone)
    stay |= _residencies(session, kept, gone, decisions.get("home", KEPT), now)
    stay |= _word_given(session, kept, gone, now)
    _absences(session, kept, gone, now)
    gone.merged_into_id, gone.deleted_at = kept.id, now
    session.flush()
    return stay


def _said(value: Any) -> bool:
    return value not in (None, "", "not_known", False)


def _fields(session: Session, kept: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    taken: dict[str, Any] = {}
    for name in FIELDS:
        if fills(kept, gone, name) or (differs(kept, gone, name) and chosen.get(name) == GONE):
            taken |= {column: getattr(gone, column) for column in columns(name)}
    if "nhs_number_blind" in taken:  # nobody else may have it at the same time
        was = {column: getattr(kept, column) for column in COLUMNS["nhs_number"]}
        for column in COLUMNS["nhs_number"]:
            setattr(gone, column, None)
        session.flush()
        for column in COLUMNS["nhs_number"]:
            setattr(kept, column, taken.pop(column))
        session.flush()
        for column, value in was.items():  # the number that is not used goes with the record that goes
            setattr(gone, column, value)
    for column, value in taken.items():
        setattr(kept, column, value)
    session.flush()


def _words(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """What they said of themselves: the later words stay, with what only the earlier have."""
    current = {
        row.person_id: row
        for row in session.scalars(
            select(AboutMe).where(AboutMe.person_id.in_((kept.id, gone.id)), AboutMe.superseded_at.is_(None))
        )
    }
    if len(current) < 2:
        return
    mine, theirs = current[kept.id], current[gone.id]
    headings = (
        "most_important", "people_important", "how_i_communicate", "my_wellness", "please_do_and_dont",
        "how_and_when_to_support", "also_worth_knowing", "supported_by",
    )  # fmt: skip
    later, earlier = (mine, theirs) if mine.written_at >= theirs.written_at else (theirs, mine)
    words = {name: getattr(later, name) or getattr(earlier, name) for name in headings}
    mine.superseded_at = theirs.superseded_at = now
    session.flush()
    session.add(AboutMe(person_id=kept.id, written_at=now, **words))
    session.flush()


def _card(session: Session, kept: Person, gone: Person) -> set[Place]:
    """Whatever either card warns of stays on it: less than both is never safe (H11)."""
    cards = {
        row.person_id: row
        for row in session.scalars(
            select(ResponderCard).where(ResponderCard.person_id.in_((kept.id, gone.id)))
        )
    }
    if len(cards) < 2:
        return set()
    mine, theirs = cards[kept.id], cards[gone.id]
    for name in DANGERS:
        setattr(mine, name, getattr(mine, name) or getattr(theirs, name))
    for name in CARD_WORDS:
        both = dict.fromkeys(filter(None, (getattr(mine, name), getattr(theirs, name))))
        setattr(mine, name, " / ".join(both) or None)
    dated = [card for card in (mine, theirs) if card.decision_form]
    if dated:
        last = max(dated, key=lambda card: card.decision_form_date or date.min)
        form = {name: getattr(last, name) for name in CARD_FORM}
        for name, value in form.items():
            setattr(mine, name, value)
    session.flush()
    return {place_of("responder_cards", id=theirs.id)}


def _care_teams(session: Session, kept: Person, gone: Person) -> set[Place]:
    """Each team's time with either record, once; who leads the record that stays goes on leading."""
    mine: dict[int, list[Range[datetime]]] = {}
    leads = False
    for row in session.scalars(select(CareTeam).where(CareTeam.person_id == kept.id)):
        mine.setdefault(row.team_id, []).append(row.period)
        leads = leads or (row.lead and row.period.upper is None)
    stay: set[Place] = set()
    for row in session.scalars(select(CareTeam).where(CareTeam.person_id == gone.id)).all():
        parts = _without(row.period, mine.get(row.team_id, []))
        if not parts:
            stay.add(place_of("care_teams", id=row.id))
            continue
        row.period, row.lead = parts[0], row.lead and not leads
        session.add_all(
            CareTeam(person_id=kept.id, team_id=row.team_id, lead=row.lead, reason=row.reason, period=part)
            for part in parts[1:]
        )
    session.flush()
    return stay


def _residencies(session: Session, kept: Person, gone: Person, home: str, now: datetime) -> set[Place]:
    """Where they lived by either record; of two homes at once the one that a human chose."""
    chosen, other = (kept, gone) if home != GONE else (gone, kept)
    theirs = [
        row.period for row in session.scalars(select(Residency).where(Residency.person_id == chosen.id))
    ]
    if chosen is gone:  # the past of the record that stays is believed; only where they live now is chosen
        theirs = [Range(now, period.upper) for period in theirs if period.contains(now)]
        for row in session.scalars(select(Residency).where(Residency.person_id == kept.id)).all():
            parts = _without(row.period, theirs)
            row.period = parts[0] if parts else Range(row.period.lower, now)
        session.flush()
        other = gone
        theirs = list(session.scalars(select(Residency.period).where(Residency.person_id == kept.id)))
    stay: set[Place] = set()
    for row in session.scalars(select(Residency).where(Residency.person_id == other.id)).all():
        parts = _without(row.period, theirs)
        if not parts:
            stay.add(place_of("residencies", id=row.id))
            continue
        row.period = parts[0]
        session.add_all(Residency(person_id=kept.id, home_id=row.home_id, period=part) for part in parts[1:])
    session.flush()
    return stay


def _word_given(session: Session, kept: Person, gone: Person, now: datetime) -> set[Place]:
    """Agreements, proxies and their own sign-in that both records have in force: that of the first stays.

    The other one ends, and goes with the record that goes.
    """
    watched = select(Agreement.watched).where(Agreement.person_id == kept.id, Agreement.ended_at.is_(None))
    let_in = select(Proxy.account_id).where(Proxy.person_id == kept.id, Proxy.ended_at.is_(None))
    own = select(Account.id).where(Account.person_id == kept.id, Account.closed_at.is_(None))
    agreements = session.scalars(
        select(Agreement).where(
            Agreement.person_id == gone.id, Agreement.ended_at.is_(None), Agreement.watched.in_(watched)
        )
    ).all()
    proxies = session.scalars(
        select(Proxy).where(
            Proxy.person_id == gone.id, Proxy.ended_at.is_(None), Proxy.account_id.in_(let_in)
        )
    ).all()
    accounts = session.scalars(
        select(Account).where(Account.person_id == gone.id, Account.closed_at.is_(None), own.exists())
    ).all()
    for agreement in agreements:
        agreement.ended_at, agreement.ended_by, agreement.ended_why = now, "Hearthline", TWICE
    for proxy in proxies:
        proxy.ended_at, proxy.ended_by, proxy.ended_why = now, "Hearthline", TWICE
    for account in accounts:
        account.closed_at = now
    session.flush()
    return (
        {place_of("monitoring_agreements", id=row.id) for row in agreements}
        | {place_of("proxies", id=row.id) for row in proxies}
        | {place_of("accounts", id=row.id) for row in accounts}
    )


def _absences(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """Of two absences that stand, the confirmed one goes on, else that of the record that stays."""
    mine, theirs = absences.find_open(session, kept), absences.find_open(session, gone)
    if mine is None or theirs is None:
        return
    ends = mine if theirs.confirmed_at and not mine.confirmed_at else theirs
    ends.ended_at, ends.ended_why = now, TWICE
    session.flush()


def _without(period: Range[datetime], others: list[Range[datetime]]) -> list[Range[datetime]]:
    """The parts of a period that none of the others covers, the latest first."""
    parts = [period]
    for other in others:
        left: list[Range[datetime]] = []
        for part in parts:
            if not part.overlaps(other):
                left.append(part)
                continue
            if other.lower is not None and (part.lower is None or part.lower < other.lower):
                left.append(Range(part.lower, other.lower))
            if other.upper is not None and (part.upper is None or part.upper > other.upper):
                left.append(Range(other.upper, part.upper))
        parts = left
    return parts[::-1]
