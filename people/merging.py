"""Bringing two records of one person together, and parting them again: asked by a human, done by a worker.

A worker does it because it sees every row of both: whoever asks may not, and must not leave any behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.orm import Session

from core import journal
from core.errors import Conflict, Invalid, NotFound
from core.journal import Actor
from core.undoing import Change, Left
from people import visible
from people.access import Viewer
from people.models.identity import Merge, MergeState, Pair, PairState, RowChange
from people.models.people import Person

SUBJECT = "merge"
OWN = frozenset({"merges", "pairs", "row_changes", "match_keys", "likenesses"})
"""Tables that tell of merging itself: they stay as they are."""
OPEN = (MergeState.ASKED, MergeState.UNDOING)


def ask(
    session: Session,
    kept: Person,
    gone: Person,
    decisions: Mapping[str, Any],
    *,
    why: str,
    by: Viewer,
    now: datetime,
) -> Merge:
    """Let a worker bring `gone` into `kept`. Invalid for one record, or one without a reason; Conflict when
    somebody is at it already.
    """
    if kept.id == gone.id:
        raise Invalid({"other": "Choose two records: these are one already."})
    if not why.strip():
        raise Invalid({"why": "Say how you know that they are one person."})
    if (kept.died_on is None) != (gone.died_on is None):
        raise Invalid(
            {"": "One of them is recorded as having died: record it of both, or take it back, and try again."}
        )
    list(
        session.scalars(
            select(Person.id)
            .where(Person.id.in_((kept.id, gone.id)))
            .order_by(Person.id)
            .with_for_update(key_share=True)
        )
    )
    if session.scalar(select(Merge.id).where(_about(kept.id, gone.id), Merge.state.in_(OPEN))) is not None:
        raise Conflict("One of these records is being brought together with another just now. Look again.")
    row = Merge(
        kept_id=kept.id, gone_id=gone.id, decisions=dict(decisions), why=why.strip(),
        asked_at=now, asked_by_id=by.staff_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "asked to bring together", row, kept, visible.actor(by), {"with": str(gone.uuid)})
    _note(session, "asked to bring together", row, gone, visible.actor(by), {"with": str(kept.uuid)})
    return row


def ask_undo(session: Session, merge: Merge, *, why: str, by: Viewer, now: datetime) -> Merge:
    """Let a worker part them again. Invalid without a reason; Conflict unless they are together now, or when
    a later merge stands on this one.
    """
    if not why.strip():
        raise Invalid({"why": "Say why they are not one person."})
    session.refresh(merge, with_for_update=True)
    if merge.state is not MergeState.DONE:
        raise Conflict("These records are not together now. Look again.")
    later = select(Merge.id).where(
        _about(merge.kept_id, merge.kept_id),
        Merge.id > merge.id,
        Merge.state.in_((MergeState.DONE, *OPEN)),
    )
    if session.scalar(later.limit(1)) is not None:
        raise Conflict("The record was brought together with another since: part those first.")
    merge.state, merge.undo_asked_at = MergeState.UNDOING, now
    merge.undo_asked_by_id, merge.undo_why = by.staff_id, why.strip()
    session.flush()
    kept = session.get_one(Person, merge.kept_id)
    _note(session, "asked to part", merge, kept, visible.actor(by), {"why": why.strip()})
    return merge


def claim(session: Session, state: MergeState) -> Merge | None:
    """The next one that waits in `state`, held until this transaction ends."""
    return session.scalar(
        select(Merge)
        .where(Merge.state == state)
        .order_by(Merge.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def keep_changes(
    session: Session, changes: Sequence[Change], *, merge_id: int | None = None, death_id: int | None = None
) -> None:
    """Write down what was done to each row."""
    rows = [
        {"merge_id": merge_id, "death_id": death_id, "position": position, "table": each.table,
         "key": each.key, "before": each.before, "after": each.after}
        for position, each in enumerate(changes)
    ]  # fmt: skip
    if rows:
        session.execute(insert(RowChange), rows)


def kept_changes(
    session: Session, *, merge_id: int | None = None, death_id: int | None = None
) -> list[Change]:
    """What was done to each row, in the order in which it was written down."""
    rows = session.scalars(
        select(RowChange)
        .where(RowChange.merge_id.is_not_distinct_from(merge_id))
        .where(RowChange.death_id.is_not_distinct_from(death_id))
        .order_by(RowChange.position)
    )
    return [Change(row.table, row.key, row.before, row.after) for row in rows]


def done(
    session: Session, merge: Merge, changes: Sequence[Change], stayed: Sequence[Left], now: datetime
) -> None:
    """They are one: say what moved, and that the pair is settled."""
    moved: dict[str, int] = {}
    for change in changes:
        moved[change.table] = moved.get(change.table, 0) + 1
    merge.state, merge.done_at = MergeState.DONE, now
    merge.moved = {"rows": moved, "stayed": told(stayed)}
    _settle(session, merge, PairState.MERGED, now)
    session.execute(
        delete(Pair).where(
            Pair.state == PairState.PROPOSED,
            or_(Pair.one_id == merge.gone_id, Pair.other_id == merge.gone_id),
        )
    )  # whoever is like them is like the record that stays, and is found again by that
    kept, gone = session.get_one(Person, merge.kept_id), session.get_one(Person, merge.gone_id)
    for person in (kept, gone):
        _note(session, "brought together", merge, person, _by(session, merge), {"rows": sum(moved.values())})


def refuse(session: Session, merge: Merge, words: str, now: datetime) -> None:
    """It could not be done as it was decided: somebody has to decide anew."""
    merge.state, merge.refused, merge.done_at = MergeState.REFUSED, words, now
    _note(
        session,
        "not brought together",
        merge,
        session.get_one(Person, merge.kept_id),
        _by(session, merge),
        {},
    )


def undone(session: Session, merge: Merge, left: Sequence[Left], now: datetime) -> None:
    """They are two again, and are remembered as two."""
    merge.state, merge.undone_at, merge.left = MergeState.UNDONE, now, told(left)
    _settle(session, merge, PairState.DIFFERENT, now)
    for key in (merge.kept_id, merge.gone_id):
        _note(
            session, "parted", merge, session.get_one(Person, key), _by(session, merge), {"left": len(left)}
        )


def told(left: Sequence[Left]) -> list[dict[str, Any]]:
    """What stayed where it was, as it is kept."""
    return [asdict(each) | {"columns": list(each.columns)} for each in left]


def get(session: Session, viewer: Viewer, uuid: UUID, now: datetime) -> Merge:
    """One of two records that are both in sight, or NotFound."""
    row = session.scalar(select(Merge).where(Merge.uuid == uuid, _in_sight(viewer, now)))
    if row is None:
        raise NotFound
    return row


def list_of(session: Session, viewer: Viewer, person: Person, now: datetime) -> list[Merge]:
    """Every merge of this record with another that is in sight as well, the latest first."""
    mine = select(Merge).where(_about(person.id, person.id), _in_sight(viewer, now))
    return list(session.scalars(mine.order_by(Merge.id.desc())))


def _in_sight(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Both records are in sight, or the one was brought into the other, which is."""
    seen = Merge.kept_id.in_(visible.person_ids(viewer, now))
    brought = Merge.gone_id.in_(select(Person.id).where(Person.merged_into_id == Merge.kept_id))
    return seen & or_(Merge.gone_id.in_(visible.person_ids(viewer, now)), brought)


