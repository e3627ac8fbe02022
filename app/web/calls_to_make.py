"""The calls to make now, worked through by keyboard, and what is recorded of each with one press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import context
from app.auth import needs
from app.web import follow_up_views, follow_ups, ringing_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, onward, page
from app.web.ringing_views import KEYS, AttemptLine
from app.web.unprotected import Banner
from care_plans.alerts import alerts
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUp
from care_plans.reached import Came, Standing
from care_plans.ringing import attempts, read
from care_plans.ringing.attempts import SAID, Given, Recorded
from care_plans.severity import Severity
from care_plans.visits import visits
from care_plans.work import agenda
from care_plans.work.agenda import Item, State, Wanted, Whose
from care_plans.work.recurrence import moment
from core.errors import Invalid, NotFound
from people import absences, teams
from people.faults import LINES, one_of, read_fields, words

blueprint = Blueprint("calls_to_make", __name__)

PATH = "/calls"
MOST = 200
FIELDS = ("whom", "remark", "came", "heard", "follows")


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call to make: see calls.html."""

    uuid: UUID
    words: str
    who: str
    where: str
    due_at: datetime
    late: bool
    owner: str | None
    theirs: bool
    stands: str
    waits_until: datetime | None
    looked_for: bool
    away: bool
    last: AttemptLine | None


@blueprint.get("/calls")
@needs("follow-ups:read")
def show_calls() -> ResponseReturnValue:
    """Whom to ring now, the next one opened."""
    return _page(request.args.get("now", ""), Form())


@blueprint.post("/follow-ups/<uuid:follow_up_id>/attempts")
@needs("follow-ups:act")
def record(follow_up_id: UUID) -> ResponseReturnValue:
    """Record what came of ringing."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    row = agenda.get(opened, viewer, follow_up_id, now)
    given, said = typed(*FIELDS), list[Recorded]()
    wrong = refused(
        lambda: said.append(attempts.record(opened, row, read_given(given), by=viewer, now=now)),
        given,
        fields_of(given),
    )
    back = onward(request.form.get("next", ""), f"/follow-ups/{follow_up_id}")
    if wrong is None:
        return done(said_of(said[0]), back)
    if back.startswith(PATH):
        return _page(str(follow_up_id), wrong)
    return follow_ups.show_again(follow_up_id, ring=wrong)


@blueprint.post("/attempts/<uuid:attempt_id>/undo")
@needs("follow-ups:act")
def undo(attempt_id: UUID) -> ResponseReturnValue:
    """Take back what one pressed by mistake."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    row = read.get(opened, viewer, attempt_id, now)
    wrong = refused(lambda: attempts.undo(opened, row, by=viewer, now=now), {})
    if wrong:
        return _page("", wrong)
    return done("Taken back.", onward(request.form.get("next", ""), PATH))


