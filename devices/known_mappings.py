"""The mapping files there are: those shipped beside this module, and those of the operator's own folder."""

from pathlib import Path

from devices.formats import mapping_file
from devices.formats.mapping import Mapping
from devices.formats.mapping_file import BadMapping, Mistake

FOLDER = Path(__file__).parent / "mappings"
ENDING = ".yaml"


def load(folder: Path) -> dict[str, Mapping]:
    """The mappings of a folder by name; BadMapping with every mistake in all of its files."""
    found: dict[str, Mapping] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        try:
            found[path.stem] = mapping_file.read(path.read_text(encoding="utf-8"), path.stem)
        except UnicodeDecodeError:
            mistakes.append(Mistake(1, path.name, "The file is not UTF-8 text."))
        except BadMapping as fault:
            mistakes += [
                Mistake(each.line, f"{path.name} {each.field}".strip(), each.reason)
                for each in fault.mistakes
            ]
    if mistakes:
        raise BadMapping(mistakes)
    return found


SHIPPED = load(FOLDER)
_known = dict(SHIPPED)


def add(folder: Path) -> None:
    """Read the operator's own mappings as well, when a process starts; BadMapping, also for a name taken."""
    own = load(folder)
    taken = sorted(SHIPPED.keys() & own.keys())
    if taken:
        raise BadMapping(
            [Mistake(1, f"{name}{ENDING}", "A mapping of this name is shipped.") for name in taken]
        )
    _known.update(own)


def find(name: str) -> Mapping | None:
    """The mapping of this name, or None."""
    return _known.get(name)


def all_known() -> tuple[Mapping, ...]:
    """Every mapping, by name."""
    return tuple(_known[name] for name in sorted(_known))
