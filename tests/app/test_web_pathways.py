"""The pages of pathways."""

from datetime import datetime

import pytest
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.judging import describing
from care_plans.models.plans import PathwaySwitch, PlanPathway
from care_plans.pathways import reading, switches
from care_plans.plan import enrol
from people.models.agencies import Role
from tests.app.conftest import ClientAs
from tests.app.reading import h1, text_of
from tests.cast import Cast

REASON = {"reason": "Agreed at the clinical board of 20 November"}


def test_every_pathway_stands_in_the_list_with_whose_it_is_and_who_is_on_it(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    answer = client_as(cast.cora).get("/pathways")
    assert answer.status_code == 200
    assert h1(answer) == "Pathways"
    for pathway in reading.all_pathways().values():
        assert f'href="/pathways/{pathway.code}"' in answer.text
    assert "Lead clinician for respiratory care" in answer.text
    assert "in force since 1 January 2026" in answer.text
    assert "Clinical rules off" in answer.text


@pytest.mark.parametrize("code", sorted(reading.all_pathways()))
def test_a_pathway_is_shown_whole(cast: Cast, client_as: ClientAs, code: str) -> None:
    pathway = reading.get(code)
    answer = client_as(cast.hana).get(f"/pathways/{code}")
    assert answer.status_code == 200
    assert h1(answer) == pathway.title
    headings = text_of(answer, "h2")
    for heading in (
        "Needs, goals and who does what", "What should happen if", "Ladders",
        "What is lent and what is watched",
        "Clocks", "Comes again", "What one person takes", "Who is on it", "Versions", "Sources",
    ):  # fmt: skip
        assert heading in headings, heading
    for contingency in pathway.contingencies:
        assert contingency.name in answer.text
    assert "a month</b> for one person" in answer.text
    assert "Take responsibility" not in answer.text
    assert "built-in method" not in answer.text
    for trigger in (one for each in pathway.contingencies for one in each.triggers):
        if trigger.rule.clear:
            assert escape(f"Clears when: {describing.condition_words(trigger.rule.clear)}") in answer.text


def test_who_is_on_it_is_named_with_an_earlier_version_said(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    session.scalars(select(PlanPathway)).one().pathway_version = 1
    session.flush()
    page = client_as(cast.dev).get("/pathways/copd").text
    assert f'/people/{cast.ada.uuid}/plan">Ada Marsh</a>' in page
    assert "on version 1" in page
    assert "1 person is on an earlier version" in client_as(cast.dev).get("/pathways").text


def test_a_stranger_and_a_commissioner_are_shown_the_service_and_nobody_on_it(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now)
    page = client_as(cast.mallory).get("/pathways/copd").text
    assert "Marsh" not in page
    assert "Nobody whom you see" in page
    cast.cora.role = Role.COMMISSIONER
    page = client_as(cast.cora).get("/pathways/copd").text
    assert "Marsh" not in page
    assert "Your role opens nobody" in page


def test_housing_is_not_told_who_is_on_the_dementia_pathway(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    enrol.enrol(session, cast.ada, "dementia", by=cast.dev, now=now)
    assert "Ada Marsh" in client_as(cast.dev).get("/pathways/dementia").text
    page = client_as(cast.hana).get("/pathways/dementia").text
    assert "Marsh" not in page
    assert "mental health" in page


def test_an_earlier_version_can_be_read_and_not_approved(cast: Cast, client_as: ClientAs) -> None:
    dev = client_as(cast.dev)
    page = dev.get("/pathways/copd?version=1").text
    assert "This is an earlier version" in page
    assert "Take responsibility" not in page
    assert dev.get("/pathways/copd?version=9").status_code == 404
    assert dev.get("/pathways/measles").status_code == 404


def test_a_clinician_takes_responsibility_and_gives_it_back_with_reasons(
    session: Session, cast: Cast, client_as: ClientAs
) -> None:
    dev = client_as(cast.dev)
    assert "Take responsibility for version 3" in dev.get("/pathways/copd").text
    refused = dev.post("/pathways/copd/approve", data={"reason": ""})
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert dev.post("/pathways/copd/approve", data=REASON).status_code == 303
    page = dev.get("/pathways/copd").text
    assert "Clinical rules on" in page
    assert REASON["reason"] in page
    assert dev.post("/pathways/copd/approve", data=REASON).status_code == 409
    assert dev.post("/pathways/copd/stop", data={"reason": "Figures to be looked at"}).status_code == 303
    session.expire_all()
    assert switches.find(session, "copd") is None


def test_a_newer_version_than_was_approved_asks_for_responsibility_anew(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    session.add(
        PathwaySwitch(pathway="copd", pathway_version=1, on_at=now, on_by_id=cast.dev.id, on_reason="Before")
    )
    session.flush()
    page = client_as(cast.dev).get("/pathways/copd").text
    assert "On, approved as version 1" in page
    assert "Take responsibility for version 3" in page


def test_nobody_else_approves(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.cora).post("/pathways/copd/approve", data=REASON).status_code == 403
    assert client_as(cast.cora).get("/pathways/copd/approve").status_code == 405


def test_a_pathway_without_clinical_rules_asks_no_clinician(cast: Cast, client_as: ClientAs) -> None:
    page = client_as(cast.dev).get("/pathways/warm_dry_home").text
    assert "No clinical rules" in page
    assert "Take responsibility" not in page
