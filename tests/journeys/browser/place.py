"""A whole small installation that runs for the browser tests, and what they do in it from outside."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen
from uuid import uuid4

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from app.demo import agencies, authority
from bench.system import WholeSystem
from care_plans.trying import proposing
from core.embedded.secrets import Secrets
from tests.journeys.conftest import without_settings

HOMES = "6"
VISITORS = (authority.ADA, authority.BETH)  # those who are not staff, and sign in to My page
Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str, seconds: float = 20.0) -> Found:
    """What `look` finds, once it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Kit:
    """A device as its enrolment answered."""

    key: str
    secret: str
    prefix: str


@dataclass(frozen=True)
class Patient:
    """Somebody on the COPD pathway with an oximeter of their own."""

    id: str
    name: str
    oximeter: Kit
    home: str


@dataclass(frozen=True)
class Place:
    """The demo place, small, with its web server, broker and workers."""

    url: str
    api: str
    mqtt: str
    token: str
    state: Path

    def ask(self, path: str, body: object = None) -> Any:
        """An answer of the REST API; with a body it is a POST."""
        given = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.api}{path}", given, headers), timeout=30) as answer:
            return json.loads(answer.read())

    def one(self, path: str) -> Any:
        """The first thing of a list."""
        items = self.ask(path)["items"]
        assert items, f"nothing at {path}"
        return items[0]

    def tried(self, pathway: str, rule_key: str, **limits: str) -> str:
        """A rule tried on the past with other limits."""
        rule = proposing.proposed(proposing.trigger_of(pathway, rule_key), limits, None)
        return str(self.ask("/rule-trials", {"pathway": pathway, "rule": rule})["id"])

    def sign_in(self, name: str) -> tuple[str, str]:
        """E-mail address and password of one of the demo's people."""
        secrets = Secrets(self.state / "secrets")
        if name in VISITORS:
            return authority.address(name), authority.password(secrets, name)
        return agencies.address(name), agencies.password(secrets, name)

    def raise_concern(self, person: str) -> str:
        """A concern about somebody, which the social workers hold."""
        said = {"worry": "The post lies unopened", "danger": False, "wishes": "To be asked", "knows": "yes"}
        return str(self.ask(f"/people/{person}/concerns", said)["id"])

    def webhook(self, name: str) -> str:
        """The id of a webhook that an administrator of this name sets by the form."""
        browser = build_opener(HTTPCookieProcessor())

        def send(path: str, fields: Mapping[str, str], of: str) -> str:
            """The answer to a form, which carries the token of the page `of`."""
            with browser.open(f"{self.url}{of}", timeout=30) as shown:
                page = shown.read().decode()
            token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
            typed = urlencode({**fields, "csrf_token": token}).encode()
            with browser.open(f"{self.url}{path}", typed, timeout=30) as answer:
                return str(answer.read().decode())

        email, password = self.sign_in(name)
        send("/sign-in", {"email": email, "password": password}, "/sign-in")
        with browser.open(f"{self.url}/admin/webhooks/new", timeout=30) as shown:
            team = re.findall(r'<option value="([0-9a-f-]{36})"', shown.read().decode())[0]
        given = {"name": "Records", "url": "https://records.invalid/hook", "team": team}
        made = send("/admin/webhooks", {**given, "events": "alert.raised"}, "/admin/webhooks/new")
        return re.findall(r'href="/admin/webhooks/([0-9a-f-]{36})"', made)[0]

    def team(self, name: str) -> str:
        """The id of a team."""
        return next(str(each["id"]) for each in self.ask("/teams")["items"] if each["name"] == name)

    def new_patient(self, family_name: str) -> Patient:
        """Somebody new whom the hub and the nurses care for, living in Westmere, on the COPD pathway."""
        family_name += f"-{uuid4().hex[:4]}"  # so that no other on the board is taken for them
        person = self.ask(
            "/people",
            {
                "given_name": "Ada",
                "family_name": family_name,
                "date_of_birth": "1948-05-04",
                "sex": "female",
                "telephone": "01632 960114",
                "team_id": self.team("Community nurses"),
            },
        )["id"]
        home = {"address_line": "14 Orchard Row", "postcode": "WM1 1AA", "area": "Westmere"}
        home_id = self.ask("/homes", home | {"tenure": "social_rent"})["id"]
        self.ask(f"/people/{person}/residencies", {"home_id": home_id})
        self.ask(f"/people/{person}/care-plans", {"pathway": "copd", "agreed_with": "Ada"})
        device = self.ask(
            "/devices", {"name": "Oximeter", "model": "HL-O1", "serial": f"O-{uuid4().hex[:8]}"}
        )
        self.ask(f"/devices/{device['id']}/assignments", {"person_id": person, "purpose": "COPD"})
        mqtt = device["mqtt"]
        kit = Kit(mqtt["username"], mqtt["password"], mqtt["topic_prefix"])
        return Patient(person, f"Ada {family_name}", kit, home_id)

    def filled(self, patient: Patient) -> str:
        """The four questions about wellbeing, answered; the id of the filled form."""
        answers = {"satisfaction": 7, "worthwhile": 8, "happiness": 6, "anxiety": 3}
        return str(self.ask(f"/people/{patient.id}/forms", {"form": "ons4", "answers": answers})["id"])

    def attached(self, patient: Patient) -> str:
        """A short text attached to somebody's record; its id."""
        fields = {"title": "A letter", "record_class": "plan"}
        parts = [
            *(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
              for name, value in fields.items()),
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nWords\r\n--x--\r\n',
        ]  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "multipart/form-data; boundary=x",
        }
        address = f"{self.api}/people/{patient.id}/attachments"
        with urlopen(Request(address, "".join(parts).encode(), headers), timeout=30) as answer:
            return str(json.loads(answer.read())["id"])

    def publish(self, kit: Kit, oxygen: float) -> None:
        """One reading of oxygen, as any MQTT client would send it; the broker has taken it on return."""
        reading = {"kind": "spo2", "value": oxygen, "unit": "%", "at": datetime.now(UTC).isoformat()}
        broker = urlsplit(self.mqtt)
        client = Client(CallbackAPIVersion.VERSION2, client_id=kit.key)
        client.username_pw_set(kit.key, kit.secret)
        client.connect(broker.hostname or "", broker.port or 0)
        client.loop_start()
        until(client.is_connected, "the broker")
        sent = client.publish(f"{kit.prefix}/readings", json.dumps({"readings": [reading]}), qos=1)
        sent.wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    def red_alert(self, patient: Patient) -> str:
        """Two readings of 84 %, and the id of the red alert that they raise."""
        for _ in range(2):
            self.publish(patient.oximeter, 84)
        asked = f"/alerts?state=open&severity=red&person_id={patient.id}"
        found = until(lambda: self.ask(asked)["items"], f"the alert about {patient.name}")
        return str(found[0]["id"])


@contextmanager
def running(folder: Path) -> Iterator[Place]:
    """`hearthline up` with a small demo place, stopped at the end, however the run ends."""
    with WholeSystem(folder, "--seed", "demo", "--homes", HOMES, environment=without_settings()) as system:
        told = system.ready()
        yield Place(told["web_url"], told["api_url"], told["mqtt_url"], told["token"], system.state_dir)
