"""What Ada of the demo place has said of who may see what, and an agreement that was confirmed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from core.journal import Actor
from people import choices, grants
from people.access import Extent, Purpose, RecordClass
from people.models.people import Person
from people.models.sharing import LawfulBasis

AGREEMENT = "Westmere information sharing agreement 2026, kept by the council’s privacy team"
# whose (by given name), agency (None: every), what was said
SAID = (
    (
        "Ada",
        "Westmere Homes",
        {
            "decision": "dissent",
            "record_class": "energy",
            "said_by": "Ada herself",
            "evidence": "Told Sol at her kitchen table: “What I burn is nobody’s business but mine.”",
        },
    ),
)


def lay(session: Session, westmere: Westmere, now: datetime) -> None:
    """Lay down what was said, by those it was said to, and the landlord's confirmed agreement."""
    cora, sol = westmere.staff["Cora"], westmere.staff["Sol"]
    for given_name, agency, said in SAID:
        person = session.scalars(select(Person).where(Person.given_name == given_name).limit(1)).first()
        if person is not None:
            choices.choose(
                session,
                person,
                westmere.agencies[agency] if agency else None,
                said,
                by=sol,
                actor=Actor(sol.name, sol.id),
                now=now - timedelta(days=20),
            )
    for purpose, record_class in (
        (Purpose.HOUSING_DUTY, RecordClass.HOME_ENVIRONMENT),
        (Purpose.SAFETY, RecordClass.SAFETY_EVENTS),
    ):
        grants.set_(
            session,
            westmere.agencies["Westmere Homes"],
            {
                "purpose": purpose,
                "record_class": record_class,
                "extent": Extent.FULL,
                "lawful_basis": LawfulBasis.LEGAL_OBLIGATION,
                "agreement": AGREEMENT,
            },
            by=cora,
            actor=Actor(cora.name, cora.id),
            now=now - timedelta(days=30),
        )
