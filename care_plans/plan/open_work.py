"""Open work that a plan caused, looked at when the plan changes: kept, replaced or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.alerts import closing
from care_plans.models.alerts import Alert, Cause, Outcome
from care_plans.models.goals import Goal
from care_plans.models.plans import PlanVersion, WorkDecision, WorkReview
from care_plans.models.rules import PlanRule, Schedule
from care_plans.models.work import FollowUp, FollowUpKind, FollowUpOutcome
from care_plans.severity import Severity
from care_plans.work import follow_ups, part_in_care
from core.errors import Invalid
from people.access import Viewer
from people.models.agencies import Staff, Team
from people.models.people import Person

DUE_AGAIN = timedelta(days=1)
ONE_BY_ONE = "A red alert is closed on its own page, after somebody has spoken to or seen the person."


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One open follow-up or alert that an earlier version caused; `still` when the draft asks for it too."""

    uuid: UUID
    follow_up: FollowUp | None
    alert: Alert | None
    team: str | None
    still: bool

    @property
    def words(self) -> str:
        """What it is."""
        if self.follow_up is not None:
            return self.follow_up.text
        return f"{self.alert.name}: {self.alert.words}" if self.alert else ""

    @property
    def may_end(self) -> bool:
        """Whether it may be cancelled or replaced here: a red alert may not."""
        return self.alert is None or self.alert.severity is not Severity.RED


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one piece; `text` and `due_at` are of what replaces it."""

    decision: WorkDecision
    reason: str | None = None
    text: str | None = None
    due_at: datetime | None = None


def list_open(session: Session, person: Person, plan_id: int, draft: PlanVersion | None) -> list[OpenWork]:
    """What is open because of any version of the plan, alerts first, then by when it is due.

    `still` is of the draft; of everything where there is none.
    """
    versions = select(PlanVersion.id).where(PlanVersion.plan_id == plan_id)
    alerts = session.execute(
        select(Alert, Team.name)
        .outerjoin(Team, Team.id == Alert.owner_team_id)
        .where(Alert.version_id.in_(versions), Alert.closed_at.is_(None))
        .order_by(Alert.began_at)
    ).all()
    caused = or_(
        FollowUp.schedule_key.is_not(None),
        FollowUp.goal_key.is_not(None),
        FollowUp.alert_id.in_(select(Alert.id).where(Alert.version_id.in_(versions))),
    )
    rows = session.execute(
        select(FollowUp, Team.name)
        .join(Team, Team.id == FollowUp.team_id)
        .where(
            FollowUp.person_id == person.id, FollowUp.done_at.is_(None), FollowUp.deleted_at.is_(None), caused
        )
        .order_by(FollowUp.due_at)
    ).all()
    keys = _keys(session, draft)
    return [
        OpenWork(alert.uuid, None, alert, team, keys is None or alert.rule_key in keys)
        for alert, team in alerts
    ] + [
        OpenWork(row.uuid, row, None, team, keys is None or (row.schedule_key or row.goal_key) in keys)
        for row, team in rows
    ]


def review(
    session: Session,
    person: Person,
    version: PlanVersion,
    work: Sequence[OpenWork],
    decided: Mapping[UUID, Decided],
    *,
    by: Staff,
    viewer: Viewer | None,
    now: datetime,
) -> None:
    """Do what was decided of each piece; what nobody decided is kept, and stays to be looked at.

    Invalid with each fault at `open_work.<id>`, also for a piece that is not there (any more).
    """
    _refuse_faults(work, decided)
    for piece in work:
        said = decided.get(piece.uuid)
        if said is not None and viewer is not None:
            _do(session, person, piece, said, viewer, now)
        session.add(
            WorkReview(
                version_id=version.id,
                follow_up_id=piece.follow_up.id if piece.follow_up else None,
                alert_id=piece.alert.id if piece.alert else None,
                decision=said.decision if said else WorkDecision.KEEP,
                reason=said.reason if said else None,
                chosen=said is not None,
                at=now,
                by_id=by.id,
            )
        )
    session.flush()


def look_again(
    session: Session,
    person: Person,
    version: PlanVersion,
    decided: Mapping[UUID, Decided],
    *,
    by: Staff,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Decide of pieces that were kept unseen when the version was published."""
    unseen = unseen_work(session, version)
    pieces = [piece for piece, _ in unseen]
    _refuse_faults(pieces, decided)
    for piece, row in unseen:
        said = decided.get(piece.uuid)
        if said is None:
            continue
        _do(session, person, piece, said, viewer, now)
        row.decision, row.reason, row.chosen, row.at, row.by_id = said.decision, said.reason, True, now, by.id
    session.flush()


