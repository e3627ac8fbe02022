"""Series, made where there were none."""

from threading import Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Db
from devices import series
from devices.models import Series
from devices.series import SeriesKey
from tests.cast import Cast
from tests.devices import kit


def test_it_makes_what_is_missing_and_finds_what_is_there(session: Session) -> None:
    device = kit.device(session)
    first, second = SeriesKey(device.id, "", "spo2"), SeriesKey(device.id, "left", "spo2")
    found = series.ensure(session, [first])
    both = series.ensure(session, [first, second, first])
    assert both[first] == found[first] != both[second]
    assert len(session.scalars(select(Series)).all()) == 2


def test_no_key_is_no_series(session: Session) -> None:
    assert series.ensure(session, []) == {}


def test_a_persons_typed_in_series_is_made_once(session: Session, cast: Cast) -> None:
    assert series.of_person(session, cast.ada.id, "weight") == series.of_person(
        session, cast.ada.id, "weight"
    )
    assert series.of_person(session, cast.ben.id, "weight") != series.of_person(
        session, cast.ada.id, "weight"
    )


def test_workers_that_ask_at_once_get_the_same_ids(real_db: Db) -> None:
    with real_db.transaction() as session:
        device_id = kit.device(session).id
    keys = [SeriesKey(device_id, str(number), "spo2") for number in range(40)]
    found: list[dict[SeriesKey, int]] = []

    def ask(wanted: list[SeriesKey]) -> None:
        with real_db.transaction() as session:
            found.append(series.ensure(session, wanted))

    threads = [Thread(target=ask, args=(order,)) for order in (keys, keys[::-1], keys[10:] + keys[:10])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert found[0] == found[1] == found[2]
    assert len(set(found[0].values())) == 40
