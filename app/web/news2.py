"""The page on which a clinician switches the early warning score on for somebody, sets it, and ends it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, planning, score_words
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.words import date_only
from care_plans import scoring
from care_plans.judging.news2 import Scale
from care_plans.judging.words import span_text
from care_plans.models.scoring import News2Use
from people import unseen, visible
from people.access import Need, RecordClass, may
from people.models.people import Person

blueprint = Blueprint("news2", __name__)

FIELDS = (*scoring.READERS,)
REVIEW_AFTER = timedelta(days=14)


@blueprint.get("/people/<uuid:person_id>/news2")
@needs("readings:read")
def show_news2(person_id: UUID) -> ResponseReturnValue:
    """How the score is set for somebody, and was; that somebody looked is written down."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="NEWS2")
    return _page(person, _begun(person))


@blueprint.post("/people/<uuid:person_id>/news2")
@needs("pathways:switch")
def set_news2(person_id: UUID) -> ResponseReturnValue:
    """Switch it on, or set it otherwise."""
    person, given = planning.person_of(person_id), typed(*FIELDS)
    wrong = refused(
        lambda: scoring.switch_on(context.session(), person, given, by=context.viewer(), now=context.now()),
        given,
    )
    if wrong:
        return _page(planning.person_of(person_id), wrong)
    row = scoring.find(context.session(), person)
    team = scoring.reviewers_of(context.session(), row) if row else None
    return done(f"It is set so. Asked to review it: {team}.", _path(person, "measured"))


@blueprint.post("/people/<uuid:person_id>/news2/off")
@needs("pathways:switch")
def switch_off(person_id: UUID) -> ResponseReturnValue:
    """Use it no more."""
    person, given = planning.person_of(person_id), typed("off_why")
    wrong = refused(
        lambda: scoring.switch_off(
            context.session(), person, given["off_why"], by=context.viewer(), now=context.now()
        ),
        given,
        {"why": "off_why"},
    )
    if wrong:
        again = _begun(planning.person_of(person_id))
        return _page(
            planning.person_of(person_id), Form({**again.values, **given}, wrong.errors, wrong.status)
        )
    return done("NEWS2 is off: nobody is watching it.", _path(person, "news2"))


def _path(person: Person, part: str) -> str:
    return f"/people/{person.uuid}/{part}"


def _begun(person: Person) -> Form:
    """As it is set, to be set otherwise; or as it usually begins."""
    row = scoring.find(context.session(), person)
    review = (context.now() + REVIEW_AFTER).date()
    if row is None:
        values = {"scale": Scale.ONE.value, "within_minutes": str(scoring.WITHIN)}
        return Form({**values, "review_on": review.isoformat()})
    return Form(
        {
            "scale": row.scale.value,
            "scale_why": row.scale_why or "",
            "within_minutes": str(row.within // 60),
            "usual": "" if row.usual is None else str(row.usual),
            "usual_on": row.usual_on.isoformat() if row.usual_on else "",
            "spinal_injury": "yes" if row.spinal_injury else "",
            "why": row.why,
            "review_on": max(row.review_on, review).isoformat(),
        }
    )


def _page(person: Person, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    seen = unseen.shown(opened, viewer, person, RecordClass.VITALS, now)
    rows = scoring.list_of(opened, person) if seen else []
    on = next((each for each in rows if each.row.off_at is None), None)
    html = page(
        "news2.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        on=_set(on.row, now) | {"by": on.on_by, "at": on.row.on_at, "why": on.row.why} if on else None,
        past=tuple(_past(each, now) for each in rows if each is not on),
        why_not=scoring.told_refusal(opened, person, viewer, now),
        ask_pregnant=scoring.age(person, now) < scoring.ASKED_UNDER,
        scales=tuple((scale.value, words) for scale, words in score_words.SCALES.items()),
        seen=seen,
        may_set=may(viewer, Need.PATHWAYS_SWITCH),
        agency=viewer.agency,
        form=form,
        zone=planning.zone_of(person),
    )
    return html, form.status


def _past(each: scoring.Told, now: datetime) -> dict[str, Any]:
    row = each.row
    ended = {"off_by": each.off_by, "off_at": row.off_at, "off_why": row.off_why}
    return {**_set(row, now), **ended, "by": each.on_by, "at": row.on_at}


def _set(row: News2Use, now: datetime) -> dict[str, Any]:
    return {
        "scale": score_words.SCALES[row.scale],
        "within": span_text(row.within),
        "beside": score_words.beside(row, now),
        "review": date_only(row.review_on),
    }