def fields_of(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form that was sent for those of an attempt."""
    written = "heard" if given["came"] == Came.NOT_WELL else "remark"
    return {"contact": "whom", "next": "follows", "words": written}


def read_given(given: Mapping[str, str]) -> Given:
    """What was pressed and typed; Invalid with every field that is wrong."""
    typed_in = {
        "came": given["came"],
        "words": given["heard"] if given["came"] == Came.NOT_WELL else given["remark"],
    }
    found = read_fields(typed_in, {"came": one_of(Came), "words": words(LINES)}, required=("came",))
    follows = given["follows"]
    severity = Severity(follows) if follows in (Severity.RED, Severity.AMBER) else None
    try:
        contact = UUID(given["whom"]) if given["whom"] else None
    except ValueError as fault:
        raise Invalid({"contact": "Choose one of those around them."}) from fault
    alert = _alert(follows) if follows and severity is None else None
    return Given(found["came"], found["words"] or "", contact, severity, alert)


def _alert(text: str) -> Alert:
    try:
        return alerts.get(context.session(), context.viewer(), UUID(text), context.now())
    except (ValueError, NotFound) as fault:
        raise Invalid({"next": "Choose one of these."}) from fault


def said_of(recorded: Recorded) -> str:
    """What is said once it is on record."""
    said = SAID[recorded.attempt.came]
    if recorded.no_reply is not None and recorded.no_reply.ended_at is None:
        return f"{said}: on record. Nobody can reach them: the no-reply procedure runs."
    return f"{said}: on record."


def _page(chosen: str, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    zone = context.installation().time_zone
    tonight = moment(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time(), zone)
    wanted = Wanted(Whose.TEAMS, due_to=tonight, calls=True)
    items = agenda.list_items(opened, viewer, wanted, now, limit=MOST)
    rows = _rows(items)
    uuid = _chosen(chosen, rows)
    ring, one = None, None
    unprotected: tuple[Banner, ...] = ()
    if uuid is not None:
        one = next((each for each in rows if each.uuid == uuid), None)
        row = agenda.get(opened, viewer, uuid, now)
        ring = ringing_views.of_follow_up(
            opened, viewer, row, agenda.get_item(opened, viewer, uuid, now), now
        )
        unprotected = follow_up_views.of_whom(opened, viewer, row, zone, now)
        agenda.record_look(opened, viewer, row)
    html = page(
        "calls.html",
        rows=rows,
        one=one,
        ring=ring,
        unprotected=unprotected,
        keys=KEYS,
        form=form,
        mine=_mine(),
        teams=teams.names_of(opened, viewer.team_ids),
        ready=sum(each.waits_until is None and not each.away for each in rows),
        zone=zone,
    )
    return html, form.status


def _chosen(asked: str, rows: Sequence[CallRow]) -> UUID | None:
    """The call that is asked for, else the first that can be made now and that nobody else has taken."""
    found = next((each for each in rows if str(each.uuid) == asked), None)
    free = [each for each in rows if not (each.waits_until or each.theirs or each.looked_for or each.away)]
    found = found or next(iter(free), None) or next(iter(rows), None)
    return found.uuid if found is not None else None


def _rows(items: Sequence[Item]) -> tuple[CallRow, ...]:
    """Those who are looked for first, then what is due first; last who was just tried, and who is away."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    keys = {
        row.uuid: (row.person_id, row.team_id)
        for row in opened.scalars(select(FollowUp).where(FollowUp.uuid.in_([each.uuid for each in items])))
        if row.person_id is not None
    }
    people = {person_id for person_id, _team in keys.values()}
    stands = attempts.how_they_stand(opened, set(keys.values()), now)
    looked_for = read.looked_for(opened, people)
    away = absences.away_now(opened, people, now)
    told: dict[int, AttemptLine] = {}
    for each in read.list_of_people(opened, viewer, people, now, since=now - ringing_views.SHOWN_FOR):
        if not each.undone:
            told.setdefault(each.person_id, ringing_views.line(each))
    rows = [
        _row(item, stands[key], told.get(key[0]), looked_for=key[0] in looked_for, away=key[0] in away)
        for item in items
        if (key := keys.get(item.uuid)) is not None
    ]
    return tuple(sorted(rows, key=_order))


def _order(row: CallRow) -> tuple[bool, bool, bool, datetime]:
    return (not row.looked_for, row.away, row.waits_until is not None, row.due_at)


def _row(item: Item, how: Standing, last: AttemptLine | None, *, looked_for: bool, away: bool) -> CallRow:
    now = context.now()
    waits = how.again_at if how.again_at is not None and how.again_at > now else None
    return CallRow(
        uuid=item.uuid,
        words=item.text,
        who=item.who,
        where=item.where or "",
        due_at=item.due_at,
        late=item.state is State.OVERDUE,
        owner=item.staff,
        theirs=item.staff_id is not None and item.staff_id != context.viewer().staff_id,
        stands=f"{how.failed} of {how.needed} without an answer" if how.failed else "",
        waits_until=waits,
        looked_for=looked_for,
        away=away,
        last=last,
    )


def _mine() -> tuple[AttemptLine, ...]:
    """What the viewer has recorded lately and can still take back."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    own = read.list_own(opened, viewer, now)
    if viewer.role == visits.VOLUNTEER:
        own = [(one, name.partition(" ")[0]) for one, name in own]
    return tuple(ringing_views.named_line(one, name) for one, name in own)
