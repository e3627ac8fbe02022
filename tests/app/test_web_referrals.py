"""The pages of referrals: sending with what the receiver will see, answering, what stays readable."""

from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.referrals import Referral
from care_plans.referral_states import DeclineReason, ReferralKind, ReferralState, Result
from care_plans.referrals import answering
from tests.app.conftest import ClientAs
from tests.care_plans.referrals.referring import HOUR, plan, send, viewer
from tests.cast import Cast


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def test_the_form_says_class_by_class_what_the_receiver_will_see_and_why(
    cast: Cast, client_as: ClientAs
) -> None:
    dev = client_as(cast.dev)
    first = page(dev, f"/people/{cast.ada.uuid}/refer")
    assert "Which team" in first
    html = page(dev, f"/people/{cast.ada.uuid}/refer?kind=referral&team={cast.landlord.uuid}")
    assert "The home: cold, damp, air" in html
    assert "For housing duty, by legal obligation" in html
    assert "Only “check on the person”" in html
    assert "Is it about the home itself" in html


def test_a_referral_is_sent_from_the_page_and_shown(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    action = plan(session, cast, now)
    dev = client_as(cast.dev)
    given = {
        "kind": "referral", "team": str(cast.landlord.uuid), "action": action.key,
        "from": str(cast.nurses.uuid), "reason": "Fit a rail in the bathroom", "urgency": "same_day",
        "about_home": "no", "includes": ["plan"],
    }  # fmt: skip
    answer = dev.post(f"/people/{cast.ada.uuid}/refer", data=given)
    assert answer.status_code == 303, answer.text
    row = session.scalars(select(Referral)).one()
    assert answer.location == f"/referrals/{row.uuid}"
    html = page(dev, answer.location)
    assert "Sent, not delivered yet" in html
    assert f'href="/people/{cast.ada.uuid}/plan#actions"' in html


def test_bad_input_keeps_what_was_typed_and_says_what_to_change(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.dev).post(
        f"/people/{cast.ada.uuid}/refer",
        data={
            "kind": "referral", "team": str(cast.landlord.uuid), "from": str(cast.nurses.uuid), "reason": "",
            "urgency": "routine", "background": "She is deaf.",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert "She is deaf." in answer.text
    assert 'href="#reason"' in answer.text


def test_the_same_sent_twice_leads_to_the_open_one(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now, to=cast.social_workers, reason="Ring her")
    answer = client_as(cast.dev).post(
        f"/people/{cast.ada.uuid}/refer",
        data={
            "kind": "referral", "team": str(cast.social_workers.uuid), "from": str(cast.nurses.uuid),
            "reason": "Ring her", "urgency": "routine",
        },
    )  # fmt: skip
    assert answer.status_code == 409
    assert f'href="/referrals/{row.uuid}"' in answer.text


def test_both_sides_find_it_in_their_box_with_the_state_of_each(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    send(session, cast, now, to=cast.social_workers)
    assert "Accept or decline it" in page(client_as(cast.sol), "/referrals")
    out = page(client_as(cast.dev), "/referrals?box=out")
    assert "Sent, not delivered yet" in out
    assert "Waiting" in out
    assert "Your teams wait for nobody" in page(client_as(cast.sol), "/referrals?box=out")


def test_it_is_answered_done_looked_at_and_copied_from_the_page(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now, to=cast.social_workers)
    sol, dev, at = client_as(cast.sol), client_as(cast.dev), f"/referrals/{row.uuid}"
    assert sol.post(f"{at}/accept", data={"accept_note": "On Monday."}).status_code == 303
    assert sol.post(f"{at}/start").status_code == 303
    wrong = sol.post(f"{at}/finish", data={"result": "helped", "finish_note": ""})
    assert (wrong.status_code, 'href="#finish_note"' in wrong.text) == (422, True)
    assert sol.post(f"{at}/finish", data={"result": "helped", "finish_note": "Fitted."}).status_code == 303
    html = page(dev, at)
    assert "We have looked at the result" in html
    assert "Copy as record entry" in html
    assert "Note: Fitted." in html
    assert dev.post(f"{at}/review").status_code == 303
    session.refresh(row)
    assert row.reviewed_by_id == cast.dev.id


def test_the_second_to_answer_is_told_who_came_first(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row, sol = send(session, cast, now, to=cast.social_workers), client_as(cast.sol)
    assert sol.post(f"/referrals/{row.uuid}/accept").status_code == 303
    again = sol.post(f"/referrals/{row.uuid}/accept")
    assert (again.status_code, "Sol accepted it" in again.text) == (409, True)


def test_declined_it_can_be_asked_again_with_what_was_said(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now, to=cast.landlord, about_home=False, reason="Fit a rail")
    hana, dev = client_as(cast.hana), client_as(cast.dev)
    no = {"decline_reason": "needs_more", "decline_words": "Which room?"}
    assert hana.post(f"/referrals/{row.uuid}/decline", data=no).status_code == 303
    html = page(dev, f"/referrals/{row.uuid}")
    assert "Which room?" in html
    again = page(dev, f"/people/{cast.ada.uuid}/refer?again={row.uuid}")
    assert "Fit a rail" in again


def test_before_acceptance_a_stranger_team_reads_the_referral_and_not_the_person(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now, to=cast.strangers)
    mallory = client_as(cast.mallory)
    html = page(mallory, f"/referrals/{row.uuid}")
    assert "14 Orchard Row" in html
    assert f"/people/{cast.ada.uuid}" not in html
    page(mallory, f"/people/{cast.ada.uuid}", 404)
    page(client_as(cast.vi), f"/referrals/{row.uuid}", 403)


def test_a_team_that_went_reads_its_summary_and_gets_404_on_the_person(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row, who = send(session, cast, now, to=cast.strangers), viewer(session, cast.mallory, now)
    answering.accept(session, row, by=who, now=now)
    mallory = client_as(cast.mallory)
    page(mallory, f"/people/{cast.ada.uuid}")
    answering.finish(session, row, result=Result.HELPED, note="Done", by=who, now=now + HOUR)
    session.flush()
    page(mallory, f"/referrals/{row.uuid}")
    later = viewer(session, cast.mallory, now + HOUR)
    assert later.team_ids == who.team_ids


def test_what_a_team_that_leaves_may_still_read_is_said_before_it_is_confirmed(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    html = page(
        client_as(cast.cora),
        f"/people/{cast.ada.uuid}/refer?kind=transfer&team={cast.social_workers.uuid}",
    )
    assert "reads from then on only what it saw at that moment" in html
    row = send(
        session, cast, now, by=cast.cora, team=cast.coordinators, to=cast.social_workers,
        kind=ReferralKind.TRANSFER, leaves=True,
    )  # fmt: skip
    shown = page(client_as(cast.sol), f"/referrals/{row.uuid}")
    assert "On acceptance Adult social work leads. Coordinators leaves." in shown
    assert "reads from then on only what it saw" in shown


def test_somebody_asks_for_help_is_searched_for_and_found(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    cora = client_as(cast.cora)
    empty = cora.post("/referrals/new", data={"name": "", "reason": "", "by": "person", "how": "phone"})
    assert empty.status_code == 422
    given = {
        "name": "Marsh", "reason": "Cannot manage the bath", "by": "family", "how": "letter",
        "urgency": "routine", "from": str(cast.coordinators.uuid), "to": str(cast.coordinators.uuid),
    }  # fmt: skip
    made = cora.post("/referrals/new", data=given)
    assert made.status_code == 303, made.text
    html = page(cora, made.location)
    assert "Ada Marsh, born 4 May 1948" in html
    assert cora.post(f"{made.location}/accept").status_code == 303
    assert cora.post(f"{made.location}/name", data={"person": ""}).status_code == 422
    assert cora.post(f"{made.location}/name", data={"person": str(cast.ada.uuid)}).status_code == 303
    assert session.scalars(select(Referral)).one().person_id == cast.ada.id


def test_a_landlord_is_told_since_when_it_may_be_aware_and_judges(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now, to=cast.landlord, about_home=True, reason="Black mould")
    answering.reached(session, row, now, now)
    hana = client_as(cast.hana)
    assert "a duty to investigate may run from here" in page(hana, f"/referrals/{row.uuid}")
    judged = {"judgement": "significant", "judge_words": "Two walls, a child sleeps there."}
    assert hana.post(f"/referrals/{row.uuid}/judge", data=judged).status_code == 303
    assert "Significant hazard" in page(hana, f"/referrals/{row.uuid}")


def test_one_to_an_agency_outside_has_a_letter_and_its_answers_are_written_down(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    dev = client_as(cast.dev)
    assert "Which agency" in page(dev, f"/people/{cast.ada.uuid}/refer?kind=referral&team=outside")
    given = {
        "kind": "referral", "team": "outside", "from": str(cast.nurses.uuid), "reason": "Please assess",
        "urgency": "routine", "outside_name": "Faraway Trust", "outside_way": "post",
    }  # fmt: skip
    at = dev.post(f"/people/{cast.ada.uuid}/refer", data=given).location
    assert "Please assess" in page(dev, f"{at}/letter")
    assert dev.post(f"{at}/deliver", data={"delivered_at": ""}).status_code == 303
    assert dev.post(f"{at}/accept").status_code == 303
    assert session.scalars(select(Referral.state)).one() is ReferralState.ACCEPTED


@pytest.mark.parametrize("who", ["vi", "mallory"])
def test_whoever_may_not_sees_no_way_there(cast: Cast, client_as: ClientAs, who: str) -> None:
    client = client_as(getattr(cast, who))
    html = page(client, "/follow-ups")
    assert ('href="/referrals"' in html) == (who == "mallory")


def test_declining_is_counted_by_its_reason(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now)
    answering.decline(
        session, row, reason=DeclineReason.NOT_OURS, words="No", by=viewer(session, cast.vi, now), now=now
    )
    assert row.decline_reason is DeclineReason.NOT_OURS


def test_what_happened_around_the_person_tells_of_it_and_leads_there(
    session: Session, cast: Cast, now: datetime, client_as: ClientAs
) -> None:
    row = send(session, cast, now)
    html = page(client_as(cast.sol), f"/people/{cast.ada.uuid}/history")
    assert "Another team was asked for something" in html
    assert f'href="/referrals/{row.uuid}"' in html