def unseen_work(session: Session, version: PlanVersion) -> list[tuple[OpenWork, WorkReview]]:
    """What was kept when the version was published without anybody looking, and is still open."""
    rows = session.execute(
        select(WorkReview, FollowUp, Alert, Team.name)
        .outerjoin(FollowUp, FollowUp.id == WorkReview.follow_up_id)
        .outerjoin(Alert, Alert.id == WorkReview.alert_id)
        .outerjoin(Team, or_(Team.id == FollowUp.team_id, Team.id == Alert.owner_team_id))
        .where(
            WorkReview.version_id == version.id,
            WorkReview.chosen.is_(False),
            FollowUp.done_at.is_(None),
            Alert.closed_at.is_(None),
        )
        .order_by(WorkReview.id)
    )
    return [
        (OpenWork((follow_up or alert).uuid, follow_up, alert, team, still=True), row)
        for row, follow_up, alert, team in rows
    ]


def _keys(session: Session, draft: PlanVersion | None) -> set[str] | None:
    if draft is None:
        return None
    return {
        key
        for model in (PlanRule, Schedule, Goal)
        for key in session.scalars(select(model.key).where(model.version_id == draft.id))
    }


def _refuse_faults(work: Sequence[OpenWork], decided: Mapping[UUID, Decided]) -> None:
    there = {piece.uuid: piece for piece in work}
    faults = {}
    for uuid, said in decided.items():
        piece = there.get(uuid)
        place = f"open_work.{uuid}"
        if piece is None:
            faults[place] = "This is not open any more, or not of this plan."
        elif said.decision is not WorkDecision.KEEP and not piece.may_end:
            faults[place] = ONE_BY_ONE
        elif said.decision is not WorkDecision.KEEP and not (said.reason or "").strip():
            faults[place] = "Say why, so that whoever had it knows."
        elif said.decision is WorkDecision.REPLACE and not (said.text or "").strip():
            faults[place] = "Say what is to be done instead."
    if faults:
        raise Invalid(faults, "Some of the open work is not decided yet.")


def _do(
    session: Session, person: Person, piece: OpenWork, said: Decided, viewer: Viewer, now: datetime
) -> None:
    if said.decision is WorkDecision.KEEP:
        return
    reason = (said.reason or "").strip()
    if said.decision is WorkDecision.REPLACE:
        _replace(session, person, piece, said, now)
    if piece.follow_up is not None:
        follow_ups.complete(
            session, piece.follow_up, outcome=FollowUpOutcome.NOT_NEEDED,
            remarks=f"The plan changed: {reason}", by=viewer, now=now,
        )  # fmt: skip
    elif piece.alert is not None:
        closing.close(
            session, piece.alert, cause=Cause.TRUE_NO_ACTION, action=f"The plan changed: {reason}",
            outcome=Outcome.NONE, by=viewer, now=now,
        )  # fmt: skip


def _replace(session: Session, person: Person, piece: OpenWork, said: Decided, now: datetime) -> None:
    row, alert = piece.follow_up, piece.alert
    team_id = row.team_id if row else alert.owner_team_id if alert else None
    team_id = team_id or part_in_care.leading_team(session, person.id, None, now)
    if team_id is None:
        raise Invalid({f"open_work.{piece.uuid}": "Nobody leads the care: add a lead team first."})
    follow_ups.make(
        session,
        kind=row.kind if row else FollowUpKind.CALL,
        text=(said.text or "").strip(),
        team_id=team_id,
        due_at=said.due_at or max(row.due_at if row else now, now + DUE_AGAIN),
        now=now,
        person_id=person.id,
        alert_id=row.alert_id if row else None,
        goal_key=row.goal_key if row else alert.goal_key if alert else None,
    )
