import re
from dataclasses import fields

from config import PREFIX, Config
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "operations" / "settings.md"
ROW = re.compile(r"^\| `(HEARTH_\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    """What the page says of each setting: its default and what it is for."""
    return {name: (default, words) for name, default, words in ROW.findall(PAGE.read_text())}


def test_every_setting_has_its_row_and_no_row_is_of_a_setting_that_is_gone() -> None:
    assert list(rows()) == [PREFIX + setting.name.upper() for setting in fields(Config)]


def test_every_row_tells_the_default_that_counts() -> None:
    wrong = []
    for setting in fields(Config):
        default, words = rows()[PREFIX + setting.name.upper()]
        told = "–" if setting.default is None else f"`{str(setting.default).lower()}`"
        if default.lower() != told or len(words) < 20:
            wrong.append(f"{setting.name}: {default}, not {told}")
    assert not wrong, "\n".join(wrong)
