from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.referrals import ReferralEvent
from care_plans.referral_states import ReferralKind, ReferralState
from care_plans.referrals import events
from care_plans.referrals.moves import Standing
from core.models import JournalEntry
from tests.care_plans.referrals.referring import send
from tests.cast import Cast


def test_each_event_is_a_row_and_in_the_journal_of_the_person(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now)
    event = session.scalars(select(ReferralEvent).where(ReferralEvent.referral_id == row.id)).one()
    assert (event.what, event.by_staff_id, event.team_id) == ("sent", cast.dev.id, cast.nurses.id)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject_uuid == row.uuid)).one()
    assert (entry.what, entry.person_id, entry.staff_id) == ("sent", cast.ada.id, cast.dev.id)


def test_how_it_stands_is_read_from_its_row(session: Session, cast: Cast, now: datetime) -> None:
    standing = events.standing(send(session, cast, now))
    assert standing == Standing(ReferralKind.REFERRAL, ReferralState.SENT)
