"""Where messages go: mailboxes, telephone numbers, and the page that each is about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from care_plans.channel import Channel
from care_plans.messages import subscriptions
from care_plans.messages.letter import Spoken
from care_plans.models.alerts import Alert
from care_plans.models.calls import Call
from care_plans.models.messages import Message
from care_plans.models.referrals import Referral
from care_plans.models.work import FollowUp
from people import checks
from people.models.agencies import Staff, Team, TeamMember


def of(session: Session, rows: Sequence[Message], now: datetime) -> dict[int, tuple[str, ...]]:
    """Where each message goes, by its own channel; nowhere where there is no address, or they have left."""
    to_ring = [row for row in rows if row.channel in (Channel.VOICE, Channel.SMS)]
    to_write = [row for row in rows if row.channel in (Channel.EMAIL, Channel.PAGE)]
    return (
        dict.fromkeys((row.id for row in rows), ())
        | _mailboxes(session, to_write, now)
        | _numbers(session, to_ring)
        | _browsers(session, [row for row in rows if row.channel is Channel.PUSH])
    )


def _mailboxes(session: Session, rows: Sequence[Message], now: datetime) -> dict[int, tuple[str, ...]]:
    """To the member of staff, to the team's mailbox, or to all in it who may be asked."""
    staff_ids = {row.staff_id for row in rows if row.staff_id}
    team_ids = {row.team_id for row in rows if row.team_id}
    of_staff = {
        key: (email,)
        for key, email in session.execute(
            select(Staff.id, Staff.email).where(Staff.id.in_(staff_ids), Staff.left_at.is_(None))
        )
    }
    of_team: dict[int, tuple[str, ...]] = {
        key: (email,)
        for key, email in session.execute(select(Team.id, Team.email).where(Team.id.in_(team_ids)))
        if email
    }
    members = session.execute(
        select(TeamMember.team_id, Staff.email)
        .join(Staff, Staff.id == TeamMember.staff_id)
        .where(
            TeamMember.team_id.in_(team_ids - of_team.keys()),
            TeamMember.period.contains(now),
            Staff.left_at.is_(None),
            checks.not_lapsed(now),
        )
        .order_by(Staff.email)
    )
    for team_id, email in members.all():
        of_team[team_id] = (*of_team.get(team_id, ()), email)
    return {
        row.id: of_staff.get(row.staff_id, ()) if row.staff_id else of_team.get(row.team_id or 0, ())
        for row in rows
    }


def spoken(session: Session, rows: Sequence[Message]) -> dict[int, Spoken]:
    """What goes with those that are calls."""
    ids = [row.id for row in rows if row.channel is Channel.VOICE]
    if not ids:
        return {}
    found = session.execute(select(Call.message_id, Call.centre, Call.told).where(Call.message_id.in_(ids)))
    return {row.message_id: Spoken(row.centre, row.told) for row in found}


def _numbers(session: Session, rows: Sequence[Message]) -> dict[int, tuple[str, ...]]:
    """The telephone number that each call or text goes to."""
    of_staff = _telephones(session, Staff, {row.staff_id for row in rows}, Staff.left_at.is_(None))
    of_team = _telephones(session, Team, {row.team_id for row in rows}, Team.deleted_at.is_(None))
    return {
        row.id: of_staff.get(row.staff_id, ()) if row.staff_id else of_team.get(row.team_id or 0, ())
        for row in rows
    }


def _browsers(session: Session, rows: Sequence[Message]) -> dict[int, tuple[str, ...]]:
    """Every browser of theirs that takes messages."""
    found = subscriptions.addresses(session, {row.staff_id for row in rows if row.staff_id is not None})
    return {row.id: found.get(row.staff_id or 0, ()) for row in rows}


def _telephones(
    session: Session, table: type[Staff | Team], ids: set[int | None], there: ColumnElement[bool]
) -> dict[int, tuple[str, ...]]:
    found = session.execute(select(table.id, table.telephone).where(table.id.in_(ids - {None}), there))
    return {key: (number,) for key, number in found if number}


def paths(session: Session, rows: Sequence[Message]) -> dict[int, str]:
    """The page that each message is about: its referral, its alert, or else its follow-up."""
    found = session.execute(
        select(Message.id, Referral.uuid, Alert.uuid, FollowUp.uuid)
        .outerjoin(Referral, Referral.id == Message.referral_id)
        .outerjoin(Alert, Alert.id == Message.alert_id)
        .outerjoin(FollowUp, FollowUp.id == Message.follow_up_id)
        .where(Message.id.in_([row.id for row in rows]))
    )
    paths = {}
    for key, referral, alert, follow_up in found:
        if referral:
            paths[key] = f"/referrals/{referral}"
        elif alert or follow_up:
            paths[key] = f"/alerts/{alert}" if alert else f"/follow-ups/{follow_up}"
    return paths
