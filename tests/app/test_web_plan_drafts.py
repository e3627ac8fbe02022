"""The draft's pages: parts edited, contradictions settled, agreed, published, compared, printed."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.models.plans import PlanVersion, VersionState
from care_plans.plan import changing, drafts, enrol, read, settling
from care_plans.plan.parts import Part
from people import wishes
from people.access import Extent, RecordClass
from tests.agreeing import assessed, attorney
from tests.app.conftest import ClientAs
from tests.app.matrix import share
from tests.cast import Cast


@pytest.fixture
def path(session: Session, cast: Cast, now: datetime) -> str:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now, agreed_with="Ada")
    session.flush()
    return f"/people/{cast.ada.uuid}/plan"


def draft_of(session: Session, cast: Cast) -> PlanVersion:
    session.expire_all()
    found = drafts.find_draft(session, cast.ada)
    assert found is not None
    return found


def test_a_part_of_each_sort_has_a_form_and_can_be_added(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    for part in Part:
        assert cora.get(f"{path}/edit/{part}").status_code == 200, part
    given = {"text": "Cooks for the whole row", "row_version": "0"}
    answer = cora.post(f"{path}/edit/strengths", data=given)
    assert answer.status_code == 303, answer.text
    page = cora.get(f"{path}/edit").text
    assert "Cooks for the whole row" in page
    assert "waiting to be agreed" in cora.get(path).text
    assert cora.get(f"{path}/edit/colours").status_code == 404
    assert cora.post(f"{path}/edit/strengths", data={"text": ""}).status_code == 422


def test_a_ladder_is_written_step_by_step(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {
        "name": "Ring", "steps.0.who": f"team:{cast.nurses.uuid}", "steps.0.way": "call",
        "steps.0.wait_minutes": "10", "steps.1.who": "", "steps.1.way": "board",
        "steps.0.only_from": "22:00", "steps.0.only_until": "07:00", "steps.0.from_times": "2",
    }  # fmt: skip
    assert cora.post(f"{path}/edit/ladders", data={**given, "steps.0.wait_minutes": "x"}).status_code == 422
    assert cora.post(f"{path}/edit/ladders", data=given).status_code == 303
    rows = changing.list_rows(session, draft_of(session, cast), Part.LADDERS)
    own = next(row for row in rows if row.key.startswith("own."))
    assert [step["wait"] for step in own.document["steps"]] == ["10 min"]
    form = cora.get(f"{path}/edit/ladders/{own.key}").text
    assert f'value="team:{cast.nurses.uuid}" selected' in form
    assert all(f'value="{told}"' in form for told in ("22:00", "07:00", "2"))


def test_a_part_is_changed_moved_and_taken_out_with_buttons(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    key = "copd.get_about"
    form = cora.get(f"{path}/edit/goals/{key}")
    assert "I want to get out and see people every week." in form.text
    given = {"need": "copd.breathing", "text": "I want to dance.", "measure_words": "She danced"}
    assert cora.post(f"{path}/edit/goals/{key}", data=given).status_code == 303
    assert cora.post(f"{path}/edit/goals/{key}/move", data={"way": "up"}).status_code == 303
    draft = draft_of(session, cast)
    goals = changing.list_rows(session, draft, Part.GOALS)
    assert [goals[0].text, goals[0].measure_words] == ["I want to dance.", "She danced"]
    assert cora.post(f"{path}/edit/goals/{key}/remove").status_code == 303
    assert key not in {row.key for row in changing.list_rows(session, draft, Part.GOALS)}


def test_the_second_of_two_loses_nothing_and_is_told_who_changed_what(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    client_as(cast.dev).post(f"{path}/edit/begin")
    seen = str(draft_of(session, cast).version)
    first = {"text": "Cooks", "row_version": seen}
    assert client_as(cast.dev).post(f"{path}/edit/strengths", data=first).status_code == 303
    answer = client_as(cast.cora).post(f"{path}/edit/strengths", data={"text": "Sings", "row_version": seen})
    assert answer.status_code == 409
    assert "Dev added: strength “Cooks”" in answer.text
    assert ">Sings</textarea>" in answer.text
    now_seen = str(draft_of(session, cast).version)
    assert f'name="row_version" value="{now_seen}"' in answer.text


def test_faults_stand_at_their_places_and_the_summary_leads_there(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {"goal": "copd.get_about", "text": "Go along"}
    assert cora.post(f"{path}/edit/actions", data=given).status_code == 303
    key = next(
        row.key
        for row in changing.list_rows(session, draft_of(session, cast), Part.ACTIONS)
        if row.key.startswith("own.")
    )
    place = f"actions.{key}.team"
    page = cora.get(f"{path}/edit").text
    assert f'href="#{place}"' in page
    assert f'id="{place}"' in page
    answer = cora.post(f"{path}/publish", data={"agreed_with": "Ada", "note": "Agreed at home"})
    assert answer.status_code == 422
    assert "Nobody owns this" in answer.text
    assert "Agreed at home" in answer.text


def test_contradictions_are_settled_on_the_draft_before_it_is_published(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    dev = client_as(cast.dev)
    given = {"pathway": "heart_failure", "agreed_with": "Ada", "why": ""}
    answer = dev.post(f"/people/{cast.ada.uuid}/enrol", data=given)
    assert answer.headers["Location"].endswith("/plan/edit")
    page = dev.get(f"{path}/edit").text
    assert "Where the pathways disagree" in page
    for found in settling.unsettled(session, draft_of(session, cast)):
        side = next(side for side in found.sides if side.pathway == "copd")
        wrong = {"key": found.key, f"keep.{found.key}": side.key}
        assert dev.post(f"{path}/edit/settle", data=wrong).status_code == 422
        answer = dev.post(f"{path}/edit/settle", data={**wrong, f"reason.{found.key}": "Her consultant"})
        assert answer.status_code == 303, answer.text
    assert dev.post(f"{path}/publish", data={"agreed_with": "Ada"}).status_code == 303
    text = dev.get(path).text
    assert "asked by COPD at home and Heart failure" in text


def test_agreeing_is_an_act_of_its_own_and_then_nobody_asks_again(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    cora.post(f"{path}/edit/strengths", data={"text": "Cooks"})
    wrong = cora.post(f"{path}/edit/agree", data={"who": str(cast.ada.uuid)})
    assert wrong.status_code == 422
    assert 'href="#who"' in wrong.text
    assert "Beth Marsh" not in wrong.text.split('id="agree"')[1]
    held = attorney(session, cast.ada, by=cast.sol, now=now)
    listed = cora.get(f"{path}/edit").text.split('id="agree"')[1]
    assert "Attorney for health and welfare" in listed
    assert "It is their own plan." in listed
    given = {"who": str(held.uuid)}
    assert cora.post(f"{path}/edit/agree", data=given).status_code == 303
    assert "Agreed with Beth Marsh, attorney for health and welfare" in cora.get(f"{path}/edit").text
    assert cora.post(f"{path}/publish", data={}).status_code == 303
    assert "Agreed with Beth Marsh, attorney for health and welfare on" in cora.get(path).text


def test_who_looks_and_whose_review_it_is_are_set_in_the_draft(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {
        "watched": "Nurses, 9 to 5",
        "otherwise": "111",
        "review_by": str(cast.sol.uuid),
        "funding": "joint",
    }
    assert cora.post(f"{path}/edit/whole", data={**given, "review_on": "2020-01-01"}).status_code == 422
    assert cora.post(f"{path}/edit/whole", data={**given, "review_on": "2027-01-01"}).status_code == 303
    form = cora.get(f"{path}/edit/whole").text
    assert "Nurses, 9 to 5" in form
    assert f'value="{cast.sol.uuid}" selected' in form


def test_saving_the_form_keeps_a_reviewer_who_has_left_the_teams_around_the_person(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    cora.post(f"{path}/edit/begin")
    draft_of(session, cast).review_by_id = cast.mallory.id
    session.flush()
    assert f'value="{cast.mallory.uuid}" selected' in cora.get(f"{path}/edit/whole").text
    given = {"watched": "Nurses, 9 to 5", "review_on": "2027-01-01", "review_by": str(cast.mallory.uuid)}
    assert cora.post(f"{path}/edit/whole", data=given).status_code == 303
    assert draft_of(session, cast).review_by_id == cast.mallory.id


def test_any_two_versions_are_compared_part_by_part(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    assert "Nothing to compare yet" in cora.get(f"{path}/compare").text
    cora.post(f"{path}/edit/strengths", data={"text": "Cooks"})
    text = cora.get(f"{path}/compare?from=1&to=2").text
    assert "1 change" in text
    assert "<small>Strength</small> Cooks" in text
    assert "<b>Added</b>" in text
    assert "They say the same." in cora.get(f"{path}/compare?from=1&to=1").text


def test_the_plan_on_paper_says_who_looks_what_to_do_otherwise_and_of_which_day_it_is(
    path: str, cast: Cast, client_as: ClientAs
) -> None:
    cora = client_as(cast.cora)
    text = cora.get(f"{path}/paper").text
    for words in (
        "Version 1", "Sunday 22 November 2026", "My Thursday lunch club", "Otherwise:", "ring 111, or 999",
        "What should happen if", "Community nurses", "A newer version may be in force",
    ):  # fmt: skip
        assert words in text, words
    assert "paper--large" in cora.get(f"{path}/paper?size=large").text
    assert "There is no plan in force." in cora.get(f"/people/{cast.ben.uuid}/plan/paper").text


def test_how_a_goal_and_an_action_stand_is_said_apart(
    path: str, cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    goal = f"{path}/goals/copd.get_about/progress"
    assert cora.post(goal, data={"status": "achieved", "words": ""}).status_code == 422
    assert cora.post(goal, data={"status": "achieved", "words": "She went"}).status_code == 303
    assert "She went" in cora.get(goal).text
    told = cora.get(path).text
    assert "Achieved: She went" in told
    assert f"written down by {cast.cora.name}" in told
    action = f"{path}/actions/copd.first_outing/status"
    assert cora.post(action, data={"status": "done"}).status_code == 303
    plan = read.find_published(session, cast.ada, now)
    assert plan is not None
    assert plan.version.state is VersionState.PUBLISHED


def test_housing_sees_its_own_part_and_says_how_its_own_action_stands(
    path: str, cast: Cast, client_as: ClientAs
) -> None:
    hana = client_as(cast.hana)
    text = hana.get(path).text
    assert "Your agency sees its own part of this plan" in text
    assert "Ask about the heating" in text
    for words in ("88 %", "inhaler technique", "Oxygen", "NEWS"):
        assert words not in text, words
    assert hana.post(f"{path}/actions/copd.heating_check/status", data={"status": "done"}).status_code == 303
    assert hana.post(f"{path}/actions/copd.usual_oxygen/status", data={"status": "done"}).status_code == 403
    for page in ("/edit", "/compare", "/edit/goals"):
        assert hana.get(f"{path}{page}").status_code == 403, page
    assert "only the part of the plan" in hana.get(f"{path}/paper").text


def test_what_they_say_of_themselves_is_kept_with_what_they_said_before(
    cast: Cast, client_as: ClientAs
) -> None:
    path = f"/people/{cast.ada.uuid}/about-me"
    cora = client_as(cast.cora)
    assert "My Thursday lunch club" in cora.get(path).text
    given = {"most_important": "My garden", "supported_by": "Beth", "row_version": "0"}
    answer = cora.post(path, data=given)
    assert answer.status_code == 409
    assert "My garden" in answer.text
    assert cora.post(path, data={**given, "row_version": ""}).status_code == 303
    text = cora.get(path).text
    assert "My garden" in text
    assert "My Thursday lunch club" in text, "before"


def test_a_wish_is_recorded_and_ended_with_a_reason(
    cast: Cast, client_as: ClientAs, session: Session
) -> None:
    path = f"/people/{cast.ada.uuid}/wishes"
    cora = client_as(cast.cora)
    given = {"kind": "dnacpr", "made_on": "2026-05-01", "original_place": ""}
    assert cora.post(path, data=given).status_code == 422
    assert cora.post(path, data={**given, "original_place": "Yellow folder"}).status_code == 303
    text = cora.get(path).text
    assert "DNACPR" in text
    assert "Verify the original" in text
    (row,) = wishes.list_wishes(session, cast.ada)
    assert cora.post(f"{path}/{row.uuid}/end", data={f"why.{row.uuid}": ""}).status_code == 422
    assert cora.post(f"{path}/{row.uuid}/end", data={f"why.{row.uuid}": "Torn up"}).status_code == 303
    assert "Torn up" in cora.get(path).text


def test_a_plan_can_begin_with_an_empty_draft(cast: Cast, client_as: ClientAs, session: Session) -> None:
    cora = client_as(cast.cora)
    path = f"/people/{cast.ben.uuid}/plan"
    assert "No draft" in cora.get(f"{path}/edit").text
    assert cora.post(f"{path}/edit/begin").status_code == 303
    assert "A first plan" in cora.get(f"{path}/edit").text
    assert cora.get(f"{path}/work").status_code == 200


def test_who_was_assessed_is_enrolled_into_a_draft_where_who_agreed_is_written_down(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    assessed(session, cast.ada, by=cast.sol, now=now)
    cora = client_as(cast.cora)
    given = {"pathway": "copd", "agreed_with": "Ada", "why": ""}
    answer = cora.post(f"/people/{cast.ada.uuid}/enrol", data=given)
    assert answer.headers["Location"].endswith("/plan/edit")
    path = f"/people/{cast.ada.uuid}/plan"
    assert "An assessment of capacity is on record" in cora.get(f"{path}/edit").text
    refused = cora.post(f"{path}/edit/agree", data={"who": "person"})
    assert 'href="#how"' in refused.text
    given = {"who": "person", "how": "In the morning, with pictures"}
    assert cora.post(f"{path}/edit/agree", data=given).status_code == 303


def test_on_pages_too_who_does_not_see_it_writes_over_nothing(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    path = f"/people/{cast.ada.uuid}"
    wish = {"kind": "dnacpr", "made_on": "2026-05-01", "original_place": "Yellow folder"}
    assert client_as(cast.cora).post(f"{path}/wishes", data=wish).status_code == 303
    share(session, cast.housing.id, dict.fromkeys(RecordClass, Extent.CATEGORY), now)
    hana = client_as(cast.hana)
    text = hana.get(f"{path}/wishes").text
    assert "They are not shared with your agency" in text
    assert "Yellow folder" not in text
    text = hana.get(f"{path}/about-me").text
    assert "My Thursday lunch club" not in text
    assert "<textarea" not in text
    assert hana.post(f"{path}/about-me", data={"most_important": "x"}).status_code == 403
    assert "My Thursday lunch club" in client_as(cast.cora).get(f"{path}/about-me").text


def test_of_two_who_end_a_wish_the_second_is_told(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    path = f"/people/{cast.ada.uuid}/wishes"
    cora = client_as(cast.cora)
    cora.post(path, data={"kind": "dnacpr", "made_on": "2026-05-01", "original_place": "Folder"})
    (row,) = wishes.list_wishes(session, cast.ada)
    given = {f"why.{row.uuid}": "Torn up", "row_version": str(row.version + 1)}
    assert cora.post(f"{path}/{row.uuid}/end", data=given).status_code == 409
    assert f'name="row_version" value="{row.version}"' in cora.get(path).text


def test_what_comes_again_is_said_in_words_with_its_next_dates_before_anything_is_kept(
    path: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    cora = client_as(cast.cora)
    given = {
        "kind": "call", "text": "Ring her", "team": str(cast.nurses.uuid), "times": "10:00",
        "repeats": "month_weekday", "which": "second", "weekdays": "tuesday",
        "bank_holidays": "next_working_day", "opens_hours": "48", "due_hours": "4", "row_version": "0",
    }  # fmt: skip
    looked = cora.post(f"{path}/edit/schedules", data={**given, "look": "yes"})
    assert looked.status_code == 200, looked.text
    assert (
        "The second Tuesday of every month at 10:00, else the next working day, from 2 days before"
        in looked.text
    )
    assert "Tuesday 8 December 2026, 10:00 GMT" in looked.text
    assert "Tuesday 13 April 2027, 10:00 BST" in looked.text, "the fifth, in summer time"
    assert drafts.find_draft(session, cast.ada) is None
    assert cora.post(f"{path}/edit/schedules", data=given).status_code == 303
    own = changing.list_rows(session, draft_of(session, cast), Part.SCHEDULES)[-1]
    assert (own.recurrence["opens_before"], own.recurrence["due_within"]) == (172_800, 14_400)
    assert own.recurrence["rule"] == "FREQ=MONTHLY;BYDAY=2TU"
    form = cora.get(f"{path}/edit/schedules/{own.key}").text
    assert 'value="second" selected' in form
    assert "Tuesday 8 December 2026, 10:00 GMT" in form
    changed = {**given, "which": "last", "row_version": str(draft_of(session, cast).version), "look": "yes"}
    assert (
        "The last Tuesday of every month" in cora.post(f"{path}/edit/schedules/{own.key}", data=changed).text
    )


def test_a_rule_that_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    path: str, cast: Cast, client_as: ClientAs
) -> None:
    cora = client_as(cast.cora)
    given = {
        "kind": "call", "text": "Ring her", "team": str(cast.nurses.uuid), "times": "10:00",
        "repeats": "other", "rule": "FREQ=HOURLY", "row_version": "0",
    }  # fmt: skip
    for sent in (given, {**given, "look": "yes"}):
        answer = cora.post(f"{path}/edit/schedules", data=sent)
        assert answer.status_code == 422
        assert "FREQ has to be one of DAILY, WEEKLY, MONTHLY and YEARLY." in answer.text
        assert 'value="FREQ=HOURLY"' in answer.text
    past = {**given, "repeats": "", "rule": "", "weekdays": "monday", "until": "2020-01-01"}
    answer = cora.post(f"{path}/edit/schedules", data=past)
    assert answer.status_code == 422
    assert "never falls due within ten years" in answer.text
