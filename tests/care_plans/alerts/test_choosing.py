"""What of the board is asked for."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from care_plans.alerts import alerts, board
from care_plans.alerts.choosing import BoardFilters
from care_plans.models.alerts import Alert
from care_plans.severity import Class, Severity
from devices import subjects
from people.models.caring import CareTeam
from tests.care_plans.alerting import cora, dev, hana, mallory, raised, vi
from tests.care_plans.alerts.test_board import EVERYTHING, make
from tests.cast import Cast


def test_only_care_teams_and_those_it_was_sent_to_see_an_alert(
    session: Session, cast: Cast, now: datetime
) -> None:
    mine = make(session, cast, now, "a.mine", Severity.RED)
    make(session, cast, now, "a.other", Severity.RED)
    assert board.list_lines(session, mallory(cast), EVERYTHING, now) == []
    assert board.count(session, mallory(cast), EVERYTHING, now).total == 0
    assert board.list_lines(session, vi(cast), EVERYTHING, now) == []
    alerts.hand_over(session, mine, team_id=cast.befrienders.id, reason="Sit", by=cora(cast), now=now)
    assert [line.id for line in board.list_lines(session, vi(cast), EVERYTHING, now)] == [mine.id]
    assert board.list_lines(session, vi(cast), EVERYTHING, now + timedelta(days=8)) == []


def test_whoever_leaves_the_care_team_sees_the_alert_no_longer(
    session: Session, cast: Cast, now: datetime
) -> None:
    make(session, cast, now, "a.red", Severity.RED)
    assert len(board.list_lines(session, hana(cast), EVERYTHING, now)) == 1
    for row in session.query(CareTeam).filter_by(team_id=cast.landlord.id):
        session.delete(row)
    assert board.list_lines(session, hana(cast), EVERYTHING, now) == []


def test_filters_choose_and_counts_stay_those_of_the_scope(
    session: Session, cast: Cast, now: datetime
) -> None:
    red = make(session, cast, now, "a.red", Severity.RED)
    make(session, cast, now, "a.kit", Severity.WATCH, Class.TECHNICAL)
    ben = raised(cast, now, Severity.AMBER, subject=subjects.person(cast.ben.id))
    other = alerts.raise_(session, ben, now)
    alerts.acknowledge(session, red, by=dev(cast), now=now)
    alerts.hand_over(session, other, team_id=cast.landlord.id, reason="Cold", by=cora(cast), now=now)

    def found(**filters: object) -> list[str]:
        lines = board.list_lines(session, dev(cast), BoardFilters(**filters), now)  # type: ignore[arg-type]
        return sorted(session.get_one(Alert, line.id).rule_key for line in lines)

    assert found() == ["a.kit", "a.red", "copd.oxygen_low"]
    assert found(mine=True) == ["a.red"]
    assert found(severity=Severity.WATCH) == ["a.kit"]
    assert found(class_=Class.TECHNICAL) == ["a.kit"]
    assert found(team_id=cast.nurses.id) == ["a.red"]
    assert found(agency_id=cast.housing.id) == ["copd.oxygen_low"]
    assert found(person_id=cast.ben.id) == ["copd.oxygen_low"]
    assert found(area="Westmere") == found()
    assert found(area="Elsewhere") == []
    counts = board.count(session, dev(cast), BoardFilters(severity=Severity.RED, mine=True), now)
    assert (counts.total, counts.mine) == (3, 1)
    assert counts.by_severity == {Severity.WATCH: 1, Severity.AMBER: 1, Severity.RED: 1}
