import pytest

from devices.simulator.encoders import scaip
from devices.simulator.kit import FALL, PENDANT, SPO2
from tests.devices.simulator.encoders.saying import rest, said


def test_a_press_is_one_request_with_its_codes() -> None:
    (wire,) = scaip.messages(said("00000007", {PENDANT: 1.0}))
    assert rest(wire) == "scaip/00000007"
    assert wire.payload.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><mrq><ref>00000030</ref><ver>01.00</ver><mty>ME</mty>'
        "<cid>00000007</cid><dty>0003</dty><did>001</did><stc>0010</stc><pri>0</pri><lco>021</lco>"
        "<ico>101</ico></mrq>"
    )


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({FALL: 1.0}, ["<dty>0005</dty><did>001</did><stc>0009</stc>"]),
        ({FALL: 1.0, PENDANT: 1.0}, ["<stc>0009</stc>", "<stc>0010</stc>"]),
        ({PENDANT: 0.0}, ["<dty>0002</dty><did>001</did><stc>0102</stc><pri>9</pri>"]),
        ({SPO2: 93.0}, ["<stc>0102</stc>"]),
    ],
)
def test_each_alarm_is_a_request_and_none_is_a_test(values: dict[str, float], codes: list[str]) -> None:
    found = [wire.payload.decode() for wire in scaip.messages(said("00000007", values))]
    assert len(found) == len(codes)
    assert all(code in text for code, text in zip(codes, found, strict=True))


def test_an_address_is_eight_digits() -> None:
    assert scaip.address_of(7) == "00000007"
