from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from care_plans.referrals import snapshots
from tests.care_plans.referrals.referring import plan
from tests.cast import Cast


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2015, 1, 1), "under 18"),
        (date(1986, 11, 23), "18 to 39"),
        (date(1986, 11, 22), "40 to 64"),
        (date(1948, 5, 4), "75 to 84"),
        (date(1930, 1, 1), "85 and over"),
    ],
)
def test_an_age_band_is_wide_enough_to_name_nobody(born: date, band: str) -> None:
    assert snapshots.age_band(born, date(2026, 11, 22)) == band


def test_a_snapshot_of_one_sent_outside_names_the_agency_alone(
    session: Session, cast: Cast, now: datetime
) -> None:
    plan(session, cast, now)
    found = snapshots.take(session, cast.ada, cast.nurses, None, now, "Faraway Trust")
    assert found["to"] == {"agency": "Faraway Trust", "team": None, "sector": None}
