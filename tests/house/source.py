"""The code as text and trees, for the rules about it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "outcomes", "care_plans", "devices", "people", "core")
SINGLE = ("config.py", "wsgi.py")
APART = ("migrations", "tests", "tools", "bench")


@cache
def product() -> tuple[Path, ...]:
    """The modules of the running product."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return tuple(sorted(files + [ROOT / name for name in SINGLE if (ROOT / name).exists()]))


@cache
def everything() -> tuple[Path, ...]:
    """The product's modules and those that test, measure, migrate and set it up."""
    apart = [path for folder in APART for path in (ROOT / folder).rglob("*.py")]
    return tuple(sorted([*product(), *apart]))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def said(path: Path) -> str:
    """The path as one would say it, from the root."""
    return str(path.relative_to(ROOT))


def definitions(path: Path) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def names_of_tests(path: Path) -> set[str]:
    """Names of a file's tests; those in a class as Class::test."""
    names: set[str] = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    return {name for name in names if name.rpartition("::")[2].startswith("test_")}
