"""Addresses of an agency's own systems."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care_plans.models.webhooks import DeliveryState
from care_plans.webhooks import endpoints
from core import signing
from core.errors import Conflict, Invalid, NotFound
from tests.care_plans.webhooks.setting import added, administrator, fields
from tests.cast import Cast

URL = "https://records.example/hook"


def test_its_secret_is_told_once_and_kept_sealed(session: Session, cast: Cast, now: datetime) -> None:
    row, secret = added(session, cast, URL, now)
    assert signing.is_secret(secret)
    assert secret.encode() not in row.secret_sealed
    assert endpoints.secrets(session, row, now) == [secret]


def test_for_a_day_the_secret_before_signs_as_well(session: Session, cast: Cast, now: datetime) -> None:
    row, first = added(session, cast, URL, now)
    second = endpoints.rotate(session, row, by=administrator(cast.dev), now=now)
    assert endpoints.secrets(session, row, now + timedelta(hours=23)) == [second, first]
    assert endpoints.secrets(session, row, now + timedelta(hours=24)) == [second]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://records.example"),
        ("url", "https://10.0.0.1/"),
        ("url", "https://localhost/"),
        ("url", ""),
        ("events", ""),
        ("events", "alert.raised,test"),
        ("events", "everything"),
        ("name", ""),
        ("team", ""),
    ],
)
def test_what_is_not_right_is_said_of_its_field(
    session: Session, cast: Cast, now: datetime, field: str, value: str
) -> None:
    given = fields(cast.nurses, URL) | {field: value}
    with pytest.raises(Invalid) as refused:
        endpoints.add(session, given, by=administrator(cast.dev), now=now, inside=False)
    assert list(refused.value.fields) == [field]


def test_a_team_of_another_agency_mends_nothing(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid):
        endpoints.add(session, fields(cast.landlord, URL), by=administrator(cast.dev), now=now, inside=False)


def test_nobody_sets_where_another_agencys_records_go(session: Session, cast: Cast, now: datetime) -> None:
    row, _ = added(session, cast, URL, now)
    other = administrator(cast.hana)
    assert endpoints.listing(session, other) == []
    with pytest.raises(NotFound):
        endpoints.get(session, other, row.uuid)
    assert endpoints.get(session, administrator(cast.dev), row.uuid, hold=True) is row


def test_an_agency_has_no_more_than_ten(session: Session, cast: Cast, now: datetime) -> None:
    for _ in range(endpoints.MOST):
        added(session, cast, URL, now)
    with pytest.raises(Conflict):
        added(session, cast, URL, now)


def test_what_is_turned_off_is_told_nothing_and_lets_go_of_what_waits(
    session: Session, cast: Cast, now: datetime
) -> None:
    row, _ = added(session, cast, URL, now)
    by = administrator(cast.dev)
    delivery = endpoints.test(session, row, by=by, now=now)
    endpoints.switch_off(session, row, by=by, now=now)
    assert (delivery.state, delivery.fault) == (DeliveryState.FAILED, endpoints.TURNED_OFF)
    with pytest.raises(Conflict):
        endpoints.test(session, row, by=by, now=now)
    endpoints.switch_on(session, row, by=by, now=now)
    endpoints.test(session, row, by=by, now=now)
    found, count = endpoints.list_deliveries(session, row, limit=1)
    assert (count, found[0].state) == (2, DeliveryState.WAITING)


def test_what_is_removed_is_gone_with_its_secret(session: Session, cast: Cast, now: datetime) -> None:
    row, _ = added(session, cast, URL, now)
    endpoints.remove(session, row, by=administrator(cast.dev), now=now)
    assert row.secret_sealed == b""
    assert endpoints.listing(session, administrator(cast.dev)) == []


def test_it_is_changed(session: Session, cast: Cast, now: datetime) -> None:
    row, _ = added(session, cast, URL, now)
    given = fields(cast.nurses, "https://other.example", events="alert.closed,alert.raised", name="Other")
    endpoints.change(session, row, given, by=administrator(cast.dev), inside=False)
    assert (row.name, row.url) == ("Other", "https://other.example")
    assert row.events == ["alert.raised", "alert.closed"]
