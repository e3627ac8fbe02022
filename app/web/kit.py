"""The pages of kit: out, in stock, down and who is without protection; enrolling it, giving it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import (
    belief_words,
    charts,
    drawings,
    heard_words,
    kit_forms,
    kit_heard,
    kit_life_page,
    kit_users,
    kit_views,
    own_kit_views,
)
from app.web.charts import KindChart, Stretch
from app.web.forms import CONFLICT, Form, moment_text, refused
from app.web.pages import PER_PAGE, Chip, address, done, page, page_number, paging
from core.errors import NotFound
from devices import (
    agreed,
    assignments,
    claims,
    conflicts,
    enrolment,
    expected,
    kit_life,
    kit_states,
    not_kept,
    own_kit,
    placing,
    readings,
    registry,
    rejected,
    shared_kinds,
    stock,
    visible,
    works,
)
from devices.models import Device
from devices.stock import Piece, Where
from people import scoping
from people.access import Need, may

blueprint = Blueprint("kit", __name__)

PATH = "/kit"
REJECTED = "rejected"
LEAST_HEARD = "heard"
"""The order of the list that has first what was heard least."""
CHIPS = {
    Where.OUT.value: "Out",
    Where.STOCK.value: "In stock",
    Where.DOWN.value: "Down",
    Where.UNASSIGNED.value: "Speaks, but is nobody’s",
    Where.TO_CLEAN.value: "To clean",
    Where.DUE.value: "Due back or to calibrate",
    REJECTED: "Could not be read",
}


@blueprint.get("/kit")
@needs("kit:read")
def show_list() -> ResponseReturnValue:
    """Kit in sight, by where it is."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    asked, like = request.args.get("state", ""), request.args.get("q", "").strip()[:100]
    if asked == REJECTED and may(viewer, Need.REJECTED_READ):
        return _rejected(like)
    where = Where(asked) if asked in set(Where) else Where.OUT
    number = page_number()
    least = request.args.get("sort") == LEAST_HEARD
    cut: dict[str, Any] = {"like": like, "limit": PER_PAGE, "offset": (number - 1) * PER_PAGE}
    together = None
    if least:
        pieces, together = stock.list_least_heard(opened, viewer, where, now, **cut)
    else:
        pieces = stock.list_pieces(opened, viewer, where, now, **cut)
    total = stock.count(opened, viewer, where, now, like=like)
    due = _due(pieces)
    percents = stock.heard_percent(opened, pieces, now)
    owns = own_kit.of_devices(opened, [each.device.id for each in pieces])
    missing = stock.list_without_protection(opened, viewer, now) if where is Where.DOWN else []
    return _list_page(
        state=where.value,
        q=like,
        kit=tuple(
            kit_views.row(
                each,
                due.get(each.device.id),
                percents.get(each.device.id),
                down=where is Where.DOWN,
                own=each.device.id in owns,
            )
            for each in pieces
        ),
        without=tuple(kit_views.without(each) for each in missing),
        rejected=(),
        least=least,
        together=together,
        sort_href=address(PATH, {"state": where.value, "q": like, "sort": None if least else LEAST_HEARD}),
        paging=paging(
            PATH, {"state": where.value, "q": like, "sort": LEAST_HEARD if least else None}, number, total
        ),
    )


@blueprint.get("/kit/enrol")
@needs("kit:write", form=True)
def show_enrol() -> ResponseReturnValue:
    """The form to enrol kit."""
    return _enrol_page(Form({"format": "readings"}))


@blueprint.post("/kit/enrol")
@needs("kit:write")
def enrol() -> ResponseReturnValue:
    """Enrol kit; its password is in this answer and never again."""
    given = kit_forms.typed_enrolment()
    made: list[kit_forms.Made] = []
    wrong = refused(
        lambda: made.append(kit_forms.enrol(given)), given, {"address": "serial", "person_id": "person"}
    )
    if wrong:
        return _enrol_page(wrong)
    device, enrolment = made[0].device, made[0].enrolment
    if enrolment is None:
        return done(f"{device.name} is enrolled behind its hub.", f"{PATH}/{device.uuid}")
    context.after_commit(context.installation().refresh_broker)
    where = context.installation().broker_address
    return _enrol_page(Form(), kit_views.enrolled(enrolment, where, made[0].suffix), device)


@blueprint.get("/kit/<uuid:device_id>")
@needs("kit:read")
def show(device_id: UUID) -> ResponseReturnValue:
    """One piece of kit."""
    return device_page(_get(device_id))


@blueprint.get("/kit/<uuid:device_id>/readings.json")
@needs("readings:read", live=True)
def draw(device_id: UUID) -> ResponseReturnValue:
    """What its charts are drawn from."""
    found = _stretch(_piece(_get(device_id)))
    if found is None:
        return drawings.nothing(context.now(), context.installation().time_zone)
    return drawings.answer(context.session(), context.viewer(), found, context.now())


