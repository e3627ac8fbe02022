"""What is printed of a simulated week: four tables, and in words whether the promise was kept."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bench.week_figures import TOO_MANY, Figures, Missed, RuleWorth, Truths
from bench.week_homes import Place
from bench.week_running import Lived
from bench.week_tuning import Tuned
from care_plans.severity import Severity

KEPT = "No red truth was missed or late, before or after the tuning: the promise was kept."
BROKEN = "{missed} red truths were missed and {late} were late: the promise was not kept."
MOST_MOVED = 8


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text; all but the first are set to the right."""
    cells = [[*heads], *[[_cell(value) for value in row] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def said(
    arm: str, chosen: Sequence[Place], figures: Figures, lived: Lived, tuned: Tuned, seconds: float
) -> str:
    """The whole report of one week."""
    parts = [
        f"\n==== {arm} ({seconds:.0f} s)",
        _lived(chosen, figures, lived, tuned),
        "\n-- 1. Alerts that one person was asked about, and messages, in a shift of eight hours\n",
        _loads(figures),
        "\n-- 2. By rule: what its alerts were worth; median minutes from when it could be noticed first\n",
        _rules(figures.rules),
        "\n-- 3. What was true, and whether it was found\n",
        _truths(figures),
        "\n-- 4. Noise: alerts in stable homes\n",
        _noise(figures.rules),
    ]
    return "\n".join(parts)


def _lived(chosen: Sequence[Place], figures: Figures, lived: Lived, tuned: Tuned) -> str:
    courses = Counter(place.scenario.name for place in chosen)
    mix = ", ".join(f"{name} {number}" for name, number in courses.most_common())
    besides = Counter(place.besides for place in chosen if place.besides)
    faults = ", ".join(f"{name} {number}" for name, number in besides.most_common()) or "none"
    severities = ", ".join(f"{figures.by_severity.get(each, 0)} {each.value}" for each in Severity)
    lines = [
        f"homes: {mix}; besides: {faults}",
        f"{lived.messages:,} messages, {lived.readings:,} readings stored, {lived.duplicates:,} repeated, "
        f"{lived.rejected} refused; {lived.judged:,} judgements, {lived.failed} failed",
        f"{figures.alerts} alerts: {severities}; {figures.follow_ups} follow-ups, "
        f"{figures.missed_follow_ups} missed; {lived.stuck} alerts stuck by the auditor",
    ]
    if lived.refused:
        told = "; ".join(f"{words} ({number})" for words, number in lived.refused.items())
        lines.append(f"moves that were refused: {told}")
    if tuned.moved:
        limits = Counter(f"{label} {before:g} to {after:g}" for label, before, after in tuned.moved)
        lines.append(f"{len(tuned.moved)} limits of {tuned.people} people moved:")
        lines += [f"  {words} ({number})" for words, number in limits.most_common(MOST_MOVED)]
        lines += [f"  and {len(limits) - MOST_MOVED} others"] if len(limits) > MOST_MOVED else []
    return "\n".join(lines)


def _loads(figures: Figures) -> str:
    heads = (
        "team",
        "shifts",
        "alerts",
        "most",
        "messages",
        "most",
        f"over {TOO_MANY}",
        "floods",
        "most in 10 min",
    )
    rows = [
        (
            each.team, each.shifts, each.alerts, each.most, each.messages, each.most_messages,
            each.too_many, each.floods, each.busiest_ten,
        )
        for each in sorted(figures.loads, key=lambda each: -each.alerts)
    ]  # fmt: skip
    whole = f"all: {figures.alerts_a_shift:.2f} alerts a person and shift"
    return f"{table(heads, rows)}\n{whole}"


def _rules(rules: Sequence[RuleWorth]) -> str:
    heads = ("rule", "raised", "true", "nothing to do", "false", "precision", "to raised", "to contact")
    rows: list[tuple[object, ...]] = [
        (
            each.rule, each.raised, each.true, each.nothing_to_do,
            each.raised - each.true - each.nothing_to_do, f"{each.precision:.0%}", each.to_raised,
            each.to_contact,
        )
        for each in rules
    ]  # fmt: skip
    raised = sum(each.raised for each in rules)
    true, nothing = sum(each.true for each in rules), sum(each.nothing_to_do for each in rules)
    share = f"{(true + nothing) / raised:.0%}" if raised else None
    rows.append(("all", raised, true, nothing, raised - true - nothing, share, None, None))
    return table(heads, rows)


def _truths(figures: Figures) -> str:
    sorts = (("of the courses", figures.truths), ("red", figures.reds))
    heads = ("truths", "total", "in time", "late", "missed", "not due by the end")
    rows = [
        (name, one.total, one.in_time, len(one.late), len(one.missed), one.undecided) for name, one in sorts
    ]
    lines = [table(heads, rows)]
    for name, one in sorts:
        lines += _named(name, one)
    return "\n".join(lines)


def _named(name: str, truths: Truths) -> list[str]:
    def line(became: str, one: Missed) -> str:
        return f"  {name}, {became}: {one.home}: {one.what}, {one.at:%a %d %H:%M}; {one.instead}"

    return [line("missed", one) for one in truths.missed] + [line("late", one) for one in truths.late]


def _noise(rules: Sequence[RuleWorth]) -> str:
    noisy = sorted((each for each in rules if each.on_stable), key=lambda each: -each.on_stable)
    rows = [*((each.rule, each.on_stable) for each in noisy), ("all", sum(each.on_stable for each in rules))]
    return table(("rule", "alerts"), rows)


def verdict(figures: Sequence[Figures], lived: Sequence[Lived]) -> tuple[str, bool]:
    """Before and after side by side, and whether the promise was kept, in words."""
    false = [sum(each.raised - each.true - each.nothing_to_do for each in one.rules) for one in figures]
    noise = [sum(each.on_stable for each in one.rules) for one in figures]
    compared = table(
        ("before and after the tuning", *(("before", "after")[: len(figures)])),
        (
            ("alerts", *(one.alerts for one in figures)),
            ("alerts a person and shift", *(f"{one.alerts_a_shift:.2f}" for one in figures)),
            ("shifts with too many", *(sum(each.too_many for each in one.loads) for one in figures)),
            ("floods", *(sum(each.floods for each in one.loads) for one in figures)),
            ("false alerts", *false),
            ("alerts in stable homes", *noise),
            ("truths missed", *(len(one.truths.missed) for one in figures)),
            ("red truths", *(one.reds.total for one in figures)),
            ("red truths missed", *(len(one.reds.missed) for one in figures)),
            ("red truths late", *(len(one.reds.late) for one in figures)),
        ),
    )
    missed = sum(len(one.reds.missed) for one in figures)
    late = sum(len(one.reds.late) for one in figures)
    stuck, failed = sum(one.stuck for one in lived), sum(one.failed for one in lived)
    kept = not (missed or late or stuck or failed)
    words = KEPT if not (missed or late) else BROKEN.format(missed=missed, late=late)
    if stuck or failed:
        words += f" {stuck} alerts were without a next step, and {failed} judgements failed."
    return f"\n==== side by side\n\n{compared}\n\n{words}", kept
