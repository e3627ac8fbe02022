"""Rotas of teams in the database, and whom a ladder asks by them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, escalation
from care_plans.models.alerts import AlertEvent
from care_plans.rotas import duty, rotas
from core.errors import Invalid, NotFound
from core.models import JournalEntry
from people import teams
from people.models.agencies import Role, Staff
from people.visible import actor
from tests.care_plans.alerting import cora, dev, hana, messages_to, raised
from tests.cast import Cast

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def layer(*people: Staff, **more: Any) -> dict[str, Any]:
    return {
        "name": "Weeks",
        "people": [str(each.uuid) for each in people],
        "starts": "2026-11-16",
        "turn_days": 7,
        "changes_at": "08:00",
    } | more


def set_rota(session: Session, cast: Cast, now: datetime, *layers: dict[str, Any]) -> None:
    rotas.set_rota(session, cast.nurses, list(layers), "Europe/London", by=cora(cast), now=now)


def cover(session: Session, cast: Cast, now: datetime, **more: Any) -> Any:
    given = {"staff": str(cast.dev.uuid), "starts_at": now, "ends_at": now + HOUR, "why": "A swap"} | more
    return rotas.cover(session, cast.nurses, given, by=cora(cast), now=now)


def faults(act: Any) -> set[str]:
    with pytest.raises(Invalid) as refused:
        act()
    return set(refused.value.fields)


def test_a_rota_is_set_on_the_record_and_says_who_is_on_duty(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert rotas.on_duty(session, [cast.nurses.id], now) == {}
    set_rota(session, cast, now, layer(cast.dev))
    assert rotas.on_duty(session, [cast.nurses.id, cast.coordinators.id], now) == {
        cast.nurses.id: cast.dev.id
    }
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject == "rota")).one()
    assert (entry.what, entry.by, entry.details) == ("set", "Cora", {"team": str(cast.nurses.uuid)})
    set_rota(session, cast, now, layer(cast.dev, starts="2026-12-01"))
    assert rotas.on_duty(session, [cast.nurses.id], now) == {cast.nurses.id: None}
    rotas.end_rota(session, cast.nurses, by=cora(cast), now=now)
    assert rotas.on_duty(session, [cast.nurses.id], now) == {}
    with pytest.raises(NotFound):
        rotas.end_rota(session, cast.nurses, by=cora(cast), now=now)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"people": []}, "layers.0.people"),
        ({"people": ["nobody"]}, "layers.0.people.0"),
        ({"starts": "Monday"}, "layers.0.starts"),
        ({"turn_days": 0}, "layers.0.turn_days"),
        ({"changes_at": "8"}, "layers.0.changes_at"),
        ({"hours": [{"from": "08:00", "to": "25:00"}]}, "layers.0.hours.0.to"),
        (
            {"hours": [{"from": "08:00", "to": "20:00", "weekdays": ["funday"]}]},
            "layers.0.hours.0.weekdays.0",
        ),
        ({"colour": "red"}, "layers.0.colour"),
    ],
)
def test_every_fault_of_a_rota_is_named_at_its_place(
    session: Session, cast: Cast, now: datetime, wrong: dict[str, Any], place: str
) -> None:
    assert faults(lambda: set_rota(session, cast, now, layer(cast.dev, **wrong))) == {place}


def test_somebody_of_another_team_and_a_zone_that_is_none_are_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert faults(lambda: set_rota(session, cast, now, layer(cast.hana))) == {"layers.0.people.0"}
    assert faults(lambda: set_rota(session, cast, now)) == {"layers"}
    by = cora(cast)
    assert faults(
        lambda: rotas.set_rota(session, cast.nurses, [layer(cast.dev)], "Mars", by=by, now=now)
    ) == {"zone"}


def test_whoever_left_the_team_leaves_a_gap_and_moves_nobodys_turn(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(cora(cast)))
    set_rota(session, cast, now, layer(cast.sol, cast.dev))
    assert rotas.on_duty(session, [cast.nurses.id], now) == {cast.nurses.id: cast.sol.id}
    teams.leave(session, cast.nurses, cast.sol, now + MINUTE, actor=actor(cora(cast)))
    later = now + 2 * MINUTE
    assert rotas.on_duty(session, [cast.nurses.id], later) == {cast.nurses.id: None}
    rota = rotas.find(session, cast.nurses, later)
    assert rota is not None
    told = duty.shifts(rota, later, later + timedelta(days=14))
    assert [each.person for each in told] == [None, cast.dev.id, None]


def test_whoever_has_left_keeps_their_place_when_the_rota_is_set_again(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(cora(cast)))
    assert faults(lambda: set_rota(session, cast, now, layer(cast.hana, cast.dev))) == {"layers.0.people.0"}
    set_rota(session, cast, now, layer(cast.sol, cast.dev))
    teams.leave(session, cast.nurses, cast.sol, now + MINUTE, actor=actor(cora(cast)))
    later = now + 2 * MINUTE
    set_rota(session, cast, later, layer(cast.sol, cast.dev, name="Turns"))
    assert rotas.on_duty(session, [cast.nurses.id], later) == {cast.nurses.id: None}
    week = later + timedelta(days=7)
    assert rotas.on_duty(session, [cast.nurses.id], week) == {cast.nurses.id: cast.dev.id}
    rotas.end_rota(session, cast.nurses, by=cora(cast), now=later)
    assert faults(lambda: set_rota(session, cast, later, layer(cast.sol))) == {"layers.0.people.0"}


@pytest.mark.parametrize(
    "role", [Role.VOLUNTEER, Role.TECHNICIAN, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.COMMISSIONER]
)
def test_nobody_who_may_not_act_on_alerts_is_on_duty_and_the_whole_team_is_asked(
    session: Session, cast: Cast, now: datetime, role: Role
) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(cora(cast)))
    set_rota(session, cast, now, layer(cast.sol), layer(cast.dev, starts="2026-12-01"))
    cover(session, cast, now, staff=str(cast.sol.uuid))
    cast.sol.role = role
    session.flush()
    assert rotas.on_duty(session, [cast.nurses.id], now) == {cast.nurses.id: None}
    with pytest.raises(Invalid, match="may not open alerts"):
        set_rota(session, cast, now, layer(cast.dev, cast.sol))
    assert faults(lambda: set_rota(session, cast, now, layer(cast.dev, cast.sol))) == {"layers.0.people.1"}
    assert faults(lambda: cover(session, cast, now, staff=str(cast.sol.uuid))) == {"staff"}
    alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + 5 * MINUTE)
    assert messages_to(session, staff=cast.sol) == []
    assert len(messages_to(session, cast.nurses)) == 1


def test_a_cover_takes_over_for_its_time_and_is_taken_back(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.nurses, cast.sol, now, actor=actor(cora(cast)))
    set_rota(session, cast, now, layer(cast.sol))
    row = cover(session, cast, now, starts_at=now - HOUR)
    assert rotas.on_duty(session, [cast.nurses.id], now) == {cast.nurses.id: cast.dev.id}
    told = rotas.list_covers(session, cast.nurses, dev(cast), now)
    assert [(each.row.id, each.who.name, each.why) for each in told] == [(row.id, "Dev", "A swap")]
    told = rotas.list_covers(session, cast.nurses, hana(cast), now)
    assert [(each.row.id, each.who.name, each.why) for each in told] == [(row.id, "Dev", None)]
    assert rotas.on_duty(session, [cast.nurses.id], now + HOUR) == {cast.nurses.id: cast.sol.id}
    rotas.uncover(session, cast.nurses, row.uuid, by=cora(cast), now=now + MINUTE)
    assert rotas.on_duty(session, [cast.nurses.id], now + MINUTE) == {cast.nurses.id: cast.sol.id}
    assert row.deleted_at is None, "the hour that Dev did stays on the record"
    coming = cover(session, cast, now, starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    rotas.uncover(session, cast.nurses, coming.uuid, by=cora(cast), now=now)
    with pytest.raises(NotFound):
        rotas.uncover(session, cast.nurses, coming.uuid, by=cora(cast), now=now)


def test_a_cover_names_somebody_of_the_team_and_a_time_to_come(
    session: Session, cast: Cast, now: datetime
) -> None:
    assert faults(lambda: cover(session, cast, now)) == {""}
    set_rota(session, cast, now, layer(cast.dev))
    assert faults(lambda: cover(session, cast, now, staff=str(cast.hana.uuid))) == {"staff"}
    assert faults(lambda: cover(session, cast, now, ends_at=now)) == {"ends_at"}
    assert faults(lambda: cover(session, cast, now, ends_at=now + timedelta(days=29))) == {"ends_at"}
    assert faults(lambda: cover(session, cast, now, why="")) == {"why"}


def test_a_ladder_asks_whoever_is_on_duty_and_the_whole_team_when_it_repeats(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + 5 * MINUTE)
    assert alert.step == 2
    (asked,) = messages_to(session, staff=cast.dev)
    assert asked.body.count("You are on duty. You are asked as step 2") == 1
    assert messages_to(session, cast.nurses) == []
    event = session.scalars(
        select(AlertEvent).where(AlertEvent.alert_id == alert.id, AlertEvent.what == "step")
        .order_by(AlertEvent.id.desc())
    ).first()  # fmt: skip
    assert event is not None
    assert event.words.endswith("(on duty: Dev)")


def test_the_last_step_asks_the_whole_team_too_when_it_repeats(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams.join(session, cast.centre, cast.hana, now, actor=actor(cora(cast)))
    inside = layer(cast.hana)
    rotas.set_rota(session, cast.centre, [inside], "Europe/London", by=cora(cast), now=now)
    alerts.raise_(session, raised(cast, now), now)
    for minutes in (5, 15):
        escalation.step(session, now + minutes * MINUTE)
    assert (len(messages_to(session, staff=cast.hana)), len(messages_to(session, cast.centre))) == (1, 0)
    escalation.step(session, now + 35 * MINUTE)
    assert (len(messages_to(session, staff=cast.hana)), len(messages_to(session, cast.centre))) == (2, 1)


def test_a_rota_that_cannot_be_read_any_more_leaves_nobody_unasked(
    session: Session, cast: Cast, now: datetime
) -> None:
    set_rota(session, cast, now, layer(cast.dev))
    row = rotas.find_row(session, cast.nurses)
    assert row is not None
    row.layers = [{"name": "Weeks"}]
    session.flush()
    alert = alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + 5 * MINUTE)
    assert alert.step == 2
    assert len(messages_to(session, cast.nurses)) == 1
    row.layers, row.zone = [layer(cast.dev)], "Mars"
    session.flush()
    assert rotas.on_duty(session, [cast.nurses.id], now) == {}


def test_in_a_gap_the_whole_team_is_asked(session: Session, cast: Cast, now: datetime) -> None:
    set_rota(session, cast, now, layer(cast.dev, starts="2026-12-01"))
    alerts.raise_(session, raised(cast, now), now)
    escalation.step(session, now + 5 * MINUTE)
    assert messages_to(session, staff=cast.dev) == []
    assert len(messages_to(session, cast.nurses)) == 1
