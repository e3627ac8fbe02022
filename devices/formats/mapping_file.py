"""Reads a mapping file: YAML that is checked whole, each mistake named with its line and its field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from core.errors import HearthlineError
from devices import kinds
from devices.formats import wire
from devices.formats.mapped import is_zone
from devices.formats.mapping import Condition, Mapping, Path, Time, Value

LONGEST = 64 * 1024
DEEPEST = 20
NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]|\['([^']+)'\]")
_PATTERN = re.compile(r"%[dmYyHMSfzIp%]")
_FORMS = ("iso", "epoch", "epoch_ms")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong where: `line` counts from 1, `field` is a path such as readings[2].kind."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return (
            f"line {self.line}: {self.field}: {self.reason}"
            if self.field
            else f"line {self.line}: {self.reason}"
        )


class BadMapping(HearthlineError):
    """A mapping file has mistakes."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def read(text: str, name: str | None = None) -> Mapping:
    """Return the mapping that `text` is; BadMapping with every mistake in it.

    `name` is that of its file, which the mapping's own has to be.
    """
    reader = _Reader(*_parsed(text))
    mapping = reader.mapping(name)
    if reader.mistakes:
        raise BadMapping(sorted(reader.mistakes, key=lambda each: each.line))
    return mapping


def _parsed(text: str) -> tuple[Any, dict[str, int]]:
    """The values of a YAML text, and the line of each by its path."""
    if len(text) > LONGEST:
        raise BadMapping([Mistake(1, "", "A mapping file has 64 KiB at most.")])
    lines: dict[str, int] = {}
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise BadMapping([Mistake(1, "", "Aliases (*name) are not read in a mapping file.")])
        node = yaml.compose(text, yaml.SafeLoader)
        return _plain(node, "", lines, 0), lines
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark is not None else 1
        raise BadMapping([Mistake(line, "", f"Not YAML: {fault.problem or 'unreadable'}.")]) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise BadMapping([Mistake(1, "", "Not YAML that can be read.")]) from None


def _plain(node: yaml.Node | None, path: str, lines: dict[str, int], depth: int) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines[path] = line
    if depth > DEEPEST:
        raise BadMapping([Mistake(line, path, "Too deep.")])
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            inner = f"{path}.{name}" if path else name
            if name in found:
                raise BadMapping([Mistake(key.start_mark.line + 1, inner, "Given twice.")])
            found[name] = _plain(value, inner, lines, depth + 1)
            lines[inner] = key.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, f"{path}[{place}]", lines, depth + 1) for place, each in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node)


