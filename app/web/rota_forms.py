"""The layers of a rota as a form holds them: names in the order of their turns, hours a line each."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from care_plans.models.rotas import TeamRota
from care_plans.rotas.documents import BARRED
from care_plans.work.recurrence import WEEKDAYS
from people.models.agencies import Staff

LAYERS = 3
NAMES = ("name", "people", "starts", "turn_days", "changes_at", "hours")
FIELDS = tuple(f"{name}_{number}" for number in range(LAYERS) for name in NAMES)
PLAIN = {
    "people": "Write names of people who are in the team now.",
    "hours": "Write each line like “20:00 to 08:00 mon tue” or “08:00 to 18:00 mon-fri”.",
    "changes_at": "Give a time of day such as 08:00.",
    "starts": "Choose the day on which the first turn begins.",
}
"""What is said of a field's fault on the page, in place of the document's own words."""
NAMELESS = "Nobody in the team now is written so. Two of one name are told apart by their e-mail addresses."
_LINE = re.compile(r"(\d{1,2}:\d{2})\s*(?:to|-|–)\s*(\d{1,2}:\d{2})\s*(.*)")
_WORD = re.compile(r"[–—-]|[^\s,;–—-]+")
_TO = ("to", "-", "–", "—")
_DAYS = {short: name for name in WEEKDAYS for short in (name, name[:3])} | {
    "tues": "tuesday",
    "weds": "wednesday",
    "thur": "thursday",
    "thurs": "thursday",
}


def labels(inside: Collection[Staff], gone: Collection[Staff] = ()) -> dict[str, str]:
    """How each is written on a line of their own, by id: of equal names with the e-mail address.

    Whoever has `gone` is written as such, so that their place can be kept.
    """
    alike = Counter(each.name.casefold() for each in (*inside, *gone))

    def name(each: Staff) -> str:
        return each.name if alike[each.name.casefold()] == 1 else f"{each.name} ({each.email})"

    left = {str(each.uuid): f"{name(each)} (has left: nobody)" for each in gone}
    return {str(each.uuid): name(each) for each in inside} | left


def begin(row: TeamRota | None, names: Mapping[str, str]) -> dict[str, str]:
    """What the form begins with: the rota as it is kept, with people as `names` writes them."""
    found: dict[str, str] = {}
    for number, layer in enumerate(row.layers[:LAYERS] if row else ()):
        told = {
            "name": layer["name"],
            "people": "\n".join(names.get(each, each) for each in layer["people"]),
            "starts": layer["starts"],
            "turn_days": str(layer["turn_days"]),
            "changes_at": layer["changes_at"],
            "hours": "\n".join(_line(each) for each in layer.get("hours") or ()),
        }
        found |= {f"{name}_{number}": words for name, words in told.items()}
    return found


def layers(given: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The document that a filled form says; what can't be read is left for the document's own faults."""
    spelt = Counter(label.casefold() for label in names.values())
    ids = {label.casefold(): uuid for uuid, label in names.items() if spelt[label.casefold()] == 1}
    return [
        {
            "name": given[f"name_{number}"],
            "people": [ids.get(name.casefold(), name) for name in _lines(given[f"people_{number}"])],
            "starts": given[f"starts_{number}"],
            "turn_days": _number(given[f"turn_days_{number}"]),
            "changes_at": given[f"changes_at_{number}"].zfill(5),
            "hours": [_hours(line) for line in _lines(given[f"hours_{number}"])],
        }
        for number in numbers(given)
    ]


def numbers(given: Mapping[str, str]) -> list[int]:
    """Which of the layers say anything; the first always does."""
    said = [n for n in range(LAYERS) if any(given[f"{name}_{n}"] for name in ("name", "people", "hours"))]
    return sorted({0, *said})


def field_of(place: str, given: Mapping[str, str]) -> str:
    """The form's field for a dotted place of the document: "layers.1.people.0" is "people_1"."""
    parts = place.split(".")
    if len(parts) < 3 or parts[0] != "layers" or parts[2] not in NAMES:
        return ""
    return f"{parts[2]}_{numbers(given)[int(parts[1])]}"


def plainly(faults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The faults of the document, each at its field of the form and in the words of the page."""
    found: dict[str, str] = {}
    for place, words in faults.items():
        field = field_of(place, given) or place
        found.setdefault(field, _said(place, field, words, given))
    return found


def _said(place: str, field: str, words: str, given: Mapping[str, str]) -> str:
    """What is said of one fault: the line that is wrong first, where it is about one."""
    name, parts = field.rpartition("_")[0], place.split(".")
    lines = _lines(given[field]) if name in ("people", "hours") else []
    if len(parts) < 4 or not parts[3].isdigit() or int(parts[3]) >= len(lines):
        return PLAIN.get(name, words)
    told = PLAIN["hours"] if name == "hours" else BARRED if words == BARRED else NAMELESS
    return f"“{lines[int(parts[3])]}”: {told}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _hours(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line)
    if found is None:
        return {"from": line, "to": line}
    said = {"from": found[1].zfill(5), "to": found[2].zfill(5)}
    return said | {"weekdays": _weekdays(found[3])} if found[3] else said


def _weekdays(text: str) -> list[str]:
    """The days that words name, one by one or from one to another; what names none stays, to be refused."""
    words = [word for word in _WORD.findall(text.lower()) if word != "and"]
    found: list[str] = []
    while words:
        first = words.pop(0)
        day = _DAYS.get(first, first)
        last = _DAYS.get(words[1], day) if len(words) > 1 and words[0] in _TO else day
        if last != day and first in _DAYS:
            found += _from_to(day, last)
            del words[:2]
        else:
            found.append(day)
    return list(dict.fromkeys(found)) or [text]


def _from_to(first: str, last: str) -> list[str]:
    start, days = WEEKDAYS.index(first), (WEEKDAYS.index(last) - WEEKDAYS.index(first)) % 7
    return [WEEKDAYS[(start + number) % 7] for number in range(days + 1)]


def _line(hours: Mapping[str, Any]) -> str:
    days = hours.get("weekdays") or ()
    named = "" if len(days) in (0, 7) else " " + " ".join(day[:3] for day in days)
    return f"{hours['from']} to {hours['to']}{named}"
