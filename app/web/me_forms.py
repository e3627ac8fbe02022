"""Forms that the person fills in by themselves, on their own page: what to choose from, and one to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import context
from app.auth import of_my_page
from app.web import me, questionnaire_fill, questionnaire_views
from app.web.forms import Form as Typed
from app.web.forms import refused
from app.web.pages import done
from app.web.questionnaire_views import name_of
from care_plans.plan import asked_forms, filled_in
from core.errors import NotFound
from people import proxies
from people.forms import filled, reading
from people.forms.shape import Form
from people.models.people import Person

blueprint = Blueprint("me_forms", __name__, url_prefix="/me/forms")


@dataclass(frozen=True, slots=True)
class MyForm:
    """A form that is theirs to fill in: see me_forms.html. `asked` says that their plan asks for it."""

    code: str
    title: str
    minutes: int
    asked: bool
    last_at: datetime | None


@blueprint.get("")
@of_my_page(own=True)
def show_all() -> ResponseReturnValue:
    """Every form that they may fill in, those that the plan asks for first."""
    visitor, person = me.whose()
    proxies.record_look(context.session(), visitor, "forms")
    return me.page("me_forms.html", forms=offered(context.session(), person, context.now()))


@blueprint.get("/<form_code>")
@of_my_page(own=True)
def show(form_code: str) -> ResponseReturnValue:
    """One of them to fill in; what their own words say already stands in it."""
    _, person = me.whose()
    form = _form(form_code)
    return _page(form, questionnaire_fill.known(form, person))


@blueprint.post("/<form_code>")
@of_my_page(own=True)
def fill(form_code: str) -> ResponseReturnValue:
    """Keep their answers, or show the questions that these lead to."""
    visitor, person = me.whose()
    form = _form(form_code)
    given = questionnaire_fill.sent(form)
    opened = questionnaire_fill.newly_asked(form, given)
    if request.form.get("do") == "next" or opened:
        return _page(form, given, opened=opened)
    wrong = refused(
        lambda: filled_in.complete(
            context.session(), person, form, given, {}, viewer=visitor, now=context.now()
        ),
        {name_of(key): "" for key in given},
        {f"answers.{key}": name_of(key) for key in given},
    )
    if wrong:
        return _page(form, given, wrong)
    return done("Thank you. Your answers are in your record, for those who look after you.", "/me/forms")


def offered(session: Session, person: Person, now: datetime) -> tuple[MyForm, ...]:
    """The forms that the person may fill in: those that the plan asks for first."""
    why, last = asked_forms.asked(session, person, now), filled.on_own_page(session, person)
    found = [
        MyForm(form.code, form.title, form.minutes, form.code in why, last.get(form.code))
        for form in reading.in_use().values()
        if form.by_person
    ]
    return tuple(sorted(found, key=lambda each: not each.asked))


def _form(code: str) -> Form:
    form = reading.get(code)
    if not form.by_person:
        raise NotFound
    return form


def _page(
    form: Form, given: Mapping[str, Any], wrong: Typed | None = None, opened: int = 0
) -> ResponseReturnValue:
    shown = questionnaire_views.sections(form, given, questionnaire_views.errors_of(form, wrong))
    labels = {one.name: one.text for each in shown for one in each.questions}
    return me.page(
        "me_form.html",
        asked=form,
        form=Typed({}, wrong.errors if wrong else {}, wrong.status if wrong else 200, labels),
        sections=shown,
        seen=" ".join(one.key for each in shown for one in each.questions if one.asked),
        opened=opened,
    )
