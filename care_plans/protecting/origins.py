"""Which follow-ups protection asked for, and from where they lead to what asked."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from care_plans.models.protecting import Interim, LineWork, RecallWork
from care_plans.models.work import FollowUp
from devices.models import Recall
from people.models.homes import Home
from people.models.people import Person


class From(StrEnum):
    """What asked for a follow-up."""

    LINE = "line"
    RECALL = "recall"
    INTERIM = "interim"


@dataclass(frozen=True, slots=True)
class Origin:
    """What asked, and the outer id of the home, the recall or the person it is about."""

    what: From
    about: UUID


def of(session: Session, follow_ups: Collection[UUID]) -> dict[UUID, Origin]:
    """Of these follow-ups those that protection asked for, in sight of the session."""
    if not follow_ups:
        return {}
    line = (
        select(FollowUp.uuid, literal(From.LINE.value), Home.uuid)
        .join(LineWork, LineWork.follow_up_id == FollowUp.id)
        .join(Home, Home.id == LineWork.home_id)
    )
    recall = (
        select(FollowUp.uuid, literal(From.RECALL.value), Recall.uuid)
        .join(RecallWork, RecallWork.follow_up_id == FollowUp.id)
        .join(Recall, Recall.id == RecallWork.recall_id)
    )
    interim = (
        select(FollowUp.uuid, literal(From.INTERIM.value), Person.uuid)
        .join(
            Interim,
            (Interim.call_id == FollowUp.id)
            | ((Interim.replace_id == FollowUp.id) & (Interim.lack == "down")),
        )
        .join(Person, Person.id == Interim.person_id)
    )
    each = [query.where(FollowUp.uuid.in_(follow_ups)) for query in (line, recall, interim)]
    return {row[0]: Origin(From(row[1]), row[2]) for row in session.execute(union_all(*each))}
