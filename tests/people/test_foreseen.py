from datetime import datetime

from sqlalchemy.orm import Session

from core.journal import Actor
from people import choices, foreseen, grants
from people.access import Extent, RecordClass
from people.foreseen import NO_BASIS
from tests.cast import Cast

TEST = Actor("test")


def of(session: Session, cast: Cast, now: datetime, record_class: RecordClass) -> foreseen.Foreseen:
    found = foreseen.foresee(session, cast.landlord, cast.ada.id, now)
    assert [each.record_class for each in found] == list(RecordClass)
    return next(each for each in found if each.record_class is record_class)


def test_the_sender_is_told_how_much_the_receiver_will_see_and_on_what_basis(
    session: Session, cast: Cast, now: datetime
) -> None:
    home = of(session, cast, now, RecordClass.HOME_ENVIRONMENT)
    assert home.extent is Extent.FULL
    assert home.why.startswith("For housing duty, by legal obligation:")


def test_a_class_without_a_basis_says_so(session: Session, cast: Cast, now: datetime) -> None:
    assert of(session, cast, now, RecordClass.VITALS) == foreseen.Foreseen(
        RecordClass.VITALS, Extent.CHECK, NO_BASIS
    )


def test_a_dissent_is_named_with_its_day(session: Session, cast: Cast, now: datetime) -> None:
    said = {"decision": "dissent", "record_class": "home_environment", "said_by": "Ada", "evidence": "Letter"}
    choices.choose(session, cast.ada, cast.housing, said, by=cast.cora, actor=TEST, now=now)
    home = of(session, cast, now, RecordClass.HOME_ENVIRONMENT)
    assert home.extent is Extent.CHECK
    assert home.why.startswith("They dissented on 22 November 2026 (Ada)")


def test_what_rests_on_consent_says_that_asking_is_all_it_takes(
    session: Session, cast: Cast, now: datetime
) -> None:
    given = {
        "purpose": "care", "record_class": "vitals", "extent": "full", "lawful_basis": "consent",
        "agreement": "Warm homes scheme",
    }  # fmt: skip
    grants.set_(session, cast.housing, given, by=cast.cora, actor=TEST, now=now)
    vitals = of(session, cast, now, RecordClass.VITALS)
    assert (vitals.extent, "asking them is all it takes" in vitals.why) == (Extent.CHECK, True)
