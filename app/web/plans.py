"""The plan's pages: reading it, adjusting a limit, publishing, beginning one, switching clinical rules on."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import (
    attachment_views,
    drawings,
    own_words,
    person_views,
    plan_changes,
    plan_rule,
    plan_standing,
    plan_views,
    plan_words,
    planning,
    trial_views,
)
from app.web.charts import Stretch
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, page
from app.web.trial_views import TrialShown
from app.web.words import date_only
from care_plans.models.plans import PlanVersion
from care_plans.pathways import reading, shape, switches
from care_plans.plan import agreeing, checks, drafts, edits, enrol, publish, read, shared
from care_plans.plan.whole import PlanRead, RuleRead
from core.errors import Invalid, NotFound
from devices import readings, registry, subjects
from people import about_me, residencies, unseen, visible
from people.access import Extent, Need, RecordClass, may
from people.faults import LINES, read_fields, words
from people.models.attachments import BelongsTo
from people.models.homes import Home
from people.models.people import Person

blueprint = Blueprint("plans", __name__)

NOTHING = Form()
TO_BE_SETTLED = (
    "The pathway is in the draft. Settle it there and write down who agreed; then it is published."
)


@blueprint.get("/people/<uuid:person_id>/plan")
@needs("plans:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """The plan in force, or an earlier version; that somebody looked is written down."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="plan")
    return _page(person, request.args.get("version", ""))


@blueprint.post("/people/<uuid:person_id>/plan/drop")
@needs("plans:write")
def drop_draft(person_id: UUID) -> ResponseReturnValue:
    """Throw the draft away."""
    person = planning.editable(person_id)
    wrong = refused(lambda: drafts.drop(context.session(), person, planning.me()), {})
    return _page(person, form=wrong) if wrong else done("The draft is gone.", planning.path(person))


@blueprint.get("/people/<uuid:person_id>/plan/rules/<rule_key>")
@needs("plans:write", form=True)
def show_rule(person_id: UUID, rule_key: str) -> ResponseReturnValue:
    """The form to adjust a rule's limits for this person."""
    person = _looked_at(person_id)
    rule = _rule(person, rule_key)
    return _rule_page(person, rule, Form({one.personal.name: f"{one.at:g}" for one in rule.limits}))


