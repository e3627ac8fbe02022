"""Ambiguous keys mean what the model says."""

from devices import models_of_kit
from devices.kinds import KINDS
from devices.models_of_kit import MODELS, UNKNOWN


def test_it_finds_a_model_whatever_its_case() -> None:
    assert models_of_kit.model_called("hs1sa-e-plus").alarm_1 == "smoke"
    assert models_of_kit.model_called("S4SN-0071A").alarm_1 == "water_leak"


def test_it_knows_nothing_of_other_models() -> None:
    assert models_of_kit.model_called("X-1") is UNKNOWN
    assert models_of_kit.model_called(None) is UNKNOWN
    assert models_of_kit.model_called("") is UNKNOWN


def test_it_says_which_button_is_known_to_misfire() -> None:
    assert models_of_kit.model_called("TS0601_sos").misfires
    assert models_of_kit.model_called("TS0601_sos").calls_for_help


def test_it_says_which_kit_sleeps_and_which_button_was_given_to_call_for_help() -> None:
    assert models_of_kit.model_called("SNSN-0031Z").sleeps
    assert not UNKNOWN.sleeps
    assert models_of_kit.model_called("SOS button").calls_for_help


def test_every_alarm_it_names_is_a_kind() -> None:
    named = {code for model in MODELS.values() for code in (model.alarm_1, model.alarm_2) if code}
    assert named <= set(KINDS)
    assert all(name == name.upper() for name in MODELS)
