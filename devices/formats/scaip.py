"""SCAIP (SS 91100, CLC/TS 50134-9): a copy of what a telecare unit told its alarm-receiving centre."""

import re
from dataclasses import dataclass

from devices import kinds
from devices.formats import scaip_codes, scaip_xml, wire
from devices.formats.scaip_codes import State
from devices.formats.wire import Arrival
from devices.kinds import Shape
from devices.measurement import Decoded, Flags, Measurement, Sensor, Status, Undecodable

_ID = re.compile(r"[0-9A-Za-z._:-]{1,32}")
_CODE = re.compile(r"[0-9]{1,8}")

_NOTHING = "The message tells of nothing that Hearthline stores."


def decode(rest: str, payload: bytes, arrival: Arrival) -> Decoded:
    """Decode one request. `rest` may be anything: who speaks stands in the message.

    The publishing device is a bridge, and each controller (`cid`) a sensor behind it. A peripheral (`did`) is
    a channel of its controller, or a sensor of its own where "{cid}-{did}" is registered. SCAIP has no times.
    """
    message = _read(payload, arrival)
    said, fault = _said(message)
    measurements = () if said is None else (_measurement(message, said, arrival),)
    if fault is not None and not any(kinds.alarms(each.kind, each.value) for each in measurements):
        raise fault
    statuses = () if arrival.retained else _statuses(message)
    return Decoded(
        measurements,
        statuses,
        message_id=message.ref,
        nothing=None if measurements or statuses else _NOTHING,
        fault=fault,
        sensors=() if message.unit in arrival.models else (Sensor(message.unit),),
    )


@dataclass(frozen=True, slots=True)
class _Message:
    """What a request says; `device` and `status` are None where they are missing or no numbers.

    `address` is the sensor that it tells of: the peripheral where it is registered as one, else the unit, and
    then `part` is the peripheral's id ("" for the unit itself).
    """

    unit: str
    address: str
    part: str
    kind: str
    device: int | None
    status: int | None
    place: str
    ref: str | None

    @property
    def unheard(self) -> bool:
        """Whether it says that what it tells of can't be reached, which then has not spoken."""
        if self.kind == "PI":
            return False
        of_unit = self.address == self.unit and not self.part
        return self.status in scaip_codes.OFFLINE and (not of_unit or self.status not in scaip_codes.OF_KIT)


def _read(payload: bytes, arrival: Arrival) -> _Message:
    found = scaip_xml.fields(payload)
    # One published example writes it as a telephone number, and a "+" can't stand in an address.
    unit = found.get("cid", "").removeprefix("+")
    if not _ID.fullmatch(unit):
        raise _missing("cid", "The message does not say which controller it is from.")
    part = found.get("did", "")
    if not _ID.fullmatch(part) or not part.strip("0"):
        part = ""
    own = f"{unit}-{part}" if part else unit
    return _Message(
        unit=unit,
        address=own if own in arrival.models else unit,
        part="" if own in arrival.models else part,
        kind=found.get("mty", "ME").upper(),
        device=_code(found.get("dty")),
        # Left out, it is a manual alarm: receivers read it so, and a unit that says nothing else calls.
        status=_code(found.get("stc", str(scaip_codes.MANUAL))),
        place=scaip_codes.PLACES.get(_code(found.get("lco")) or 0, ""),
        ref=wire.short_text(found.get("ref")),
    )


def _missing(where: str, reason: str) -> Undecodable:
    return Undecodable("missing_tag", reason, where)


def _code(text: str | None) -> int | None:
    """The number of a code: "2", "02" and "0002" are the same."""
    return int(text) if text is not None and _CODE.fullmatch(text) else None


def _said(message: _Message) -> tuple[State | None, Undecodable | None]:
    """What the message says, if it is anything, and why the rest can't be read.

    A heartbeat (PI) says nothing but the state of the kit: units send theirs with the status of an alarm. A
    reset (RE) takes no call for help back. Every other type of message is read as a message (ME).
    """
    device, status = message.device, message.status
    if message.kind == "PI":
        return (None if status is None else scaip_codes.OF_KIT.get(status)), None
    if message.kind == "RE":
        return _reset(device, status), None
    if status is None or status not in scaip_codes.KNOWN:
        reason = "The status of the message has no meaning that Hearthline knows."
        return scaip_codes.unnamed(device), Undecodable("unknown_code", reason, "stc")
    lost = _missing("dty", "The message does not say what kind of device it is from.")
    return _state(message, device, status), lost if device is None else None


def _state(message: _Message, device: int | None, status: int) -> State | None:
    if status in scaip_codes.OVER:
        return _over(device)
    if message.address == message.unit and message.part and status in scaip_codes.REACHED:
        return State("sensor_fault", float(status in scaip_codes.OFFLINE), "radio")
    if message.unheard:
        return None
    return scaip_codes.call(device, status) or scaip_codes.state(device, status)


def _reset(device: int | None, status: int | None) -> State | None:
    if status is None:
        return None
    if status in scaip_codes.OVER or status in scaip_codes.OVER_IN_A_RESET:
        return _over(device)
    return scaip_codes.OF_KIT.get(status)


def _over(device: int | None) -> State | None:
    """The all-clear of a detector: that somebody pressed or fell has no end that kit could tell."""
    alarm = scaip_codes.call(device, scaip_codes.AUTOMATIC)
    if alarm is None or kinds.get(alarm.kind).shape is not Shape.STATE:
        return None
    return alarm._replace(value=0.0)


def _measurement(message: _Message, said: State, arrival: Arrival) -> Measurement:
    return wire.measurement(
        said.kind,
        said.value,
        None,
        flags=Flags.COPY | arrival.flags,
        channel=" ".join(filter(None, (message.part or message.place, said.part))),
        address=message.address,
    )


def _statuses(message: _Message) -> tuple[Status, ...]:
    """That the unit lives, and the peripheral that is a sensor of its own; or that it can't be reached."""
    unit = Status(online=True, address=message.unit, spoke=True)
    if message.address != message.unit:
        return (unit, _reached(message))
    return (unit,) if message.part else (_reached(message),)


def _reached(message: _Message) -> Status:
    if message.unheard:
        return Status(online=False, address=message.address)
    return Status(online=True, address=message.address, spoke=True)
