"""The API's fields bound what comes in, and say times one way."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from app.api.fields import A_TIME, Moment, Shape, Text, choice, edit_of, identity, page_of, row_version, whole
from people.faults import has_controls
from people.models.people import Sex


class Thing(Shape):
    """One of each."""

    id = identity()
    version = row_version()
    name = Text(most=5, required=True)
    remarks = Text(lines=True, allow_none=True)
    at = Moment()
    sex = choice(Sex)
    minutes = whole(0, 10)
    told = fields.Boolean()


def load(**given_fields: Any) -> dict[str, Any]:
    loaded = Thing().load({"name": "Ada"} | given_fields)
    assert isinstance(loaded, dict)
    return loaded


def refused(**given_fields: Any) -> list[str]:
    with pytest.raises(ValidationError) as fault:
        load(**given_fields)
    assert isinstance(fault.value.messages, dict)
    return sorted(fault.value.messages)


def test_text_is_bare_and_bounded() -> None:
    assert load(name="  Ada ")["name"] == "Ada"
    assert load(remarks=" ")["remarks"] is None
    assert load(remarks="one\r\ntwo")["remarks"] == "one\ntwo"
    assert refused(name="Adalbert", remarks="x" * 4001) == ["name", "remarks"]
    assert refused(name=" ") == ["name"]
    assert refused(name="A\nB") == ["name"]
    assert load(name="ع\u200cب")["name"] == "ع\u200cب"


def test_every_fault_says_what_to_change() -> None:
    with pytest.raises(ValidationError) as fault:
        Thing().load(
            {"remarks": 7, "at": "2026-11-22T10:00:00 01:00", "minutes": "x", "told": "perhaps", "colour": 1}
        )
    assert fault.value.messages == {
        "name": ["This is needed."],
        "remarks": ["Give text."],
        "at": [A_TIME],
        "minutes": ["Give a whole number."],
        "told": ["Say true or false."],
        "colour": ["There is no such field here."],
    }
    with pytest.raises(ValidationError, match="Give a JSON object"):
        Thing().load([])


@given(st.text(max_size=5))
def test_text_that_goes_on_can_be_stored(text: str) -> None:
    try:
        kept = load(name=text)["name"]
    except ValidationError:
        return
    assert not has_controls(kept)
    assert kept.encode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-07-22T10:00:00+01:00", datetime(2026, 7, 22, 9, tzinfo=UTC)),
    ],
)
def test_a_time_is_kept_in_utc(said: str, kept: datetime) -> None:
    assert load(at=said)["at"] == kept
    assert load(at=said)["at"].tzinfo is UTC


@pytest.mark.parametrize(
    "said",
    ["2026-11-22T10:00:00", "2026-11-22", "22/11/2026 10:00", "0001-01-01T00:00:00+14:00", 7,
     "1899-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"],
)  # fmt: skip
def test_a_time_without_a_zone_or_beyond_reason_is_refused(said: Any) -> None:
    assert refused(at=said) == ["at"]


def test_a_time_is_said_in_utc() -> None:
    summer = timezone(timedelta(hours=1))
    told = Thing().dump({"at": datetime(2026, 7, 22, 10, tzinfo=summer)})
    assert told == {"at": "2026-07-22T09:00:00Z"}
    assert Thing().dump({"at": None}) == {"at": None}


def test_choices_and_numbers_stay_within_theirs() -> None:
    assert load(sex="female", minutes=10)["sex"] is Sex.FEMALE
    assert refused(sex="FEMALE", minutes=11) == ["minutes", "sex"]
    assert refused(minutes=1.5) == ["minutes"]


def test_inner_fields_can_not_be_sent() -> None:
    assert refused(id="0" * 32, version=7, colour="red") == ["colour", "id", "version"]


def test_an_edit_has_the_same_fields_none_of_them_needed() -> None:
    edit = edit_of(Thing)
    assert edit().load({}) == {}
    assert edit().load({"name": "Ben"}) == {"name": "Ben"}
    with pytest.raises(ValidationError):
        edit().load({"name": "Benedict"})
    assert edit_of(Thing) is edit


def test_a_part_of_a_list_has_items_and_what_comes_next() -> None:
    told = page_of(Thing)().dump({"items": [{"name": "Ada"}], "next": None})
    assert told == {"items": [{"name": "Ada"}], "next": None}
    assert page_of(Thing) is page_of(Thing)
