"""The page of formats, and a captured message tried on it."""

from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast

BODY = '{"contact":false,"battery":87}'
MAPPING = "name: box\ntitle: A box\nsource: us\nreadings: [{kind: spo2, path: o}]\n"


def test_it_lists_the_formats(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).get("/kit/formats")

    assert h1(answer) == "Formats"
    assert "A hub with Zigbee2MQTT" in answer.text
    assert "Vital-signs kiosk" in answer.text


def test_a_message_is_tried_and_said_in_words(cast: Cast, client_as: ClientAs) -> None:
    form = {"format": "zigbee2mqtt", "topic": "0xa1", "message": BODY}
    answer = client_as(cast.cora).post("/kit/formats", data=form)

    assert "Door: open, when it arrives" in answer.text
    assert answer.status_code == 200


def test_a_mapping_is_tried_before_it_is_in_use(cast: Cast, client_as: ClientAs) -> None:
    client = client_as(cast.cora)
    form = {"format": "mapping", "message": '{"o": 93}', "mapping": MAPPING}
    assert "Oxygen: 93%" in client.post("/kit/formats", data=form).text

    wrong = client.post("/kit/formats", data={**form, "mapping": MAPPING.replace("spo2", "spo3")})
    assert wrong.status_code == 422
    assert "line 4: readings[0].kind" in wrong.text


def test_a_message_that_cannot_be_read_is_said_why(cast: Cast, client_as: ClientAs) -> None:
    client = client_as(cast.cora)

    assert "rejected (not_json)" in client.post("/kit/formats", data={"format": "glow", "message": "{x"}).text
    assert "Choose a format" in client.post("/kit/formats", data={"format": "x", "message": "{}"}).text
    assert "Paste the message" in client.post("/kit/formats", data={"format": "glow"}).text
