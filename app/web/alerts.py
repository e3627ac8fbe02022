"""The pages of one alert: all that is known of it, and what may be done with it, each by its own press."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import (
    alert_charts,
    alert_page,
    alert_views,
    charts,
    drawings,
    follow_up_views,
    ringing_views,
)
from app.web.alert_actions import FORMS, Doing
from app.web.alert_views import AlertShown
from app.web.charts import KindChart, Stretch
from app.web.forms import Form, refused, seen, typed
from app.web.pages import done, onward, page, part
from care_plans import record_entry
from care_plans.alerts import alerts, read
from care_plans.alerts.whole import Whole
from care_plans.models.alerts import Alert
from core.errors import NotFound
from devices import shared_kinds
from people import homes
from people.access import Need, may

blueprint = Blueprint("alerts", __name__)

NOTHING = Form()


@blueprint.get("/alerts/<uuid:alert_id>")
@needs("alerts:read")
def show(alert_id: UUID) -> ResponseReturnValue:
    """All that is known of it; that somebody looked is written down."""
    alert = _get(alert_id)
    read.record_look(context.session(), context.viewer(), alert, context.now())
    return _page(alert)


@blueprint.get("/alerts/<uuid:alert_id>/aside")
@needs("alerts:read", live=True)
def aside(alert_id: UUID) -> ResponseReturnValue:
    """The part that stands beside the board."""
    shown = beside(_get(alert_id))
    return part("_parts/alert_aside.html", alert=shown, zone=shown.zone)


@blueprint.get("/alerts/<uuid:alert_id>/readings.json")
@needs("alerts:read", live=True)
def readings(alert_id: UUID) -> ResponseReturnValue:
    """What its charts are drawn from; nothing where it is not shared in full, or was only sent (H10)."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    alert = _get(alert_id)
    whole, opens = read.whole_for(opened, viewer, alert, now)
    stretch = _stretch(whole, opens=opens)
    if stretch is None:
        raise NotFound
    read.record_look(opened, viewer, alert, now, part=True)
    return drawings.answer(opened, viewer, stretch, now)


@blueprint.post("/alerts/<uuid:alert_id>/acknowledge")
@needs("alerts:act")
def acknowledge(alert_id: UUID) -> ResponseReturnValue:
    """Say that it is seen."""
    return _press(alert_id, lambda doing: alerts.acknowledge(
        doing.session, doing.alert, by=doing.by, now=doing.now, seen=doing.seen
    ), "Seen, and yours.")  # fmt: skip


@blueprint.post("/alerts/<uuid:alert_id>/accept")
@needs("alerts:act")
def accept(alert_id: UUID) -> ResponseReturnValue:
    """Take over what was handed to one's team."""
    return _press(alert_id, lambda doing: alerts.accept(
        doing.session, doing.alert, by=doing.by, now=doing.now, seen=doing.seen
    ), "Accepted: it is yours.")  # fmt: skip


@blueprint.post("/alerts/<uuid:alert_id>/comment")
@needs("alerts:act")
def comment(alert_id: UUID) -> ResponseReturnValue:
    """Add words to its record."""
    doing, given = _doing(alert_id), typed("words")
    wrong = refused(
        lambda: alerts.comment(doing.session, doing.alert, words=given["words"], by=doing.by, now=doing.now),
        given,
    )
    return _page(doing.alert, comment=wrong) if wrong else done("Added.", f"/alerts/{alert_id}#events")


@blueprint.post("/alerts/<uuid:alert_id>/key-safe")
@needs("alerts:read")
def show_key_safe(alert_id: UUID) -> ResponseReturnValue:
    """The code of the key safe for whoever goes; that it was asked for is written down."""
    alert = _get(alert_id)
    whole = read.whole(context.session(), alert, context.now())
    if whole.home is None:
        raise NotFound
    code = homes.reveal_key_safe(context.session(), whole.home, actor=context.actor(), now=context.now())
    return _page(alert, code=code)


def _asks(name: str) -> Callable[[UUID], ResponseReturnValue]:
    @needs("alerts:act", form=True)
    def ask(alert_id: UUID) -> ResponseReturnValue:
        doing = _doing(alert_id)
        form = Form(FORMS[name].begins(doing))
        return _form_page(name, doing, form, onward(request.args.get("next", ""), ""))

    return ask


def _does(name: str) -> Callable[[UUID], ResponseReturnValue]:
    @needs("alerts:act")
    def act(alert_id: UUID) -> ResponseReturnValue:
        doing, action = _doing(alert_id), FORMS[name]
        given = typed(*action.fields)
        back = onward(request.form.get("next", ""), "")
        said: list[str] = []
        wrong = refused(lambda: said.append(action.act(doing, given)), given, action.named)
        return _form_page(name, doing, wrong, back) if wrong else done(said[0], back or f"/alerts/{alert_id}")

    return act


