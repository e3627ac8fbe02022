"""The plan's pages: reading it, adjusting a limit, publishing, beginning one, switching clinical rules on."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import drawings, person_views, plan_changes, plan_rule, plan_views
from app.web.charts import Stretch
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, page
from care_plans.alerts.board import ZONE
from care_plans.models.plans import PlanVersion
from care_plans.pathways import reading, switches
from care_plans.plan import drafts, enrol, publish, read
from care_plans.plan.read import PlanRead, RuleRead
from core.errors import Conflict, Invalid, NotFound
from devices import readings, registry, subjects
from people import about_me, residencies, staff, visible
from people.access import Need, may
from people.faults import LINES, read_fields, words
from people.models.agencies import Staff
from people.models.homes import Home
from people.models.people import Person

blueprint = Blueprint("plans", __name__)

NOTHING = Form()
CHANGED = "Somebody else changed this plan since you opened it. Look at it again before you change it."


@blueprint.get("/people/<uuid:person_id>/plan")
@needs("plans:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """The plan in force, or an earlier version; that somebody looked is written down."""
    person = _person(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="plan")
    return _page(person, request.args.get("version", ""))


@blueprint.post("/people/<uuid:person_id>/plan/publish")
@needs("plans:write")
def publish_draft(person_id: UUID) -> ResponseReturnValue:
    """Put the draft in force."""
    person, given = _person(person_id), typed("agreed_with", "note")

    def act() -> None:
        _refuse_if_changed(person)
        read_fields(given, {"agreed_with": words(), "note": words(LINES)}, required=("agreed_with",))
        publish.publish(
            context.session(), person, by=_me(), now=context.now(),
            reason=given["note"] or "Limits adjusted", agreed_with=given["agreed_with"],
        )  # fmt: skip

    wrong = refused(act, given)
    return _page(person, form=wrong) if wrong else done("Published: it is in force now.", _path(person))


@blueprint.post("/people/<uuid:person_id>/plan/drop")
@needs("plans:write")
def drop_draft(person_id: UUID) -> ResponseReturnValue:
    """Throw the draft away."""
    person = _person(person_id)
    wrong = refused(lambda: drafts.drop(context.session(), person, _me()), {})
    return _page(person, form=wrong) if wrong else done("The draft is gone.", _path(person))


@blueprint.get("/people/<uuid:person_id>/plan/rules/<rule_key>")
@needs("plans:write", form=True)
def show_rule(person_id: UUID, rule_key: str) -> ResponseReturnValue:
    """The form to adjust a rule's limits for this person."""
    person = _person(person_id)
    rule = _rule(person, rule_key)
    return _rule_page(person, rule, Form({one.personal.name: f"{one.at:g}" for one in rule.limits}))


@blueprint.post("/people/<uuid:person_id>/plan/rules/<rule_key>")
@needs("plans:write")
def adjust_rule(person_id: UUID, rule_key: str) -> ResponseReturnValue:
    """Put other limits into the draft."""
    person = _person(person_id)
    rule = _rule(person, rule_key)
    given = typed(*(one.personal.name for one in rule.limits), "why")

    def act() -> None:
        _refuse_if_changed(person)
        plan_rule.adjust(context.session(), person, rule, given, by=_me(), now=context.now())

    wrong = refused(act, given)
    if wrong:
        return _rule_page(person, rule, wrong)
    return done("It is in the draft; it comes into force when the plan is published.", _path(person))


@blueprint.get("/people/<uuid:person_id>/enrol")
@needs("plans:write", form=True)
def show_enrol(person_id: UUID) -> ResponseReturnValue:
    """The form to put somebody on a pathway."""
    return _enrol_page(_person(person_id), NOTHING)


@blueprint.post("/people/<uuid:person_id>/enrol")
@needs("plans:write")
def enrol_person(person_id: UUID) -> ResponseReturnValue:
    """Put somebody on a pathway: its first version is in force at once."""
    person, given = _person(person_id), typed("pathway", "agreed_with", "why")

    def act() -> None:
        told = {"pathway": words(), "agreed_with": words(), "why": words(LINES)}
        asked = read_fields(given, told, required=("pathway", "agreed_with"))
        if asked["pathway"] not in reading.all_pathways():
            raise Invalid({"pathway": "Choose one of these."})
        opened, now, why = context.session(), context.now(), asked["why"]
        enrol.enrol(opened, person, asked["pathway"], by=_me(), now=now, publish_now=False)
        reason = f"Enrolled on {reading.get(asked['pathway']).title}{f': “{why}”' if why else ''}"
        publish.publish(opened, person, by=_me(), now=now, reason=reason, agreed_with=asked["agreed_with"])
        about = about_me.find(opened, person)
        if why and (about is None or not about.most_important):
            about_me.write(opened, person, {"most_important": why}, actor=context.actor(), now=now)

    wrong = refused(act, given)
    if wrong:
        return _enrol_page(person, wrong)
    return done("The plan is in force. Adjust its limits to them now.", _path(person))


@blueprint.post("/pathways/<pathway>/switch-on")
@needs("pathways:switch")
def switch_on(pathway: str) -> ResponseReturnValue:
    """Take responsibility for a pathway's clinical rules, on the record."""
    given = typed("reason", "person")
    try:
        person = _person(UUID(given["person"]))
    except ValueError as fault:
        raise NotFound from fault
    wrong = refused(
        lambda: switches.switch_on(
            context.session(), pathway, by=_me(), reason=given["reason"], now=context.now()
        ),
        given,
    )
    return _page(person, form=wrong) if wrong else done("Its clinical rules are on.", _path(person))


