"""Trying another form of a pathway's rule on the past of everybody who follows it, before it is asked for."""

from uuid import UUID

import yaml
from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import trial_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from care_plans.judging import describing
from care_plans.models.trying import RuleTrial
from care_plans.pathways import reading
from care_plans.pathways.limits import limit_of
from care_plans.pathways.shape import Trigger
from care_plans.trying import everybody, proposing
from care_plans.trying.holding import DAYS

blueprint = Blueprint("rule_trials", __name__)


@blueprint.get("/pathways/<pathway>/rules/<rule_key>")
@needs("plans:write", form=True)
def show_rule(pathway: str, rule_key: str) -> ResponseReturnValue:
    """The rule, what of it can be tried otherwise, and what was tried before."""
    trigger = proposing.trigger_of(pathway, rule_key)
    usual = {one.name: f"{limit_of(trigger.document, one):g}" for one in trigger.personal}
    return _form(pathway, trigger, Form(usual | {proposing.RULE: _as_text(trigger)}))


@blueprint.post("/pathways/<pathway>/rules/<rule_key>")
@needs("plans:write")
def try_rule(pathway: str, rule_key: str) -> ResponseReturnValue:
    """Have it tried; the timetable does it a few people at a time."""
    trigger = proposing.trigger_of(pathway, rule_key)
    given = typed(*(one.name for one in trigger.personal), proposing.RULE)
    asked: list[RuleTrial] = []

    def act() -> None:
        limits = {one.name: given[one.name] for one in trigger.personal}
        document = proposing.proposed(trigger, limits, _changed(trigger, given[proposing.RULE]))
        asked.append(
            everybody.ask(
                context.session(), pathway, trigger, document, by=context.viewer(), now=context.now()
            )
        )

    wrong = refused(act, given)
    if wrong:
        return _form(pathway, trigger, wrong)
    return done("It is being tried.", f"/rule-trials/{asked[0].uuid}")


@blueprint.get("/rule-trials/<uuid:trial_id>")
@needs("plans:read")
def show_trial(trial_id: UUID) -> ResponseReturnValue:
    """What it found, as far as it is."""
    told = everybody.find(context.session(), trial_id, context.viewer(), context.now())
    return page("rule_trial.html", trial=trial_views.trial(context.session(), told, _zone()), zone=_zone())


def _form(pathway: str, trigger: Trigger, form: Form) -> ResponseReturnValue:
    rows = everybody.list_of_rule(context.session(), trigger.rule.key)
    html = page(
        "rule_try.html",
        pathway={"code": pathway, "title": reading.get(pathway).title},
        rule={
            "key": trigger.rule.key,
            "name": trigger.rule.name,
            "source": trigger.rule.source,
            "steps": [(severity.value, words) for severity, words in describing.step_words(trigger.rule)],
        },
        fields=[
            (one.name, one.label, one.unit, f"{one.lowest:g} to {one.highest:g}") for one in trigger.personal
        ],
        days=DAYS,
        before=[trial_views.line(row, by) for row, by in rows],
        form=form,
        zone=_zone(),
    )
    return html, form.status


def _zone() -> str:
    return context.installation().time_zone


def _as_text(trigger: Trigger) -> str:
    return yaml.safe_dump(dict(trigger.document), sort_keys=False, allow_unicode=True, width=100)


def _changed(trigger: Trigger, text: str) -> str | None:
    """The rule's own text where somebody wrote it otherwise; else the limits count."""
    same = text.replace("\r\n", "\n").strip() == _as_text(trigger).strip()
    return None if same or not text else text
