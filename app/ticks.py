"""What the timetable does: each tick takes one step of work whose deadline is a column."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.api import idempotency
from app.schedule import Tick
from care_plans import absences, deaths
from care_plans.alerts import escalation, lone_workers, undelivered
from care_plans.channel import Channel
from care_plans.evaluating import power, protection, unread
from care_plans.merging import carrying_out
from care_plans.messages import claiming, outbox
from care_plans.messages.channels.email import EmailCarrier
from care_plans.messages.channels.page import PageCarrier
from care_plans.messages.letter import Carrier
from care_plans.plan import expecting, progress
from care_plans.protecting import interims, lines, recalls
from care_plans.referrals import ticks as referral_ticks
from care_plans.ringing import again, no_replies
from care_plans.trying import everybody
from care_plans.work import follow_ups, monitoring, reminders, scheduled, warning_reviews
from core import seal
from core.clock import Clock, real_time
from core.db import Db
from core.store import Store
from devices import forgetting, hours, partitions, silence, works
from people import attachments, likeness

ADMIT_EVERY = 2.0
"""Seconds. Whoever is shut out is out at the broker within five, also where only the timetable tells it."""
A_BATCH_MAY_TAKE = 300.0
"""Seconds for a batch that goes to a mail server or a bucket, each of which may be slow and well."""


def timetable(
    db: Db,
    carriers: Mapping[Channel, Carrier],
    refresh_broker: Callable[[], None],
    store: Store | None = None,
    beside: Sequence[Tick] = (),
    *,
    calls: bool = False,
) -> list[Tick]:
    """Every tick of this installation; seconds are real ones, whatever the clock's pace.

    `calls` says whether those `beside` place telephone calls, which are then left to them.
    """

    def at_now(step: Callable[[Session, datetime], object]) -> Callable[[], bool]:
        def take() -> bool:
            with db.transaction() as session:
                return bool(step(session, db.clock.now()))

        return take

    def silent(session: Session, now: datetime) -> bool:
        return silence.step(session, now, next_window=expecting.next_window)

    def protected(session: Session, now: datetime) -> bool:
        protection.step(session, now)
        return False

    def powered(session: Session, now: datetime) -> bool:
        power.step(session, now)
        return False

    def sealed(session: Session, _now: datetime) -> bool:
        return seal.seal(session) > 0

    def admitted() -> bool:
        refresh_broker()
        return False

    def months(session: Session, now: datetime) -> bool:
        return partitions.make_ahead(session, now) > 0

    def summed() -> float | None:
        with db.transaction() as session:
            return hours.oldest_waiting(session, db.clock.now())

    return [
        Tick("escalate", 0.5, at_now(escalation.step)),
        Tick("look out for workers", 1, at_now(lone_workers.step)),
        Tick("wake", 0.5, at_now(unread.wake_due)),
        *senders(db, carriers, calls=calls),
        Tick("seal", 0.5, at_now(sealed)),
        Tick("listen for silence", 1, at_now(silent)),
        Tick("end work on kit", 2, at_now(works.step)),
        Tick("look after power and lines", 3, at_now(powered)),
        Tick("look after protection", 3, at_now(protected)),
        Tick("keep interim plans", 3, at_now(interims.step)),
        Tick("ask about alarm lines", 30, at_now(lines.step)),
        Tick("ask about kit called back", 3, at_now(recalls.step)),
        Tick("end the search for those who were found", 1, at_now(no_replies.step)),
        Tick("ask to ring again", 5, at_now(again.step)),
        Tick("remind of follow-ups", 5, at_now(reminders.step)),
        Tick("miss follow-ups", 2, at_now(follow_ups.miss_due)),
        Tick("make follow-ups", 5, at_now(scheduled.step)),
        Tick("hand over", 2, at_now(referral_ticks.step)),
        Tick("look after agreements", 5, at_now(monitoring.step)),
        Tick("look for kit that watches", 60, at_now(monitoring.look_for_unagreed)),
        Tick("begin and end absences", 5, at_now(absences.step)),
        Tick("ask who is back", 60, at_now(absences.ask_who_is_back)),
        Tick("try rules", 1, at_now(everybody.step)),
        Tick("reckon goals", 5, at_now(progress.step)),
        Tick("bring records together", 1, at_now(carrying_out.step)),
        Tick("look for the same person twice", 5, at_now(likeness.step)),
        Tick("review warnings", 60, at_now(warning_reviews.step)),
        Tick("ask for kit after a death", 60, at_now(deaths.ask_for_kit)),
        Tick("admit kit", ADMIT_EVERY, admitted),
        Tick("sum hours", 2, at_now(hours.step), waiting=summed),
        Tick("make partitions", 600, at_now(months)),
        Tick("forget messages", 600, at_now(forgetting.step)),
        Tick("sweep attachments", 600, lambda: _sweep(db, store), A_BATCH_MAY_TAKE),
        Tick("forget keys", 600, at_now(idempotency.forget)),
        *beside,
    ]


def senders(db: Db, carriers: Mapping[Channel, Carrier], *, calls: bool = False) -> list[Tick]:
    """A sender for each way out of the house, so that one that is slow or down delays no other.

    The first of them takes what no other does, for the outbox page. Calls have one of their own where a
    telephone is set (`calls`); else what is left of them goes onto the page.
    """

    def sender(name: str, only: Sequence[Channel]) -> Tick:
        def send() -> bool:
            return outbox.step(db, carriers, db.clock.now(), undelivered.note, only=only)

        return Tick(name, 0.5, send, A_BATCH_MAY_TAKE)

    out = [each for each in claiming.LEAVE_THE_HOUSE if each in carriers]
    rest = [each for each in Channel if each not in out and not (calls and each is Channel.VOICE)]
    return [sender("send", rest), *(sender(f"send {each.value}", (each,)) for each in out)]


def _sweep(db: Db, store: Store | None) -> bool:
    """Let go of files that no row needs; files are as old as the real time says."""
    return store is not None and attachments.sweep(db, store, real_time().start)


def oldest_waiting(db: Db) -> float | None:
    """Domain seconds that the oldest message has waited to be sent; None when none waits."""
    with db.transaction() as session:
        return outbox.oldest_waiting(session, db.clock.now())


def carriers(smtp_url: str | None, base_url: str | None, clock: Clock) -> dict[Channel, Carrier]:
    """The ways a message can leave: e-mail where a mail server is set, else only the outbox page."""
    found: dict[Channel, Carrier] = {Channel.PAGE: PageCarrier()}
    if smtp_url:
        found[Channel.EMAIL] = EmailCarrier(smtp_url, base_url or "", clock)
    return found
