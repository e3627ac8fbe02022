"""One of everything about Ada, for routes that take its id; and a request that every route understands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.models.alerts import Alert
from care_plans.models.goals import Goal, Need
from care_plans.models.handovers import ShiftHandover
from care_plans.models.messages import Message
from care_plans.models.plans import Plan, PlanVersion, VersionState
from care_plans.models.referrals import Referral
from care_plans.models.rotas import RotaCover, TeamRota
from care_plans.models.rules import Contingency, PlanRule
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.pathways import reading
from care_plans.referral_states import ReferralKind, Urgency
from care_plans.severity import Class, Severity
from core.journal import Actor
from devices import subjects
from devices.models import Assignment, Device, DeviceState, Rejected
from people import deciding, identifiers, signing_in
from people.access import RecordClass
from people.forms import filling
from people.forms import reading as reading_forms
from people.models.absences import Absence, Away
from people.models.attachments import Attachment, BelongsTo, Scan
from people.models.concerns import Concern, Knows
from people.models.forms import FilledForm
from people.models.identity import Merge, MergeState, Pair, VisitWarning
from people.models.people import Contact
from people.models.sharing import Decision, SharingBasis, SharingChoice
from people.models.wishes import Wish, WishKind
from people.watching import Watched
from tests import agreeing, owning
from tests.app import kit_numbers, proxies, rung
from tests.care_plans.merging import twice
from tests.cast import Cast

OXYGEN_LOW, GOAL = "copd.oxygen_low", "copd.stay_home"

# What is about nobody: the directory of agencies, and words that stand in an address.
ABOUT_NOBODY = frozenset(
    {
        "agency_id",
        "team_id",
        "form_code",
        "staff_id",
        "kind",
        "filename",
        "pathway",
        "number",
        "rule_key",
        "measure",
        "mark",
        "override_id",
        "visit_id",
        "check_id",
        "cover_id",
        "trial_id",
        "part",
        "part_key",
        "basis_id",
        "endpoint_id",
        "browser_id",
        "call_id",
        "secret",
        "recall_id",
    }
)

# Parameters that belong to Ada, and what `lay` makes for them.
ABOUT_ADA = frozenset(
    {
        "person_id",
        "home_id",
        "contact_id",
        "device_id",
        "own_id",
        "assignment_id",
        "alert_id",
        "follow_up_id",
        "plan_id",
        "version_id",
        "message_id",
        "rejected_id",
        "handover_id",
        "referral_id",
        "identifier_id",
        "pair_id",
        "merge_id",
        "warning_id",
        "wish_id",
        "assessment_id",
        "decision_id",
        "authority_id",
        "agreement_id",
        "concern_id",
        "proxy_id",
        "filled_id",
        "attachment_id",
        "choice_id",
        "absence_id",
        "attempt_id",
        "no_reply_id",
    }
) | {"user_id", "answer_id"}


def lay(session: Session, cast: Cast, now: datetime) -> dict[str, UUID]:
    """Give Ada a device, an alert, a follow-up, a plan and messages; the outer id of each thing of hers."""
    device = Device(key="adas-oximeter", name="Oximeter", model="test", state=DeviceState.INSTALLED)
    alert = _alert(cast, now)
    plan = Plan(person_id=cast.ada.id)
    session.add_all([device, alert, plan])
    session.flush()
    assignment = Assignment(
        device_id=device.id, person_id=cast.ada.id, period=Range(now - timedelta(days=9), None)
    )
    version = PlanVersion(
        plan_id=plan.id,
        number=1,
        state=VersionState.PUBLISHED,
        drafted_by_id=cast.cora.id,
        published_at=now,
        published_by_id=cast.cora.id,
    )
    follow_up = FollowUp(
        kind=FollowUpKind.VISIT,
        text="See how Ada is",
        person_id=cast.ada.id,
        team_id=cast.coordinators.id,
        due_at=now + timedelta(hours=1),
    )
    message = Message(
        channel=Channel.PAGE,
        team_id=cast.coordinators.id,
        person_id=cast.ada.id,
        subject="Look",
        body="Look",
        queued_at=now,
        send_after=now,
    )
    rejected = Rejected(
        received_at=now,
        device_id=device.id,
        topic="hearth/v1/adas-oximeter/readings",
        size=1,
        code="not_json",
        reason="This is not JSON.",
    )
    wish = Wish(
        person_id=cast.ada.id,
        kind=WishKind.RESPECT,
        made_on=now.date(),
        original_place="Yellow folder",
        recorded_at=now,
        recorded_by_id=cast.dev.id,
    )
    choice = SharingChoice(
        person_id=cast.ada.id, agency_id=cast.neighbours.id, decision=Decision.DISSENT, began_at=now,
        said_by="Ada herself", evidence="Told Cora", recorded_by_id=cast.cora.id,
    )  # fmt: skip
    basis = session.scalars(select(SharingBasis).where(SharingBasis.agency_id == cast.health.id)).first()
    session.add_all([assignment, version, follow_up, message, rejected, wish, choice])
    session.flush()
    _rule(session, version)
    again = twice.lay(session, cast, now, teams=("coordinators",))
    pair = Pair(one_id=cast.ada.id, other_id=again.id, score=25.0, reasons=["born_swapped"], proposed_at=now)
    merge = Merge(
        kept_id=cast.ada.id, gone_id=again.id, state=MergeState.DONE, decisions={}, why="One person",
        asked_at=now, asked_by_id=cast.cora.id, done_at=now, moved={},
    )  # fmt: skip
    session.add_all([pair, merge])
    session.flush()
    numbered = {"kind": "hospital", "value": "H-1", "issuer_id": cast.health.id}
    known = identifiers.add(session, cast.ada, numbered, actor=Actor("test"))
    warning = VisitWarning(
        person_id=cast.ada.id, words="Go in pairs", evidence="Told by Dev", owner_team_id=cast.nurses.id,
        review_on=now.date() + timedelta(days=30), set_at=now, set_by_id=cast.dev.id,
    )  # fmt: skip
    away = Absence(
        person_id=cast.ada.id, why=Away.RESPITE, place="The Larches", known_from="Beth", recorded_at=now,
        began_at=now + timedelta(days=30), ends_at=now + timedelta(days=44), recorded_by_id=cast.dev.id,
    )  # fmt: skip
    rota = TeamRota(
        team_id=cast.nurses.id, zone="Europe/London",
        layers=[{"name": "Weeks", "people": [str(cast.dev.uuid)], "starts": "2026-11-16", "turn_days": 7,
                 "changes_at": "08:00"}],
    )  # fmt: skip
    cover = RotaCover(
        team_id=cast.nurses.id, staff_id=cast.dev.id, starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2), why="A swap", made_at=now, made_by_id=cast.dev.id,
    )  # fmt: skip
    handover = ShiftHandover(
        team_id=cast.nurses.id, words="Ada was promised a call", open_alerts=1, given_at=now,
        given_by_id=cast.dev.id,
    )  # fmt: skip
    session.add_all([warning, away, rota, cover, handover])
    decision = agreeing.decided(session, cast.ada, by=cast.sol, now=now)
    attorney = agreeing.attorney(session, cast.ada, by=cast.sol, now=now)
    [agreement] = agreeing.agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    _, beths = proxies.let_in(session, cast, cast.ada, "Beth Marsh", "daughter", now)
    concern = _concern(cast, now)
    session.add(concern)
    session.flush()
    contact = session.scalars(select(Contact.uuid).where(Contact.person_id == cast.ada.id)).one()
    return {
        "person_id": cast.ada.uuid,
        "home_id": cast.ada_home.uuid,
        "contact_id": contact,
        "device_id": device.uuid,
        "own_id": owning.lay(session, cast, now).uuid,
        **kit_numbers.lay(session, cast, device, now),
        "assignment_id": assignment.uuid,
        "alert_id": alert.uuid,
        "follow_up_id": follow_up.uuid,
        "plan_id": plan.uuid,
        "version_id": version.uuid,
        "message_id": message.uuid,
        "rejected_id": rejected.uuid,
        "referral_id": _referral(session, cast, now).uuid,
        "identifier_id": known.uuid,
        "pair_id": pair.uuid,
        "merge_id": merge.uuid,
        "warning_id": warning.uuid,
        "absence_id": away.uuid,
        **rung.lay(session, cast, follow_up, alert, now),
        "cover_id": cover.uuid,
        "handover_id": handover.uuid,
        "gone_id": again.uuid,
        "wish_id": wish.uuid,
        "assessment_id": deciding.list_assessments(session, cast.ada)[0].uuid,
        "decision_id": decision.uuid,
        "authority_id": attorney.uuid,
        "agreement_id": agreement.uuid,
        "concern_id": concern.uuid,
        "proxy_id": beths.uuid,
        "filled_id": _filled(session, cast, now).uuid,
        "attachment_id": _attached(session, cast, now).uuid,
        "form_code": "ons4",
        "choice_id": choice.uuid,
        "basis_id": basis.uuid if basis else choice.uuid,
        "rule_key": OXYGEN_LOW,
        "part": "goals",
        "mark": "late",
        "part_key": GOAL,
        "agency_id": cast.health.uuid,
        "team_id": cast.nurses.uuid,
        "staff_id": cast.dev.uuid,
    }


def _referral(session: Session, cast: Cast, now: datetime) -> Referral:
    row = Referral(
        kind=ReferralKind.REFERRAL,
        urgency=Urgency.ROUTINE,
        person_id=cast.ada.id,
        who="Ada Marsh",
        about_key="rail",
        reason="Look at the bathroom rail.",
        shared=[],
        kept=[],
        from_team_id=cast.nurses.id,
        sent_by_id=cast.dev.id,
        to_team_id=cast.coordinators.id,
        sent_at=now,
        respond_by=now + timedelta(days=2),
        next_at=now + timedelta(days=2),
        snapshot={},
    )
    session.add(row)
    session.flush()
    return row


def _filled(session: Session, cast: Cast, now: datetime) -> FilledForm:
    form, viewer = reading_forms.get("ons4"), signing_in.viewer_of(session, cast.cora, now)
    return filling.complete(session, cast.ada, form, {"anxiety": 2}, {}, viewer=viewer, now=now)


def _attached(session: Session, cast: Cast, now: datetime) -> Attachment:
    row = Attachment(
        person_id=cast.ada.id,
        belongs_to=BelongsTo.PERSON,
        record_class=RecordClass.NOTES,
        title="A letter",
        file_name="letter.txt",
        media_type="text/plain",
        size=6,
        sha256=b"",
        store_key="0" * 32,
        scan=Scan.NOT_SCANNED,
        staff_id=cast.cora.id,
        agency_id=cast.hub.id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _rule(session: Session, version: PlanVersion) -> None:
    need = Need(version_id=version.id, key="copd.breathing", text="Breathlessness")
    goal = Goal(version_id=version.id, need_key="copd.breathing", key=GOAL, text="I want to stay home.")
    session.add_all([need, goal])
    contingency = reading.get("copd").contingencies[0]
    trigger = next(each for each in contingency.triggers if each.rule.key == OXYGEN_LOW)
    session.add_all(
        [
            Contingency(
                version_id=version.id,
                key=contingency.key,
                name=contingency.name,
                what_should_happen=contingency.what_should_happen,
                ladder_key=contingency.ladder,
            ),
            PlanRule(
                version_id=version.id,
                contingency_key=contingency.key,
                key=OXYGEN_LOW,
                pathway="copd",
                class_=Class.CLINICAL,
                about="person",
                document=dict(trigger.document),
            ),
        ]
    )
    session.flush()


def _concern(cast: Cast, now: datetime) -> Concern:
    """One that Cora's team holds."""
    return Concern(
        person_id=cast.ada.id,
        worry="Bruises",
        danger=False,
        wishes="To stay at home",
        knows=Knows.YES,
        raised_by_id=cast.dev.id,
        raised_at=now,
        team_id=cast.coordinators.id,
        read_by=now + timedelta(hours=4),
        decide_by=now + timedelta(days=2),
    )


