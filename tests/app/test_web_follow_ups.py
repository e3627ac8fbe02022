"""The pages of follow-ups."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.work import follow_ups
from people import looks
from tests.app.conftest import ClientAs
from tests.app.reading import h1, text_of
from tests.care_plans.alerting import cora as as_cora
from tests.cast import Cast


def made(
    session: Session, cast: Cast, now: datetime, *, text: str = "Ring Ada about her weight", hours: int = 2
) -> FollowUp:
    return follow_ups.make(
        session,
        kind=FollowUpKind.VISIT,
        text=text,
        team_id=cast.coordinators.id,
        due_at=now + timedelta(hours=hours),
        now=now,
        person_id=cast.ada.id,
    )


def test_nothing_to_do_says_what_would_appear(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/follow-ups")
    assert answer.status_code == 200
    assert h1(answer) == "Follow-ups"
    assert "Nothing for you" in answer.text


def test_my_teams_see_what_is_due_with_its_person(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    made(session, cast, now)
    made(session, cast, now, text="Was due", hours=-3)
    answer = client_as(cast.cora).get("/follow-ups?view=team")
    assert "Ring Ada about her weight" in answer.text
    assert "Ada Marsh" in answer.text
    assert "Overdue" in text_of(answer, "h2")
    assert "Was due" not in client_as(cast.cora).get("/follow-ups").text


def test_one_of_them_shows_the_responder_card_of_a_visit(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now)
    answer = client_as(cast.cora).get(f"/follow-ups/{row.uuid}")
    assert h1(answer) == "Ring Ada about her weight"
    assert "Home oxygen" in answer.text
    assert "14 Orchard Row" in answer.text
    assert "01632 960 114" in answer.text


def test_it_is_taken_and_completed(cast: Cast, client_as: ClientAs, session: Session, now: datetime) -> None:
    row = made(session, cast, now)
    cora = client_as(cast.cora)
    answer = cora.post(f"/follow-ups/{row.uuid}/take", data={"next": "/follow-ups?view=team"})
    assert answer.headers["Location"] == "/follow-ups?view=team"
    session.refresh(row)
    assert row.staff_id == cast.cora.id
    answer = cora.post(f"/follow-ups/{row.uuid}/complete", data={"outcome": "done", "note": "She is well."})
    assert answer.status_code == 303
    session.refresh(row)
    assert row.outcome is FollowUpOutcome.DONE
    assert "She is well." in cora.get("/follow-ups?view=done").text


def test_what_was_typed_is_still_there_when_it_is_refused(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now)
    cora = client_as(cast.cora)
    answer = cora.post(f"/follow-ups/{row.uuid}/complete", data={"outcome": "no_reply", "note": ""})
    assert answer.status_code == 422
    assert "Say why, so that the next person knows." in answer.text
    assert 'value="no_reply" selected' in answer.text
    answer = cora.post(f"/follow-ups/{row.uuid}/reschedule", data={"due_at": "nonsense", "why": "Asleep"})
    assert answer.status_code == 422
    assert "Give a date and a time." in answer.text
    assert "Asleep" in answer.text
    session.refresh(row)
    assert row.done_at is None


def test_it_is_put_off_in_the_time_of_the_home(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now)
    answer = client_as(cast.cora).post(
        f"/follow-ups/{row.uuid}/reschedule", data={"due_at": "2026-11-23T09:30", "why": "She is at the club"}
    )
    assert answer.status_code == 303
    session.refresh(row)
    assert row.due_at.isoformat() == "2026-11-23T09:30:00+00:00"
    assert "Put off: She is at the club" in client_as(cast.cora).get(f"/follow-ups/{row.uuid}").text


def test_what_is_done_cannot_be_done_again(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now)
    cora = client_as(cast.cora)
    cora.post(f"/follow-ups/{row.uuid}/complete", data={"outcome": "done"})
    answer = cora.post(f"/follow-ups/{row.uuid}/complete", data={"outcome": "done"})
    assert answer.status_code == 409
    assert "This follow-up is done." in answer.text


def test_a_stranger_finds_nothing(cast: Cast, client_as: ClientAs, session: Session, now: datetime) -> None:
    row = made(session, cast, now)
    mallory = client_as(cast.mallory)
    assert "Ring Ada" not in mallory.get("/follow-ups?view=team").text
    assert mallory.get(f"/follow-ups/{row.uuid}").status_code == 404
    assert mallory.post(f"/follow-ups/{row.uuid}/take").status_code == 404


def test_a_look_at_one_is_written_down(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now)
    client_as(cast.cora).get(f"/follow-ups/{row.uuid}")
    assert [(look.by, look.at_what) for look in looks.list_looks(session, cast.ada)] == [
        ("Cora", "follow-up")
    ]


@pytest.mark.parametrize("when", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00", "tomorrow"])
def test_a_time_that_no_clock_shows_is_refused_at_its_field(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, when: str
) -> None:
    row = made(session, cast, now)
    given = {"due_at": when, "why": "She is out"}
    answer = client_as(cast.cora).post(f"/follow-ups/{row.uuid}/reschedule", data=given)
    assert answer.status_code == 422
    assert "Give a date and a time." in answer.text


def test_one_that_may_not_be_done_yet_says_from_when_and_is_not_done_before(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    row = made(session, cast, now, text="Monthly review", hours=60)
    row.opens_at = now + timedelta(hours=12)
    session.flush()
    cora = client_as(cast.cora)
    assert "from " in cora.get("/follow-ups?view=team").text
    page = f"/follow-ups/{row.uuid}"
    assert "May be done from" in cora.get(page).text
    done = {"outcome": "done", "note": "Went through it"}
    early = cora.post(f"{page}/complete", data=done)
    assert early.status_code == 422
    assert "This may be done from 22 November 2026 at 19:46 on." in early.text
    assert "Went through it" in early.text
    row.opens_at = now
    session.flush()
    assert "may be done now" in cora.get("/follow-ups?view=team").text
    assert "May be done now" in cora.get(page).text
    assert cora.post(f"{page}/complete", data=done).status_code == 303


def test_one_that_is_moved_may_be_done_at_any_time(session: Session, cast: Cast, now: datetime) -> None:
    row = made(session, cast, now, hours=60)
    row.opens_at = now + timedelta(hours=12)
    follow_ups.reschedule(
        session, row, due_at=now + timedelta(hours=1), reason="She asked", by=as_cora(cast), now=now
    )
    assert row.opens_at is None
