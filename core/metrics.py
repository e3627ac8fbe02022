"""What Prometheus reads: how long each worker's oldest piece of work has waited, and when it last spoke."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core import heartbeats

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Heartbeat(Protocol):
    """A worker's heartbeat, as `core.models.Heartbeat` keeps it."""

    @property
    def name(self) -> str:
        """The worker."""

    @property
    def at(self) -> datetime:
        """When it last spoke, in real time."""

    @property
    def oldest_waiting_seconds(self) -> float | None:
        """Age of the oldest thing that waits for it; None when nothing does."""

    @property
    def counts(self) -> Mapping[str, Any]:
        """What it has counted since it started."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the whole installation, for example readings stored in the last minute."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class _Heartbeats(Collector):
    def __init__(self, heartbeats: Iterable[Heartbeat], figures: Iterable[Figure], now: datetime) -> None:
        self._heartbeats = list(heartbeats)
        self._figures = list(figures)
        self._now = now

    def collect(self) -> Iterator[Metric]:
        silent = GaugeMetricFamily("hearth_worker_silent_seconds", "Since a worker spoke.", labels=["worker"])
        waiting = GaugeMetricFamily(
            "hearth_worker_oldest_waiting_seconds", "Age of the oldest work that waits.", labels=["worker"]
        )
        counted = CounterMetricFamily(
            "hearth_worker_counted", "What a worker counted since it started.", labels=["worker", "what"]
        )
        ticks = GaugeMetricFamily(
            "hearth_tick_oldest_waiting_seconds",
            "Age of the oldest work of a tick.",
            labels=["worker", "tick"],
        )
        for beat in self._heartbeats:
            silent.add_metric([beat.name], (self._now - beat.at).total_seconds())
            waiting.add_metric([beat.name], beat.oldest_waiting_seconds or 0.0)
            for what, count in sorted(beat.counts.items()):
                if isinstance(count, int | float):
                    counted.add_metric([beat.name, what], count)
            for tick, said in sorted(beat.counts.get(heartbeats.TICKS, {}).items()):
                if heartbeats.WAITS in said:
                    ticks.add_metric([beat.name, tick], said[heartbeats.WAITS])
        yield from (silent, waiting, counted, ticks)
        families: dict[str, GaugeMetricFamily] = {}
        for figure in self._figures:
            family = families.setdefault(
                figure.name, GaugeMetricFamily(figure.name, figure.help, labels=list(figure.labels))
            )
            family.add_metric(list(figure.labels.values()), figure.value)
        yield from families.values()


def render(heartbeats: Iterable[Heartbeat], figures: Iterable[Figure] = (), *, now: datetime) -> bytes:
    """The exposition text for heartbeats and figures; `now` is real time, as heartbeats are.

    Figures of one name share their labels' names. No label may tell who a person is.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Heartbeats(heartbeats, figures, now))
    return generate_latest(registry)
