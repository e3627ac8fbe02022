"""How whoever asks is told, in the REST API: their ways in order, and their quiet hours."""

from typing import Any

from marshmallow import fields, validate

from app.api.fields import Moment, Shape, Text, choice, row_version, whole
from app.api.openapi import PREFIX, Blueprint, Given
from app.api.versions import if_match
from app.auth import needs
from app.context import installation, now, session, viewer
from care_plans.channel import Channel
from care_plans.messages import telling, ways
from care_plans.models.ways import MessageWays
from people.models.agencies import Staff
from people.visible import actor

blueprint = Blueprint(
    "messages",
    "What Hearthline says to teams and staff; who and why stays on the alert.",
    part="ways",
    prefix=f"{PREFIX}/my-ways",
)
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"


def _order(words: str) -> Any:
    return fields.List(
        choice(Channel), required=True, validate=validate.Length(1, 3), metadata={"description": words}
    )


def _time() -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Regexp(f"^{CLOCK}$"))


class WaysIn(Shape):
    """How somebody wants to be told. Channels are email, sms, push; times are of `zone`."""

    important = _order("At once by the first, by each next one if nobody has seen it by then; at any hour.")
    ordinary = _order("By the first; by the next where that fails.")
    wait_minutes = whole(1, 60, load_default=5)
    quiet_from = _time()
    quiet_until = _time()
    quiet_days = fields.List(whole(0, 6), load_default=None, metadata={"description": "0 for Monday."})


class WaysOut(WaysIn):
    """The same as it holds; version 0 for whoever has chosen nothing yet."""

    version = row_version()
    zone = Text()
    texts_fail_since = Moment(
        allow_none=True, metadata={"description": "Since when texts do not reach their number."}
    )
    quiet_now_until = Moment(allow_none=True)


@blueprint.get("")
@needs("alerts:read")
@blueprint.answers(WaysOut)
def show_ways() -> Any:
    """Show how you are told."""
    return _told(ways.row_of(session(), viewer().staff_id))


@blueprint.put("")
@needs("alerts:act")
@blueprint.takes(WaysIn)
@blueprint.answers(WaysOut)
def choose_ways(given: Given) -> Any:
    """Choose how you are told from now on."""
    staff_id = viewer().staff_id
    before = ways.row_of(session(), staff_id)
    version = before.version if before else 0
    if_match(version)
    document = {**given, **{name: [each.value for each in given[name]] for name in ("important", "ordinary")}}
    return _told(
        ways.choose(
            session(),
            staff_id,
            document,
            zone=installation().time_zone,
            version=version,
            actor=actor(viewer()),
        )
    )


def _told(row: MessageWays | None) -> dict[str, Any]:
    me = session().get_one(Staff, viewer().staff_id)
    theirs = ways.read(row, me.telephone) if row else telling.Ways()
    quiet = theirs.quiet
    return {
        "version": row.version if row else 0,
        "important": theirs.important,
        "ordinary": theirs.ordinary,
        "wait_minutes": int(theirs.wait.total_seconds() // 60),
        "quiet_from": f"{quiet.starts:%H:%M}" if quiet else None,
        "quiet_until": f"{quiet.ends:%H:%M}" if quiet else None,
        "quiet_days": sorted(quiet.days if quiet else telling.EVERY_DAY),
        "zone": row.zone if row else installation().time_zone,
        "texts_fail_since": row.bad_since if row and Channel.SMS in theirs.bad else None,
        "quiet_now_until": telling.quiet_until(quiet, now()),
    }
