"""Raw messages lose what identifies people and keep the rest."""

import json
from datetime import datetime

import pytest

from devices.decode import decode
from devices.redact import redacted
from tools.payloads import FOLDER

ROWS = [line for path in FOLDER.glob("*.jsonl") for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b'{"mpan":"1200012345678","units":"kWh"}', b'{"mpan":"redacted","units":"kWh"}'),
        (b'{"mprn": 4321098765, "a": 1}', b'{"mprn": "redacted", "a": 1}'),
        (b'{"nameEN":"Mary \\"May\\" Smith","value":3}', b'{"nameEN":"redacted","value":3}'),
        (b'{"lat":51.5,"lon":-0.1}', b'{"lat":"redacted","lon":"redacted"}'),
        (b'{"IMEI":"86506712', b'{"IMEI":"redacted"'),
        (b'{"id":"5A:01:02:03:04:05","rssi":-7', b'{"id":"redacted","rssi":-7'),
        (b'{"id":"0x286d9700010511f8","n":1}', b'{"id":"0x286d9700010511f8","n":1}'),
        (b'{"SSId":"At home","BSSId":"34:97:F6:00:00:00"}', b'{"SSId":"redacted","BSSId":"redacted"}'),
        (b'{"customname":"Mum\'s room"}', b'{"customname":"redacted"}'),
        (b'{"deviceName":"May, hall","devEui":"0a"}', b'{"deviceName":"redacted","devEui":"0a"}'),
        (b'{"gateway_lat":"51.9","rssi":-113}', b'{"gateway_lat":"redacted","rssi":-113}'),
        (
            b'"name":[{"family":"Smith","given":["May", "Ann"]}]',
            b'"name":[{"family":"redacted","given":"redacted"}]',
        ),
        (b'{"given":["May","An', b'{"given":"redacted"'),
        (b'{"reference":"Patient/9990000018"}', b'{"reference":"Patient/redacted"}'),
        (b'{"value":"999 000 0018"},{"value":9990000018}', b'{"value":"redacted"},{"value":9990000018}'),
        (b'{"display":{"on":1},"text":[{"a":1}]}', b'{"display":{"on":1},"text":[{"a":1}]}'),
        (b'{"temperature":21.5,"kind":"spo2"}', b'{"temperature":21.5,"kind":"spo2"}'),
        (b"<mrq><crd>gsm:+4477</crd><stc>10</stc></mrq>", b"<mrq><crd>redacted</crd><stc>10</stc></mrq>"),
        (b"<mrq><crd/><stc>10</stc></mrq>", b"<mrq><crd/><stc>10</stc></mrq>"),
        (b"<s:LTE a='b'>Mrs <![CDATA[<Smith>]]></s:LTE>", b"<s:LTE a='b'>redacted</s:LTE>"),
        (b"\n<lge><geo>51.5,-0.1</geo><tim/></lge>", b"\n<lge><geo>redacted</geo><tim/></lge>"),
        (b"<mrq><crd>gsm:+4477", b"<mrq><crd>redacted"),
        (b"<crd>" * 13_000, b"<crd>redacted"),
        (b"\xff\xfe", b"\xff\xfe"),
        (b"", b""),
    ],
)
def test_it_takes_out_what_identifies_people(raw: bytes, kept: bytes) -> None:
    assert redacted(raw) == kept


def test_a_redacted_message_decodes_to_the_same() -> None:
    row = next(json.loads(line) for line in ROWS if "mpan" in line)
    raw = row["payload"].encode()
    cleaned = redacted(raw)

    assert cleaned != raw

    at = datetime.fromisoformat(row["received_at"])
    before = decode("glow", "electricitymeter", raw, retained=False, received_at=at)
    after = decode("glow", "electricitymeter", cleaned, retained=False, received_at=at)
    assert after == before


def test_a_redacted_call_decodes_to_the_same() -> None:
    raw = b"<mrq><cid>7</cid><dty>3</dty><crd>gsm:+447700900123</crd><stc>10</stc><lte>Ada</lte></mrq>"
    at = datetime.fromisoformat("2026-11-22T10:00:00Z")
    before, after = (
        decode("scaip", "", each, retained=False, received_at=at) for each in (raw, redacted(raw))
    )

    assert b"447700900123" not in redacted(raw)
    assert after == before


@pytest.mark.parametrize("form", ["fhir", "openmhealth"])
def test_a_redacted_reading_of_a_person_decodes_to_the_same(form: str) -> None:
    rows = [json.loads(line) for line in (FOLDER / f"{form}.jsonl").read_text().splitlines()]
    for row in (row for row in rows if "refused" not in row["expect"]):
        at, raw = datetime.fromisoformat(row["received_at"]), row["payload"].encode()

        before = decode(form, "", raw, retained=False, received_at=at)
        after = decode(form, "", redacted(raw), retained=False, received_at=at)

        assert (after.measurements, after.sensors) == (before.measurements, before.sensors)