class _Reader:
    """Reads values of a mapping file into a Mapping, and gathers what is wrong with them."""

    def __init__(self, body: Any, lines: dict[str, int]) -> None:
        self.body = body if isinstance(body, dict) else {}
        self.lines = lines
        self.mistakes: list[Mistake] = []
        if not isinstance(body, dict):
            self.wrong("", "A mapping file is a list of fields, such as name: and readings:.")

    def wrong(self, field: str, reason: str) -> None:
        line = next((self.lines[part] for part in _upwards(field) if part in self.lines), 1)
        self.mistakes.append(Mistake(line, field, reason))

    def mapping(self, file_name: str | None) -> Mapping:
        body = self.body
        self.known(body, "", _FIELDS)
        name = self.text(body, "name", needed=True) or ""
        if name and not NAME.fullmatch(name):
            self.wrong("name", "Use small letters, digits and _, 2 to 32 of them, a letter first.")
        elif name and file_name is not None and name != file_name:
            self.wrong("name", f"The file is called {file_name}.yaml; give the mapping the same name.")
        listed = body.get("readings")
        if not isinstance(listed, list) or not listed:
            self.wrong("readings", "List at least one reading that the messages may hold.")
            listed = []
        status = self.part(body, "status")
        self.known(status, "status", {"battery", "firmware", "online"})
        return Mapping(
            name=name,
            title=self.text(body, "title", needed=True) or "",
            source=self.text(body, "source", needed=True) or "",
            topic=self.topic(),
            accept=tuple(self.conditions(body, "accept", "")),
            each=self.path(body, "each", ""),
            address=self.path(body, "address", ""),
            time=self.time(),
            user=self.path(body, "user", ""),
            message_id=self.path(body, "message_id", ""),
            stored=tuple(self.conditions(body, "stored", "")),
            test=tuple(self.conditions(body, "test", "")),
            battery=self.path(status, "battery", "status."),
            firmware=self.path(status, "firmware", "status."),
            online=self.online(status),
            readings=tuple(
                value
                for place, each in enumerate(listed)
                if (value := self.reading(each, f"readings[{place}]"))
            ),
        )

    def topic(self) -> str | None:
        found = self.text(self.body, "topic")
        if found is not None and "#" in found[:-1]:
            self.wrong("topic", "An MQTT filter has # at its end alone.")
        return found

    def reading(self, body: Any, field: str) -> Value | None:
        if not isinstance(body, dict):
            self.wrong(field, "A reading has a kind and a path.")
            return None
        self.known(body, field, {"kind", "path", "unit", "factor", "channel", "when", "on", "off", "doubted"})
        path = self.path(body, "path", f"{field}.", needed=True)
        code = self.text(body, "kind", f"{field}.", needed=True)
        kind = kinds.find_measured(code) if code else None
        if code and kind is None:
            self.wrong(f"{field}.kind", "There is no such kind of reading; see the catalogue of kinds.")
        unit = self.text(body, "unit", f"{field}.")
        if kind is not None and unit is not None and unit not in kind.conversions:
            self.wrong(f"{field}.unit", kinds.unknown_unit(kind))
        factor = wire.number(body.get("factor", 1))
        if not factor:
            self.wrong(f"{field}.factor", "A factor is a number other than 0.")
        on, off = self.several(body, "on", field), self.several(body, "off", field)
        if kind is not None and not kind.is_binary and (on or off):
            self.wrong(f"{field}.on", f"{kind.name} is a number, and neither on nor off.")
        doubted = body.get("doubted", False)
        if not isinstance(doubted, bool):
            self.wrong(f"{field}.doubted", "Say true or false.")
        if path is None or kind is None:
            return None
        channel = self.text(body, "channel", f"{field}.") or ""
        when = tuple(self.conditions(body, "when", f"{field}."))
        return Value(kind.code, path, unit, factor or 1.0, channel, when, on, off, doubted is True)

    def online(self, status: dict[str, Any]) -> Value | None:
        body = status.get("online")
        if body is None:
            return None
        if not isinstance(body, dict):
            self.wrong("status.online", "Give a path, and what on and off are said by.")
            return None
        self.known(body, "status.online", {"path", "when", "on", "off"})
        path = self.path(body, "path", "status.online.", needed=True)
        on, off = self.several(body, "on", "status.online"), self.several(body, "off", "status.online")
        when = tuple(self.conditions(body, "when", "status.online."))
        return Value("", path, None, 1.0, "", when, on, off, False) if path is not None else None

    def time(self) -> Time | None:
        if "time" not in self.body:
            return None
        body = self.part(self.body, "time")
        self.known(body, "time", {"path", "form", "zone"})
        path = self.path(body, "path", "time.", needed=True)
        form = self.text(body, "form", "time.", needed=True) or "iso"
        if form not in _FORMS and not _is_pattern(form):
            self.wrong("time.form", 'Say iso, epoch, epoch_ms, or a pattern such as "%d/%m/%Y %H:%M:%S".')
        zone = self.text(body, "zone", "time.")
        if zone is not None and not is_zone(zone):
            self.wrong("time.zone", "There is no such time zone; leave it out for that of the home.")
            zone = None
        return Time(path, form, zone) if path is not None else None

    def conditions(self, body: dict[str, Any], key: str, within: str) -> Iterator[Condition]:
        """Read one condition or a list of them: {path, is}, {path, in}, {path, is_not}, or {path} alone."""
        said = body.get(key)
        if said is None:
            return
        for place, each in enumerate(said if isinstance(said, list) else [said]):
            field = f"{within}{key}[{place}]" if isinstance(said, list) else f"{within}{key}"
            if not isinstance(each, dict):
                self.wrong(field, "A condition has a path, and is, in or is_not.")
                continue
            self.known(each, field, {"path", "is", "in", "is_not"})
            path = self.path(each, "path", f"{field}.", needed=True)
            verbs = [verb for verb in ("is", "in", "is_not") if verb in each]
            if len(verbs) > 1:
                self.wrong(field, "Say one of is, in and is_not.")
            if path is not None:
                among = None if not verbs else _listed(each[verbs[0]])
                yield Condition(path, among, turned=verbs == ["is_not"])

    def path(self, body: dict[str, Any], key: str, within: str, *, needed: bool = False) -> Path | None:
        """Read a path: data.value.bp_high, data[0], topic[1], or .value within an item of the list."""
        said = self.text(body, key, within, needed=needed)
        if said is None:
            return None
        whole = said.removeprefix(".")
        inside = "item" if said.startswith(".") else "message"
        steps: list[str | int] = []
        end = 0
        for found in _STEP.finditer(whole):
            between = whole[end : found.start()]
            if between != ("." if steps and found[1] else ""):
                break
            steps.append(int(found[2]) if found[2] else found[1] or found[3])
            end = found.end()
        if end != len(whole) or not (steps or inside == "item"):
            self.wrong(f"{within}{key}", "A path is written data.value, data[0] or data['some key'].")
            return None
        if inside == "item" and "each" not in self.body:
            self.wrong(
                f"{within}{key}", "A path that begins with a dot is within each item: say each: first."
            )
        if inside == "message" and steps[0] == "topic" and len(steps) == 2 and isinstance(steps[1], int):
            return Path(tuple(steps[1:]), "topic")
        return Path(tuple(steps), inside)

    def text(self, body: dict[str, Any], key: str, within: str = "", *, needed: bool = False) -> str | None:
        said = body.get(key)
        if said is None:
            if needed:
                self.wrong(f"{within}{key}", "This is needed.")
            return None
        if not isinstance(said, str) or not 0 < len(said) <= 500:
            self.wrong(f"{within}{key}", "This is a text of at most 500 characters.")
            return None
        return said

    def several(self, body: dict[str, Any], key: str, field: str) -> tuple[Any, ...]:
        said = body.get(key)
        found = () if said is None else _listed(said)
        if not all(isinstance(each, bool | int | float | str) for each in found):
            self.wrong(f"{field}.{key}", "Give a text, a number, true or false; or a list of them.")
        return found

    def part(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        found = body.get(key, {})
        if isinstance(found, dict):
            return found
        self.wrong(key, "This has fields of its own; see the list of formats.")
        return {}

    def known(self, body: dict[str, Any], field: str, known: set[str]) -> None:
        for key in body:
            if key not in known:
                self.wrong(
                    f"{field}.{key}" if field else key,
                    f"There is no such field; there are {', '.join(sorted(known))}.",
                )


_FIELDS = {"name", "title", "source", "topic", "accept", "each", "address"} | {
    "time",
    "user",
    "message_id",
    "stored",
    "test",
    "status",
    "readings",
}


def _listed(said: Any) -> tuple[Any, ...]:
    return tuple(said) if isinstance(said, list) else (said,)


def _is_pattern(form: str) -> bool:
    """Whether a pattern is one, reads back what it wrote, and holds a whole date and an hour."""
    if "%" in _PATTERN.sub("", form) or not all(each in form for each in ("%d", "%m", "%M")):
        return False
    said = datetime(2026, 11, 22, 10, 5, 7, tzinfo=UTC).strftime(form)
    try:
        return datetime.strptime(said, form).day == 22  # noqa: DTZ007 - it is compared by its day alone
    except ValueError:
        return False


def _upwards(field: str) -> Iterator[str]:
    """The field, then what holds it, up to the whole file."""
    while field:
        yield field
        field = re.sub(r"(\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", field)
    yield ""