def _alert(cast: Cast, now: datetime) -> Alert:
    return Alert(
        subject=subjects.person(cast.ada.id).number,
        person_id=cast.ada.id,
        rule_key="copd.oxygen_low",
        class_=Class.CLINICAL,
        severity=Severity.RED,
        name="Oxygen low",
        words="Oxygen 84 %",
        evidence=[],
        began_at=now,
        raised_at=now,
        rule={},
        ladder={"key": "copd_red", "name": "Oxygen", "steps": []},
        what_should_happen="Ring Ada.",
        step_at=now,
        escalate_after=now + timedelta(minutes=5),
        owner_team_id=cast.coordinators.id,
    )


def example(spec: Mapping[str, Any], schema: Mapping[str, Any], ids: Mapping[str, UUID]) -> Any:
    """The least that `schema` takes, with Ada's ids, so that only who asks can be a reason to refuse."""
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        needed = schema.get("required", [])
        return {
            name: str(ids[name]) if name in ids else example(spec, schema["properties"][name], ids)
            for name in needed
        }
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [example(spec, schema["items"], ids)]
    formats = {"uuid": str(UUID(int=1)), "date": "2000-01-01", "date-time": "2026-11-22T07:00:00Z"}
    plain = {
        "boolean": False,
        "object": {},
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1),
    }
    return plain.get(kind, formats.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1))))