def _about(one: int, other: int) -> Any:
    either = (one, other)
    return or_(Merge.kept_id.in_(either), Merge.gone_id.in_(either))


def _settle(session: Session, merge: Merge, state: PairState, now: datetime) -> None:
    one, other = sorted((merge.kept_id, merge.gone_id))
    pair = session.scalar(select(Pair).where(Pair.one_id == one, Pair.other_id == other).with_for_update())
    undone_ = state is PairState.DIFFERENT
    by = merge.undo_asked_by_id if undone_ else merge.asked_by_id
    why = merge.undo_why if undone_ else merge.why
    if pair is None:
        pair = Pair(one_id=one, other_id=other, score=0.0, reasons=[], proposed_at=now)
        session.add(pair)
    pair.state, pair.decided_at, pair.decided_by_id, pair.why = state, now, by, why
    session.flush()


def _by(session: Session, merge: Merge) -> Actor:
    from_staff = merge.undo_asked_by_id or merge.asked_by_id
    return Actor("Hearthline", from_staff)


def _note(
    session: Session, what: str, merge: Merge, person: Person, actor: Actor, details: Mapping[str, Any]
) -> None:
    journal.write(
        session,
        what,
        actor=actor,
        subject=SUBJECT,
        subject_uuid=merge.uuid,
        person_id=person.id,
        details=details,
    )
