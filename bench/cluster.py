"""A broker of three nodes, one of which is killed outright while messages come in: what is lost.

Kit and workers reach the cluster by one address, as behind a load balancer: `Doorway` stands for it. Two
intake workers share the load by seats (docs/operations/cluster.md).
"""

import argparse
import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as SharedEvent
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import create_engine, text

from bench.flood import Place, client, drain_shared, payload
from bench.throughput import prepare
from core.children import Children
from core.embedded.broker import program
from core.embedded.broker_users import BrokerUser, hash_password, write_users
from core.embedded.ports import LOOPBACK, free_port
from core.errors import Unavailable
from devices.lanes import MqttAddress

NODES = 3
USER, PASSWORD = "hearth_bench", "bench-of-a-cluster"
PATIENCE = 180
# What docs/operations/cluster.md says, with the ports of one machine.
CONFIGURATION = """\
server_name: hearth-{number}
listen: "{loopback}:{inner}"
max_payload: 1MB
jetstream {{
  store_dir: "{folder}/store"
  sync_interval: "1s"
}}
cluster {{
  name: hearthline
  listen: "{loopback}:{route}"
  routes: [{routes}]
}}
mqtt {{
  host: "{loopback}"
  port: {mqtt}
  ack_wait: "10s"
  max_ack_pending: 1024
  stream_replicas: 3
  consumer_replicas: 3
}}
mappings {{
  "hearth.v1.*.>": "intake.{{{{partition(2,1)}}}}.hearth.v1.{{{{wildcard(1)}}}}.>"
}}
authorization {{
  include "users.conf"
}}
"""


@dataclass(slots=True)
class Node:
    """One broker of the cluster."""

    port: int
    process: subprocess.Popen[bytes]


class Doorway(Thread):
    """One address for all nodes: each connection goes to the next node that answers."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__(daemon=True)
        self._ports = ports
        self._next = 0
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]

    def run(self) -> None:
        """Let each in, until it is closed."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = self._reach()
            if far is None:
                near.close()
                continue
            for source, sink in ((near, far), (far, near)):
                Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()

    def _reach(self) -> socket.socket | None:
        for _ in self._ports:
            self._next = (self._next + 1) % len(self._ports)
            with contextlib.suppress(OSError):
                return socket.create_connection((LOOPBACK, self._ports[self._next]), 1)
        return None


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while some := source.recv(65536):
            sink.sendall(some)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def start_nodes(folder: Path) -> list[Node]:
    """Start the cluster, and wait until it takes sessions."""
    ports = [(free_port(), free_port(), free_port()) for _ in range(NODES)]
    routes = ", ".join(f'"nats-route://{LOOPBACK}:{route}"' for _, route, _ in ports)
    user = BrokerUser(USER, hash_password(PASSWORD), publish=("#",), subscribe=("#",))
    nodes = []
    for number, (inner, route, mqtt) in enumerate(ports, start=1):
        own = folder / f"node-{number}"
        own.mkdir()
        write_users(own / "users.conf", [user])
        (own / "nats.conf").write_text(
            CONFIGURATION.format(
                number=number,
                loopback=LOOPBACK,
                inner=inner,
                folder=own,
                route=route,
                routes=routes,
                mqtt=mqtt,
            )
        )
        log = (own / "log").open("wb")
        process = subprocess.Popen([program(), "-c", own / "nats.conf"], stdout=log, stderr=log)
        nodes.append(Node(mqtt, process))
    return nodes


