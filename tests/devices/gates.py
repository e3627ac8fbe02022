"""The two brokers that tests run against for real, with the registry's users and intake's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from core.children import Children
from core.db import Db
from core.embedded.broker import Broker
from core.embedded.broker_users import BrokerUser
from core.mosquitto import hash_password
from devices import broker_access
from devices.lanes import MqttAddress
from tests.mosquitto import Authority, Mosquitto

INTAKES = "intake's own secret"


@dataclass(frozen=True)
class Gate:
    """A broker: where intake signs in, and what brings its users up to date with the registry."""

    intake: MqttAddress
    refresh: Callable[[], object]

    def address(self, user: str, password: str) -> MqttAddress:
        """Where a device signs in."""
        at = self.intake
        return MqttAddress(at.host, at.port, user, password, at.tls, at.authorities)


@contextmanager
def embedded(db: Db, folder: Path) -> Iterator[Gate]:
    """The embedded broker."""
    broker = Broker(folder, 0, ack_wait=2)
    broker.prepare()
    children = Children(folder / "logs", Event())
    children.start(broker.child())
    intake = [broker.intake_user()]
    yield Gate(
        MqttAddress.of_url(broker.intake_url()),
        lambda: broker_access.refresh(db, broker.users_file, intake, broker.reload),
    )
    children.stop_all()


@contextmanager
def mosquitto(db: Db, folder: Path, authority: Authority | None = None) -> Iterator[Gate]:
    """Mosquitto, by TLS where there is an authority."""
    broker = Mosquitto(folder, (authority.certificate, authority.key) if authority else None)
    intake = BrokerUser("intake", hash_password(INTAKES), subscribe=("#",))
    broker_access.refresh_mosquitto(db, broker.files, intake, lambda: None)
    broker.start()
    address = MqttAddress(
        "localhost" if authority else "127.0.0.1",
        broker.port,
        "intake",
        INTAKES,
        authority is not None,
        authority.pem if authority else None,
    )
    yield Gate(
        address, lambda: broker_access.refresh_mosquitto(db, broker.files, intake, broker.files.reload)
    )
    broker.stop()


GATES = {"embedded": embedded, "mosquitto": mosquitto}
