import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOT, names_of_tests, said

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)(?:#[^)]*)?\)")
A_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def documents() -> Iterator[tuple[Path, str]]:
    """Every document and its words, without its examples."""
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        yield path, FENCED.sub("", path.read_text())


def test_no_document_links_to_what_is_not_there() -> None:
    broken = [
        f"{said(path)}: {target}"
        for path, words in documents()
        for target in LINK.findall(words)
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_every_test_that_a_document_names_exists() -> None:
    gone = [
        f"{said(path)}: {file}::{name}"
        for path, words in documents()
        for file, name in A_TEST.findall(words)
        if not (ROOT / file).exists() or name not in names_of_tests(ROOT / file)
    ]
    assert not gone, "\n".join(gone)
