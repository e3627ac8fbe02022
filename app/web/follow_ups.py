"""The pages of follow-ups: what is to be done, by whom and by when, and what became of it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import follow_up_views, ringing_views
from app.web.follow_up_views import VIEWS
from app.web.forms import Form, moment, moment_text, refused, seen, typed
from app.web.pages import PER_PAGE, Chip, address, done, onward, page, page_number, paging
from care_plans.models.work import FollowUpKind, FollowUpOutcome
from care_plans.ringing import ending
from care_plans.visits import visits
from care_plans.work import agenda, follow_ups
from people.faults import LINES, one_of, read_fields, words

blueprint = Blueprint("follow_ups", __name__)

PATH = "/follow-ups"
NOTHING = Form()
LATER = timedelta(days=1)  # what the form to put it off begins with


@blueprint.get("/follow-ups")
@needs("follow-ups:read")
def show_list() -> ResponseReturnValue:
    """One view of them, in groups by day."""
    asked = request.args.get("view", "mine")
    view = asked if asked in VIEWS else "mine"
    opened, viewer, now = context.session(), context.viewer(), context.now()
    counts = {name: agenda.count(opened, viewer, wanted, now) for name, wanted in VIEWS.items()}
    number = page_number()
    items = agenda.list_items(
        opened, viewer, VIEWS[view], now, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    zone = context.installation().time_zone
    return page(
        "follow_ups.html",
        view=view,
        chips=_chips(view, counts),
        groups=follow_up_views.grouped(opened, items, viewer, now, zone),
        paging=paging(PATH, {"view": view}, number, counts[view]),
    )


@blueprint.get("/follow-ups/<uuid:follow_up_id>")
@needs("follow-ups:read")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """One of them; that somebody looked at whom it is for is written down."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    row = agenda.get(opened, viewer, follow_up_id, now)
    if viewer.role == visits.VOLUNTEER and row.kind is FollowUpKind.VISIT:
        return redirect(f"{PATH}/{follow_up_id}/card", 303)
    agenda.record_look(opened, viewer, row)
    return _page(follow_up_id)


@blueprint.post("/follow-ups/<uuid:follow_up_id>/take")
@needs("follow-ups:act")
def take(follow_up_id: UUID) -> ResponseReturnValue:
    """Take it on."""
    row = agenda.get(context.session(), context.viewer(), follow_up_id, context.now())
    given, zone = typed("leave_by"), context.installation().time_zone

    def act() -> None:
        read = read_fields(given, {"leave_by": moment(zone)})
        follow_ups.take(
            context.session(), row, by=context.viewer(), now=context.now(), leave_by=read["leave_by"],
            seen=seen(),
        )  # fmt: skip

    wrong = refused(act, given)
    back = onward(request.form.get("next", ""), f"{PATH}/{follow_up_id}")
    return _page(follow_up_id, take=wrong) if wrong else done("It is yours.", back)


@blueprint.post("/follow-ups/<uuid:follow_up_id>/complete")
@needs("follow-ups:act")
def complete(follow_up_id: UUID) -> ResponseReturnValue:
    """Say how it ended."""
    row = agenda.get(context.session(), context.viewer(), follow_up_id, context.now())
    given = typed("outcome", "note")

    def act() -> None:
        read = read_fields(
            given, {"outcome": one_of(FollowUpOutcome), "note": words(LINES)}, required=("outcome",)
        )
        ending.complete(
            context.session(), row, outcome=read["outcome"], remarks=read["note"] or "",
            by=context.viewer(), now=context.now(), seen=seen(),
        )  # fmt: skip

    wrong = refused(act, given, {"remarks": "note"})
    return _page(follow_up_id, complete=wrong) if wrong else done("Done, and on the record.", PATH)


@blueprint.post("/follow-ups/<uuid:follow_up_id>/reschedule")
@needs("follow-ups:act")
def reschedule(follow_up_id: UUID) -> ResponseReturnValue:
    """Put it off, with a reason."""
    item = agenda.get_item(context.session(), context.viewer(), follow_up_id, context.now())
    row = agenda.get(context.session(), context.viewer(), follow_up_id, context.now())
    given = typed("due_at", "why")

    def act() -> None:
        read = read_fields(
            given, {"due_at": moment(item.zone), "why": words(LINES)}, required=("due_at", "why")
        )
        follow_ups.reschedule(
            context.session(), row, due_at=read["due_at"], reason=read["why"],
            by=context.viewer(), now=context.now(), seen=seen(),
        )  # fmt: skip

    wrong = refused(act, given, {"reason": "why"})
    return _page(follow_up_id, reschedule=wrong) if wrong else done("Put off.", f"{PATH}/{follow_up_id}")


def show_again(follow_up_id: UUID, *, ring: Form) -> ResponseReturnValue:
    """The page of a call with what was refused of an attempt."""
    return _page(follow_up_id, ring=ring)


def _page(
    follow_up_id: UUID,
    *,
    complete: Form | None = None,
    reschedule: Form | None = None,
    take: Form | None = None,
    ring: Form | None = None,
) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    shown = follow_up_views.read(opened, viewer, follow_up_id, now)
    wrong = complete or reschedule or take or ring or NOTHING
    leave_by = moment_text(max(shown.one.due_at, now) + visits.LASTS, context.installation().time_zone)
    begin = Form({"due_at": moment_text(max(shown.one.due_at, now) + LATER, shown.zone)})
    html = page(
        "follow_up.html",
        one=shown.one,
        about=shown.about,
        ring_words=shown.ring_words,
        ring_number=shown.ring_number,
        instructions=shown.instructions,
        card=shown.card,
        entry=shown.entry,
        warnings=shown.warnings,
        unprotected=shown.unprotected,
        may_open=shown.one.person_uuid is not None,
        happenings=shown.happenings,
        ringing=shown.ringing,
        ring=ring or NOTHING,
        keys=ringing_views.KEYS,
        complete=complete or Form({"outcome": FollowUpOutcome.DONE.value}),
        reschedule=reschedule or begin,
        taking=take or Form({"leave_by": leave_by}),
        outcomes=list(follow_up_views.OUTCOMES.items()),
        row_version=shown.version,
        zone=shown.zone,
    )
    return html, wrong.status


def _chips(view: str, counts: Mapping[str, int]) -> tuple[Chip, ...]:
    named = {"mine": "Mine", "team": "My teams", "overdue": "Overdue", "done": "Done"}
    return tuple(
        Chip(words, address(PATH, {"view": name}), on=name == view, number=counts[name])
        for name, words in named.items()
    )
