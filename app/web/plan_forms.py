"""The forms of a plan's parts: which fields each has, what may be chosen, and what was typed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request

from app.web import plan_ladders
from app.web.plan_fields import CHOOSE, NONE, Choices, FieldShown, pick, plain, text
from care_plans.models.goals import ActionStatus, GoalStatus
from care_plans.models.work import FollowUpKind
from care_plans.pathways.shape import Counts
from care_plans.plan.known import Known
from care_plans.plan.parts import Part
from care_plans.plan.recurring import Repeats, Which
from care_plans.severity import Severity
from care_plans.work.recurrence import WEEKDAYS, BankHolidays
from devices import kinds

AS_TEXT = "Or as text, with all of that left empty"
RULE = (
    "For what fields can’t say: a slope, a mean, hours of the day. “steps: [{severity: amber, when: "
    "{kind: weight, rises_by: 0.3, per: 1 day, over: 6 days, readings: 5}}]”"
)
WINDOW = "At any time if you leave it empty: it stands in the list a day ahead."
MONTHLY = "If every so many weeks, or monthly"
OTHER = "If by a rule (leave empty if not)"
MONTH_DAYS: Choices = (NONE, *((str(day), str(day)) for day in range(1, 32)), ("-1", "The last"))


def fields(part: Part, known: Known, steps: int = plan_ladders.STEPS) -> tuple[FieldShown, ...]:
    """The fields of one sort of part, in the order they are asked for; a ladder's has room for `steps`."""
    return plan_ladders.fields(known, steps) if part is Part.LADDERS else FIELDS[part](known)


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a part as a form holds them: all text, lists with commas, a ladder's steps one by one."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if name == "steps":
            for number, step in enumerate(value):
                found |= {
                    f"steps.{number}.{field}": str(told) for field, told in plan_ladders.shown(step).items()
                }
        elif isinstance(value, list | tuple):
            found[name] = ", ".join(str(each) for each in value)
        elif isinstance(value, float):
            found[name] = f"{value:g}"
        else:
            found[name] = str(value)
    return found


def typed(asked: Sequence[FieldShown]) -> dict[str, str]:
    """What was sent for each field; ticks joined with commas."""
    return {
        each.name: ",".join(request.form.getlist(each.name))
        if each.how == "ticks"
        else request.form.get(each.name, "").strip()
        for each in asked
    }


