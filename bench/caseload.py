"""People on a plan, each with a home and an oximeter, and stock MQTT clients that speak as these."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import orjson
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import trial
from care_plans.plan import enrol
from core.db import Db
from core.errors import Unavailable
from core.journal import Actor
from devices import assignments, registry
from devices.lanes import MqttAddress
from people import homes, people, residencies
from people.models.agencies import Staff

BY = Actor("bench")
PART = 50
"""People that are taken on in one transaction."""
THEIRS_FOR = timedelta(days=30)
"""For how long the kit has been theirs already."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a plan, and the device that is theirs."""

    person_id: int
    person: UUID
    device_id: int
    key: str
    secret: str

    @property
    def topic(self) -> str:
        """Where their device publishes."""
        return f"hearth/v1/{self.key}/readings"


def take_on(db: Db, count: int, pathway: str = "copd") -> list[Member]:
    """Take on so many people, each with a home, an oximeter and this pathway."""
    members: list[Member] = []
    while len(members) < count:
        with db.transaction() as session:
            by = session.scalars(select(Staff).where(Staff.name == trial.CLINICIAN)).one()
            for _ in range(min(PART, count - len(members))):
                members.append(_take_on(session, by, pathway, len(members) + 1, db.clock.now()))
    return members


def _take_on(session: Session, by: Staff, pathway: str, number: int, now: datetime) -> Member:
    since = now - THEIRS_FOR
    said = {"given_name": "Person", "family_name": f"No {number}", "date_of_birth": "1948-05-04"}
    person = people.add(session, said, actor=BY, now=now)
    where = {"address_line": f"{number} Bench Lane", "postcode": "WM1 1AA"}
    residencies.move_in(session, person, homes.add(session, where, actor=BY), since, actor=BY)
    enrol.enrol(session, person, pathway, by=by, now=now)
    kit = registry.enrol(session, {"name": "Oximeter", "model": "HL-O1"}, now=now, actor=BY)
    assignments.assign(session, kit.device, start=since, now=now, actor=BY, person_id=person.id)
    return Member(person.id, person.uuid, kit.device.id, kit.key, kit.secret)


def said(*readings: tuple[str, float, datetime]) -> bytes:
    """A message of our own format, of (kind, value, time)."""
    units = {"spo2": "%", "pulse": "/min"}
    rows: list[dict[str, Any]] = [
        {"kind": kind, "value": value, "unit": units[kind], "at": at.isoformat()}
        for kind, value, at in readings
    ]
    return orjson.dumps({"readings": rows})


RECONNECTS = 15.0
"""Seconds that a stock client takes at most until it is connected again."""


class Speaker:
    """A device's own connection to the broker: a stock client on a thread, with QoS 1."""

    def __init__(self, at: MqttAddress, member: Member, *, most_at_once: int = 100) -> None:
        """`at` says where; the device signs in as itself."""
        self.member = member
        self._connected = Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=member.key)
        self._client.max_inflight_messages = most_at_once
        self._client.username_pw_set(member.key, member.secret)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.connect_async(at.host, at.port, 60)

    def open(self, *, within: float = 30.0) -> None:
        """Connect; Unavailable when the broker doesn't let it in, which it may do once it knows it."""
        self._client.loop_start()
        if not self._connected.wait(within):
            self.close()
            raise Unavailable("The broker does not let the device in.")

    def say(self, payload: bytes, *, topic: str | None = None) -> MQTTMessageInfo:
        """Publish under its own key, or wherever else; the answer tells when the broker has it.

        The broker may let go of a device for a moment while it learns of newer ones: then it connects again.
        """
        self._connected.wait(RECONNECTS)
        return self._client.publish(topic or self.member.topic, payload, qos=1)

    def close(self) -> None:
        """Take leave of the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self, _client: object, _userdata: object, _flags: object, reason: Any, *_: object
    ) -> None:
        if not reason.is_failure:
            self._connected.set()

    def _on_disconnect(self, *_: object) -> None:
        self._connected.clear()
