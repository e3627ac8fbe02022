"""One run of a fleet from the first sign-in to the last receipt, and what it took to be read by a person."""

import resource
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from devices.simulator.acts import Act, Member
from devices.simulator.driving import Run, drive
from devices.simulator.fleet import Fleet
from devices.simulator.session import Counts

PATIENCE = 120.0
"""Seconds that a fleet may take to be let in before those begin who are, and for its last receipts."""
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Figures:
    """How a run went: times in seconds, memory in bytes, processor time in seconds."""

    devices: int
    up: int
    signing_in: float
    took: float
    run: Run
    counts: Counts
    complete: bool
    memory: int
    signing_in_cpu: float
    cpu: float


def perform(
    host: str,
    port: int,
    members: Sequence[Member],
    script: Callable[[datetime], Iterable[Act]],
    begins: Callable[[], datetime],
    stop: Event,
    *,
    speed: float = 1.0,
    seed: int = 0,
    patience: float = PATIENCE,
    memory_before: int | None = None,
    tls: ssl.SSLContext | None = None,
) -> Figures:
    """Sign these devices in, do what `script` says to do from `begins` on, and await all receipts.

    `begins` is asked once all are in; from then on the script's clock goes `speed` times as fast as the wall.
    """
    before = memory() if memory_before is None else memory_before
    fleet = Fleet(host, port, members, seed, tls)
    started, cpu = time.monotonic(), time.process_time()
    wanted = sum(member.up for member in members)
    while fleet.up < wanted and time.monotonic() < started + patience and not stop.is_set():
        fleet.turn(_LOOK)
    signed_in, up, signing_in_cpu = time.monotonic(), fleet.up, time.process_time() - cpu
    cpu = time.process_time()
    start = begins()

    def now() -> datetime:
        return start + timedelta(seconds=(time.monotonic() - signed_in) * speed)

    acts = script(start)
    run = drive(fleet, acts, now, stop)
    if isinstance(acts, Generator):
        acts.close()  # which may have a file open
    complete = fleet.settle(0 if stop.is_set() else patience)
    took, used, held = time.monotonic() - signed_in, time.process_time() - cpu, memory()
    fleet.close()
    return Figures(
        devices=len(members),
        up=up,
        signing_in=signed_in - started,
        took=took,
        run=run,
        counts=fleet.counts,
        complete=complete,
        memory=held - before,
        signing_in_cpu=signing_in_cpu,
        cpu=used,
    )


def memory() -> int:
    """Bytes of memory that this process holds now."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def said(found: Figures) -> list[str]:
    """The figures in plain lines."""
    counts, devices = found.counts, max(found.devices, 1)
    mean = counts.waited / max(counts.acknowledged, 1)
    rate = counts.acknowledged / max(found.took, 0.001)
    all_in = (
        "every message has its receipt" if found.complete else f"{counts.owed:,} messages have no receipt"
    )
    held, sign_in = found.memory / devices / 1000, found.signing_in_cpu / devices * 1e6
    message, share = found.cpu / max(counts.sent, 1) * 1e6, found.cpu / max(found.took, 0.001)
    return [
        f"{found.up:,} of {found.devices:,} homes signed in within {found.signing_in:.1f} s; in all"
        f" {counts.refused:,} refusals, {counts.lost:,} lines lost",
        f"{counts.said:,} messages in {found.took:.1f} s with the state of each home at its start,"
        f" {rate:,.0f} receipts a second; {all_in}",
        f"receipts took {mean * 1000:.1f} ms, {counts.slowest * 1000:.0f} ms at most;"
        f" the latest message went out {found.run.latest.total_seconds():.2f} s after its time",
        f"{counts.again:,} sent again, {counts.let_go:,} let go by homes that were cut off for too long",
        f"memory {found.memory / 1e6:.0f} MB, {held:.1f} kB a home (and what the kernel keeps for its line)",
        f"processor {sign_in:.0f} µs a sign-in, {message:.0f} µs a message, {share:.0%} of one in the run",
    ]
