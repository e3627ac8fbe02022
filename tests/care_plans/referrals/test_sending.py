from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.messages import Message
from care_plans.models.work import FollowUp
from care_plans.referral_states import OutsideWay, ReferralKind, ReferralState, Urgency
from care_plans.referrals import sending
from core.errors import Conflict, Invalid
from people import access, choices
from people.access import RecordClass
from people.visible import actor
from tests.care_plans.referrals.referring import HOUR, plan, send, viewer
from tests.cast import Cast


def test_a_referral_is_sent_with_a_time_to_answer_and_the_sender_keeps_a_safety_net(
    session: Session, cast: Cast, now: datetime
) -> None:
    row = send(session, cast, now, urgency=Urgency.URGENT)
    assert (row.state, row.respond_by) == (ReferralState.SENT, now + 2 * HOUR)
    net = session.get_one(FollowUp, row.net_follow_up_id)
    assert (net.team_id, net.due_at, net.done_at) == (cast.nurses.id, row.respond_by, None)


def test_the_receiving_team_is_told_without_a_name(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now)
    message = session.scalars(select(Message).where(Message.referral_id == row.id)).one()
    assert message.team_id == cast.befrienders.id
    assert "A.M., Westmere" in message.body
    assert "Ada" not in message.body
    assert row.reason not in message.body


def test_every_fault_is_said_at_its_place(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, cast, now, reason=" ", team=cast.landlord, to=cast.landlord, action_key="nothing")
    assert set(refused.value.fields) >= {"reason", "from_team", "to_team", "action"}


def test_a_referral_goes_to_a_team_or_to_an_agency_outside_and_never_to_both(
    session: Session, cast: Cast, now: datetime
) -> None:
    asked = sending.Asked(
        ReferralKind.REFERRAL, "Please ring.", cast.nurses, cast.befrienders, outside_name="Faraway Trust"
    )
    with pytest.raises(Invalid) as refused:
        sending.send(session, cast.ada, asked, by=viewer(session, cast.dev, now), now=now)
    assert "to_team" in refused.value.fields


def test_one_to_an_agency_outside_says_how_it_went(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, cast, now, outside_name="Faraway Trust")
    assert refused.value.fields == {"outside_way": "Say how it goes to them."}
    row = send(session, cast, now, outside_name="Faraway Trust", outside_way=OutsideWay.POST)
    assert row.to_team_id is None
    assert row.shared == []
    assert session.get_one(FollowUp, row.net_follow_up_id).done_at is None


def test_the_same_open_action_is_not_sent_twice_and_says_where_the_open_one_is(
    session: Session, cast: Cast, now: datetime
) -> None:
    action = plan(session, cast, now)
    first = send(session, cast, now, action_key=action.key)
    with pytest.raises(Conflict, match=f"/referrals/{first.uuid}"):
        send(session, cast, now, action_key=action.key, reason="The same in other words")


def test_the_same_words_to_the_same_team_are_not_sent_twice_but_others_are(
    session: Session, cast: Cast, now: datetime
) -> None:
    send(session, cast, now, reason="Look at the  Rail")
    with pytest.raises(Conflict):
        send(session, cast, now, reason="look at the rail")
    assert send(session, cast, now, reason="Bring a hot meal").id
    assert send(session, cast, now, reason="look at the rail", to=cast.strangers).id


def test_a_referral_keeps_who_asked_whom_for_statistics(session: Session, cast: Cast, now: datetime) -> None:
    row = send(session, cast, now)
    before = dict(row.snapshot)
    cast.befrienders.name, cast.ada_home.area = "Renamed", "Elsewhere"
    session.flush()
    session.refresh(row)
    assert row.snapshot == before
    assert before["from"] == {"agency": "Westmere Health", "team": "Community nurses", "sector": "health"}
    assert (before["area"], before["age_band"]) == ("Westmere", "75 to 84")


def test_what_the_sender_chose_to_show_is_no_more_than_the_receiver_sees(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    row = send(session, cast, now, includes=frozenset({RecordClass.PLAN, RecordClass.VITALS}))
    shown = {part["class"]: part for part in row.shared}
    assert set(shown) == {"contact", "plan", "vitals"}
    assert shown["plan"]["extent"] == "category"
    assert "bath" not in " ".join(shown["plan"]["lines"])
    assert shown["vitals"]["extent"] == "check"
    assert shown["contact"]["lines"][0].startswith("Ada Marsh")


def test_missing_consent_makes_what_is_shown_smaller_and_never_stops_the_referral(
    session: Session, cast: Cast, now: datetime
) -> None:
    said = {"decision": "dissent", "said_by": "Ada", "evidence": "Told Cora on the telephone"}
    cora = viewer(session, cast.cora, now)
    choices.choose(session, cast.ada, None, said, by=cast.cora, actor=actor(cora), now=now)
    row = send(session, cast, now, includes=frozenset(RecordClass))
    assert row.state is ReferralState.SENT
    assert {part["extent"] for part in row.shared} == {access.Extent.CHECK.value}
    assert "Home oxygen" in " ".join(row.shared[0]["lines"]), "what is dangerous at the door is always told"


def test_a_housing_agency_is_told_whether_it_is_about_the_home(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, cast, now, to=cast.landlord)
    assert "about_home" in refused.value.fields
    assert send(session, cast, now, to=cast.landlord, about_home=False).id


def test_only_the_team_that_leads_can_hand_over_and_only_the_others_ask(
    session: Session, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        send(session, cast, now, kind=ReferralKind.TRANSFER)
    assert "kind" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        send(session, cast, now, kind=ReferralKind.TRANSFER_REQUEST, to=cast.befrienders)
    assert "to_team" in refused.value.fields
    assert send(session, cast, now, kind=ReferralKind.TRANSFER_REQUEST, to=cast.coordinators).id
