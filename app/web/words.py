"""How the pages say times, values, names and severities in plain words."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jinja2 import Environment

NO_BREAK = "\N{NO-BREAK SPACE}"

# Shape and word stand beside the colour, so that none of the three is needed alone.
SEVERITIES: dict[str, tuple[str, str]] = {
    "red": ("▲", "Red"),
    "amber": ("◆", "Amber"),
    "watch": ("●", "Watch"),
    "kit": ("■", "Kit"),
}

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800


def age(at: datetime, now: datetime) -> str:
    """How long ago `at` was: "just now", "12 s ago", "2 min ago", "5 h ago", "3 days ago".

    A time up to a minute ahead is a clock that runs fast and reads "just now"; further ahead is "in 5 min".
    """
    seconds = (now - at).total_seconds()
    if seconds < -_MINUTE:
        return f"in {length(-seconds)}"
    return "just now" if seconds < 5 else f"{length(seconds)} ago"


def length(seconds: float) -> str:
    """A span of time in its one largest fitting unit: "12 s", "4 min", "2 h", "3 days", "6 weeks"."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        return f"{whole // _HOUR} h"
    if whole < 2 * _WEEK:
        return counted(whole // _DAY, "day")
    return counted(whole // _WEEK, "week")


def due(at: datetime, now: datetime, zone: str) -> str:
    """When something is due: "in 3:12", "in 12 min", "by 09:00", "by Thu 14:00", or "4 min late"."""
    seconds = math.ceil((at - now).total_seconds())
    if seconds < 0:
        return f"{length(-seconds)} late"
    if seconds < 10 * _MINUTE:
        return f"in {seconds // _MINUTE}:{seconds % _MINUTE:02d}"
    if seconds < _HOUR:
        return f"in {seconds // _MINUTE} min"
    return f"by {clock(at, now, zone)}"


def clock(at: datetime, now: datetime, zone: str) -> str:
    """The time on the wall in `zone`, with as much of the date as it takes to know the day."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    time = f"{local:%H:%M}"
    near = {0: "", -1: "yesterday ", 1: "tomorrow "}
    if days in near:
        return near[days] + time
    if abs(days) < 7:
        return f"{local:%a} {time}"
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local.day} {local:%b}{year} {time}"


def day(at: date, now: datetime, zone: str) -> str:
    """A day as people say it: "today", "tomorrow", "Thursday 26 November"; a time is taken in `zone`."""
    local = at.astimezone(ZoneInfo(zone)).date() if isinstance(at, datetime) else at
    today = now.astimezone(ZoneInfo(zone)).date()
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if (local - today).days in near:
        return near[(local - today).days]
    if local.year == today.year:
        return f"{local:%A} {local.day} {local:%B}"
    return f"{local.day} {local:%B} {local.year}"


def moment(at: datetime, zone: str) -> str:
    """A time in full, for the tip behind a short one: "Sunday 22 November 2026, 07:44:10 GMT"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B} {local.year}, {local:%H:%M:%S %Z}"


def to_the_minute(at: datetime, zone: str) -> str:
    """A time in full as it stands on paper: "Sunday 22 November 2026, 07:44 GMT"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B} {local.year}, {local:%H:%M %Z}"


def date_only(at: date) -> str:
    """A date with nothing left out: "4 May 1948"."""
    return f"{at.day} {at:%B} {at.year}"


def value(number: float | None, unit: str = "", decimals: int | None = None) -> str:
    """A measured value with its unit: "84 %", "15.2 °C", "−3.5 °C", "1,013 hPa"; None is "no reading"."""
    if number is None:
        return "no reading"
    shown = f"{abs(number):,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        shown = shown.rstrip("0").rstrip(".")
    sign = "−" if number < 0 and shown.strip("0.,") else ""
    return f"{sign}{shown}{NO_BREAK}{unit}" if unit else f"{sign}{shown}"


def initials(name: str) -> str:
    """Two letters for somebody: first and last name's, or the first two of a single name."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    if not words:
        return "?"
    letters = words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]
    return letters.upper()


def severity_shape(severity: str) -> str:
    """The shape that goes with a severity: ▲ ◆ ● ■."""
    return SEVERITIES[severity][0]


def severity_word(severity: str) -> str:
    """The word that goes with a severity: Red, Amber, Watch, Kit."""
    return SEVERITIES[severity][1]


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 hub", "3 hubs", "no hubs"; `many` where adding an s is wrong."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{number:,} {noun}" if number else f"no {noun}"


def with_article(noun: str) -> str:
    """A noun with its indefinite article, by its first letter: "a goal", "an action"."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: "a", "a and b", "a, b and c"; "a, x; b" where one has a comma in it."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    if any("," in each for each in every):
        return "; ".join(every)
    return f"{', '.join(every[:-1])} and {every[-1]}"


def initial_capital(words: str) -> str:
    """The same words with a capital to begin with, and the rest left alone."""
    return words[:1].upper() + words[1:]


def gone_by(start: datetime | None, end: datetime | None, now: datetime) -> int:
    """How much of the time from `start` to `end` has gone, 0 to 100; 0 where either is not known."""
    if start is None or end is None:
        return 0
    whole = end - start
    if whole <= timedelta(0):
        return 100
    return round(100 * min(1.0, max(0.0, (now - start) / whole)))


def spark_points(values: Sequence[float], stepped: bool = False, width: int = 96, height: int = 38) -> str:
    """Values, oldest first and evenly spaced, as the points of an SVG polyline, 4 px clear above and below.

    A stepped line holds each value until the next, as a door or a press does.
    """
    if not values:
        return ""
    low, high = min(values), max(values)
    tall = height - 8

    def up(number: float) -> float:
        return height / 2 if high == low else 4 + tall * (high - number) / (high - low)

    across = width / max(1, len(values) - 1)
    points: list[tuple[float, float]] = []
    for place, number in enumerate(values):
        if stepped and points:
            points.append((place * across, points[-1][1]))
        points.append((place * across, up(number)))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


FILTERS: dict[str, Callable[..., object]] = {
    "age": age,
    "clock": clock,
    "counted": counted,
    "date_only": date_only,
    "day": day,
    "due": due,
    "gone_by": gone_by,
    "initial_capital": initial_capital,
    "with_article": with_article,
    "initials": initials,
    "length_of_time": length,
    "listed": listed,
    "moment": moment,
    "severity_shape": severity_shape,
    "severity_word": severity_word,
    "spark_points": spark_points,
    "to_the_minute": to_the_minute,
    "value": value,
}


def register_words(environment: Environment) -> None:
    """Give the templates of `environment` these words as filters."""
    environment.filters.update(FILTERS)
