import pytest

from care_plans.judging.track import AT_LEAST, Points, Track, doubtful_points, firm_points, sources_of
from devices.measurement import Flags

REPLAYED, TEST = int(Flags.REPLAYED), int(Flags.TEST)


def test_readings_are_sorted_and_stand_once() -> None:
    track = Track("spo2", [30, 10, 20, 10], [93, 91, 92, 91], [0, 0, 0, 0])
    assert (list(track.times), list(track.values)) == ([10, 20, 30], [91, 92, 93])


def test_two_values_at_one_time_are_both_kept() -> None:
    assert list(Track("spo2", [10, 10], [95, 84], [0, 0]).values) == [84, 95]


def test_of_copies_with_different_flags_only_what_all_say_is_kept() -> None:
    track = Track("spo2", [10, 10], [84, 84], [REPLAYED | TEST, REPLAYED])
    assert list(track.flags) == [REPLAYED]


def test_unfit_and_replayed_readings_are_set_aside() -> None:
    track = Track("spo2", [10, 20, 30], [84, 85, 86], [0, TEST, REPLAYED])
    assert track.firm == Points([10], [84])
    assert track.shown == Points([10, 30], [84, 86])


def test_nothing_is_copied_where_no_reading_is_flagged() -> None:
    times = [10.0, 20.0]
    track = Track("spo2", times, [91, 92], [0, 0])
    assert track.firm.times is times
    assert track.shown is None


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Track("spo2", [10, 20], [91], [0, 0])


def test_a_source_can_be_looked_at_by_itself() -> None:
    track = Track("room_temperature", [20, 10], [15, 21], [0, 0], ["Bedroom", "Kitchen"])
    assert sources_of([track]) == ["Bedroom", "Kitchen"]
    assert list(track.of_source("Bedroom").values) == [15]
    plain = Track("spo2", [10], [93], [0])
    assert plain.of_source("Bedroom") is plain


def test_replayed_points_are_given_only_where_there_are_some() -> None:
    plain = Track("spo2", [10], [93], [0])
    replayed = Track("pulse", [10], [80], [REPLAYED])
    assert doubtful_points({"spo2": plain}) == []
    assert doubtful_points({"spo2": plain, "pulse": replayed}) == [
        ({"spo2": plain.firm, "pulse": Points([10], [80])}, True)
    ]
    assert firm_points({"pulse": replayed}) == {"pulse": Points([], [])}


def test_values_that_are_at_least_so_much_come_before_what_was_replayed_and_are_not_unconfirmed() -> None:
    track = Track("news2", [10, 20, 30], [3, 5, 7], [0, AT_LEAST, AT_LEAST | REPLAYED])
    assert firm_points({"news2": track}) == {"news2": Points([10], [3])}
    assert doubtful_points({"news2": track}) == [
        ({"news2": Points([10, 20], [3, 5])}, False),
        ({"news2": Points([10, 20, 30], [3, 5, 7])}, True),
    ]
