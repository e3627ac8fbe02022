from people.watching import RESTRICTIVE, WORDS, Watched, say


def test_sorts_are_said_in_words_and_in_one_order() -> None:
    assert say([Watched.DOORS, Watched.MOVEMENT]) == "movement and doors"
    assert say([Watched.DOORS, Watched.LOCATION, Watched.MOVEMENT]) == "movement, doors and where somebody is"
    assert say([]) == "nothing"
    assert set(WORDS) == set(Watched)


def test_doors_and_where_somebody_is_can_restrict_them() -> None:
    assert {Watched.DOORS, Watched.LOCATION} == RESTRICTIVE


def test_there_is_no_sort_for_cameras() -> None:
    assert not [each for each in Watched if "camera" in each or "video" in each]
