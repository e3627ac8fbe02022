"""What is typed in about kit: enrolling it, giving it to somebody; and what such forms offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import context
from app.web import essentials
from app.web.forms import moment, typed
from app.web.words import initial_capital
from care_plans.plan import cared_for
from care_plans.plan.cared_for import Which
from core.errors import Invalid, NotFound
from devices import (
    assignments,
    decode,
    format_titles,
    masking,
    registry,
    rejected,
    rejected_seen,
    stock,
    visible,
)
from devices.gather import UNKNOWN_SENSOR
from devices.models import Device, Rejected
from devices.registry import Enrolment
from devices.stock import Whose
from people import homes
from people import visible as seen
from people.faults import read_fields, words
from people.models.homes import Home
from people.watching import WORDS, Watched

HUBS = 200
SHOWN = 2000  # characters of a message that could not be read


@dataclass(frozen=True, slots=True)
class Made:
    """What was enrolled: with its secret and what its topics go on with, or behind a hub."""

    device: Device
    enrolment: Enrolment | None
    suffix: str


SETTLED: Mapping[str, str] = {
    rejected.STORED: "It could be read: its readings are stored.",
    rejected.READ: (
        "It could be read, and nothing of it is stored. It holds no reading; what kit announces or says of "
        "itself counts only when it comes, as newer words may stand."
    ),
}
"""What is said of a message that was read when it was tried again."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A message that could not be read: see kit.html."""

    id: UUID
    at: datetime
    device: str | None
    device_uuid: UUID | None
    topic: str
    why: str
    place_href: str | None
    tries: int
    size: int
    covered: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Where kit has been: see kit_device.html."""

    words: str
    href: str | None
    start: datetime
    end: datetime | None
    by: str


def typed_enrolment() -> dict[str, str]:
    """What was sent to enrol kit."""
    return typed("name", "model", "serial", "room", "life_safety", "watches", "format", "person")


def typed_assignment() -> dict[str, str]:
    """What was sent to give kit to somebody."""
    return typed("subject", "start")


def formats() -> list[tuple[str, str]]:
    """How kit speaks: by itself, or through one of the hubs in sight."""
    pieces = stock.list_pieces(context.session(), context.viewer(), None, context.now(), limit=HUBS)
    hubs = [(f"hub:{each.device.uuid}", f"A sensor behind {each.device.name}, {each.device.key}")
            for each in pieces if each.device.key is not None]  # fmt: skip
    return [*format_titles.choices(), *hubs]


def watches() -> list[tuple[str, str]]:
    """What kit can be said to watch."""
    return [("", "Not said: propose it"), ("none", "Nothing of somebody’s life"), *sorts()]


def sorts() -> list[tuple[str, str]]:
    """The sorts of watching, to be ticked."""
    return [(each.value, initial_capital(WORDS[each])) for each in Watched]


def people() -> list[tuple[str, str]]:
    """The people in sight, by name."""
    query = cared_for.listing(context.viewer(), context.now(), Which.ALL)
    return [(str(each.uuid), essentials.name_of(each)) for each in context.session().scalars(query)]


def subjects() -> list[tuple[str, str]]:
    """The people and homes in sight."""
    query = homes.listing(context.viewer(), context.now()).order_by(Home.address_line)
    places = [
        (f"home:{each.uuid}", f"Home: {essentials.address_of(each)}")
        for each in context.session().scalars(query)
    ]
    return [("", "Choose"), *((f"person:{uuid}", name) for uuid, name in people()), *places]


def enrol(given: Mapping[str, str]) -> Made:
    """Enrol it, and give it to whom it is for; Invalid with every fault at its field."""
    told = {name: given[name] for name in ("name", "model", "serial", "room")}
    told["life_safety"] = given["life_safety"] or "no"
    told["watches"] = given["watches"]  # nothing said: as model and name tell
    way = given["format"]
    if way.startswith("hub:"):
        made = Made(_behind_hub(way.removeprefix("hub:"), given["serial"], told), None, "")
    elif decode.knows(way) and way not in format_titles.PARTS:
        made = _speaking(way, given["serial"], told)
    else:
        raise Invalid({"format": "Say how it speaks."})
    if given["person"]:
        _give(made.device, f"person:{given['person']}", None)
    return made


def assign(device: Device, given: Mapping[str, str]) -> None:
    """Give it to the person or home that was chosen, from the time that was given."""
    zone = context.installation().time_zone
    read = read_fields(given, {"subject": words(), "start": moment(zone)}, required=("subject", "start"))
    _give(device, read["subject"], read["start"])


def agree_href(subject: str) -> str | None:
    """Where an agreement of the person who was chosen is recorded; None for a home, where several live."""
    kind, _, key = subject.partition(":")
    return f"/people/{key}/authority/agreements" if kind == "person" else None


def stays(held: Sequence[Whose]) -> tuple[Stay, ...]:
    """Whose it has been, the latest first."""
    return tuple(
        Stay(
            words=essentials.name_of(each.person) if each.person else essentials.address_of(each.home) or "",
            href=f"/people/{each.person.uuid}" if each.person else None,
            start=each.assignment.period.lower or each.assignment.changed_at,
            end=each.assignment.period.upper,
            by=", ".join(filter(None, (each.by, each.assignment.purpose))),
        )
        for each in held
    )


def rejected_rows(
    session: Session, found: Sequence[tuple[Rejected, UUID | None, str | None]]
) -> tuple[RejectedRow, ...]:
    """Messages that could not be read; in the clear only for who sees all that its kit can tell of whom."""
    rows = [row for row, _, _ in found]
    clear = rejected_seen.in_the_clear(session, context.viewer(), rows, context.now())
    return tuple(
        RejectedRow(
            id=row.uuid,
            at=row.received_at,
            device=name,
            device_uuid=device,
            topic=row.topic if row.id in clear else masking.topic(row.topic),
            why=f"{row.reason} ({row.where})" if row.where else row.reason,
            place_href=f"/kit/{device}/sensors" if device and row.code == UNKNOWN_SENSOR else None,
            tries=row.tries - 1,
            size=row.size,
            covered=row.id not in clear,
            shown=_said(rejected.payload(session, row), covered=row.id not in clear),
        )
        for row, device, name in found
    )


def _said(payload: bytes, *, covered: bool) -> str:
    said = payload[: SHOWN * 4]
    return (masking.covered(said) if covered else said.decode("utf-8", "replace"))[:SHOWN]


def _behind_hub(hub_uuid: str, address: str, told: Mapping[str, str]) -> Device:
    try:
        hub = visible.get(context.session(), context.viewer(), UUID(hub_uuid), context.now())
    except (ValueError, NotFound) as fault:
        raise Invalid({"format": "Choose a hub that you see."}) from fault
    fields = {name: value for name, value in told.items() if name != "serial"}
    return registry.enrol_sensor(context.session(), hub, address, fields, actor=context.actor())


def _speaking(way: str, serial: str, told: Mapping[str, str]) -> Made:
    if way == "glow" and not serial:
        raise Invalid({"serial": "Give the address on its label: it stands in its topics."})
    enrolment = registry.enrol(
        context.session(), told, now=context.now(), actor=context.actor(),
        agency_id=context.viewer().agency_id,
    )  # fmt: skip
    if way == "glow":
        topic = f"glow/{serial}/SENSOR/#"
        registry.add_route(context.session(), enrolment.device, topic, "glow", actor=context.actor())
    return Made(enrolment.device, enrolment, way)


def _give(device: Device, subject: str, start: datetime | None) -> None:
    kind, _, key = subject.partition(":")
    opened, viewer, now = context.session(), context.viewer(), context.now()
    try:
        person = seen.get_person(opened, viewer, UUID(key), now) if kind == "person" else None
        home = seen.get_home(opened, viewer, UUID(key), now) if kind == "home" else None
    except (ValueError, NotFound) as fault:
        raise Invalid({"person_id": "Choose a person or a home."}) from fault
    assignments.assign(
        opened, device, start=start or assignments.from_now(opened, device, now), now=now,
        actor=context.actor(), person_id=person.id if person else None, home_id=home.id if home else None,
    )  # fmt: skip
