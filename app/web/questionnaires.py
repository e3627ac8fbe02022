"""The pages of a person's forms: what was filled in, what the plan asks for, one by itself, and on paper."""

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import attachment_views, papers, questionnaire_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.papers import Whose
from care_plans.plan import asked_forms, filled_in
from people import sharing
from people.access import Extent, Need, may
from people.forms import filled, filling, reading
from people.forms.filled import Filled
from people.models.attachments import BelongsTo
from people.models.forms import FillState

blueprint = Blueprint("questionnaires", __name__)


@blueprint.get("/people/<uuid:person_id>/forms")
@needs("forms:read")
def show_forms(person_id: UUID) -> ResponseReturnValue:
    """What was filled in, what the plan asks for, and what else there is."""
    who = papers.whose(person_id, "forms")
    opened, viewer, now = context.session(), context.viewer(), context.now()
    found = filled.shown(opened, viewer, who.person, now)
    return page(
        "forms.html",
        person=who,
        rows=questionnaire_views.rows(found, viewer),
        others=found.others,
        trends=questionnaire_views.trends(found),
        offered=questionnaire_views.offered(
            found,
            asked_forms.asked(opened, who.person, now, sharing.sees(opened, viewer, who.person.id, now)),
            viewer,
        ),
        may_fill=may(viewer, Need.FORMS_WRITE),
        zone=who.zone,
    )


@blueprint.get("/people/<uuid:person_id>/forms/<form_code>/paper")
@needs("forms:read")
def show_paper(person_id: UUID, form_code: str) -> ResponseReturnValue:
    """A form to fill in by hand (H24), in large print where that is asked for."""
    form = reading.get(form_code)
    return page(
        "form_paper.html",
        person=papers.whose(person_id, "form on paper"),
        form=form,
        sections=questionnaire_views.sections(form, {}, {}),
        large=request.args.get("print") == "large",
    )


@blueprint.get("/people/<uuid:person_id>/filled-forms/<uuid:filled_id>")
@needs("forms:read")
def show_filled(person_id: UUID, filled_id: UUID) -> ResponseReturnValue:
    """One form as it was filled in, as much as whoever looks may see."""
    who = papers.whose(person_id, "form")
    opened, viewer = context.session(), context.viewer()
    found = filled.get(opened, viewer, who.person, filled_id, context.now())
    whole = found.extent is Extent.FULL
    return page(
        "form_filled.html",
        person=who,
        found=found,
        whole=whole,
        state=questionnaire_views.state(found),
        told=questionnaire_views.told(found),
        scores=questionnaire_views.scores(found.scores) if whole else (),
        prompts=questionnaire_views.prompts(found) if whole else (),
        sections=questionnaire_views.answers(found) if whole else (),
        after=filled.find_after(opened, found.row),
        before=filled.find_before(opened, found.row),
        files=attachment_views.files_of(who.person, BelongsTo.FORM, uuid=found.row.uuid) if whole else None,
        may_change=whole and may(viewer, Need.FORMS_WRITE),
        zone=who.zone,
    )


@blueprint.get("/people/<uuid:person_id>/filled-forms/<uuid:filled_id>/mistake")
@needs("forms:write", form=True)
def show_mistake(person_id: UUID, filled_id: UUID) -> ResponseReturnValue:
    """The form to say that one was entered in error, or to throw a draft away."""
    who = papers.whose(person_id)
    return _mistake(who, _whole(who, filled_id), Form())


@blueprint.post("/people/<uuid:person_id>/filled-forms/<uuid:filled_id>/mistake")
@needs("forms:write")
def mistake(person_id: UUID, filled_id: UUID) -> ResponseReturnValue:
    """Say so: it stays to be seen and counts no more; a draft is gone."""
    who = papers.whose(person_id)
    found, given = _whole(who, filled_id), typed("mistake")
    draft = found.row.state is FillState.DRAFT

    def act() -> None:
        if draft:
            filling.throw_away(context.session(), found.row, viewer=context.viewer(), now=context.now())
            return
        filled_in.mark_mistaken(
            context.session(), found.row, given, viewer=context.viewer(), now=context.now()
        )

    wrong = refused(act, given)
    if wrong:
        return _mistake(who, found, wrong)
    return done("The draft is gone." if draft else "It counts no more.", f"{who.path}/forms")


def _mistake(who: Whose, found: Filled, form: Form) -> ResponseReturnValue:
    html = page(
        "form_mistake.html",
        person=who,
        found=found,
        draft=found.row.state is FillState.DRAFT,
        about_me=any(each.about_me for each in found.form.questions),
        form=form,
        zone=who.zone,
    )
    return html, form.status


def _whole(who: Whose, filled_id: UUID) -> Filled:
    return filled.get_whole(context.session(), context.viewer(), who.person, filled_id, context.now())
