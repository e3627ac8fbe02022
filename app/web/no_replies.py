"""The pages of what is done when somebody does not answer: for a person, a pathway, or a team's calls."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import alerts as alert_pages
from app.web import calls_to_make, essentials, no_reply_forms, planning, ringing_views
from app.web.calls_to_make import FIELDS
from app.web.forms import Form, refused, typed
from app.web.no_reply_forms import ENDED
from app.web.pages import done, onward, page
from care_plans.alerts import alerts
from care_plans.pathways import reading
from care_plans.pathways.shape import Pathway
from care_plans.ringing import attempts, no_replies, terms
from care_plans.ringing.attempts import Recorded
from care_plans.ringing.procedure import DEFAULT
from care_plans.ringing.terms import Agreed
from care_plans.work import part_in_care
from core.errors import Conflict, Invalid
from people import teams, unseen, visible
from people.access import Need, RecordClass, may
from people.faults import LINES, day, read_fields, words
from people.models.agencies import Team
from people.models.people import Person

blueprint = Blueprint("no_replies", __name__)

AGREED = ("agreed_with", "agreed_on")
SET = (*no_reply_forms.names(), "row_version")


@blueprint.get("/people/<uuid:person_id>/no-reply")
@needs("people:read")
def show_of_person(person_id: UUID) -> ResponseReturnValue:
    """What is done when they do not answer; that somebody looked is written down."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="no-reply procedure")
    return _page(person, None)


@blueprint.post("/people/<uuid:person_id>/no-reply")
@needs("plans:write")
def set_of_person(person_id: UUID) -> ResponseReturnValue:
    """Write down what was agreed."""
    person, opened = planning.person_of(person_id), context.session()
    before = _of_person(person).terms
    given = typed(*SET, *AGREED)

    def act() -> None:
        told = read_fields(
            {name: given[name] for name in AGREED},
            {"agreed_with": words(), "agreed_on": day},
            required=AGREED,
        )
        terms.set_for_person(
            opened, person, no_reply_forms.read(before, given), **told, by=context.viewer(),
            now=context.now(), seen=_revision(given["row_version"]),
        )  # fmt: skip

    wrong = refused(act, given, no_reply_forms.named(before, given))
    return _page(person, wrong) if wrong else done("Written down: it holds from now on.", _path(person))


@blueprint.post("/people/<uuid:person_id>/no-reply/drop")
@needs("plans:write")
def drop_of_person(person_id: UUID) -> ResponseReturnValue:
    """Let what holds for everybody hold for them again."""
    person = planning.person_of(person_id)
    wrong = refused(
        lambda: terms.drop_of_person(context.session(), person, by=context.viewer(), now=context.now()), {}
    )
    return _page(person, wrong) if wrong else done("What holds for everybody holds again.", _path(person))


@blueprint.post("/people/<uuid:person_id>/no-reply/begin")
@needs("alerts:act")
def begin(person_id: UUID) -> ResponseReturnValue:
    """Look for them before enough calls were made."""
    person, given, found = planning.person_of(person_id), typed("why"), list[UUID]()
    opened, viewer, now = context.session(), context.viewer(), context.now()

    def act() -> None:
        told = read_fields(given, {"why": words(LINES)}, required=("why",))
        row = no_replies.begin(
            opened, person, team_id=_team_for(person), words=told["why"], now=now, by=viewer
        )
        if row is not None:
            found.extend(each.alert for each in no_replies.stories(opened, [row]))

    wrong = refused(act, given, {"words": "why"})
    if wrong or not found:
        return _page(person, wrong)
    return done("They are looked for.", f"/alerts/{found[0]}")


@blueprint.post("/alerts/<uuid:alert_id>/attempts")
@needs("alerts:act")
def record(alert_id: UUID) -> ResponseReturnValue:
    """Record what came of ringing while they are looked for."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    alert = alerts.get(opened, viewer, alert_id, now)
    row = no_replies.find_of_alert(opened, alert.id)
    given, said = typed(*FIELDS), list[Recorded]()

    def act() -> None:
        if row is None:
            raise Conflict("Nobody is looked for by this alert.")
        told = calls_to_make.read_given(given)
        said.append(attempts.record_for_alert(opened, row, told, by=viewer, now=now))

    wrong = refused(act, given, calls_to_make.fields_of(given))
    back = onward(request.form.get("next", ""), f"/alerts/{alert_id}")
    if wrong is None:
        return done(calls_to_make.said_of(said[0]), back)
    return alert_pages.show_again(alert, ring=wrong)


@blueprint.get("/teams/<uuid:team_id>/no-reply")
@needs("follow-ups:read")
def show_of_team(team_id: UUID) -> ResponseReturnValue:
    """What holds for the calls of a team."""
    return _team_page(teams.get(context.session(), team_id)[0], None)


@blueprint.post("/teams/<uuid:team_id>/no-reply")
@needs("plans:write")
def set_of_team(team_id: UUID) -> ResponseReturnValue:
    """Set what holds for the calls of one's team."""
    team, opened = teams.get(context.session(), team_id)[0], context.session()
    before, given = terms.holding(opened, None, team.id).terms, typed(*SET)

    def act() -> None:
        terms.set_for_team(
            opened, team, no_reply_forms.read(before, given), by=context.viewer(), now=context.now(),
            seen=_revision(given["row_version"]),
        )  # fmt: skip

    wrong = refused(act, given, no_reply_forms.named(before, given))
    path = f"/teams/{team.uuid}/no-reply"
    return _team_page(team, wrong) if wrong else done("It holds for your calls from now on.", path)


