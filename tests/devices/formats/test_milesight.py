"""Milesight frames give what its own codecs give, model by model."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import milesight
from devices.formats.milesight import LAYOUTS
from devices.models_of_kit import MODELS

AIR = {"battery": 92, "temperature": 30.8, "humidity": 50.5}
OLD = {"timestamp": 1665561758, "temperature": 27.2, "humidity": 46.5}


# Frames and values: the README of each model in Milesight-IoT/SensorDecoders.
@pytest.mark.parametrize(
    ("model", "frame", "expected"),
    [
        ("WS101", "017510FF2E01", {"battery": 16, "press": 1}),
        ("WS202", "017510030001040000", {"battery": 16, "pir": 1}),
        ("WS203", "8367220101", {"temperature": 29.0}),
        ("WS301", "017564030001040001", {"battery": 100, "magnet_status": 1, "tamper_status": 1}),
        ("WS302", "017564055B053F02DA016A02", {"battery": 100, "laeq": 47.4}),
        ("WS303", "017564030001", {"battery": 100, "leakage_status": 1}),
        ("EM300-TH", "01755C03673401046865", AIR),
        ("EM300-TH", "20CE9E74466310015D00", {"history": [OLD]}),
        ("EM320-TH", "20CE9E74466310015D", {"history": [OLD]}),
        ("EM300-MCS", "01755C03673401046865060001", {**AIR, "magnet_status": 1}),
        ("EM300-SLD", "01755C03673401046865050000", {**AIR, "leakage_status": 0}),
        ("EM300-ZLD", "20CE9E74466310015D01", {"history": [{**OLD, "leakage_status": 1}]}),
        ("EM300-MLD", "01755C050000", {"battery": 92, "leakage_status": 0}),
        (
            "EM300-MLD",
            "20CE9E74466300000001",
            {"history": [{"timestamp": 1665561758, "leakage_status": 1}]},
        ),
        (
            "EM500-CO2",
            "01756403671901046873057D670406736827",
            {"battery": 100, "temperature": 28.1, "humidity": 57.5, "co2": 1127, "pressure": 1008.8},
        ),
        (
            "AM103",
            "0175640367180104686D077DC501",
            {"battery": 100, "temperature": 28.0, "humidity": 54.5, "co2": 453},
        ),
        (
            "AM107",
            "01755C03673401046865056A490006651C0079001400077DE704087D070009733F27",
            {**AIR, "illumination": 28, "co2": 1255, "pressure": 1004.7},
        ),
        (
            "AM319",
            "0367EE0004687C05000106CB02077DA803087D2500097366270A7D04000B7D20000C7D3000",
            {"temperature": 23.8, "humidity": 62.0, "pir": 1, "co2": 936, "pressure": 1008.6, "pm2_5": 32},
        ),
        ("AM308", "08E62500", {"tvoc_ugm3": 37}),
        (
            "VS330",
            "01756202A5B80B800CB80B800C038E0104A80106A69080000008A801",
            {"battery": 98, "occupancy": 1},
        ),
        ("VS341", "017564030000", {"battery": 100, "occupancy": 0}),
        (
            "VS321",
            "0367040104686B07FF0008F402010A EF701B0B6905FD0100".replace(" ", ""),
            {
                "temperature": 26.0,
                "humidity": 53.5,
                "detection_status": "unavailable",
                "people_total_counts": 1,
            },
        ),
        ("GS301", "01756402671C01036864", {"battery": 100, "temperature": 28.4, "humidity": 50.0}),
        ("GS101", "058E01FF3F04", {"gas_status": 1, "alarm": "device will be invalid soon"}),
        ("GS101", "FF3F09", {"alarm": "unknown"}),
        ("VS373", "03F8040012001E00", {"detection_status": "fall"}),
        (
            "VS373",
            "06FB0700 00 01 FF 06FB0600 03 02 01".replace(" ", ""),
            {
                "events": [
                    {"alarm_type": "fall", "alarm_status": "alarm_triggered"},
                    {"alarm_type": "other", "alarm_status": "alarm_deactivated"},
                ]
            },
        ),
        ("WS101", "FF0101FF0BFFFF166443F07120770000FF090110FF0A0101FF0F00", {}),
        ("EM300-TH", "FE031E00", {}),
    ],
)
def test_it_reads_what_each_model_sends(model: str, frame: str, expected: dict[str, Any]) -> None:
    assert milesight.decode(bytes.fromhex(frame), model) == (expected, True)


def test_it_reads_two_stored_records() -> None:
    said, whole = milesight.decode(bytes.fromhex("20CEAE5BA664040024016520CE5C5CA6640301340165"), "WS203")

    assert whole
    assert [record["timestamp"] for record in said["history"]] == [1688624046, 1688624220]
    assert [record["occupancy"] for record in said["history"]] == [0, 1]


def test_a_stored_record_of_air_may_tell_volatile_compounds_in_their_unit() -> None:
    record = "9E744663EE007C000102A80325006627 2000 3000".replace(" ", "")
    [old] = milesight.decode(bytes.fromhex("20CE" + record), "AM308L")[0]["history"]
    [new] = milesight.decode(bytes.fromhex("21CE" + record), "AM308L")[0]["history"]

    assert "tvoc_ugm3" not in old
    assert new == {**old, "tvoc_ugm3": 37}
    assert (new["temperature"], new["humidity"], new["pressure"], new["pm2_5"]) == (23.8, 62.0, 1008.6, 32)


@pytest.mark.parametrize("rest", ["058E01", "0467", "04", "0468"])
def test_it_says_when_it_was_not_read_to_its_end(rest: str) -> None:
    assert milesight.decode(bytes.fromhex("03673401" + rest), "EM300-TH") == ({"temperature": 30.8}, False)


def test_every_registered_model_has_a_layout() -> None:
    assert {name for name, model in MODELS.items() if model.codec == "milesight"} == set(LAYOUTS)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(LAYOUTS)), st.binary(max_size=260))
def test_it_stands_any_bytes(model: str, frame: bytes) -> None:
    said, whole = milesight.decode(frame, model)

    assert all(isinstance(value, int | float | str | list) for value in said.values())
    assert isinstance(whole, bool)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(LAYOUTS)), st.binary(max_size=40), st.data())
def test_it_stands_any_value_on_a_channel_it_knows(model: str, value: bytes, data: st.DataObject) -> None:
    channel = data.draw(st.sampled_from(sorted(LAYOUTS[model])))

    said, _ = milesight.decode(channel + value, model)

    assert isinstance(said, dict)