@blueprint.post("/kit/<uuid:device_id>/assign")
@needs("kit:write")
def assign(device_id: UUID) -> ResponseReturnValue:
    """Give it to a person or a home."""
    device, given = _get(device_id), kit_forms.typed_assignment()
    named = {"person_id": "subject", "from": "start"}
    wrong = refused(lambda: kit_forms.assign(device, given), given, named)
    if wrong is None:
        return done("Given.", f"{PATH}/{device_id}")
    return device_page(device, wrong, agree_href=kit_forms.agree_href(given["subject"]))


@blueprint.post("/kit/<uuid:device_id>/watches")
@needs("kit:write")
def say_what_it_watches(device_id: UUID) -> ResponseReturnValue:
    """Say what it watches of somebody's life, in place of what its model and name let us guess."""
    device = _get(device_id)
    told = {"watches": request.form.getlist("watches") or ["none"]}
    wrong = refused(
        lambda: registry.change(context.session(), device, told, now=context.now(), actor=context.actor()),
        {"watches": ",".join(told["watches"])},
    )
    return device_page(device, wrong) if wrong else done("What it watches is stated.", f"{PATH}/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/collect")
@needs("kit:write")
def collect(device_id: UUID) -> ResponseReturnValue:
    """Take it back: what it measures from now on is nobody's."""
    device, now = _get(device_id), context.now()
    held = _piece(device).assignment
    if held is None:
        raise NotFound
    wrong = refused(
        lambda: assignments.end(context.session(), held, at=now, now=now, actor=context.actor()), {}
    )
    return device_page(device, wrong) if wrong else done("Taken back.", f"{PATH}/{device_id}")


@blueprint.post("/kit/<uuid:device_id>/rotate")
@needs("kit:write")
def rotate(device_id: UUID) -> ResponseReturnValue:
    """Give it another password, which is in this answer and never again; the old one ends."""
    device = _get(device_id)
    made: list[registry.Enrolment] = []
    wrong = refused(
        lambda: made.append(
            registry.rotate(context.session(), device, now=context.now(), actor=context.actor())
        ),
        {},
    )
    if wrong:
        return device_page(device, wrong)
    context.after_commit(context.installation().refresh_broker)
    where = context.installation().broker_address
    return _enrol_page(Form(), kit_views.enrolled(made[0], where, "…"), device)


@blueprint.post("/kit/rejected/<uuid:rejected_id>/retry")
@needs("rejected:act")
def retry(rejected_id: UUID) -> ResponseReturnValue:
    """Read a message again, once its cause is mended."""
    row = rejected.get_in_sight(context.session(), context.viewer(), rejected_id, context.now())
    with scoping.lifted(context.session()):  # whose readings come of it, nobody is shown here
        tried = rejected.retry(context.session(), row.id, context.now(), actor=context.actor())
    said = kit_forms.SETTLED[tried.settled_how] if tried.settled_how else f"Still: {tried.reason}"
    return done(said, f"{PATH}?state={REJECTED}")


@blueprint.post("/kit/rejected/<uuid:rejected_id>/set-aside")
@needs("rejected:act")
def set_aside(rejected_id: UUID) -> ResponseReturnValue:
    """Settle a message that will never be stored."""
    row = rejected.get_in_sight(context.session(), context.viewer(), rejected_id, context.now())
    rejected.set_aside(context.session(), row.id, context.now(), actor=context.actor())
    return done("Set aside.", f"{PATH}?state={REJECTED}")


def _rejected(like: str) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    number = page_number()
    found = rejected.list_in_sight(
        opened, viewer, now, like=like, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE
    )
    total = (number - 1) * PER_PAGE + len(found)
    return _list_page(
        state=REJECTED,
        q=like,
        kit=(),
        without=(),
        rejected=kit_forms.rejected_rows(opened, found[:PER_PAGE]),
        not_kept=not_kept.list_not_kept(opened, viewer, now),
        paging=paging(PATH, {"state": REJECTED, "q": like}, number, total),
    )


def _list_page(*, state: str, **told: object) -> str:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    counts = {where.value: stock.count(opened, viewer, where, now) for where in Where}
    if may(viewer, Need.REJECTED_READ):
        counts[REJECTED] = rejected.count_in_sight(opened, viewer, now)
    return page(
        "kit.html",
        state=state,
        chips=tuple(
            Chip(CHIPS[each], address(PATH, {"state": each}), on=each == state, number=number)
            for each, number in counts.items()
        ),
        may_enrol=may(viewer, Need.KIT_WRITE),
        may_retry=may(viewer, Need.REJECTED_ACT),
        **told,
    )


