"""The formats through the API, and a captured message tried."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.app.api.asking import wrong
from tests.cast import Cast

ApiAs = Callable[..., FlaskClient]
PATH = "/api/v1/formats"


def test_formats_are_listed_with_where_a_mapping_is_from(cast: Cast, api_as: ApiAs) -> None:
    items = {each["name"]: each for each in api_as(cast.cora).get(PATH).json["items"]}

    assert items["glow"]["source"] is None
    assert "docs" in items["kiosk"]["source"]


def test_a_message_is_tried(cast: Cast, api_as: ApiAs) -> None:
    asked = {"format": "zigbee2mqtt", "topic": "0xa1", "payload": '{"contact":false}'}
    told = api_as(cast.cora).post(f"{PATH}/try", json=asked).json

    [reading] = told["readings"]
    assert (reading["kind"], reading["value"], reading["address"], reading["at"]) == (
        "door_open",
        1,
        "0xa1",
        None,
    )
    assert told["rejected"] is None


def test_why_a_message_would_be_rejected_is_told(cast: Cast, api_as: ApiAs) -> None:
    told = api_as(cast.cora).post(f"{PATH}/try", json={"format": "glow", "payload": "{"}).json

    assert (told["rejected"], told["readings"]) == ("not_json", [])


def test_what_is_wrong_with_the_asking_is_said_at_its_field(cast: Cast, api_as: ApiAs) -> None:
    cora = api_as(cast.cora)

    assert "format" in wrong(cora.post(f"{PATH}/try", json={"payload": "{}"}))
    assert "format" in wrong(cora.post(f"{PATH}/try", json={"payload": "{}", "format": "nonsense"}))
    assert "mapping" in wrong(cora.post(f"{PATH}/try", json={"payload": "{}", "mapping": "name: x"}))
