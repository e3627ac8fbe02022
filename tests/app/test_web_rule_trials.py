"""Trying a rule otherwise on the past, on pages."""

from datetime import datetime, timedelta
from uuid import uuid4

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.models.alerts import Alert
from care_plans.models.trying import RuleTrial
from care_plans.trying import everybody, proposing
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.care_plans.judged_home import Home, close, on_copd
from tests.cast import Cast

PATH = "/pathways/copd/rules/copd.oxygen_low"


def lay(session: Session, cast: Cast, now: datetime) -> None:
    """A low reading of Ada's that was closed as true."""
    on_copd(session, cast, now)
    home = Home(session, cast, now)
    home.say("spo2", 87, now - timedelta(hours=20))
    home.judge(now - timedelta(hours=20))
    [alert] = session.scalars(select(Alert)).all()
    close(session, alert, now - timedelta(hours=19))
    home.say("spo2", 95, now - timedelta(hours=18))
    session.flush()


def test_a_rule_is_tried_with_other_limits_and_the_page_tells_what_would_be_missed(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    lay(session, cast, now)
    cora = client_as(cast.cora)
    assert f'href="{PATH}"' in cora.get("/pathways/copd").text
    form = cora.get(PATH)
    assert h1(form) == "Try “Oxygen low” otherwise"
    assert 'value="88"' in form.text
    assert "Nobody has tried this rule otherwise yet." in form.text
    sent = cora.post(PATH, data={"oxygen": "86", "rule": ""})
    assert sent.status_code == 303
    text = cora.get(sent.location).text
    assert "Tried on 0 of 1 person so far." in text
    assert 'hx-trigger="every 2s"' in text
    everybody.step(session, now)
    session.flush()
    text = cora.get(sent.location).text
    for words in ("Tried on the last 90 days of 1 person, 2 readings.", "1 not found any more",
                  "1 alert that was closed as true would not have been raised", "Ada Marsh"):  # fmt: skip
        assert words in text, words
    assert 'hx-trigger="every 2s"' not in text.partition('id="trial"')[2]
    assert "amber: Oxygen below 86" in cora.get(PATH).text
    stranger = client_as(cast.mallory).get(sent.location).text
    assert "Ada" not in stranger


def test_the_whole_rule_can_be_written_otherwise(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    lay(session, cast, now)
    document = dict(proposing.trigger_of("copd", "copd.oxygen_low").document)
    changed = yaml.safe_dump({**document, "clear": {"kind": "spo2", "at_or_above": 92}})
    sent = client_as(cast.cora).post(PATH, data={"oxygen": "88", "rule": changed})
    assert sent.status_code == 303
    trial = session.scalars(select(RuleTrial)).one()
    assert trial.document["clear"] == {"kind": "spo2", "at_or_above": 92}


def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    assert "choose from 82 to 94 %" in cora.post(PATH, data={"oxygen": "50"}).text
    same = cora.post(PATH, data={"oxygen": "88"})
    assert same.status_code == 422
    assert "This is what the rule is already." in same.text
    broken = cora.post(PATH, data={"oxygen": "88", "rule": "steps: ["})
    assert "write this as YAML" in broken.text
    assert '<details class="raw" open>' in broken.text
    nobody = cora.post(PATH, data={"oxygen": "86"})
    assert nobody.status_code == 409
    assert "Nobody whom you see in full" in nobody.text


def test_a_rule_or_a_trial_that_there_is_not_is_not_found(cast: Cast, client_as: ClientAs) -> None:
    cora = client_as(cast.cora)
    assert cora.get("/pathways/copd/rules/copd.nothing").status_code == 404
    assert cora.get(f"/rule-trials/{uuid4()}").status_code == 404
