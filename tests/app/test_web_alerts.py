"""The pages of one alert, and each thing that may be done with it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.alerts import sights
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class, Severity
from care_plans.work import follow_ups
from core.models import JournalEntry
from devices import subjects
from people.models.caring import CareTeam
from tests.app.conftest import ClientAs
from tests.app.raising import raise_
from tests.app.reading import h1
from tests.care_plans import alerting
from tests.cast import Cast

FORMS = ("contact", "assign", "hand-over", "going", "shelve", "emergency", "close", "decline")


def looks(session: Session, what: str, person_id: int) -> int:
    return len(
        session.scalars(
            select(JournalEntry.id).where(JournalEntry.what == what, JournalEntry.person_id == person_id)
        ).all()
    )


def test_the_page_tells_all_that_is_known(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).get(f"/alerts/{alert.uuid}")
    assert answer.status_code == 200
    assert h1(answer) == "▲ Red Ada Marsh, 78"
    for words in (
        "Oxygen 84%",
        "Red: Oxygen below 85 % twice within 10 minutes",
        "Oxygen at or above 89 %",
        "Set for Ada by her GP.",
        "Ring Ada.",
        "The lunch club on Thursdays",
        "Community nurses: message",
        "Home oxygen",
        "Beth Marsh",
        "14 Orchard Row",
        "Lives alone",
    ):
        assert words in answer.text, words
    assert looks(session, "looked at", cast.ada.id) == 1


def test_it_leads_to_the_follow_ups_it_made(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    row = follow_ups.make(
        session,
        kind=FollowUpKind.VISIT,
        text="Visit Ada: oxygen at rest",
        team_id=cast.coordinators.id,
        due_at=now + timedelta(hours=2),
        now=now,
        person_id=cast.ada.id,
        alert_id=alert.id,
    )
    text = client_as(cast.cora).get(f"/alerts/{alert.uuid}").text
    assert f'<a href="/follow-ups/{row.uuid}">Visit Ada: oxygen at rest</a>' in text


def test_a_red_offers_no_shelf_and_closes_only_after_a_contact(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    text = cora.get(f"/alerts/{alert.uuid}").text
    assert f"/alerts/{alert.uuid}/shelve" not in text
    assert f"/alerts/{alert.uuid}/close" not in text
    given = {"until": "2026-11-22T10:00", "why": "It can wait"}
    answer = cora.post(f"/alerts/{alert.uuid}/shelve", data=given)
    assert answer.status_code == 422
    assert "never shelved" in answer.text
    assert "It can wait" in answer.text


@pytest.mark.parametrize("name", FORMS)
def test_each_form_has_a_page_of_its_own_and_nothing_acts_on_opening_it(
    name: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    before = alerting.events_of(session, alert)
    answer = client_as(cast.cora).get(f"/alerts/{alert.uuid}/{name}?next=/")
    assert answer.status_code == 200
    assert h1(answer)
    assert f'action="/alerts/{alert.uuid}/{name}"' in answer.text
    assert "Ada Marsh" in answer.text
    assert alerting.events_of(session, alert) == before


def test_contact_made_stops_the_ladder(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    given = {"how": "spoke_to", "who": "Ada", "at": "2026-11-22T07:40", "note": "Warm hand: 91.", "next": "/"}
    answer = cora.post(f"/alerts/{alert.uuid}/contact", data=given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    session.refresh(alert)
    assert alert.contact is ContactKind.SPOKE_TO
    text = cora.get(f"/alerts/{alert.uuid}").text
    assert "Stopped 07:46: Cora made contact." in text
    assert "With Ada. At 07:40. Warm hand: 91" in text


def test_after_a_fall_it_says_how_long_they_may_have_lain(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    assert "on the floor" not in cora.get(f"/alerts/{alert.uuid}").text
    alert.kind, alert.began_at = "fall", now - timedelta(minutes=70)
    session.flush()
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "Up to 70 minutes on the floor so far: nobody is on record as being with them." in page
    assert "Over an hour is a long lie" in page
    cora.post(f"/alerts/{alert.uuid}/contact", data={"how": "with_them_now", "note": "Cold, unhurt."})
    page = cora.get(f"/alerts/{alert.uuid}").text
    assert "Up to 70 minutes on the floor: somebody was with them at 07:46." in page


def test_nobody_answered_is_on_record_and_the_ladder_goes_on(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    assert cora.post(f"/alerts/{alert.uuid}/contact", data={"how": "no_answer"}).status_code == 303
    session.refresh(alert)
    assert alert.contact_at is None
    assert "No answer" in cora.get(f"/alerts/{alert.uuid}").text


def test_what_was_typed_stays_when_a_form_is_refused(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    answer = cora.post(
        f"/alerts/{alert.uuid}/contact", data={"how": "saw", "who": "Beth", "at": "2026-11-25T07:40"}
    )
    assert answer.status_code == 422
    assert "can&#39;t be to come" in answer.text
    assert 'value="Beth"' in answer.text
    assert "<title>Error: Contact made" in answer.text
    answer = cora.post(f"/alerts/{alert.uuid}/contact", data={"how": "saw"})
    assert "Say how they are." in answer.text
    answer = cora.post(f"/alerts/{alert.uuid}/contact", data={})
    assert "This is needed." in answer.text


def test_it_is_assigned_to_somebody_or_a_team(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    assert "Community nurses, Westmere Health" in cora.get(f"/alerts/{alert.uuid}/assign").text
    given = {"staff": f"team:{cast.nurses.uuid}", "note": "She sounded tired."}
    assert cora.post(f"/alerts/{alert.uuid}/assign", data=given).status_code == 303
    session.refresh(alert)
    assert alert.owner_team_id == cast.nurses.id
    assert "She sounded tired." in cora.get(f"/alerts/{alert.uuid}").text
    answer = cora.post(f"/alerts/{alert.uuid}/assign", data={"staff": "staff:nobody"})
    assert answer.status_code == 422
    assert "Choose a team, or somebody who works here." in answer.text


def test_it_is_handed_over_accepted_and_declined(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora, hana = client_as(cast.cora), client_as(cast.hana)
    given = {"team": str(cast.landlord.uuid), "note": "No heating."}
    assert cora.post(f"/alerts/{alert.uuid}/hand-over", data=given).status_code == 303
    text = hana.get(f"/alerts/{alert.uuid}").text
    assert "Accept it for my team" in text
    assert "Accept it for my team" not in cora.get(f"/alerts/{alert.uuid}").text
    answer = hana.post(f"/alerts/{alert.uuid}/decline", data={"why": ""})
    assert answer.status_code == 422
    assert hana.post(f"/alerts/{alert.uuid}/accept").status_code == 303
    session.refresh(alert)
    assert alert.owner_staff_id == cast.hana.id
    answer = hana.post(f"/alerts/{alert.uuid}/accept")
    assert answer.status_code == 409
    assert "no longer waiting to be taken over" in answer.text


def test_going_carries_a_time_and_no_longer_than_an_hour(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    answer = cora.post(f"/alerts/{alert.uuid}/going", data={"until": "2026-11-22T12:00"})
    assert answer.status_code == 422
    assert "Nobody waits longer than an hour" in answer.text
    assert cora.post(f"/alerts/{alert.uuid}/going", data={"until": "2026-11-22T08:10"}).status_code == 303
    session.refresh(alert)
    assert alert.going_until == now + timedelta(minutes=24)


def test_an_amber_is_shelved_and_acknowledged(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now, Severity.AMBER)
    cora = client_as(cast.cora)
    assert cora.post(f"/alerts/{alert.uuid}/acknowledge").status_code == 303
    given = {"until": "2026-11-22T10:00", "why": "Nurse is there at nine"}
    assert cora.post(f"/alerts/{alert.uuid}/shelve", data=given).status_code == 303
    session.refresh(alert)
    assert alert.shelved_until is not None
    assert "Shelved until" in cora.get(f"/alerts/{alert.uuid}").text


def test_emergency_services_are_recorded_and_then_it_is_closed(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    answer = cora.post(f"/alerts/{alert.uuid}/emergency", data={"at": "2026-11-22T07:45"})
    assert answer.status_code == 422
    given = {"at": "2026-11-22T07:45", "reference": "C-123", "note": "On their way"}
    assert cora.post(f"/alerts/{alert.uuid}/emergency", data=given).status_code == 303
    ends = {
        "cause": "true_acted",
        "action": "Emergency services called",
        "outcome": "emergency_services",
        "note": "Taken to hospital",
    }
    answer = cora.post(f"/alerts/{alert.uuid}/close", data={**ends, "cause": ""})
    assert answer.status_code == 422
    assert "Taken to hospital" in answer.text
    assert cora.post(f"/alerts/{alert.uuid}/close", data=ends).status_code == 303
    session.refresh(alert)
    assert (alert.cause, alert.outcome) == (Cause.TRUE_ACTED, Outcome.EMERGENCY_SERVICES)
    text = cora.get(f"/alerts/{alert.uuid}").text
    assert "Emergency services called. Taken to hospital." in text
    assert "Contact made</a>" not in text


def test_a_clinician_may_close_a_red_with_a_reason_in_writing(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    dev = client_as(cast.dev)
    assert "nobody has spoken to or seen them" in dev.get(f"/alerts/{alert.uuid}/close").text
    ends = {"cause": "false_kit", "action": "Kit mended or replaced", "outcome": "kit_mended"}
    assert dev.post(f"/alerts/{alert.uuid}/close", data=ends).status_code == 422
    reason = {"clinical_reason": "The probe was on my own finger."}
    assert dev.post(f"/alerts/{alert.uuid}/close", data={**ends, **reason}).status_code == 303
    assert "The probe was on my own finger." in dev.get(f"/alerts/{alert.uuid}").text


def test_whoever_comes_second_is_told_who_came_first(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    seen = alert.version
    client_as(cast.dev).post(
        f"/alerts/{alert.uuid}/contact", data={"how": "spoke_to", "note": "Better", "row_version": seen}
    )
    answer = client_as(cast.cora).post(
        f"/alerts/{alert.uuid}/contact", data={"how": "saw", "note": "Me too", "row_version": seen}
    )
    assert answer.status_code == 409
    assert "Dev recorded contact before you." in answer.text
    assert "Me too" in answer.text


def test_a_comment_is_added_or_refused(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    assert cora.post(f"/alerts/{alert.uuid}/comment", data={"words": "Ring twice."}).status_code == 303
    assert "Ring twice." in cora.get(f"/alerts/{alert.uuid}").text
    answer = cora.post(f"/alerts/{alert.uuid}/comment", data={"words": " "})
    assert answer.status_code == 422
    assert "Write something." in answer.text


def test_the_key_safe_is_shown_to_whoever_asks_and_that_is_written_down(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    assert "4711" not in cora.get(f"/alerts/{alert.uuid}").text
    answer = cora.post(f"/alerts/{alert.uuid}/key-safe")
    assert answer.status_code == 200
    assert "4711" in answer.text
    assert looks(session, "looked at the key safe", cast.ada.id) == 1


def test_whom_it_was_sent_to_sees_this_alert_and_no_more(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    for row in session.scalars(select(CareTeam).where(CareTeam.team_id == cast.centre.id)):
        row.period = Range(row.period.lower, now - timedelta(days=1))
    mallory = client_as(cast.mallory)
    assert mallory.get(f"/alerts/{alert.uuid}").status_code == 404
    sights.grant(session, alert, now, team_id=cast.strangers.id)
    session.flush()
    answer = mallory.get(f"/alerts/{alert.uuid}")
    assert answer.status_code == 200
    assert "Home oxygen" in answer.text
    assert "01632 960 114" in answer.text
    assert f"/people/{cast.ada.uuid}" not in answer.text
    assert mallory.get(f"/alerts/{alert.uuid}/readings.json").status_code == 404
    assert "4711" in mallory.post(f"/alerts/{alert.uuid}/key-safe").text


def test_an_alert_about_a_home_names_who_lives_there(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(
        session, cast, now, Severity.AMBER, Class.HOME_SOCIAL,
        subject=subjects.home(cast.ada_home.id), key="warm_dry_home.cold",
    )  # fmt: skip
    answer = client_as(cast.hana).get(f"/alerts/{alert.uuid}")
    assert h1(answer) == "◆ Amber Home of Ada Marsh"


def test_the_part_beside_the_board_is_a_part(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).get(f"/alerts/{alert.uuid}/aside")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Ada Marsh" in answer.text


def test_a_form_over_a_page_is_told_where_to_go_on(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).post(
        f"/alerts/{alert.uuid}/contact",
        data={"how": "saw", "note": "Well", "next": "/?alert=1"},
        headers={"X-Sheet": "yes"},
    )
    assert (answer.status_code, answer.headers["X-Onward"]) == (204, "/?alert=1")
    assert "Location" not in answer.headers


def test_an_address_elsewhere_is_never_gone_to(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert: Alert = raise_(session, cast, now, Severity.AMBER)
    answer = client_as(cast.cora).post(
        f"/alerts/{alert.uuid}/acknowledge", data={"next": "https://example.org/"}
    )
    assert answer.headers["Location"] == f"/alerts/{alert.uuid}"


def test_an_alert_beside_the_board_or_a_form_is_a_look_too(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    client_as(cast.cora).get(f"/?alert={alert.uuid}")
    for _ in range(2):
        client_as(cast.dev).get(f"/alerts/{alert.uuid}/aside")
    client_as(cast.hana).get(f"/alerts/{alert.uuid}/contact")
    assert looks(session, "looked at", cast.ada.id) == 3
