"""Reads the pathways of the package: YAML in, checked values out, every fault named at its place."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

import yaml

from care_plans.alerts.ladder import MOST_TIMES, Way
from care_plans.documents import Part
from care_plans.judging.conditions import About
from care_plans.judging.hours_terms import read_hours
from care_plans.judging.parse import read_rule
from care_plans.judging.writing import to_document
from care_plans.pathways import prices
from care_plans.pathways.checking import check
from care_plans.pathways.reading_terms import read_advice, read_clock, read_in_force, read_staffing, read_team
from care_plans.pathways.roles import Sector
from care_plans.pathways.shape import (
    Action,
    AlertFollowUp,
    Contingency,
    Counts,
    FollowUpKind,
    Goal,
    Kit,
    LadderStep,
    Measure,
    Monitoring,
    Need,
    Pathway,
    PathwayLadder,
    Personal,
    Schedule,
    Sense,
    Source,
    Trigger,
    Watch,
)
from care_plans.pathways.terms import InForce
from care_plans.severity import Severity
from care_plans.work.recurrence import read_recurrence
from core.errors import Invalid, NotFound
from people.access import RecordClass

_YEAR_OF_DAYS = 366


EARLIER = "versions"
"""The folder of the versions that are no longer laid into plans, each kept as it was."""


@cache
def all_pathways() -> Mapping[str, Pathway]:
    """The newest version of every pathway by code; raises Invalid with the faults of the first bad one."""
    pathways = _read(resources.files("care_plans.pathways"))
    return MappingProxyType({pathway.code: pathway for pathway in pathways})


@cache
def versions(code: str) -> tuple[Pathway, ...]:
    """Every version of this pathway that there is, the newest first; NotFound if there is none."""
    earlier = [each for each in _earlier() if each.code == code]
    return (get(code), *sorted(earlier, key=lambda each: -each.version))


def get(code: str) -> Pathway:
    """The newest version of the pathway of this code; NotFound if there is none."""
    found = all_pathways().get(code)
    if found is None:
        raise NotFound("There is no such pathway.")
    return found


@cache
def _earlier() -> tuple[Pathway, ...]:
    return _read(resources.files("care_plans.pathways") / EARLIER)


def _read(folder: Traversable) -> tuple[Pathway, ...]:
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    return tuple(from_yaml((folder / name).read_text("utf-8")) for name in names if name != prices.FILE)


def from_yaml(text: str) -> Pathway:
    """The pathway that a YAML text says; raises Invalid with each fault at its dotted place."""
    try:
        content = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Invalid({f"line {line}": "Write this line as YAML."}, "This pathway can't be read.") from None
    return from_document(content)


def from_document(content: object) -> Pathway:
    """The pathway that a document says; raises Invalid with each fault at its dotted place."""
    part = Part(content)
    pathway = Pathway(
        code=part.key("code"),
        version=part.whole("version", 1, 10_000),
        title=part.text("title"),
        owner=part.choice("owner", Sector),
        accountable=part.maybe_text("accountable"),
        summary=part.text("summary"),
        for_whom=part.maybe_text("for_whom"),
        not_for=part.maybe_text("not_for"),
        in_force=read_in_force(part.part("in_force")) if part.has("in_force") else InForce(),
        record_class=part.choice("record_class", RecordClass, default=RecordClass.PLAN),
        sources=tuple(_source(one) for one in part.parts("sources")),
        needs=tuple(_need(one) for one in part.parts("needs")),
        kit=tuple(_kit(one) for one in part.parts("kit", least=0)),
        monitoring=tuple(_monitoring(one) for one in part.parts("monitoring", least=0)),
        ladders=tuple(_ladder(one) for one in part.parts("ladders")),
        contingencies=tuple(_contingency(one) for one in part.parts("contingencies")),
        schedules=tuple(_schedule(one) for one in part.parts("schedules", least=0)),
        clocks=tuple(read_clock(one) for one in part.parts("clocks", least=0)),
        staffing=tuple(read_staffing(one) for one in part.parts("staffing", least=0)),
        advice=tuple(read_advice(one) for one in part.parts("advice", least=0)),
        watch=_watch(part.part("watch")),
    )
    part.no_more()
    check(part, pathway)
    part.refuse_faults("This pathway is not right.")
    return pathway


def _source(part: Part) -> Source:
    source = Source(part.text("title"), part.maybe_text("url"))
    part.no_more()
    return source


def _need(part: Part) -> Need:
    need = Need(part.key("key"), part.text("text"), tuple(_goal(one) for one in part.parts("goals")))
    part.no_more()
    return need


def _goal(part: Part) -> Goal:
    goal = Goal(
        key=part.key("key"),
        text=part.text("text"),
        importance=part.whole("importance", 1, 5),
        measure=_measure(part.part("measure")) if part.has("measure") else None,
        actions=tuple(_action(one) for one in part.parts("actions")),
    )
    part.no_more()
    return goal


def _measure(part: Part) -> Measure:
    measure = Measure(
        kind=part.text("kind"),
        counts=part.choice("counts", Counts),
        sense=part.choice("sense", Sense, default=Sense.AT_MOST),
        target=part.maybe_number("target") or 0.0,
        days=part.whole("days", 1, _YEAR_OF_DAYS),
        enough=part.whole("enough", 1, _YEAR_OF_DAYS),
    )
    if measure.counts is Counts.DAYS_MET:
        part.choice("sense", Sense)
        part.number("target")
    if measure.enough > measure.days:
        part.fault("enough", "Ask for no more days than are looked at.")
    part.no_more()
    return measure


def _action(part: Part) -> Action:
    action = Action(
        part.key("key"), part.text("text"), read_team(part), part.whole("due_in_days", 0, _YEAR_OF_DAYS)
    )
    part.no_more()
    return action


def _kit(part: Part) -> Kit:
    kit = Kit(
        key=part.key("key"),
        name=part.text("name"),
        about=part.choice("about", About),
        kinds=part.texts("kinds"),
        goal=part.text("goal"),
        watches=part.yes("watches"),
    )
    part.no_more()
    return kit


def _monitoring(part: Part) -> Monitoring:
    monitoring = Monitoring(
        key=part.key("key"),
        kind=part.text("kind"),
        about=part.choice("about", About),
        by=read_recurrence(part.part("by"), rules=False) if part.has("by") else None,
        every=part.maybe_duration("every"),
        grace=part.duration("grace"),
        goal=part.text("goal"),
    )
    if (monitoring.by is None) == (monitoring.every is None):
        part.fault(None, "Say by when in the day it is expected (by), or how often (every): one of them.")
    part.no_more()
    return monitoring


def _ladder(part: Part) -> PathwayLadder:
    ladder = PathwayLadder(
        part.key("key"), part.text("name"), tuple(_ladder_step(one) for one in part.parts("steps"))
    )
    part.no_more()
    return ladder


def _ladder_step(part: Part) -> LadderStep:
    step = LadderStep(
        team=read_team(part),
        words=part.text("words"),
        way=part.choice("way", Way),
        wait=part.duration("wait"),
        staffed_all_hours=part.yes("staffed_all_hours"),
        receiving_centre=part.yes("receiving_centre"),
        between=read_hours(part.part("between")) if part.has("between") else None,
        from_times=part.whole("from_times", 1, MOST_TIMES, default=1),
    )
    part.no_more()
    return step


def _contingency(part: Part) -> Contingency:
    contingency = Contingency(
        key=part.key("key"),
        name=part.text("name"),
        triggers=tuple(_trigger(one) for one in part.parts("triggers")),
        what_should_happen=part.text("what_should_happen"),
        ladder=part.text("ladder"),
        goal=part.text("goal"),
        follow_up=_alert_follow_up(part.part("follow_up")) if part.has("follow_up") else None,
        answers_first=part.yes("answers_first"),
    )
    part.no_more()
    return contingency


def _trigger(part: Part) -> Trigger:
    personal = tuple(_personal(one) for one in part.parts("personal", least=0))
    rule = read_rule(part)
    return Trigger(rule, personal, to_document(rule))


def _personal(part: Part) -> Personal:
    personal = Personal(
        name=part.key("name"),
        label=part.text("label"),
        unit=part.text("unit"),
        lowest=part.number("lowest"),
        highest=part.number("highest"),
        moves=part.texts("moves"),
    )
    part.no_more()
    return personal


def _alert_follow_up(part: Part) -> AlertFollowUp:
    follow_up = AlertFollowUp(
        kind=part.choice("kind", FollowUpKind),
        text=part.text("text"),
        team=read_team(part),
        due_in=part.duration("due_in"),
        from_severity=part.choice("from_severity", Severity),
    )
    part.no_more()
    return follow_up


def _schedule(part: Part) -> Schedule:
    schedule = Schedule(
        key=part.key("key"),
        kind=part.choice("kind", FollowUpKind),
        text=part.text("text"),
        team=read_team(part),
        recurrence=read_recurrence(part.part("recurrence")),
        goal=part.text("goal"),
    )
    part.no_more()
    return schedule


def _watch(part: Part) -> Watch:
    watch = Watch(read_team(part), part.text("watched"), part.text("otherwise"))
    part.no_more()
    return watch
