"""Of each class of record something of Ada's that stands nowhere else, to search answers for."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from care_plans.alerts.ladder import to_document
from care_plans.models.alerts import Alert, AlertEvent
from care_plans.models.goals import Goal
from care_plans.models.goals import Need as PlanNeed
from care_plans.models.plans import Plan, PlanVersion
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.severity import Class, Severity
from core.journal import Actor
from devices import subjects
from devices.models import Reading, Series
from people import identifiers
from people.access import RecordClass
from people.models.attachments import Attachment, BelongsTo, Scan
from people.models.authority import CapacityAssessment
from people.models.concerns import Concern
from people.models.people import AboutMe, Contact
from tests.care_plans import alerting
from tests.cast import Cast

READINGS: Final = {
    "glucose": 17.3,
    "sleep_duration": 13.9,
    "room_temperature": 11.7,
    "electricity_energy": 7139.4,
    "wellbeing_satisfaction": 9.25,
}
ABOUT = "the kingfisher by the lock"
"""What matters to her: contact details for staff, a part of the plan on My page (people.visitors.WORDS)."""
WORDS: Final[Mapping[RecordClass, tuple[str, ...]]] = {
    RecordClass.CONTACT: ("Perpetua", "01632 960114", "+441632960114", "QX-77123", ABOUT),
    RecordClass.PLAN: ("the herons at the weir",),
    RecordClass.VITALS: ("17.3", "Oxygen 84", "sparrow-grass diet"),
    RecordClass.MENTAL_HEALTH: ("marigold for a penny", "9.25"),
    RecordClass.ACTIVITY: ("13.9",),
    RecordClass.SAFETY_EVENTS: ("Fell by the larkspur",),
    RecordClass.HOME_ENVIRONMENT: ("11.7",),
    RecordClass.ENERGY: ("7139",),
    RecordClass.FINANCE: ("Pawn ticket for the fiddle",),
    RecordClass.NOTES: ("muddled about the tablets",),
    RecordClass.RESTRICTED: ("Wolfsbane",),
}


def found_in(text: str, words: Mapping[RecordClass, tuple[str, ...]] = WORDS) -> frozenset[RecordClass]:
    """The classes of which something stands in an answer, as words of its own: ids are full of digits."""
    return frozenset(name for name, told in words.items() if any(_stands(each, text) for each in told))


def _stands(told: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(told)}(?!\d)", text) is not None


def plant(session: Session, cast: Cast, now: datetime) -> None:
    """Add them all to what `tests.app.adas.lay` has laid."""
    _contact(session, cast, now)
    _readings(session, cast, now)
    _alerts(session, cast, now)
    _plan(session, cast)
    _papers(session, cast, now)
    _restricted(session, cast, now)
    session.flush()


def adas_alert(session: Session, cast: Cast) -> Alert:
    return session.scalars(
        select(Alert).where(Alert.person_id == cast.ada.id, Alert.rule_key == "copd.oxygen_low")
    ).one()


def _contact(session: Session, cast: Cast, now: datetime) -> None:
    session.add(Contact(person_id=cast.ada.id, name="Perpetua Quill", relation="cousin"))
    session.scalars(select(AboutMe).where(AboutMe.person_id == cast.ada.id)).one().most_important = ABOUT
    said = {"kind": "hospital", "value": "QX-77123", "issuer_id": cast.social.id}
    identifiers.add(session, cast.ada, said, actor=Actor("test"))


def _readings(session: Session, cast: Cast, now: datetime) -> None:
    for kind, value in READINGS.items():
        series = Series(person_id=cast.ada.id, channel="", kind=kind)
        session.add(series)
        session.flush()
        session.add(
            Reading(series_id=series.id, measured_at=now - timedelta(hours=1), value=value, batch_id=1)
        )


def _alerts(session: Session, cast: Cast, now: datetime) -> None:
    alert = adas_alert(session, cast)
    alert.kind = "glucose"
    alert.ladder = to_document(alerting.raised(cast, now).ladder)
    session.add(
        AlertEvent(
            alert_id=alert.id, at=now, what="commented", by_staff_id=cast.sol.id,
            words="She sounded muddled about the tablets.", details={},
        )
    )  # fmt: skip
    session.add(
        Alert(
            subject=subjects.person(cast.ada.id).number, person_id=cast.ada.id, rule_key="home.fall",
            class_=Class.LIFE_SAFETY, severity=Severity.RED, name="Fall", words="Fell by the larkspur",
            evidence=[], began_at=now, raised_at=now, rule={}, ladder=alert.ladder,
            what_should_happen="Ring Ada.", step_at=now, escalate_after=now + timedelta(minutes=5),
            owner_team_id=cast.coordinators.id, kind="fall",
        )
    )  # fmt: skip


def _plan(session: Session, cast: Cast) -> None:
    version = session.scalars(
        select(PlanVersion).join(Plan, Plan.id == PlanVersion.plan_id).where(Plan.person_id == cast.ada.id)
    ).one()
    words = "I want to see the herons at the weir again."
    session.add_all(
        [
            PlanNeed(version_id=version.id, key="birds", text="Getting out"),
            Goal(version_id=version.id, need_key="birds", key="herons", text=words, importance=5),
        ]
    )


def _papers(session: Session, cast: Cast, now: datetime) -> None:
    for record_class, title in (
        (RecordClass.FINANCE, "Pawn ticket for the fiddle"),
        (RecordClass.VITALS, "The sparrow-grass diet"),
    ):
        session.add(
            Attachment(
                person_id=cast.ada.id, belongs_to=BelongsTo.PERSON, record_class=record_class, title=title,
                file_name="paper.txt", media_type="text/plain", size=6, sha256=b"",
                store_key=record_class.value, scan=Scan.NOT_SCANNED, staff_id=cast.cora.id,
                agency_id=cast.hub.id, added_at=now,
            )
        )  # fmt: skip
    assessed = select(CapacityAssessment).where(CapacityAssessment.person_id == cast.ada.id)
    for each in session.scalars(assessed):
        each.reasons = "She took a marigold for a penny."


def _restricted(session: Session, cast: Cast, now: datetime) -> None:
    concern = session.scalars(select(Concern).where(Concern.person_id == cast.ada.id)).one()
    concern.worry = "Wolfsbane marks on both arms"
    session.add(
        FollowUp(
            kind=FollowUpKind.CALL, text="Wolfsbane: see her alone", person_id=cast.ada.id,
            team_id=cast.coordinators.id, due_at=now + timedelta(hours=1), restricted=True,
        )
    )  # fmt: skip
