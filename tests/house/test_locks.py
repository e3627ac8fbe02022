import json
import re

import pytest

from tests.house.source import ROOT
from tools.assets import stylesheet
from tools.lock import LOCKS, without_addresses

ADDRESS = re.compile(r"https?://|git\+|file:|--(extra-)?index-url|--find-links|--trusted-host")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_every_version_and_no_address(lock: str) -> None:
    text = (ROOT / f"{lock}.txt").read_text()
    assert not ADDRESS.search(text)
    blocks = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", block)
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_all_that_was_asked_for_and_only_such_as_was(lock: str) -> None:
    lines = [line for line in (ROOT / f"{lock}.in").read_text().splitlines() if line]
    asked = {normal(re.match(r"[\w.-]+", line)[0]) for line in lines if not line.startswith("-r")}  # type: ignore[index]
    text = (ROOT / f"{lock}.txt").read_text()
    locked = {normal(name) for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", text, re.MULTILINE)}
    assert asked <= locked
    directly = {
        normal(name)
        for name in re.findall(rf"^([\w.-]+)==(?:(?!^\w)[\s\S])*?-r {lock}\.in", text, re.MULTILINE)
    }
    assert directly == asked


def test_the_front_ends_lock_has_a_hash_for_every_package_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert not ADDRESS.search(text)
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)
    assert packages[""]["dependencies"] == json.loads((ROOT / "package.json").read_text())["dependencies"]


def test_the_front_ends_versions_are_exact() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_addresses_are_taken_out_of_a_lock() -> None:
    assert (
        without_addresses("--find-links x\n\nsix==1\n    --hash=sha256:0\n")
        == "six==1\n    --hash=sha256:0\n"
    )


def test_the_stylesheet_is_served_without_fonts_from_elsewhere_and_with_its_icons_beside_it() -> None:
    css, icons = stylesheet(
        "@font-face{font-family:F;src:url(//elsewhere/f.woff)}a{background:url(/assets/images/tick.svg)}"
        "\n/*# sourceMappingURL=x.map */\n"
    )
    assert css == "a{background:url(images/tick.svg)}"
    assert icons == ["tick.svg"]
