"""Who sees what of somebody: the table, and recording what they say of it."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from people import choices
from people.models.agencies import Role
from people.models.sharing import SharingChoice
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast

SAID = {
    "decision": "dissent", "agency": "", "record_class": "vitals", "purpose": "", "said_by": "Ada herself",
    "evidence": "Told Sol at the kitchen table",
}  # fmt: skip


def test_the_table_says_who_sees_what_and_why(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.hana).get(f"/people/{cast.ada.uuid}/sharing")
    assert (answer.status_code, h1(answer)) == (200, "Who sees what")
    for words in (
        "Westmere Homes", "Community nurses", "Vital signs", "In full", "What sort only",
        "Check on them only", "Care, public task", "Housing duties, legal obligation", "No basis",
        "is counted in figures", "never used for arrears",
    ):  # fmt: skip
        assert words in answer.text, words


def test_a_choice_is_shown_with_what_it_changes_before_it_is_recorded(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    sol = client_as(cast.sol)
    path = f"/people/{cast.ada.uuid}/sharing"
    form = sol.get(f"{path}/new")
    assert h1(form) == "Record a choice"
    given = {**SAID, "agency": str(cast.health.uuid)}
    preview = sol.post(f"{path}/preview", data=given)
    assert h1(preview) == "What it changes"
    assert "Westmere Health may not see vital signs" in preview.text
    assert "Check on them only" in preview.text
    assert choices.in_force(session, [cast.ada.id], now) == []
    assert sol.post(path, data=given).status_code == 303
    page = sol.get(path).text
    assert "Ada said no" in page
    assert "Told Sol at the kitchen table" in page
    row = session.scalars(select(SharingChoice)).one()
    assert sol.post(f"{path}/{row.uuid}/end").status_code == 303
    assert choices.in_force(session, [cast.ada.id], now) == []
    assert sol.post(f"{path}/{row.uuid}/end").status_code == 409


@pytest.mark.parametrize("where", ["", "/preview"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"said_by": ""}, "This is needed."),
        ({"evidence": ""}, "This is needed."),
        ({"decision": "perhaps"}, "Choose one of"),
        ({"agency": "nonsense"}, "Choose an agency, or every agency."),
        ({"record_class": "restricted"}, "opened one by one"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    where: str, wrong: dict[str, str], said: str, cast: Cast, client_as: ClientAs, session: Session
) -> None:
    answer = client_as(cast.sol).post(f"/people/{cast.ada.uuid}/sharing{where}", data={**SAID, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    for name in ("said_by", "evidence"):
        if name not in wrong:
            assert SAID[name] in answer.text
    assert session.scalars(select(SharingChoice)).all() == []


def test_figures_have_a_choice_of_their_own(cast: Cast, client_as: ClientAs) -> None:
    sol = client_as(cast.sol)
    path = f"/people/{cast.ada.uuid}/sharing"
    given = {**SAID, "record_class": "", "purpose": "planning"}
    assert "left out of figures from now on" in sol.post(f"{path}/preview", data=given).text
    sol.post(path, data=given)
    page = sol.get(path).text
    assert "Ada is left out of figures" in page
    assert "Any agency may not count them in figures" in page


def test_who_answers_alerts_sees_the_table_and_records_nothing(cast: Cast, client_as: ClientAs) -> None:
    cast.sol.role = Role.RESPONDER
    sol = client_as(cast.sol)
    path = f"/people/{cast.ada.uuid}/sharing"
    assert "Record a choice" not in sol.get(path).text
    assert sol.post(path, data=SAID).status_code == 403
