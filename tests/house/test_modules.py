import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, definitions, everything, names_of_tests, product, said, tree

LONGEST = 400
FORBIDDEN = {
    *(
        "service",
        "manager",
        "helper",
        "util",
        "dao",
        "handler",
        "processor",
        "data",
        "info",
        "base",
        "common",
    ),
    *("notification", "vital", "observation", "telemetry", "incident", "case", "ticket", "task", "job"),
}
# Words that others chose: the declarative base of SQLAlchemy, a hook of flask-smorest.
THEIRS = {("core/db.py", "Base"), ("app/api/openapi.py", "_register_error_handlers")}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
ABBREVIATIONS = re.compile(r"\b(e\.g|i\.e|St|Dr|No)\.")
DECIDES_ELSEWHERE = ("models",)


def words_of(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, in the singular."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return {form for part in parts for form in (part.lower(), part.lower().removesuffix("s"))}


def numbered(path: Path) -> bool:
    return "migrations/versions" in said(path)


def test_no_module_is_over_400_lines() -> None:
    lengths = {said(path): len(path.read_text().splitlines()) for path in everything() if not numbered(path)}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_module_opens_with_one_sentence() -> None:
    wrong = []
    for path in everything():
        first = (ast.get_docstring(tree(path)) or "").split("\n\n")[0].replace("\n", " ")
        quiet = said(path).startswith("tests/") and path.name.startswith(("test_", "__init__"))
        one = first.endswith((".", "?")) and not re.search(r"[.!] [A-Z]", ABBREVIATIONS.sub("", first))
        if not one and not (quiet and not first):
            wrong.append(said(path))
    assert not wrong, "\n".join(wrong)


def test_nothing_is_named_with_a_word_that_says_nothing_or_another_word_for_ours() -> None:
    wrong = []
    for path in product():
        names = [path.stem, *(node.name for node in definitions(path))]
        for name in names:
            words = words_of(name) & FORBIDDEN
            if said(path).startswith("app/fhir/"):
                words -= {"observation"}
            if words and (said(path), name) not in THEIRS:
                wrong.append(f"{said(path)}: {name}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_for_later() -> None:
    assert [said(path) for path in everything() if UNFINISHED.search(path.read_text())] == []


def test_packages_hold_no_code() -> None:
    wrong = []
    for path in everything():
        if path.name == "__init__.py":
            body = tree(path).body
            only_docstring = len(body) == 1 and isinstance(body[0], ast.Expr)
            if body and not (only_docstring and ast.get_docstring(tree(path))):
                wrong.append(said(path))
    assert not wrong, "\n".join(wrong)


def decides_or_acts(path: Path) -> bool:
    """Whether a module has anything public that can go wrong: a function, or a method of a class."""
    if path.name == "__init__.py" or path.stem in DECIDES_ELSEWHERE or "models" in path.parts:
        return False
    classes = [node for node in tree(path).body if isinstance(node, ast.ClassDef)]
    inside = [part for node in classes for part in node.body]
    functions = [node for node in (*tree(path).body, *inside) if isinstance(node, ast.FunctionDef)]
    return any(not function.name.startswith("_") for function in functions)


def test_every_module_that_decides_or_acts_has_a_test_of_its_name() -> None:
    missing = []
    for path in product():
        package = path.relative_to(ROOT).parts[0]
        if package == "app" or package.endswith(".py") or not decides_or_acts(path):
            continue
        if not any((ROOT / "tests" / package).rglob(f"test_{path.stem}.py")):
            missing.append(said(path))
    assert not missing, "\n".join(missing)


def test_every_test_is_a_sentence_and_none_is_skipped() -> None:
    wrong = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        wrong += [f"{said(path)}: {name}" for name in names_of_tests(path) if name.count("_") < 3]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail", "importorskip"}:
                wrong.append(f"{said(path)}:{node.lineno}: {node.attr}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "words"),
    [("AlertManager", {"manager"}), ("task_list", {"task"}), ("jobs", {"job"}), ("metadata_of", set())],
)
def test_a_name_is_read_word_by_word(name: str, words: set[str]) -> None:
    assert words_of(name) & FORBIDDEN == words
