"""What makers and authorities call back: who has it, and how far each piece is dealt with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, kit_views
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from care_plans.protecting import recalls
from care_plans.protecting.recalls import Piece
from care_plans.protection_states import Ended
from devices import kit_life, own_kit
from devices.kit_life import Affected
from devices.models import Recall
from devices.protecting import Urgency
from people.access import Need, may
from people.faults import one_of, read_fields, words

blueprint = Blueprint("recalls", __name__)

PATH = "/kit/recalls"
THEIRS = "Their own: tell them, it is not ours to collect"
FIELDS = (*kit_life.RECALL, "urgency")
URGENCIES: Mapping[Urgency, str] = {
    Urgency.DAY: "Within a day",
    Urgency.WEEK: "Within a week",
    Urgency.MONTH: "Within four weeks",
}
ENDED: Mapping[Ended, str] = {
    Ended.SWAPPED: "Swapped",
    Ended.COLLECTED: "Collected",
    Ended.CHECKED: "Checked",
    Ended.REFUSED: "They want to keep it",
    Ended.UNDONE: "Not done",
}
DEALT_WITH = frozenset({Ended.SWAPPED, Ended.COLLECTED, Ended.CHECKED})


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """A piece of kit that is called back: see kit_recalls.html."""

    uuid: UUID
    name: str
    lot: str | None
    whose: str
    person_uuid: UUID | None
    alone: bool
    protects: bool
    state: str
    piece: Piece | None
    ended: str


@dataclass(frozen=True, slots=True)
class RecallShown:
    """A recall with the kit that it is about: see kit_recalls.html."""

    uuid: UUID
    model: str
    lot: str | None
    reason: str
    reference: str | None
    started_at: datetime
    ended_at: datetime | None
    urgency: str
    affected: tuple[AffectedRow, ...]
    asked: int
    dealt_with: int
    undone: int


@blueprint.get(PATH)
@needs("kit:read")
def show_recalls() -> ResponseReturnValue:
    """What makers and authorities call back, and who has it."""
    return _recalls(Form({"urgency": Urgency.WEEK.value}))


@blueprint.post(PATH)
@needs("kit:write")
def recall() -> ResponseReturnValue:
    """Call back a model or a lot."""
    given = typed(*FIELDS)

    def act() -> None:
        readers = {**{name: words() for name in kit_life.RECALL}, "urgency": one_of(Urgency)}
        read = read_fields(given, readers, required=("model", "reason", "urgency"))
        kit_life.recall(
            context.session(), now=context.now(), actor=context.actor(), model=read["model"],
            reason=read["reason"], lot=read.get("lot"), reference=read.get("reference"),
            urgency=read["urgency"],
        )  # fmt: skip

    wrong = refused(act, given)
    said = "Called back. Whoever looks after each piece is being asked."
    return _recalls(wrong) if wrong else done(said, PATH)


@blueprint.post(f"{PATH}/<uuid:recall_id>/end")
@needs("kit:write")
def end_recall(recall_id: UUID) -> ResponseReturnValue:
    """Say that a recall is over."""
    called = kit_life.get_recall(context.session(), recall_id)
    kit_life.end_recall(context.session(), called, now=context.now(), actor=context.actor())
    return done("The recall is over: what was still asked is not asked any more.", PATH)


def _recalls(form: Form) -> ResponseReturnValue:
    opened = context.session()
    html = page(
        "kit_recalls.html",
        recalls=tuple(_recall(each) for each in kit_life.list_recalls(opened)),
        urgencies=list(URGENCIES.items()),
        may_recall=may(context.viewer(), Need.KIT_WRITE),
        form=form,
    )
    return html, form.status


def _recall(called: Recall) -> RecallShown:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    pieces = {each.device_id: each for each in recalls.list_pieces(opened, called)}
    affected = [] if called.ended_at else kit_life.list_affected(opened, viewer, called, now)
    owns = own_kit.of_devices(opened, [each.device.id for each in affected])
    ends = [each.ended for each in pieces.values()]
    return RecallShown(
        called.uuid, called.model, called.lot, called.reason, called.reference, called.started_at,
        called.ended_at, URGENCIES[called.urgency],
        tuple(_affected(each, pieces.get(each.device.id), own=each.device.id in owns) for each in affected),
        asked=len(ends), dealt_with=sum(each in DEALT_WITH for each in ends), undone=ends.count(Ended.UNDONE),
    )  # fmt: skip


def _affected(each: Affected, piece: Piece | None, *, own: bool) -> AffectedRow:
    whose = essentials.name_of(each.person) if each.person else ""
    whose = whose or (essentials.address_of(each.home) or "" if each.home else "")
    return AffectedRow(
        each.device.uuid, each.device.name, each.device.lot, whose, each.person.uuid if each.person else None,
        each.alone, each.device.life_safety, THEIRS if own else kit_views.STATES[each.device.state], piece,
        ENDED[piece.ended] if piece and piece.ended else "",
    )  # fmt: skip
