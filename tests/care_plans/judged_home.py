"""Ada's home with kit that says what a test lets it say, held against her plan."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.evaluating.evaluate import Evaluator
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.pathways import switches
from care_plans.plan import enrol
from core.db import Db, clock_of, vault_of
from devices import rows, series, subjects
from devices.models import Assignment, Device
from devices.rows import Row
from devices.series import SeriesKey
from devices.subjects import Subject
from tests.cast import Cast

MINUTE = timedelta(minutes=1)


class Home:
    """Ada's home with kit that says what a test lets it say."""

    def __init__(self, session: Session, cast: Cast, now: datetime) -> None:
        self.session, self.cast, self.now = session, cast, now
        self._devices: dict[str, Device] = {}
        self._evaluator = Evaluator(Db(session.get_bind(), clock_of(session), vault_of(session)))  # type: ignore[arg-type]

    def device(self, name: str, *, home: bool = False, **more: object) -> Device:
        if name not in self._devices:
            device = Device(key=f"ada-{name}", name=name.title(), model="test", **more)
            self.session.add(device)
            self.session.flush()
            self.session.add(
                Assignment(
                    device_id=device.id,
                    person_id=None if home else self.cast.ada.id,
                    home_id=self.cast.ada_home.id if home else None,
                    period=Range(self.now - timedelta(days=30), None),
                )
            )
            self.session.flush()
            self._devices[name] = device
        return self._devices[name]

    def say(
        self, kind: str, value: float, at: datetime, *, flags: int = 0, home: bool = False, name: str = ""
    ) -> None:
        key = SeriesKey(self.device(name or kind, home=home).id, "", kind)
        ids = series.ensure(self.session, {key})
        rows.put(self.session, [Row(ids[key], at, value, flags)], at, at)

    def judge(self, now: datetime | None = None, *also: Subject) -> None:
        everybody = [subjects.person(self.cast.ada.id), subjects.home(self.cast.ada_home.id), *also]
        self._evaluator.judge(self.session, everybody, now or self.now)
        self.session.flush()

    def alerts(self) -> list[Alert]:
        return list(self.session.scalars(select(Alert).order_by(Alert.id)))


def on_copd(session: Session, cast: Cast, now: datetime) -> None:
    enrol.enrol(session, cast.ada, "copd", by=cast.dev, now=now - timedelta(days=2))
    switches.switch_on(session, "copd", by=cast.dev, reason="Trial", now=now - timedelta(days=2))


def close(session: Session, alert: Alert, at: datetime) -> None:
    alert.closed_at, alert.cause, alert.action, alert.outcome = at, Cause.TRUE_ACTED, "Spoke", Outcome.NONE
    alert.escalate_after = None
    session.flush()
