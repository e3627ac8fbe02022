"""The calls of Westmere: this morning's, who has not answered yet, and who was looked for yesterday."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.alerts import alerts
from care_plans.models.alerts import Alert, Cause, ContactKind, Outcome
from care_plans.models.work import FollowUp, FollowUpKind
from care_plans.reached import Came
from care_plans.ringing import attempts, no_replies, procedure, terms
from care_plans.ringing.attempts import Given
from care_plans.work import follow_ups
from people import signing_in
from people.access import Viewer
from people.models.people import Person

MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MANY = 12
"""From so many homes on somebody is looked for now: in a smaller place it would stand above all else."""
ASKED = (
    "Morning call: how was the night?",
    "Ring about the new inhaler.",
    "Has the heating come back on?",
    "Morning call: breakfast, tablets, warm enough?",
)
AGREED_BY = "{name}, at home"


def lay(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Half a dozen calls by tonight, one of them tried twice; somebody was found in her garden yesterday."""
    hub = westmere.teams["Westmere hub"]
    cora = signing_in.viewer_of(session, westmere.staff["Cora"], now)
    people = [person for one in laid for person in one.people if person.died_on is None][:MANY]
    calls = [
        _call(
            session, hub.id, person, ASKED[place % len(ASKED)], now, due_at=now + (place * 25 - 20) * MINUTE
        )
        for place, person in enumerate(people[:6])
    ]
    if len(people) < 4:
        return
    for ago, came in ((38, Came.NO_ANSWER), (14, Came.ANSWERPHONE)):
        _ring(session, calls[1], cora, now - ago * MINUTE, came)
    _ring(session, calls[0], cora, now - 3 * MINUTE, Came.ENGAGED)
    _agree(session, people[2], cora, now)
    _found_yesterday(session, westmere, hub.id, people[3], now - A_DAY)
    if len(laid) >= MANY:
        row = _call(session, hub.id, people[8], ASKED[0], now - A_DAY, due_at=now - 45 * MINUTE)
        for ago in (34, 20, 6):
            _ring(session, row, cora, now - ago * MINUTE, Came.NO_ANSWER)


def _call(
    session: Session, team_id: int, person: Person, text: str, now: datetime, *, due_at: datetime
) -> FollowUp:
    return follow_ups.make(
        session, kind=FollowUpKind.CALL, text=text, team_id=team_id, due_at=due_at, now=now,
        person_id=person.id,
    )  # fmt: skip


def _ring(session: Session, row: FollowUp, by: Viewer, now: datetime, came: Came, words: str = "") -> None:
    attempts.record(session, row, Given(came, words), by=by, now=now)


def _agree(session: Session, person: Person, by: Viewer, now: datetime) -> None:
    """Somebody who never misses a call: two are enough, and the neighbour is asked first."""
    document = procedure.to_document(procedure.DEFAULT) | {"attempts": 2}
    document["steps"][0]["words"] = "Next door hears the doorbell: ring there first."
    terms.set_for_person(
        session, person, document, agreed_with=AGREED_BY.format(name=person.given_name),
        agreed_on=(now - 20 * A_DAY).date(), by=by, now=now - 20 * A_DAY,
    )  # fmt: skip


def _found_yesterday(
    session: Session, westmere: Westmere, team_id: int, person: Person, at: datetime
) -> None:
    """Nobody answered three calls; a responder went, and saw them in the garden."""
    cora = signing_in.viewer_of(session, westmere.staff["Cora"], at)
    osei = signing_in.viewer_of(session, westmere.staff["Osei"], at)
    row = _call(session, team_id, person, ASKED[3], at - A_DAY, due_at=at)
    for minutes in (0, 12, 26):
        _ring(session, row, cora, at + minutes * MINUTE, Came.NO_ANSWER)
    looked_for = no_replies.find_open(session, person.id)
    if looked_for is None:
        return
    alert = session.get_one(Alert, looked_for.alert_id)
    seen_at = at + 61 * MINUTE
    words = "In the garden, well; the telephone was in the house."
    alerts.contact(session, alert, kind=ContactKind.SAW, words=words, by=osei, now=seen_at)
    no_replies.step(session, seen_at)
    _ring(session, row, cora, seen_at + 9 * MINUTE, Came.WELL, "Will carry the handset outside.")
    alerts.close(
        session, alert, cause=Cause.TRUE_ACTED, action="Went there; seen in the garden.",
        outcome=Outcome.VISIT_MADE, by=osei, now=seen_at + 15 * MINUTE,
    )  # fmt: skip
