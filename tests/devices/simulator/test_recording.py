import gzip
import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from devices.simulator.acts import Act, Turn
from devices.simulator.performing import perform
from devices.simulator.recording import Head, devices_of, head_of, recorded, replayed
from devices.simulator.script import Pace, script
from devices.simulator.speaking import Emission
from devices.simulator.troubles import Troubles, asked_for
from tests.devices.simulator.brokers import Place, member, place_with, until
from tests.devices.simulator.fleets import fleet, message
from tests.devices.simulator.made import NOW

_OFF_LINE = ("dies=0", "flapping=0")
"""What keeps messages from the broker, or lets it hear some twice."""
HEAD = Head(7, NOW, 4, {"rate": 50.0})


def written(path: Path, acts: Sequence[Act], head: Head = HEAD) -> bytes:
    """The file that these acts make."""
    assert list(recorded(path, head, acts)) == list(acts)
    return path.read_bytes()


def scripted(seed: int = 7, seconds: float = 4) -> list[Act]:
    """A short run of four homes with everything wrong that has no end of its own."""
    troubles = Troubles(asked_for(["all=0.5", "out-of-order=0", "mmwave-repeats=0", *_OFF_LINE]), seed)
    return list(script(fleet(4, seed=seed), Pace(NOW, 50, seconds), seed, troubles))


def test_a_recording_is_lines_that_anybody_can_read(tmp_path: Path) -> None:
    acts: list[Act] = [
        message(b'{"x":1}'),
        Turn(NOW + timedelta(milliseconds=1.5), "fleet-00001", up=False),
        Emission(
            NOW + timedelta(seconds=2), "fleet-00002", "hearth/v1/fleet-00002/gatt/a/2A37", b"\xff", True
        ),
    ]
    lines = written(tmp_path / "run.jsonl", acts).splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "hearthline": "recording",
            "version": 1,
            "seed": 7,
            "begins": "2026-11-22T07:46:00+00:00",
            "devices": 4,
            "rate": 50.0,
        },
        [0, "fleet-00001", "hearth/v1/fleet-00001/readings", 1, 0, '{"x":1}'],
        [1500, "fleet-00001", "down"],
        [2_000_000, "fleet-00002", "hearth/v1/fleet-00002/gatt/a/2A37", 1, 1, {"b64": "/w=="}],
    ]
    assert devices_of(tmp_path / "run.jsonl") == {"fleet-00001", "fleet-00002"}


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.binary(max_size=60), st.booleans()), max_size=8))
@settings(deadline=None, max_examples=100)
def test_any_bytes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, bytes, bool]]
) -> None:
    acts: list[Act] = [
        Emission(NOW + timedelta(microseconds=at), "fleet-00001", "a/b", payload, retained)
        for at, payload, retained in said
    ]
    path = tmp_path_factory.mktemp("any") / "run.jsonl"
    written(path, acts)
    assert list(replayed(path)) == acts
    assert head_of(path) == HEAD


@pytest.mark.parametrize("name", ["run.jsonl", "run.jsonl.gz"])
def test_the_same_seed_makes_the_same_file_and_another_seed_another(tmp_path: Path, name: str) -> None:
    first = written(tmp_path / f"1-{name}", scripted())
    time.sleep(1.1)  # a packed file could hold the second it was made in
    assert written(tmp_path / f"2-{name}", scripted()) == first
    assert written(tmp_path / f"3-{name}", scripted(seed=8)) != first


def test_what_was_replayed_makes_the_same_file_again(tmp_path: Path) -> None:
    first = written(tmp_path / "run.jsonl.gz", scripted())
    again = list(replayed(tmp_path / "run.jsonl.gz"))
    assert written(tmp_path / "again.jsonl.gz", again) == first
    assert gzip.decompress(first).count(b"\n") == len(again) + 1


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (b"", "no recording"),
        (b"nothing\n", "no recording"),
        (b"[1]\n", "no recording"),
        (b'{"hearthline":"readings"}\n', "no recording"),
        (
            b'{"hearthline":"recording","version":2,"seed":1,"begins":"2026-11-22","devices":1}\n',
            "of version 1",
        ),
        (b'{"hearthline":"recording","version":1,"seed":1,"begins":"soon","devices":1}\n', "no recording"),
    ],
)
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, whole: bytes, said: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(whole)
    with pytest.raises(Invalid) as refused:
        head_of(path)
    assert said in refused.value.fields["replay"]


@pytest.mark.parametrize(
    "line",
    [
        b"{}", b"[]", b"[1]", b'[1,"k","up?"]', b'["x","k","up"]', b'[0,"k","t",0,0,"x"]',
        b'[0,"k","t",1,2,"x"]',
        b'[0,"k","t",1,0,7]', b'[0,"k","t",1,0,{"b64":"!"}]', b'[0,"k","t",1,0,{}]', b'[0,"k","t"',
    ],
)  # fmt: skip
def test_a_line_that_is_no_act_is_told_by_its_number(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "run.jsonl"
    written(path, [message(b"x")])
    path.write_bytes(path.read_bytes() + line + b"\n")
    acts = replayed(path)
    next(acts)
    with pytest.raises(Invalid) as refused:
        next(acts)
    assert refused.value.fields["replay"].startswith("Line 3 of run.jsonl")


def test_a_file_that_is_not_there_or_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        head_of(tmp_path / "none.jsonl")
    written(tmp_path / "run.jsonl.gz", scripted())
    packed = (tmp_path / "run.jsonl.gz").read_bytes()
    (tmp_path / "run.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(Invalid):
        list(replayed(tmp_path / "run.jsonl.gz"))


def heard_of(place: Place, key: str) -> list[tuple[str, bytes]]:
    """What a device published itself: not what the broker says for it, nor its own birth."""
    return [each for each in place.of(key) if not each[0].endswith("/status")]


def test_a_run_is_heard_byte_for_byte_again_when_it_is_replayed(tmp_path: Path) -> None:
    homes = fleet(4)
    keys = [home.key for home in homes]
    path, acts = tmp_path / "run.jsonl.gz", scripted(seconds=3)
    sent = {key: _sent(acts, key) for key in keys}
    with place_with(tmp_path, keys) as place:
        members = [member(key, tells_state=True) for key in keys]

        def heard(script: Callable[[datetime], Iterable[Act]], speed: float) -> float:
            place.heard.clear()
            run = perform("127.0.0.1", place.port, members, script, lambda: NOW, Event(), speed=speed)
            assert run.complete
            until(lambda: {key: heard_of(place, key) for key in keys} == sent)
            return run.took

        first = heard(lambda begins: recorded(path, Head(7, begins, 4), acts), 1.0)
        again = heard(lambda _begins: replayed(path), 4.0)
    assert again < first


def _sent(acts: list[Act], key: str) -> list[tuple[str, bytes]]:
    """What a device sends, in its order, without what the broker refuses as another's."""
    mine = [act for act in acts if isinstance(act, Emission) and act.device_key == key]
    return [(act.topic, act.payload) for act in mine if act.topic.split("/")[2] == key]
