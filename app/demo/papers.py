"""What people of Westmere were asked, before and since, and a paper that was attached."""

import io
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.plan import filled_in
from core.store import Store
from people import attachments, signing_in
from people.forms import reading
from people.models.people import Person

BEFORE, SINCE = timedelta(days=13), timedelta(days=1)
ONS4 = (
    ({"satisfaction": 4, "worthwhile": 5, "happiness": 4, "anxiety": 7}, BEFORE),
    ({"satisfaction": 7, "worthwhile": 7, "happiness": 6, "anxiety": 3}, SINCE),
)
CARER = {
    "sleep": "often", "tired": "often", "body": "sometimes", "own_time": "nearly_always",
    "work_money": "never",
    "temper": "sometimes", "alone": "sometimes", "coping": "sometimes", "time_off": True,
    "time_off_when": "An afternoon a week, to see friends.", "plan_if_ill": False,
}  # fmt: skip
PAPER = b"""Kitchen and bathroom, looked at together.

The rug in the hall is gone. A second rail by the bath would help. The back step is too high.
"""


def lay(session: Session, westmere: Westmere, laid: list[Laid], store: Store, now: datetime) -> None:
    """Let the first two be asked how they are, twice; a carer too; and attach what was found in a home."""
    dev = signing_in.viewer_of(session, westmere.staff["Dev"], now)
    people = [one.people[0] for one in laid[:2]]
    for person in people:
        for given, ago in ONS4:
            told = {"answered_at": now - ago, "asked_by": "telephone"}
            form = reading.get("ons4")
            filled_in.complete(session, person, form, given, told, viewer=dev, now=now)
    for person in people[-1:]:
        told = {"answered_by": "carer", "answered_by_name": "Their daughter", "answered_at": now - SINCE}
        filled_in.complete(session, person, reading.get("carer_check"), CARER, told, viewer=dev, now=now)
    for person in people[:1]:
        _attach(session, westmere, person, store, now)


def _attach(session: Session, westmere: Westmere, person: Person, store: Store, now: datetime) -> None:
    sol = signing_in.viewer_of(session, westmere.staff["Sol"], now)
    taken = attachments.take(store, None, io.BytesIO(PAPER), "home visit.txt", "text/plain")
    said = {"title": "Home visit: what to mend", "record_class": "home_environment", "belongs_to": "plan"}
    attachments.add(session, person, taken, said, viewer=sol, now=now)