def until(what: str, holds: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Wait until it holds; how long it took. Unavailable when it never does."""
    began, pause = time.monotonic(), Event()
    while not holds():
        if time.monotonic() - began > patience:
            raise Unavailable(f"In vain: {what}.")
        pause.wait(0.05)
    return time.monotonic() - began


def takes_sessions(place: Place) -> bool:
    """Whether the cluster has elected who keeps sessions, so that one can be made."""
    made = client(place, "bench-probe")
    heard = Event()
    made.on_connect = lambda *_: heard.set()
    made.loop_start()
    heard.wait(5)
    made.disconnect()
    made.loop_stop()
    return heard.is_set()


def publish(place: Place) -> tuple[int, float]:
    """Publish all messages, through whatever happens; how many had a receipt, the longest wait for one."""
    made = client(place, "bench-generator")
    made.reconnect_delay_set(1, 2)
    made.loop_start()
    longest, last = 0.0, time.monotonic()
    sent = [
        made.publish(f"hearth/v1/bench-{number % place.devices + 1:06}/readings", payload(place, number), 1)
        for number in range(place.messages)
    ]
    done = 0
    for each in sent:
        each.wait_for_publish(PATIENCE)
        done += each.is_published()
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    made.disconnect()
    made.loop_stop()
    return done, longest


def work(place: Place, out: Connection, stop: SharedEvent) -> None:
    """Be one of two workers; that lanes come and go here is what is looked at, and no news."""
    logging.disable(logging.WARNING)
    drain_shared(place, out, stop)


class Workers:
    """Two intake workers, and since when both listen."""

    def __init__(self, place: Place) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._processes = []
        self._listening = [False, False]
        self.deaf_at = time.monotonic()
        for number in range(2):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(place, theirs, self._stop))
            process.start()
            theirs.close()
            self._processes.append(process)
            Thread(target=self._watch, args=(number, ours), daemon=True).start()

    def _watch(self, number: int, told: Connection) -> None:
        with contextlib.suppress(EOFError):
            while True:
                _, _, self._listening[number] = told.recv()
                if not self._listening[number]:
                    self.deaf_at = time.monotonic()

    @property
    def listen(self) -> bool:
        """Whether both hear all that they asked for."""
        return all(self._listening)

    def end(self) -> None:
        """Let them store what they have, and leave."""
        self._stop.set()
        for process in self._processes:
            process.join(30)


def counted(place: Place) -> int:
    """How many readings are stored."""
    engine = create_engine(place.database)
    with engine.connect() as connection:
        found: int = connection.execute(text("SELECT count(*) FROM readings")).scalar_one()
    engine.dispose()
    return found


def measure(place: Place, nodes: list[Node]) -> bool:
    """Publish, kill a node on the way, and tell what came of it; whether nothing was lost."""
    elected = until("the cluster elects who keeps sessions", lambda: takes_sessions(place))
    print(f"Three nodes take sessions after {elected:.1f} s")
    workers = Workers(place)
    until("both workers listen", lambda: workers.listen)
    told: list[tuple[int, float]] = []
    publishing = Thread(target=lambda: told.append(publish(place)))
    publishing.start()
    until("a quarter is stored", lambda: counted(place) >= place.messages // 2)
    nodes[0].process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    publishing.join()
    until("all is stored", lambda: counted(place) >= place.messages * 2)
    whole = time.monotonic() - killed
    until("both workers listen again", lambda: workers.listen)
    back = max(0.0, workers.deaf_at - killed)
    workers.end()
    (receipts, gap), stored = told[0], counted(place)
    lost = place.messages * 2 - stored
    print(f"One node killed outright: both workers hear all again after {back:.1f} s")
    print(f"The publisher had {receipts:,} receipts of {place.messages:,}; the longest wait was {gap:.1f} s")
    print(f"{stored:,} of {place.messages * 2:,} readings stored {whole:.1f} s after the kill; {lost} lost")
    print(f"load average {os.getloadavg()[0]:.1f}")
    kept = lost == 0 and receipts == place.messages
    print(f"Nothing lost when one of three nodes dies is promised: {'kept' if kept else 'MISSED'}")
    return kept


def main() -> int:
    """Measure and print; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--devices", type=int, default=2_000)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
    children, nodes, door = Children(folder / "logs", Event()), [], None
    try:
        alone = prepare(folder, children, wanted.messages, wanted.devices)
        nodes = start_nodes(folder)
        door = Doorway([node.port for node in nodes])
        door.start()
        mqtt = MqttAddress(LOOPBACK, door.port, USER, PASSWORD)
        return 0 if measure(replace(alone, mqtt=mqtt), nodes) else 1
    finally:
        for node in nodes:
            node.process.kill()
        if door is not None:
            door.close()
        children.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
