"""What is not shared with whoever asks is neither told to them nor written over by them."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotAllowed
from people import access, sharing
from people.access import Extent, RecordClass, Viewer
from people.class_words import CLASSES
from people.models.people import Person


def shown(session: Session, viewer: Viewer, person: Person, record_class: RecordClass, now: datetime) -> bool:
    """Whether a class of the person's record is shown to the viewer as it is."""
    return sharing.sees(session, viewer, person.id, now)[record_class] is Extent.FULL


def refuse(
    session: Session, viewer: Viewer, person: Person, record_class: RecordClass, now: datetime
) -> None:
    """NotAllowed where a change would write over, or beside, what is not shared with the viewer's agency."""
    if not access.may_write(sharing.sees(session, viewer, person.id, now), record_class):
        raise NotAllowed(
            f"{CLASSES[record_class]}: not shared with {viewer.agency or 'your agency'}, so you would write "
            "without seeing what stands there. Ask the team that leads their care."
        )