def device_page(
    device: Device, form: Form | None = None, agree_href: str | None = None
) -> ResponseReturnValue:
    """The page of a piece of kit, with what was typed and what is wrong with it, if anything is."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    piece = _piece(device)
    zone = context.installation().time_zone
    found = _stretch(piece)
    may_act = may(viewer, Need.KIT_WRITE)
    sorts = agreed.watched_by(opened, [device])[device.id]
    heard = heard_words.of_piece(piece)
    filled = kit_life_page.dates_of(device) | {
        "start": moment_text(now, zone), "watches": ",".join(sorts), "silent_after_hours": heard.hours,
    }  # fmt: skip
    own = own_kit.find(opened, device)
    html = page(
        "kit_device.html",
        one=kit_views.row(
            piece,
            _due([piece]).get(device.id),
            stock.heard_percent(opened, [piece], now).get(device.id),
            own=own is not None,
        ),
        facts=kit_views.facts(
            piece,
            mosquitto=context.installation().mosquitto,
            tested_by=kit_states.last_test(opened, device.id),
            wrong=kit_states.list_wrong(opened, kit_states.WRONG, [device.id]),
        ),
        kinds=_charts(found),
        contradicted=kit_views.contradicted(conflicts.shown(opened, viewer, device, now))
        if may(viewer, Need.READINGS_READ)
        else (),
        readings_url=f"{PATH}/{device.uuid}/readings.json",
        told=kit_heard.told(device),
        unseen=enrolment.UNSEEN,
        code=claims.find(opened, device, now) if may_act else None,
        own=own_kit_views.shown(opened, [own], now)[0] if own else None,
        life=kit_life_page.shown(device) if may_act and own is None else None,
        recalls=kit_life.recalls_of(opened, device),
        sensors=(sensors := _sensors(device)),
        users=None if sensors and sensors.placed else kit_users.in_a_line(device),
        work=works.of(device, now),
        may_work=may_act,
        assignments=kit_forms.stays(stock.list_stays(opened, viewer, device, now)),
        rejected=rejected.count_in_sight(opened, viewer, now, device_id=device.id)
        if may(viewer, Need.REJECTED_READ)
        else 0,
        may=_may(piece) if may_act and own is None else frozenset(),
        agree_href=agree_href if form and form.status == CONFLICT else None,
        watching=kit_views.watching(device, sorts),
        sorts=kit_forms.sorts(),
        may_state=may_act and not device.life_safety,
        heard=heard,
        belief=belief_words.of_device(device),
        form=form or Form(filled),
        subjects=kit_forms.subjects() if may_act and piece.assignment is None else [],
    )
    return html, form.status if form else 200


def _may(piece: Piece) -> frozenset[str]:
    """What may be done with it, by who may act: somebody's own is neither given nor collected."""
    found = {"collect"} if piece.assignment else {"assign"}
    if piece.device.key:
        found.add("rotate")
    if piece.assignment is None and piece.device.state in claims.MAY_BE_CLAIMED:
        found.add("code")
    return frozenset(found)


def _enrol_page(
    form: Form, enrolled: kit_views.Enrolled | None = None, device: Device | None = None
) -> ResponseReturnValue:
    html = page(
        "kit_enrol.html",
        form=form,
        formats=kit_forms.formats(),
        people=[("", "Nobody yet, to stock"), *kit_forms.people()],
        watches=kit_forms.watches(),
        enrolled=enrolled,
        told=kit_heard.told(device) if device is not None else None,
        unseen=enrolment.UNSEEN,
    )
    return html, form.status


def _get(device_id: UUID) -> Device:
    return visible.get(context.session(), context.viewer(), device_id, context.now())


def _piece(device: Device) -> Piece:
    (piece,) = stock.list_pieces(context.session(), context.viewer(), None, context.now(), device=device)
    return piece


def _sensors(device: Device) -> kit_views.SensorsShown | None:
    if device.key is None:
        return None
    opened = context.session()
    placed = len(registry.list_sensors(opened, device.id))
    return kit_views.sensors(placed, placing.list_found(opened, device))


def _due(pieces: list[Piece]) -> dict[int, expected.Expected]:
    found = expected.list_of_kit(context.session(), [piece.device.id for piece in pieces])
    return {each.device_id: each for each in found if each.device_id is not None}


def _stretch(piece: Piece) -> Stretch | None:
    subject = kit_views.holder(piece)
    if subject is None or not may(context.viewer(), Need.READINGS_READ):
        return None
    latest = readings.latest(context.session(), [subject], context.now())
    found = kit_views.stretch(piece, latest, context.now())
    person_id, home_id = (subject.id, None) if subject.about == "person" else (None, subject.id)
    seen = shared_kinds.of(context.session(), context.viewer(), person_id, home_id, context.now())
    return replace(found, kinds=seen.full(found.kinds)) if found is not None else None


def _charts(found: Stretch | None) -> tuple[KindChart, ...]:
    return charts.read(context.session(), found, context.now()) if found else ()
