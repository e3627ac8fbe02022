import ast
import re
from pathlib import Path

from tests.house.source import ROOT, tree

VERSIONS = sorted(
    path for path in (ROOT / "migrations" / "versions").glob("*.py") if path.name != "__init__.py"
)


def assigned(path: Path, name: str) -> object:
    for node in tree(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return ast.literal_eval(node.value)  # type: ignore[attr-defined]
    raise AssertionError(f"{path.name} does not say its {name}")


def test_migrations_are_numbered_from_one_without_a_gap_in_plain_words() -> None:
    assert VERSIONS
    assert all(re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)*\.py", path.name) for path in VERSIONS)
    assert [int(path.name[:4]) for path in VERSIONS] == list(range(1, len(VERSIONS) + 1))


def test_each_migration_follows_the_one_before_it() -> None:
    stems = [path.stem for path in VERSIONS]
    assert [assigned(path, "revision") for path in VERSIONS] == stems
    assert [assigned(path, "down_revision") for path in VERSIONS] == [None, *stems[:-1]]