def to_action(given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the action takes it: a ladder's steps as a list, those left empty passed over."""
    values: dict[str, Any] = {name: value for name, value in given.items() if not name.startswith("steps.")}
    if any(name.startswith("steps.") for name in given):
        values["steps"] = plan_ladders.steps(given)
    return values


def _strength(_known: Known) -> tuple[FieldShown, ...]:
    return (text("text", "What they can do, and who and what they have around them"),)


def _need(_known: Known) -> tuple[FieldShown, ...]:
    return (text("text", "Need, concern or problem", "In their words, if you can."),)


def _stage(known: Known) -> tuple[FieldShown, ...]:
    return (
        pick("action", "On the way to", _keys(known.actions)),
        text("text", "Stage goal"),
        pick("status", "How it stands", plain(GoalStatus)),
        text("outcome", "What came of it (optional)"),
    )


def _document(_known: Known) -> tuple[FieldShown, ...]:
    return (
        FieldShown("line", "title", "What it is"),
        FieldShown("line", "place", "Where to find it"),
        FieldShown("date", "dated_on", "Its date (optional)"),
        FieldShown("date", "review_on", "When it is reviewed (optional)"),
    )


def _goal(known: Known) -> tuple[FieldShown, ...]:
    readings = "Or from readings (leave empty if not)"
    return (
        pick("need", "For which need", _keys(known.needs)),
        text("text", "Goal or hope", "In their own voice: “I want to …”"),
        pick(
            "importance",
            "How important it is to them",
            [NONE, *((str(n), f"{n} of 5") for n in range(5, 0, -1))],
        ),
        text("measure_words", "How anybody would see that it is reached"),
        pick("measure_kind", "Reading", [NONE, *_measured(numbers=True)], group=readings),
        pick(
            "measure_counts",
            "What counts",
            [
                NONE,
                (Counts.DAYS_MET.value, "Days on which it is met"),
                (Counts.DAYS_WITHOUT_EVENT.value, "Days without one"),
            ],
            group=readings,
        ),
        pick(
            "measure_sense",
            "Which way",
            [NONE, ("at_least", "At least"), ("at_most", "At most")],
            group=readings,
        ),
        FieldShown("number", "measure_target", "Target", group=readings),
        FieldShown("number", "measure_enough", "On how many days", group=readings),
        FieldShown("number", "measure_days", "Of the last … days", group=readings),
        FieldShown("date", "target_on", "By when (optional)"),
    )


def _action(known: Known) -> tuple[FieldShown, ...]:
    return (
        pick("goal", "For which goal", _keys(known.goals)),
        text("text", "What is to be done"),
        pick("team", "Agency and team", [("", "Nobody yet"), *_teams(known)]),
        pick("staff", "Who (optional)", [("", "Anybody in the team"), *_staff(known)]),
        FieldShown(
            "line", "when_words", "When, in words (optional)", "“Before each visit”, “when it is icy”."
        ),
        FieldShown("date", "due_on", "Due (optional)"),
        FieldShown("date", "review_on", "When it is looked at again (optional)"),
        text("strategies", "What may help (optional)"),
        pick(
            "confidence",
            "How sure are they that they can do their part?",
            [("", "Not asked"), *((str(n), _confidence(n)) for n in range(10, -1, -1))],
        ),
        pick("status", "How it stands", plain(ActionStatus)),
    )


def _contingency(known: Known) -> tuple[FieldShown, ...]:
    follow_up = "A follow-up with each such alert (leave empty for none)"
    return (
        FieldShown("line", "name", "If this happens"),
        text("what_should_happen", "What should happen"),
        pick("ladder", "Who is contacted: ladder", [("", "Nobody yet"), *_keys(known.ladders)]),
        text("early_signs", "Early warning signs (optional)"),
        text("coping", "What helps: coping strategies (optional)"),
        text("anticipatory", "Medicines and equipment kept ready (optional)"),
        pick("goal", "Which goal it protects", [NONE, *_keys(known.goals)]),
        pick("follow_up_kind", "Kind", [NONE, *plain(FollowUpKind)], group=follow_up),
        text("follow_up_text", "What is to be done", group=follow_up),
        pick("follow_up_team", "By which team", [NONE, *_teams(known)], group=follow_up),
        FieldShown("number", "follow_up_hours", "Within", suffix="hours", group=follow_up),
        pick("follow_up_from", "From which severity on", [NONE, *plain(Severity)], group=follow_up),
    )


def _trigger(known: Known) -> tuple[FieldShown, ...]:
    return (
        pick("contingency", "For which contingency plan", _keys(known.contingencies)),
        pick("kind", "Reading", [CHOOSE, *_judged()]),
        pick(
            "side",
            "Which way",
            [
                CHOOSE,
                ("below", "Below the limit"),
                ("above", "Above the limit"),
                ("rises", "Up by more than it"),
                ("falls", "Down by more than it"),
            ],
        ),
        FieldShown("number", "limit", "Limit", "In the unit of the reading."),
        FieldShown("number", "over_hours", "In how long (only for up or down)", suffix="hours"),
        pick("severity", "Severity", [CHOOSE, *plain(Severity)]),
        FieldShown("number", "times", "How many readings in a row", "1, or more within some minutes."),
        FieldShown("number", "within_minutes", "Within (only for more than one reading)", suffix="minutes"),
        FieldShown(
            "number",
            "for_minutes",
            "Or for how long (optional)",
            "It counts once readings have shown it for as long as this, without a gap.",
            suffix="minutes",
        ),
        text("rule", "Rule", RULE, group=AS_TEXT),
        FieldShown("line", "name", "What to call it (optional)"),
        text("why", "Why this limit, and who decided", "Kept with the plan, and shown with every alert."),
    )


def _monitoring(known: Known) -> tuple[FieldShown, ...]:
    return (
        pick("kind", "Reading", _measured()),
        FieldShown("line", "times", "At which times of day", "“08:00, 20:00”, or leave this empty."),
        _days(),
        FieldShown("number", "every_hours", "Or every", suffix="hours"),
        FieldShown("number", "grace_hours", "Missing after another", suffix="hours"),
        pick("goal", "For which goal", [NONE, *_keys(known.goals)]),
    )


def _schedule(known: Known) -> tuple[FieldShown, ...]:
    return (
        pick("kind", "Kind", plain(FollowUpKind)),
        text("text", "What is to be done"),
        pick("team", "By which team", _teams(known)),
        FieldShown("line", "times", "At which times of day", "“10:30”"),
        pick(
            "repeats",
            "How often",
            [
                ("", "Every week on the days ticked, or every so many days"),
                (Repeats.WEEKS.value, "Every so many weeks, on the days ticked"),
                (Repeats.MONTH_WEEKDAY.value, "Monthly, on the first, second … last of the days ticked"),
                (Repeats.MONTH_DAY.value, "Monthly, on a day of the month"),
                (Repeats.OTHER.value, "Other: by a rule"),
            ],
        ),
        _days(),
        FieldShown("number", "every_days", "Or every so many days", suffix="days"),
        FieldShown("date", "until", "Until when (optional)", "The last day on which it may come."),
        FieldShown("number", "interval", "Every", "1 if you leave it empty.", (), "weeks or months", MONTHLY),
        pick("which", "Which in the month", [NONE, *plain(Which)], group=MONTHLY),
        pick("month_day", "Day of the month", MONTH_DAYS, group=MONTHLY),
        FieldShown(
            "line", "rule", "Rule", "As calendars write it (RFC 5545): “FREQ=YEARLY;BYMONTH=3”.", group=OTHER
        ),
        FieldShown("number", "opens_hours", "May be done from", WINDOW, (), "hours before"),
        FieldShown(
            "number", "due_hours", "Is due by", "At that time if you leave it empty.", (), "hours after"
        ),
        pick(
            "bank_holidays",
            "On a bank holiday",
            [
                (BankHolidays.KEEP.value, "All the same"),
                (BankHolidays.SKIP.value, "Not"),
                (BankHolidays.NEXT_WORKING_DAY.value, "On the next working day"),
            ],
        ),
        pick("goal", "For which goal", [NONE, *_keys(known.goals)]),
    )


def _days() -> FieldShown:
    return FieldShown(
        "ticks",
        "weekdays",
        "On which days",
        "None ticked: every day.",
        [(day, day.title()) for day in WEEKDAYS],
    )


def _keys(keys: Mapping[str, str]) -> Choices:
    return [(key, text if len(text) <= 90 else f"{text[:87]}…") for key, text in keys.items()]


def _judged() -> Choices:
    return [(each.code, each.name) for each in kinds.all_kinds() if not each.is_binary]


def _measured(*, numbers: bool = False) -> Choices:
    return [
        (each.code, each.name)
        for each in kinds.all_kinds()
        if not each.made and not (numbers and each.is_binary)
    ]


def _teams(known: Known) -> Choices:
    return [(str(team.uuid), f"{team.agency}: {team.name}") for team in known.teams.values()]


def _staff(known: Known) -> Choices:
    return [(str(each.uuid), f"{each.name}, {each.team}") for each in known.staff]


def _confidence(number: int) -> str:
    ends = {10: "10, quite sure", 0: "0, not at all sure"}
    return ends.get(number, str(number))


FIELDS: Mapping[Part, Callable[[Known], tuple[FieldShown, ...]]] = {
    Part.STRENGTHS: _strength,
    Part.NEEDS: _need,
    Part.GOALS: _goal,
    Part.ACTIONS: _action,
    Part.STAGES: _stage,
    Part.CONTINGENCIES: _contingency,
    Part.TRIGGERS: _trigger,
    Part.MONITORING: _monitoring,
    Part.SCHEDULES: _schedule,
    Part.DOCUMENTS: _document,
}
