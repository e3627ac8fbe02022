"""What has to be known of a reading stands beside its value."""

import pytest

from app.web import charts
from devices import kinds
from devices.charted import Point
from devices.measurement import Flags
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (Flags.NONE, ""),
        (Flags.DOUBTED | Flags.LATE, "came late, doubted by the kit itself"),
        (Flags.FROM_STORAGE, "kept by the kit until then"),
        (Flags.COPY, "a copy of a call that another answers"),
        (Flags.WHOSE, "the kit does not know whose"),
        (Flags.BEYOND_ABSOLUTE | Flags.TEST, "cannot be believed, a test"),
    ],
)
def test_a_row_says_what_is_to_be_known_of_it(flags: Flags, words: str) -> None:
    row = charts._row(kinds.get("spo2"), Point(NOW, 93, 93, 93, int(flags)), [])

    assert row.words == words


def test_every_flag_that_changes_what_a_value_is_worth_has_words() -> None:
    elsewhere = {Flags.IMPLAUSIBLE, Flags.BEYOND_ABSOLUTE, Flags.NO_CLOCK, Flags.ENTERED_IN_ERROR}

    assert set(charts.OF_FLAGS) == set(Flags) - elsewhere
