"""The page on which staff choose how they are told, when it is quiet for them, and try each way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import signed_in
from app.web import call_words
from app.web.forms import Form, refused, typed
from app.web.outbox import words_of
from app.web.pages import done, page
from app.web.words import clock
from care_plans.channel import Channel
from care_plans.messages import sent, subscriptions, trials, ways
from care_plans.messages.telling import EVERY_DAY
from care_plans.models.messages import MessageState
from care_plans.models.ways import MessageWays
from core.errors import NotFound
from people.models.agencies import Staff
from people.visible import actor

blueprint = Blueprint("my_messages", __name__)

PATH = "/my-messages"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES = ("first", "second", "third")
IMPORTANT = tuple(f"important_{place}" for place in PLACES)
ORDINARY = tuple(f"ordinary_{place}" for place in PLACES)
FIELDS = (*IMPORTANT, *ORDINARY, "wait_minutes", "quiet_from", "quiet_until", "quiet_days", "row_version")
LATEST = 5


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way: its key, what it is called, where it goes, and why it does not reach them, if it does not."""

    key: str
    name: str
    where: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Latest:
    """One of the last messages to them."""

    subject: str
    channel: str
    state: str
    wrong: bool
    at: datetime


@blueprint.get(PATH)
@signed_in()
def show() -> ResponseReturnValue:
    """How they are told, and what came of the last messages."""
    return _page(None)


@blueprint.post(PATH)
@signed_in()
def choose() -> ResponseReturnValue:
    """Keep what was chosen: it holds for what is queued from now on."""
    given = typed(*FIELDS) | {"quiet_days": ",".join(request.form.getlist("quiet_days"))}
    opened, viewer = context.session(), context.viewer()
    wrong = refused(
        lambda: ways.choose(
            opened, viewer.staff_id, read(given), zone=context.installation().time_zone,
            version=_number(given["row_version"]) or 0, actor=actor(viewer),
        ),
        given,
        {"important": IMPORTANT[0], "ordinary": ORDINARY[0]},
    )  # fmt: skip
    return _page(wrong) if wrong else done("Kept: from now on you are told like this.", PATH)


@blueprint.post(f"{PATH}/test")
@signed_in()
def test() -> ResponseReturnValue:
    """Send them a test by one way."""
    key = request.form.get("way", "")
    if key not in ways.CHOICES:
        raise NotFound
    viewer, channel = context.viewer(), Channel(key)
    queued = trials.send(context.session(), viewer.staff_id, channel, context.now())
    said = "A test is on its way" if queued else "A test was sent within this minute"
    return done(f"{said}: {call_words.CHANNELS[channel]}. What came of it stands below.", PATH)


def show_again(wrong: Form) -> ResponseReturnValue:
    """The page with what is wrong with something else that stands on it."""
    return _page(
        Form(_begin(ways.row_of(context.session(), context.viewer().staff_id)), wrong.errors, wrong.status)
    )


def read(given: Mapping[str, str]) -> dict[str, object]:
    """The document that what was typed says."""
    return {
        "important": [given[name] for name in IMPORTANT if given[name]],
        "ordinary": [given[name] for name in ORDINARY if given[name]],
        "wait_minutes": _number(given["wait_minutes"]),
        "quiet_from": given["quiet_from"] or None,
        "quiet_until": given["quiet_until"] or None,
        "quiet_days": [int(day) for day in given["quiet_days"].split(",") if day.isdigit()],
    }


def _page(wrong: Form | None) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    me = opened.get_one(Staff, viewer.staff_id)
    row = ways.row_of(opened, viewer.staff_id)
    form = wrong or Form(_begin(row))
    zone = context.installation().time_zone
    return page(
        "my_messages.html",
        form=form,
        row_version=row.version if row else 0,
        ways=tuple(_shown(channel, me, row, now) for channel in ways.CHOICES),
        choices=[("", "None"), *((each.value, call_words.CHANNELS[each]) for each in ways.CHOICES)],
        places=tuple(zip(IMPORTANT, ORDINARY, ("First", "Then", "And then"), strict=True)),
        days=[(str(number), name) for number, name in enumerate(DAYS)],
        no_mail=Channel.EMAIL not in context.installation().ways,
        browsers=tuple(subscriptions.list_of(opened, viewer.staff_id)),
        push_key=context.installation().push_key,
        latest=tuple(
            Latest(
                subject=each.subject,
                channel=call_words.CHANNELS[each.channel],
                state=words_of(each, now, zone),
                wrong=each.state is MessageState.FAILED,
                at=each.queued_at,
            )
            for each in sent.list_to(opened, viewer.staff_id, LATEST)
        ),
    ), form.status


def _begin(row: MessageWays | None) -> dict[str, str]:
    important = row.important if row else [Channel.EMAIL.value]
    ordinary = row.ordinary if row else [Channel.EMAIL.value]
    days = row.quiet_days if row else sorted(EVERY_DAY)
    found = {
        **dict(zip(IMPORTANT, important, strict=False)),
        **dict(zip(ORDINARY, ordinary, strict=False)),
        "wait_minutes": str(row.wait_minutes if row else 5),
        "quiet_days": ",".join(str(day) for day in days),
    }
    if row is not None and row.quiet_from is not None and row.quiet_until is not None:
        found |= {"quiet_from": f"{row.quiet_from:%H:%M}", "quiet_until": f"{row.quiet_until:%H:%M}"}
    return found


def _shown(channel: Channel, me: Staff, row: MessageWays | None, now: datetime) -> WayShown:
    here = context.installation()
    where = {
        Channel.EMAIL: me.email,
        Channel.SMS: me.telephone or "",
        Channel.PUSH: "Browsers that you have switched on",
    }[channel]
    trouble = ""
    if not where:
        trouble = "You have no telephone number here: an administrator of your agency writes it down."
    elif channel is Channel.SMS and row and row.bad_since and row.bad_number == me.telephone:
        trouble = f"Texts have not reached this number since {clock(row.bad_since, now, here.time_zone)}."
    elif channel is Channel.PUSH and here.push_key and not subscriptions.list_of(context.session(), me.id):
        trouble = "No browser is switched on yet."
    elif channel is not Channel.EMAIL and channel not in here.ways:
        trouble = "Not set up on this installation: the next of your ways is used instead."
    return WayShown(channel.value, call_words.CHANNELS[channel], where, trouble)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
