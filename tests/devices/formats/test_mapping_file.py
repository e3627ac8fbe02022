"""A mapping file is read whole, or each of its mistakes is named with its line and its field."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats import mapping_file
from devices.formats.mapping import Condition, Path, Time
from devices.formats.mapping_file import BadMapping

GOOD = """\
name: kiosk
title: A kiosk
source: its makers
accept: [{path: type, in: [a, b]}, {path: data}]
address: data.mac
time: {path: time, form: "%d/%m/%Y %H:%M:%S", zone: Asia/Bangkok}
status: {battery: battery}
readings:
  - {kind: systolic, path: data.value.bp_high, unit: mmHg}
  - kind: pendant
    path: "data['big button']"
    on: [SOS, 1]
"""


def mistakes(text: str, name: str | None = None) -> list[tuple[int, str]]:
    with pytest.raises(BadMapping) as fault:
        mapping_file.read(text, name)
    return [(each.line, each.field) for each in fault.value.mistakes]


def test_a_good_file_says_what_it_says() -> None:
    mapping = mapping_file.read(GOOD, "kiosk")

    assert mapping.accept == (Condition(Path(("type",)), ("a", "b")), Condition(Path(("data",)), None))
    assert mapping.time == Time(Path(("time",)), "%d/%m/%Y %H:%M:%S", "Asia/Bangkok")
    assert mapping.readings[0].path == Path(("data", "value", "bp_high"))
    assert mapping.readings[1].path == Path(("data", "big button"))
    assert mapping.readings[1].on == ("SOS", 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("name: kiosk", "name: Kiosk 1", 1, "name"),
        ("name: kiosk", "nome: kiosk", 1, "nome"),
        ("title: A kiosk", "title: [A]", 2, "title"),
        ("source: its makers", "source: ", 3, "source"),
        ("in: [a, b]", "em: [a, b]", 4, "accept[0].em"),
        ("in: [a, b]", "in: [a, b], is: c", 4, "accept[0]"),
        ("{path: data}]", "data]", 4, "accept[1]"),
        ("address: data.mac", "address: data..mac", 5, "address"),
        ("address: data.mac", "address: .mac", 5, "address"),
        ("address: data.mac", "address: 7", 5, "address"),
        ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %Q", 6, "time.form"),
        ("%d/%m/%Y %H:%M:%S", "epok", 6, "time.form"),
        ("Asia/Bangkok", "Asia/Nowhere", 6, "time.zone"),
        ("{battery: battery}", "battery", 7, "status"),
        ("{battery: battery}", "{batery: battery}", 7, "status.batery"),
        ("{battery: battery}", "{online: yes}", 7, "status.online"),
        ("kind: systolic", "kind: systolc", 9, "readings[0].kind"),
        ("unit: mmHg", "unit: furlong", 9, "readings[0].unit"),
        ("unit: mmHg", "factor: 0", 9, "readings[0].factor"),
        ("unit: mmHg", "on: [1]", 9, "readings[0].on"),
        ("unit: mmHg", "doubted: perhaps", 9, "readings[0].doubted"),
        ("    on: [SOS, 1]", "    on: [[1]]", 12, "readings[1].on"),
        ("""    path: "data['big button']"\n""", "", 10, "readings[1].path"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_field(old: str, new: str, line: int, field: str) -> None:
    assert old in GOOD

    assert (line, field) in mistakes(GOOD.replace(old, new, 1))


def test_every_mistake_is_named_at_once() -> None:
    text = GOOD.replace("systolic", "systolc").replace("data.mac", "..").replace("mmHg", "furlong")

    assert [line for line, _ in mistakes(text)] == [5, 9]


def test_a_file_is_called_as_its_mapping() -> None:
    assert mistakes(GOOD, "booth") == [(1, "name")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("just a text", 1),
        ("- a\n- list", 1),
        ("name: kiosk\n  title: [", 2),
        ("name: a\nname: b", 2),
        ("a: &x [1]\nb: *x", 1),
        ("a: !!python/object:os.system x", 1),
        ("a: 2026-99-99", 1),
        ("[" * 5000, 1),
        ("x" * 70_000, 1),
    ],
)
def test_what_is_no_mapping_is_refused_at_its_line(text: str, line: int) -> None:
    assert mistakes(text)[0][0] == line


def test_a_mistake_reads_as_a_sentence() -> None:
    with pytest.raises(BadMapping, match=r"line 9: readings\[0\]\.kind: There is no such kind of reading"):
        mapping_file.read(GOOD.replace("systolic", "systolc"))


PIECES = st.sampled_from(
    [*GOOD.splitlines(), "  - {kind: spo2}", "[", "{", "  x: *a", "- ", "accept: 3", ": :"]
)


@given(st.lists(PIECES, max_size=14).map("\n".join) | st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_mapping_or_has_mistakes(text: str) -> None:
    try:
        said = len(mapping_file.read(text).readings)
    except BadMapping as fault:
        said = len(fault.mistakes)
    assert said > 0


def test_a_file_that_is_as_large_as_may_be_is_read_soon() -> None:
    began = time.process_time()
    mistakes("readings: [" + "{kind: x}," * 6000 + "]")
    assert time.process_time() - began < 10