for _name in FORMS:
    blueprint.get(f"/alerts/<uuid:alert_id>/{_name}", endpoint=f"ask_{_name}")(_asks(_name))
    blueprint.post(f"/alerts/<uuid:alert_id>/{_name}", endpoint=f"do_{_name}")(_does(_name))


def show_again(alert: Alert, *, ring: Form) -> ResponseReturnValue:
    """Its page with what was refused of an attempt to reach the person."""
    return _page(alert, ring=ring)


def beside(alert: Alert) -> AlertShown:
    """An alert as it stands beside the board or a form; that somebody looked is written down."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    read.record_look(opened, viewer, alert, now, part=True)
    whole, opens = read.whole_for(opened, viewer, alert, now)
    drawn = _charts(whole, opens=opens)
    return _shown(whole, opens=opens, drawn=drawn)


def _get(alert_id: UUID) -> Alert:
    return alerts.get(context.session(), context.viewer(), alert_id, context.now())


def _doing(alert_id: UUID) -> Doing:
    alert = _get(alert_id)
    zone = alert_views.zone_of(context.session(), alert, context.now())
    return Doing(context.session(), alert, context.viewer(), context.now(), seen(), zone)


def _press(alert_id: UUID, act: Callable[[Doing], object], said: str) -> ResponseReturnValue:
    doing = _doing(alert_id)
    wrong = refused(lambda: act(doing), {})
    back = onward(request.form.get("next", ""), f"/alerts/{alert_id}")
    return _page(doing.alert, comment=wrong) if wrong else done(said, back)


def _charts(whole: Whole, *, opens: bool) -> tuple[KindChart, ...]:
    stretch = _stretch(whole, opens=opens)
    return charts.read(context.session(), stretch, context.now()) if stretch else ()


def _stretch(whole: Whole, *, opens: bool) -> Stretch | None:
    """The readings to draw: none of an alert that is not shown in full, or that was only sent (H10)."""
    if not opens or not whole.shown.full:
        return None
    home_id = whole.home.id if whole.home else None
    seen = shared_kinds.of(context.session(), context.viewer(), whole.alert.person_id, home_id, context.now())
    return alert_charts.stretch(whole, context.now(), seen)


def _shown(whole: Whole, *, opens: bool, drawn: tuple[KindChart, ...], code: str | None = None) -> AlertShown:
    own = [chart for chart in drawn if chart.key.partition(".")[0] == whole.alert.kind and chart.rows]
    return alert_views.shown(
        context.session(), context.viewer(), whole, context.now(),
        opens=opens, chart=own[0] if own else None, more=alert_charts.beside_words(whole, drawn), code=code,
    )  # fmt: skip


def _form_page(name: str, doing: Doing, form: Form, back: str) -> ResponseReturnValue:
    shown = beside(doing.alert)
    html = page(
        "alert_action.html",
        alert=shown,
        action=name,
        form=form,
        choices=FORMS[name].choices(doing),
        next=back,
        needs_reason=name == "close" and alert_views.needs_reason(doing.alert),
        zone=doing.zone,
    )
    return html, form.status


def _page(
    alert: Alert, *, comment: Form | None = None, code: str | None = None, ring: Form | None = None
) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    wrong = comment or ring or NOTHING
    whole, opens = read.whole_for(opened, viewer, alert, now)
    drawn = _charts(whole, opens=opens)
    shown = _shown(whole, opens=opens, drawn=drawn, code=code)
    html = page(
        "alert.html",
        alert=shown,
        person=alert_page.person_of(whole) if opens else None,
        whose_href=alert_page.whose_href(opened, whole) if opens else None,
        acknowledged_words=alert_page.acknowledged_words(whole, now, shown.zone),
        charts=tuple(chart for chart in drawn if chart.rows),
        rule=alert_page.rule_used(whole, shown.from_words) if whole.shown.full else None,
        events=alert_views.events(whole),
        messages=alert_page.messages(whole),
        closed=alert_page.closed(whole),
        may_refer=may(viewer, Need.REFERRALS_ACT),
        entry=record_entry.of_alert(opened, viewer, alert, now) if alert.closed_at else None,
        near=alert_page.near(whole),
        follow_ups=follow_up_views.of_alert(opened, viewer, alert, now),
        comment=comment or NOTHING,
        looked_for=ringing_views.looked_for(opened, viewer, alert, shown.zone, now),
        ring=ring or NOTHING,
        keys=ringing_views.KEYS,
        zone=shown.zone,
    )
    return html, wrong.status
