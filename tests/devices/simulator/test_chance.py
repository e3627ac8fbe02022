from devices.simulator.chance import stream


def test_it_gives_the_same_numbers_for_the_same_names() -> None:
    assert [stream("a", 1).random() for _ in range(2)] == [stream("a", 1).random()] * 2


def test_it_gives_other_numbers_for_other_names() -> None:
    assert len({stream("a", n).random() for n in range(100)}) == 100


def test_it_gives_the_same_numbers_in_every_process() -> None:
    assert stream("westmere", 1).randrange(10**6) == 336983