@blueprint.post("/people/<uuid:person_id>/plan/rules/<rule_key>")
@needs("plans:write")
def adjust_rule(person_id: UUID, rule_key: str) -> ResponseReturnValue:
    """Put other limits into the draft."""
    person = planning.editable(person_id)
    rule = _rule(person, rule_key)
    given = typed(*(one.personal.name for one in rule.limits), "why")

    def act() -> None:
        edits.refuse_if_changed(
            context.session(), drafts.find_draft(context.session(), person), person, seen()
        )
        plan_rule.adjust(context.session(), person, rule, given, by=planning.me(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        return _rule_page(person, rule, wrong)
    return done("It is in the draft; it comes into force when the plan is published.", planning.path(person))


@blueprint.post("/people/<uuid:person_id>/plan/rules/<rule_key>/try")
@needs("plans:write")
def try_rule(person_id: UUID, rule_key: str) -> ResponseReturnValue:
    """Tell what other limits would have found of the past; nothing is changed."""
    person = _looked_at(person_id)
    rule = _rule(person, rule_key)
    given = typed(*(one.personal.name for one in rule.limits), "why")
    tried: list[TrialShown] = []

    def act() -> None:
        wanted = trial_views.proposed(rule, given)
        opened, viewer, now = context.session(), context.viewer(), context.now()
        tried.append(trial_views.try_out(opened, person, rule, wanted, viewer, now))

    wrong = refused(act, given)
    return _rule_page(person, rule, wrong or Form(given), tried[0] if tried else None)


@blueprint.get("/people/<uuid:person_id>/enrol")
@needs("plans:write", form=True)
def show_enrol(person_id: UUID) -> ResponseReturnValue:
    """The form to put somebody on a pathway."""
    return _enrol_page(_looked_at(person_id), NOTHING)


@blueprint.post("/people/<uuid:person_id>/enrol")
@needs("plans:write")
def enrol_person(person_id: UUID) -> ResponseReturnValue:
    """Put somebody on a pathway: its first version is in force at once."""
    person, given = planning.editable(person_id), typed("pathway", "agreed_with", "why")

    unfit: list[PlanVersion] = []

    def act() -> None:
        told = {"pathway": words(), "agreed_with": words(), "why": words(LINES)}
        asked = read_fields(given, told, required=("pathway", "agreed_with"))
        if asked["pathway"] not in reading.all_pathways():
            raise Invalid({"pathway": "Choose one of these."})
        opened, now, why = context.session(), context.now(), asked["why"]
        enrol.enrol(opened, person, asked["pathway"], by=planning.me(), now=now, publish_now=False)
        draft = drafts.find_draft(opened, person)
        if draft is not None and (
            checks.faults(opened, person, draft, now) or agreeing.is_assessed(opened, person)
        ):
            unfit.append(draft)
        else:
            reason = f"{enrol.reason(reading.get(asked['pathway']))}{f': “{why}”' if why else ''}"
            publish.publish(
                opened, person, by=planning.me(), now=now, reason=reason, agreed_with=asked["agreed_with"]
            )
        about = about_me.find(opened, person)
        shared = unseen.shown(opened, context.viewer(), person, RecordClass.CONTACT, now)
        if why and shared and (about is None or not about.most_important):
            about_me.write(opened, person, {"most_important": why}, actor=context.actor(), now=now)

    wrong = refused(act, given)
    if wrong:
        return _enrol_page(person, wrong)
    if unfit:
        return done(TO_BE_SETTLED, planning.path(person, "/edit"))
    return done("The plan is in force. Adjust its limits to them now.", planning.path(person))


@blueprint.post("/pathways/<pathway>/switch-on")
@needs("pathways:switch")
def switch_on(pathway: str) -> ResponseReturnValue:
    """Take responsibility for a pathway's clinical rules, on the record."""
    given = typed("reason", "person")
    try:
        person = planning.person_of(UUID(given["person"]))
    except ValueError as fault:
        raise NotFound from fault
    wrong = refused(
        lambda: switches.switch_on(
            context.session(), pathway, by=planning.me(), reason=given["reason"], now=context.now()
        ),
        given,
    )
    return _page(person, form=wrong) if wrong else done("Its clinical rules are on.", planning.path(person))


def _page(person: Person, asked: str = "", form: Form | None = None) -> ResponseReturnValue:
    opened, now, viewer = context.session(), context.now(), context.viewer()
    extent = planning.extent_of(person)
    rows = read.list_versions(opened, person)
    current = drafts.find_published(opened, person)
    draft = drafts.find_draft(opened, person)
    if asked and extent is not Extent.FULL:
        raise NotFound
    chosen = _asked(rows, asked) or current or (draft if extent is Extent.FULL else None)
    plan = read.whole(opened, person, chosen, now) if chosen else None
    may_edit = planning.may_edit(person)
    html = page(
        "plan.html",
        person=plan_views.person(person),
        plan=_told(person, plan, rows, current, draft, extent) if plan else None,
        drafted=draft is not None,
        stands=plan_standing.of(person, extent),
        sees=extent.value,
        leads=plan_standing.who_leads(person),
        about=own_words.about_of(person),
        wishes=own_words.wishes_of(person) if extent is Extent.FULL else (),
        files=attachment_views.files_of(person, BelongsTo.PLAN, BelongsTo.ADVANCE_DECISION),
        may_edit=may_edit,
        may_enrol=may_edit,
        may_do=may(viewer, Need.PLANS_WRITE),
        may_refer=may(viewer, Need.REFERRALS_ACT),
        may_switch=may(viewer, Need.PATHWAYS_SWITCH),
        statuses=plan_standing.STATUSES,
        form=form or NOTHING,
        zone=planning.zone_of(person),
    )
    return html, (form or NOTHING).status


def _told(
    person: Person,
    whole: PlanRead,
    rows: list[PlanVersion],
    current: PlanVersion | None,
    draft: PlanVersion | None,
    extent: Extent,
) -> dict[str, Any]:
    opened, now, viewer = context.session(), context.now(), context.viewer()
    zone, home = planning.zone_of(person), residencies.find_home(opened, person, now)
    plan = shared.shown(whole, planning.sees_of(person), viewer.agency_id, viewer.team_ids)
    full = extent is Extent.FULL
    on = switches.all_on(opened)
    in_force = current or plan.version
    brief = person_views.brief(plan, now, zone)
    return {
        "version": plan.version.number,
        "version_words": plan_views.version_words(plan, now, zone) if full else "",
        "old": plan.version.id != in_force.id,
        "pathways": tuple(one.title for one in plan.pathways) if full else (),
        "off": tuple((one.pathway, one.title) for one in plan.pathways if one.pathway not in on)
        if full
        else (),
        "watched": plan.version.watched,
        "otherwise": plan.version.otherwise,
        "review_words": brief.review_words,
        "review_late": brief.review_late,
        "review_by": plan.review_by,
        "agreed": plan_standing.agreed(plan) if full else None,
        "funding": plan_standing.funding(plan) if full else "",
        "strengths": tuple(one.text for one in plan.strengths),
        "needs": plan_views.needs(plan, now.date(), viewer.agency_id),
        "contingencies": plan_views.contingencies(plan, on),
        "monitoring": plan_views.monitoring(plan, _kit_by_kind(person, home), now, zone) if full else (),
        "schedules": tuple(plan_words.schedule(one, plan.teams) for one in plan.schedules),
        "documents": tuple((one.title, one.place) for one in plan.documents),
        "accepted": tuple((one.words, one.reason) for one in plan.acceptances),
        "changes": _changes(person, current, draft) if full else (),
        "next_number": draft.number if draft else None,
        "differences": _differences(person, plan, rows) if full else (),
        "versions": plan_views.versions(rows, in_force, now, zone) if full else (),
    }


def _changes(
    person: Person, current: PlanVersion | None, draft: PlanVersion | None
) -> tuple[plan_changes.PlanChange, ...]:
    """What the draft changes."""
    if draft is None or current is None:
        return ()
    opened, now = context.session(), context.now()
    return plan_changes.between(
        read.whole(opened, person, current, now), read.whole(opened, person, draft, now)
    )


def _differences(
    person: Person, plan: PlanRead, rows: list[PlanVersion]
) -> tuple[plan_changes.PlanChange, ...]:
    """What the version that is read changed against the one before it."""
    earlier = next((row for row in rows if row.number < plan.version.number), None)
    if earlier is None:
        return ()
    return plan_changes.between(read.whole(context.session(), person, earlier, context.now()), plan)


def _rule_page(
    person: Person, rule: RuleRead, form: Form, tried: TrialShown | None = None
) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    draft = drafts.find_draft(opened, person)
    edited = plan_rule.edited(rule)
    home = residencies.find_home(opened, person, now)
    stretch = Stretch(
        (subjects.person(person.id), *([subjects.home(home.id)] if home else [])),
        edited.kinds, now - timedelta(days=1), now, planning.zone_of(person),
    )  # fmt: skip
    html = page(
        "plan_edit.html",
        person=plan_views.person(person),
        rule=edited,
        usual_words=plan_rule.usual_words(drawings.usual(opened, stretch, now)),
        row_version=draft.version if draft else 0,
        tried=tried,
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _enrol_page(person: Person, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    plan = read.find_published(opened, person, now)
    follows = {one.pathway for one in plan.pathways} if plan else set()
    today = now.astimezone(ZoneInfo(planning.zone_of(person))).date()
    offered = [
        (each.code, each.title, each.summary + _until(each))
        for each in reading.all_pathways().values()
        if each.code not in follows and each.in_force.why_not(today) is None
    ]
    told = {"person": plan_views.person(person), "pathways": offered, "has_plan": plan is not None}
    html = page("enrol.html", **told, form=form)
    return html, form.status


def _until(pathway: shape.Pathway) -> str:
    """To which day it may be laid into plans, where that has an end."""
    last = pathway.in_force.until
    return f" In force until {date_only(last)}." if last else ""


def _looked_at(person_id: UUID) -> Person:
    """The person, for a form that shows some of their plan: that somebody looked is written down."""
    person = planning.editable(person_id)
    visible.record_part(context.session(), context.viewer(), person, context.now(), at_what="plan")
    return person


def _asked(rows: list[PlanVersion], asked: str) -> PlanVersion | None:
    if not asked:
        return None
    for row in rows:
        if str(row.number) == asked and row.published_at is not None:
            return row
    raise NotFound


def _rule(person: Person, key: str) -> RuleRead:
    """The rule as the draft has it, or else the version in force."""
    opened, now = context.session(), context.now()
    version = drafts.find_draft(opened, person) or drafts.find_published(opened, person)
    if version is None:
        raise NotFound
    for contingency in read.whole(opened, person, version, now).contingencies:
        for rule in contingency.rules:
            if rule.rule.key == key and rule.limits:
                return rule
    raise NotFound


def _kit_by_kind(person: Person, home: Home | None) -> dict[str, str]:
    """Of each kind the kit that measures it."""
    opened, now = context.session(), context.now()
    asked = [subjects.person(person.id), *([subjects.home(home.id)] if home else [])]
    kit = registry.list_kit(opened, now, people=[person.id], homes=[home.id] if home else [])
    names = {one.device.id: one.device.name for one in kit}
    latest = readings.latest(opened, asked, now)
    return {each.kind: names[each.device_id] for each in latest if each.device_id in names}