def _page(person: Person, asked: str = "", form: Form | None = None) -> ResponseReturnValue:
    opened, now, viewer = context.session(), context.now(), context.viewer()
    home = residencies.find_home(opened, person, now)
    zone = home.time_zone if home else ZONE
    rows = read.list_versions(opened, person)
    current = drafts.find_published(opened, person)
    draft = drafts.find_draft(opened, person)
    shown = _asked(rows, asked) or current or draft
    plan = read.whole(opened, person, shown, now) if shown else None
    html = page(
        "plan.html",
        person=plan_views.person(person),
        plan=_told(person, plan, rows, current, draft, home, zone) if plan else None,
        may_refer=may(viewer, Need.REFERRALS_ACT),
        may_edit=may(viewer, Need.PLANS_WRITE),
        may_publish=may(viewer, Need.PLANS_WRITE),
        may_enrol=may(viewer, Need.PLANS_WRITE),
        may_switch=may(viewer, Need.PATHWAYS_SWITCH),
        form=form or NOTHING,
        zone=zone,
    )
    return html, (form or NOTHING).status


def _told(
    person: Person,
    plan: PlanRead,
    rows: list[PlanVersion],
    current: PlanVersion | None,
    draft: PlanVersion | None,
    home: Home | None,
    zone: str,
) -> dict[str, Any]:
    opened, now = context.session(), context.now()
    on = switches.all_on(opened)
    in_force = current or plan.version
    earlier = next((row for row in rows if row.number < plan.version.number), None)
    about = about_me.find(opened, person)
    brief = person_views.brief(plan, now, zone)
    changes: tuple[plan_changes.PlanChange, ...] = ()
    if draft is not None and current is not None:
        changes = plan_changes.of_draft(
            read.whole(opened, person, current, now), read.whole(opened, person, draft, now)
        )
    return {
        "version": plan.version.number,
        "version_words": plan_views.version_words(plan, now, zone),
        "old": plan.version.id != in_force.id,
        "pathways": tuple(one.title for one in plan.pathways),
        "off": tuple((one.pathway, one.title) for one in plan.pathways if one.pathway not in on),
        "matters": about.most_important if about else None,
        "watched": plan.version.watched,
        "otherwise": plan.version.otherwise,
        "review_words": brief.review_words,
        "review_late": brief.review_late,
        "needs": plan_views.needs(plan, now.date()),
        "contingencies": plan_views.contingencies(plan, on),
        "monitoring": plan_views.monitoring(plan, _kit_by_kind(person, home), now, zone),
        "drafted": draft is not None,
        "next_number": draft.number if draft else None,
        "changes": changes,
        "differences": tuple(read.differences(read.whole(opened, person, earlier, now), plan))
        if earlier is not None
        else (),
        "versions": plan_views.versions(rows, in_force, now, zone),
        "row_version": draft.version if draft else 0,
    }


def _rule_page(person: Person, rule: RuleRead, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    draft = drafts.find_draft(opened, person)
    edited = plan_rule.edited(rule)
    home = residencies.find_home(opened, person, now)
    stretch = Stretch(
        (subjects.person(person.id), *([subjects.home(home.id)] if home else [])),
        edited.kinds, now - timedelta(days=1), now, home.time_zone if home else ZONE,
    )  # fmt: skip
    html = page(
        "plan_edit.html",
        person=plan_views.person(person),
        rule=edited,
        usual_words=plan_rule.usual_words(drawings.usual(opened, stretch, now)),
        row_version=draft.version if draft else 0,
        form=form,
    )
    return html, form.status


def _enrol_page(person: Person, form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    plan = read.find_published(opened, person, now)
    follows = {one.pathway for one in plan.pathways} if plan else set()
    offered = [
        (each.code, each.title, each.summary)
        for each in reading.all_pathways().values()
        if each.code not in follows
    ]
    told = {"person": plan_views.person(person), "pathways": offered, "has_plan": plan is not None}
    html = page("enrol.html", **told, form=form)
    return html, form.status


def _person(person_id: UUID) -> Person:
    return visible.get_person(context.session(), context.viewer(), person_id, context.now())


def _me() -> Staff:
    return staff.get(context.session(), context.viewer().staff_uuid)[0]


def _path(person: Person) -> str:
    return f"/people/{person.uuid}/plan"


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


def _refuse_if_changed(person: Person) -> None:
    draft = drafts.find_draft(context.session(), person)
    known = seen()
    if known is not None and known != (draft.version if draft else 0):
        raise Conflict(CHANGED)


def _kit_by_kind(person: Person, home: Home | None) -> dict[str, str]:
    """Of each kind the kit that measures it."""
    opened, now = context.session(), context.now()
    asked = [subjects.person(person.id), *([subjects.home(home.id)] if home else [])]
    kit = registry.list_kit(opened, now, people=[person.id], homes=[home.id] if home else [])
    names = {one.device.id: one.device.name for one in kit}
    latest = readings.latest(opened, asked, now)
    return {each.kind: names[each.device_id] for each in latest if each.device_id in names}
