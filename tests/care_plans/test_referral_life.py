"""The life of referrals, whatever both sides do in whatever order, and however the clock jumps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from care_plans.models.referrals import Referral, ReferralEvent
from care_plans.models.work import FollowUp
from care_plans.referral_states import (
    OPEN,
    DeclineReason,
    Judgement,
    ReferralKind,
    ReferralState,
    Result,
    Urgency,
)
from care_plans.referrals import answering, ticks
from care_plans.work import follow_ups
from core.errors import Conflict, Invalid, NotAllowed
from people import care_teams
from people.access import Viewer
from tests.care_plans.referrals.referring import send, viewer
from tests.cast import Cast

hours = st.sampled_from([0, 1, 3, 9, 30, 80, 300])
moves = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(ReferralKind), st.sampled_from(Urgency), st.booleans()),
    st.tuples(st.just("wait"), hours),
    st.tuples(
        st.sampled_from(
            ["deliver", "accept", "decline", "start", "finish", "revoke", "drop", "review", "judge"]
        ),
        st.sampled_from(["dev", "vi", "hana", "cora", "sol"]),
    ),
)


class World:
    """What is asked for Ada, by whom and of whom, a clock, and what must hold."""

    def __init__(self, session: Session, cast: Cast, now: datetime) -> None:
        self.session, self.cast, self.now = session, cast, now
        names = ("dev", "vi", "hana", "cora", "sol")
        self.viewers = {name: viewer(session, getattr(cast, name), now) for name in names}
        self.dropped: set[int] = set()

    def make(self, move: str, *more: object) -> None:
        if move == "send":
            with suppress(Invalid, Conflict):
                self._send(*more)  # type: ignore[arg-type]
        elif move == "wait":
            self.now += timedelta(hours=more[0])  # type: ignore[arg-type]
            while ticks.step(self.session, self.now):
                pass
            follow_ups.miss_due(self.session, self.now)
        else:
            for row in self.session.scalars(select(Referral).order_by(Referral.id.desc()).limit(2)).all():
                with suppress(Invalid, Conflict, NotAllowed):
                    self._act(row, move, self.viewers[str(more[0])])

    def _send(self, kind: ReferralKind, urgency: Urgency, named: bool) -> None:
        cast = self.cast
        lead = care_teams.leading(self.session, cast.ada.id, self.now)
        assert lead is not None
        by = {cast.nurses.id: cast.dev, cast.social_workers.id: cast.sol, cast.landlord.id: cast.hana}
        sender = by.get(lead.id, cast.cora)
        to = cast.landlord if named else cast.befrienders
        if kind is ReferralKind.TRANSFER:
            send(
                self.session,
                cast,
                self.now,
                by=sender,
                team=lead,
                to=cast.social_workers,
                kind=kind,
                urgency=urgency,
            )
        elif kind is ReferralKind.TRANSFER_REQUEST:
            send(self.session, cast, self.now, to=lead, kind=kind, urgency=urgency)
        else:
            send(
                self.session, cast, self.now, to=to, kind=kind, urgency=urgency, about_home=named,
                reason=f"Thing at {self.now}", fallback_team=cast.strangers if named else None,
            )  # fmt: skip

    def _act(self, row: Referral, move: str, by: Viewer) -> None:
        session, now = self.session, self.now
        acts: dict[str, Callable[[], object]] = {
            "deliver": lambda: answering.deliver(session, row, by=by, now=now),
            "accept": lambda: answering.accept(session, row, by=by, now=now),
            "decline": lambda: answering.decline(
                session, row, reason=DeclineReason.OTHER, words="No", by=by, now=now
            ),
            "start": lambda: answering.start(session, row, by=by, now=now),
            "finish": lambda: answering.finish(
                session, row, result=Result.HELPED, note="Done", by=by, now=now
            ),
            "revoke": lambda: answering.revoke(session, row, words="x", still_needed=True, by=by, now=now),
            "drop": lambda: answering.revoke(session, row, words="x", still_needed=False, by=by, now=now),
            "review": lambda: answering.review(session, row, by=by, now=now),
            "judge": lambda: answering.judge(
                session, row, judgement=Judgement.NO_HAZARD, words="Dry", by=by, now=now
            ),
        }
        acts[move]()
        if move == "drop":
            self.dropped.add(row.id)

    def hold(self) -> None:
        """An open one has an owner or a deadline; the need of each is somebody's; one team leads."""
        for row in self.session.scalars(select(Referral)):
            open_ = row.state in OPEN
            if open_:
                assert row.next_at is not None or row.owner_staff_id is not None
                assert row.state is not ReferralState.SENT or row.next_at > self.now, "its clock has run"  # type: ignore[operator]
            assert self.somebodys(row), f"nobody's: {row.kind} {row.state} {self.story(row)}"
            if row.aware_at is not None and row.judged_at is None:
                asked = follow_ups.find_of_referral(self.session, row.id, "Judge whether")
                assert asked is not None, "what a landlord was told is judged by somebody, in time"
        lead = care_teams.leading(self.session, self.cast.ada.id, self.now)
        assert lead is not None

    def somebodys(self, row: Referral) -> bool:
        """Whether a team has it on its list, or whoever asked has said that it is no need any more."""
        if row.kind in (ReferralKind.TRANSFER, ReferralKind.TRANSFER_REQUEST):
            return True  # whoever leads leads, until another does: `hold` looks at that
        if row.id in self.dropped or row.reviewed_at is not None:
            return True
        own = or_(FollowUp.referral_id == row.id, FollowUp.id == row.net_follow_up_id)
        query = select(FollowUp.id).where(own, FollowUp.done_at.is_(None))
        if self.session.scalars(query).first() is not None:
            return True
        again = select(Referral).where(Referral.again_of_id == row.id)
        return any(self.somebodys(each) for each in self.session.scalars(again))

    def story(self, row: Referral) -> list[str]:
        query = select(ReferralEvent.what).where(ReferralEvent.referral_id == row.id)
        return list(self.session.scalars(query.order_by(ReferralEvent.id)))


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Whatever the block does is taken back at its end."""
    inner = session.begin_nested()
    try:
        yield
    finally:
        if inner.is_active:
            inner.rollback()
        session.expire_all()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(moves, min_size=1, max_size=14))
def test_a_referral_always_has_an_owner_or_a_deadline_and_the_need_is_always_somebodys(
    session: Session, cast: Cast, now: datetime, steps: list[tuple[object, ...]]
) -> None:
    with undone(session):
        world = World(session, cast, now)
        for step in steps:
            world.make(*step)  # type: ignore[arg-type]
            world.hold()