@blueprint.get("/pathways/<pathway>/no-reply")
@needs("pathways:read")
def show_of_pathway(pathway: str) -> ResponseReturnValue:
    """What holds for those on a pathway."""
    return _pathway_page(reading.get(pathway), None)


@blueprint.post("/pathways/<pathway>/no-reply")
@needs("pathways:switch")
def set_of_pathway(pathway: str) -> ResponseReturnValue:
    """Set what holds for those on a pathway."""
    model, opened = reading.get(pathway), context.session()
    before, given = _of_pathway(model).terms, typed(*SET)

    def act() -> None:
        terms.set_for_pathway(
            opened, model.code, no_reply_forms.read(before, given), by=context.viewer(), now=context.now(),
            seen=_revision(given["row_version"]),
        )  # fmt: skip

    wrong = refused(act, given, no_reply_forms.named(before, given))
    if wrong:
        return _pathway_page(model, wrong)
    return done("It holds for those on it from now on.", f"/pathways/{model.code}/no-reply")


def _page(person: Person, form: Form | None) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    shown = unseen.shown(opened, viewer, person, RecordClass.PLAN, now)
    agreed = _of_person(person)
    begins = no_reply_forms.begin(agreed.terms) | {"agreed_on": now.date().isoformat()}
    values = begins | dict(form.values) if form else begins
    shown_form = Form(values, form.errors, form.status) if form else Form(begins)
    html = page(
        "no_reply.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        path=_path(person),
        shown=shown,
        agency=viewer.agency or "your agency",
        agreed=agreed,
        enough=ringing_views.enough_words(agreed.terms),
        lines=no_reply_forms.lines(agreed.terms),
        stories=[(each, ENDED[each.row.ended] if each.row.ended else None)
                 for each in no_replies.list_of(opened, viewer, person, now)],
        last=ringing_views.last_spoken(opened, viewer, person.id, now),
        steps=no_reply_forms.fields(),
        teams=no_reply_forms.choices(),
        revision=terms.revision_of_person(opened, person.id),
        may_set=shown and may(viewer, Need.PLANS_WRITE) and person.died_on is None,
        may_begin=may(viewer, Need.ALERTS_ACT) and person.died_on is None
        and no_replies.find_open(opened, person.id) is None,
        form=shown_form,
        zone=planning.zone_of(person),
    )  # fmt: skip
    return html, shown_form.status


def _team_page(team: Team, form: Form | None) -> ResponseReturnValue:
    viewer = context.viewer()
    return _set_page(
        terms.holding(context.session(), None, team.id),
        form,
        name=team.name,
        about="the calls of your team",
        path=f"/teams/{team.uuid}/no-reply",
        back=("/calls", "Calls to make"),
        section="follow-ups",
        may_set=may(viewer, Need.PLANS_WRITE) and team.id in viewer.team_ids,
    )


def _pathway_page(model: Pathway, form: Form | None) -> ResponseReturnValue:
    return _set_page(
        _of_pathway(model),
        form,
        name=model.title,
        about="those on this pathway",
        path=f"/pathways/{model.code}/no-reply",
        back=(f"/pathways/{model.code}", model.title),
        section="pathways",
        may_set=may(context.viewer(), Need.PATHWAYS_SWITCH),
    )


def _set_page(agreed: Agreed, form: Form | None, **given: Any) -> ResponseReturnValue:
    begins = no_reply_forms.begin(agreed.terms)
    values = begins | dict(form.values) if form else begins
    shown = Form(values, form.errors, form.status) if form else Form(begins)
    html = page(
        "no_reply_set.html",
        agreed=agreed,
        enough=ringing_views.enough_words(agreed.terms),
        lines=no_reply_forms.lines(agreed.terms),
        steps=no_reply_forms.fields(),
        teams=no_reply_forms.choices(),
        revision=agreed.revision,
        form=shown,
        **given,
    )
    return html, shown.status


def _of_pathway(model: Pathway) -> Agreed:
    return terms.find_of_pathway(context.session(), model.code) or Agreed(DEFAULT, "usual")


def _of_person(person: Person) -> Agreed:
    """What holds for them: their own, else that of the team that leads, else the usual."""
    opened, now = context.session(), context.now()
    lead = part_in_care.leading_team(opened, person.id, None, now)
    return terms.holding(opened, person.id, lead or 0)


def _team_for(person: Person) -> int:
    """Whose the first steps are: one of the viewer's teams, else the one that leads."""
    team_id = no_replies.find_team(context.session(), person.id, context.viewer(), context.now())
    if team_id is None:
        raise Invalid({"why": "No team leads their care, and you are in none: ring the one that should."})
    return team_id


def _revision(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _path(person: Person) -> str:
    return f"/people/{person.uuid}/no-reply"
