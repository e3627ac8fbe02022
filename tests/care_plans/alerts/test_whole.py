"""An alert whole, as somebody may see it."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, read
from care_plans.models.alerts import ContactKind
from tests.app.raising import raise_
from tests.care_plans.alerting import dev, hana
from tests.cast import Cast


def test_what_is_not_shown_is_not_in_it_and_acting_stays_the_same(
    session: Session, cast: Cast, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    alerts.comment(session, alert, words="She looks blue.", by=dev(cast), now=now)
    alerts.comment(session, alert, words="I knock at her door.", by=hana(cast), now=now)
    full, _ = read.whole_for(session, dev(cast), alert, now)
    check, opens = read.whole_for(session, hana(cast), alert, now)
    assert opens
    assert check.allowed == full.allowed
    assert (check.evidence, check.device, check.plan_version) == ((), None, None)
    words = [event.words for event in check.events]
    assert "I knock at her door." in words
    assert "She looks blue." not in words
    assert "She looks blue." in [event.words for event in full.events]
    assert check.people[0].card is not None
    assert check.people[0].telephone is not None
    assert [rung.words for rung in check.ladder] == [rung.words for rung in full.ladder]


def test_who_is_shown_a_check_can_answer_it(session: Session, cast: Cast, now: datetime) -> None:
    alert = raise_(session, cast, now)
    alerts.contact(session, alert, kind=ContactKind.SAW, words="She is at home.", by=hana(cast), now=now)
    seen, _ = read.whole_for(session, hana(cast), alert, now)
    assert seen.alert.contact is ContactKind.SAW
    assert "She is at home." in [event.words for event in seen.events]
