"""A record of the demo place that somebody opened past the glass, for the privacy officer to look into."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.work import override_reviews
from people.signing_in import viewer_of

WHY = "Rang our desk by mistake, confused and breathing badly; nobody answers at the number on the card."
AGO = timedelta(hours=20)


def lay(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Yesterday, Mallory's desk opened the record of whoever lives in the first home."""
    at = now - AGO
    household, person = laid[0].household, laid[0].people[0]
    exactly = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": person.date_of_birth,
        "postcode": household.postcode,
        "reason": WHY,
    }
    override_reviews.open_(session, viewer_of(session, westmere.staff["Mallory"], at), exactly, now=at)
