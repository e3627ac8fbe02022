"""The page on which a set of measurements is taken, with the early warning score they make."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, planning, score_words
from app.web.forms import Form, moment, moment_text, refused, typed
from app.web.pages import done, page
from app.web.words import initial_capital
from care_plans import scoring
from care_plans.judging.words import value_text
from core.errors import Invalid
from devices import entry, kinds
from devices.kinds import Group, Kind
from devices.measurement import Flags, Source
from people import unseen, visible
from people.access import Need, RecordClass, may
from people.faults import as_given, one_of, read_fields
from people.models.people import Person

blueprint = Blueprint("measured", __name__)

FIRST = (
    "respiratory_rate", "spo2", "systolic", "diastolic", "pulse", "body_temperature", "on_oxygen",
    "consciousness_alert",
)  # fmt: skip
"""What is asked first: what the score is made of, with the other half of a blood pressure."""
OTHERS = tuple(
    kind.code
    for kind in kinds.all_kinds()
    if kind.group is Group.VITALS and not kind.made and kind.code not in (*FIRST, "caring_load")
)
LISTED = 20


@blueprint.get("/people/<uuid:person_id>/measured")
@needs("readings:read")
def show_measured(person_id: UUID) -> ResponseReturnValue:
    """The score as it stands, what was typed in, and the form; that somebody looked is written down."""
    person = planning.person_of(person_id)
    visible.record_look(context.session(), context.viewer(), person, at_what="measurements")
    return _page(person, _empty(person))


@blueprint.post("/people/<uuid:person_id>/measured")
@needs("readings:write")
def take_measurements(person_id: UUID) -> ResponseReturnValue:
    """Store what was measured, at one time, whole or not at all."""
    person, given = planning.person_of(person_id), typed("at", "source", *FIRST, *OTHERS)

    def act() -> None:
        readers = {
            "at": moment(planning.zone_of(person)),
            "source": one_of(Source),
            **{code: reader_of(kinds.get(code)) for code in (*FIRST, *OTHERS)},
        }
        told = read_fields(given, readers, required=("at", "source"))
        at, source = told.pop("at"), told.pop("source")
        entry.enter_together(
            context.session(),
            person_id=person.id,
            values={code: value for code, value in told.items() if value is not None},
            at=at,
            source=source,
            now=context.now(),
            actor=context.actor(),
        )

    wrong = refused(act, given)
    if wrong:
        return _page(planning.person_of(person_id), wrong)
    return done("It is stored, and they are judged by it.", _path(person))


@blueprint.post("/people/<uuid:person_id>/measured/taken-back")
@needs("readings:write")
def take_back_measurement(person_id: UUID) -> ResponseReturnValue:
    """It was typed in by mistake: it stays on the record and is judged no more."""
    person, given = planning.person_of(person_id), typed("kind", "taken_at")

    def act() -> None:
        told = read_fields(given, {"kind": as_given, "taken_at": moment("UTC")}, required=tuple(given))
        entry.take_back(
            context.session(),
            person_id=person.id,
            kind=told["kind"],
            at=told["taken_at"],
            now=context.now(),
            actor=context.actor(),
        )

    wrong = refused(act, given)
    if wrong:
        return _page(planning.person_of(person_id), Form(errors={"": str(wrong.problems[0][1])}, status=422))
    return done("It is marked as a mistake, and judged no more.", _path(person))


def _path(person: Person) -> str:
    return f"/people/{person.uuid}/measured"


def _empty(person: Person) -> Form:
    at = moment_text(context.now(), planning.zone_of(person))
    return Form({"at": at, "source": Source.STAFF.value})


def reader_of(kind: Kind) -> Any:
    """Reads one measurement; what nobody can measure is measured again, not stored."""
    low, high = kind.absolute

    def read(value: str) -> float:
        try:
            number = float(value.replace(",", "."))
        except ValueError as fault:
            raise Invalid({"": "Give a number."}) from fault
        if not low <= number <= high:
            raise Invalid({"": f"From {low:g} to {high:g} {kind.unit_words}; measure again."})
        return number

    return read


def _page(person: Person, form: Form) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    seen = unseen.shown(opened, viewer, person, RecordClass.VITALS, now)
    row = scoring.find(opened, person) if seen else None
    why_not = scoring.told_refusal(opened, person, viewer, now)
    plan_seen = unseen.shown(opened, viewer, person, RecordClass.PLAN, now)
    zone = planning.zone_of(person)
    html = page(
        "measured.html",
        person={
            "uuid": person.uuid,
            "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        score=score_words.standing(opened, person, row, now) if row and not why_not else None,
        stopped=why_not if row else None,
        responses=scoring.responses(opened, person) if row and plan_seen else (),
        plan_seen=plan_seen,
        seen=seen,
        first=tuple(_asked(code) for code in FIRST),
        others=tuple(_asked(code) for code in OTHERS),
        more_open=any(form.values.get(code) or form.errors.get(code) for code in OTHERS),
        lately=_lately(person, now) if seen else (),
        sources=((Source.STAFF.value, "You did"), (Source.SELF_REPORTED.value, _told_you(person))),
        may_take=may(viewer, Need.READINGS_WRITE) and person.died_on is None,
        may_set=may(viewer, Need.PATHWAYS_SWITCH) and seen,
        agency=viewer.agency,
        form=form,
        zone=zone,
    )
    return html, form.status


def _told_you(person: Person) -> str:
    return f"{essentials.first_name(person)} did, and told you"


def _asked(code: str) -> dict[str, Any]:
    kind = kinds.get(code)
    said = ((kind.true_words, "1"), (kind.false_words, "0")) if kind.is_binary else ()
    if code in ("on_oxygen", "irregular_pulse"):
        said = said[::-1]
    return {
        "code": code,
        "name": kind.name,
        "unit": None if kind.unit_words.startswith("of ") else kind.unit_words,
        "choices": tuple((value, initial_capital(words)) for words, value in said),
    }


def _lately(person: Person, now: datetime) -> tuple[dict[str, Any], ...]:
    """What was typed in lately and can be taken back, the latest first."""
    found = entry.list_typed(context.session(), person.id, [*FIRST, *OTHERS], now, LISTED)
    return tuple(
        {
            "kind": each.kind,
            "name": kinds.get(each.kind).name,
            "value": initial_capital(value_text(each.kind, each.value)),
            "at": each.at,
            "told": bool(each.flags & Flags.SELF_REPORTED),
            "mistake": bool(each.flags & Flags.ENTERED_IN_ERROR),
        }
        for each in found
    )
