"""Mapping files are known by name: the shipped ones and the operator's own, each checked when loaded."""

from pathlib import Path

import pytest

from devices import decode, known_mappings
from devices.formats.mapping_file import BadMapping

MINE = "name: mine\ntitle: Mine\nsource: me\nreadings: [{kind: spo2, path: o}]\n"


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_mappings, "_known", dict(known_mappings.SHIPPED))


def test_those_that_are_shipped_are_known_and_none_is_a_format_already() -> None:
    assert {each.name for each in known_mappings.all_known()} == set(known_mappings.SHIPPED)
    assert not known_mappings.SHIPPED.keys() & decode.FORMATS.keys()


def test_the_operators_own_are_formats_like_others(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "notes.txt").write_text("not a mapping")
    assert not decode.knows("mine")

    known_mappings.add(tmp_path)

    assert decode.knows("mine")
    assert "mine" in decode.format_names()


def test_each_mistake_of_each_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE.replace("spo2", "spo3"))
    (tmp_path / "other.yaml").write_text(MINE)
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(BadMapping) as fault:
        known_mappings.add(tmp_path)

    assert [(each.field, each.line) for each in fault.value.mistakes] == [
        ("mine.yaml readings[0].kind", 4),
        ("odd.yaml", 1),
        ("other.yaml name", 1),
    ]
    assert not decode.knows("mine")


def test_a_name_that_is_shipped_is_taken(tmp_path: Path) -> None:
    (tmp_path / "kiosk.yaml").write_text(MINE.replace("mine", "kiosk"))

    with pytest.raises(BadMapping, match="shipped"):
        known_mappings.add(tmp_path)
