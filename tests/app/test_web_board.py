"""The board and its live part."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from devices import subjects
from people.models.agencies import Role
from tests.app.conftest import ClientAs, RealTime
from tests.app.raising import raise_
from tests.app.reading import attribute, h1
from tests.care_plans import alerting
from tests.cast import Cast


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def test_an_empty_board_says_what_would_appear(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/")
    assert answer.status_code == 200
    assert h1(answer) == "Board"
    assert "Nothing is open" in answer.text
    assert "<title>Board – Hearthline</title>" in answer.text


def test_an_alert_stands_on_its_line_and_beside_the_list(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    answer = client_as(cast.cora).get("/")
    assert "Ada Marsh, 78" in answer.text
    assert "Oxygen 84%" in answer.text
    assert "Goal: The lunch club on Thursdays" in answer.text
    assert "Community nurses" in answer.text
    assert f'hx-get="/alerts/{alert.uuid}/aside"' in answer.text
    assert "Ring Ada Marsh, 01632 960 114" in answer.text
    assert "COPD" in answer.text


def test_worst_stands_first_and_filters_stay_in_the_address(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    red = raise_(session, cast, now)
    amber = raise_(session, cast, now, Severity.AMBER, key="copd.pulse_fast")
    watch = raise_(session, cast, now, Severity.WATCH, Class.TECHNICAL, key="kit.battery.x")
    cora = client_as(cast.cora)
    text = cora.get("/").text
    places = [text.index(f'id="alert-{alert.uuid}"') for alert in (red, amber, watch)]
    assert places == sorted(places)
    filtered = cora.get("/?severity=amber&mine=yes")
    assert "Nothing open fits these filters" in filtered.text
    assert 'hx-get="/board/rows?severity=amber&amp;mine=yes"' in filtered.text
    amber_only = cora.get("/?severity=amber").text
    assert f'id="alert-{amber.uuid}"' in amber_only
    assert f'id="alert-{red.uuid}"' not in amber_only
    kit = cora.get("/?severity=kit").text
    assert f'id="alert-{watch.uuid}"' in kit
    assert f'id="alert-{red.uuid}"' not in kit
    assert f'id="alert-{watch.uuid}"' not in cora.get("/?severity=watch").text


def test_team_agency_and_area_can_be_picked(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    row = f'id="alert-{alert.uuid}"'
    assert row in cora.get(f"/?team={cast.coordinators.uuid}").text
    assert row not in cora.get(f"/?team={cast.landlord.uuid}").text
    assert row in cora.get(f"/?agency={cast.hub.uuid}").text
    assert row in cora.get("/?area=Westmere").text
    assert row not in cora.get("/?area=Elsewhere").text
    assert row not in cora.get("/?team=nonsense").text


def test_the_live_part_answers_nothing_while_nothing_changed(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime, real_time: RealTime
) -> None:
    alert = raise_(session, cast, now)
    cora = client_as(cast.cora)
    version = attribute(cora.get("/"), "board-version", "value")
    assert cora.get(f"/board/rows?version={version}").status_code == 204
    alerts.comment(session, alert, words="I ring her.", by=alerting.cora(cast), now=now)
    session.flush()
    answer = cora.get(f"/board/rows?version={version}")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    newer = attribute(answer, "board-version", "value")
    assert newer != version
    real_time.pass_by(timedelta(minutes=1))
    assert cora.get(f"/board/rows?version={newer}").status_code == 200


def test_a_new_alert_is_in_the_live_part(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    cora = client_as(cast.cora)
    version = attribute(cora.get("/"), "board-version", "value")
    alert = raise_(session, cast, now)
    assert str(alert.uuid) in cora.get(f"/board/rows?version={version}").text


def test_all_green_is_seen_together_and_never_a_red(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    red = raise_(session, cast, now)
    watch = raise_(session, cast, now, Severity.WATCH, key="copd.pulse_fast")
    cora = client_as(cast.cora)
    assert "All green seen (1)" in cora.get("/").text
    answer = cora.post(
        "/board/seen", data={"alert": [str(red.uuid), str(watch.uuid), "nonsense"], "next": "/?mine=yes"}
    )
    assert answer.headers["Location"] == "/?mine=yes"
    session.refresh(red)
    session.refresh(watch)
    assert (red.acknowledged_at, watch.acknowledged_at) == (None, now)
    assert "1 seen." in cora.get("/").text
    assert "All green seen" not in cora.get("/").text


def test_a_stranger_sees_an_empty_board(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    alert = raise_(session, cast, now)
    mallory = client_as(cast.mallory)
    assert "Nothing is open" in mallory.get("/").text
    assert "Ada" not in mallory.get(f"/?alert={alert.uuid}").text
    mallory.post("/board/seen", data={"alert": str(alert.uuid)})
    session.refresh(alert)
    assert alert.acknowledged_at is None


@pytest.mark.parametrize(
    ("role", "path"),
    [(Role.VOLUNTEER, "/follow-ups"), (Role.TECHNICIAN, "/kit"), (Role.COMMISSIONER, "/outcomes")],
)
def test_whoever_has_no_board_begins_elsewhere(
    role: Role, path: str, cast: Cast, client_as: ClientAs
) -> None:
    cast.vi.role = role
    assert client_as(cast.vi).get("/").headers["Location"] == path


def test_a_longer_board_takes_no_more_statements(
    cast: Cast, client_as: ClientAs, session: Session, now: datetime
) -> None:
    def lay(number: int) -> list[Alert]:
        return [
            raise_(
                session, cast, now, Severity.AMBER, key=f"copd.rule_{number}_{each}",
                subject=subjects.home(cast.ben_home.id) if each % 2 else subjects.person(cast.ada.id),
            )
            for each in range(number)
        ]  # fmt: skip

    cora = client_as(cast.cora)
    counts = []
    for number in (5, 20):
        lay(number)
        session.flush()
        cora.get("/")  # the first look is written down
        with statements(session) as sent:
            assert cora.get("/").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
