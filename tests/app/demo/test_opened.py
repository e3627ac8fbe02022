from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.demo import agencies, households, opened
from core.embedded.secrets import Secrets
from people import overrides


def test_it_waits_to_be_looked_into_by_the_privacy_officer(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    secrets = Secrets(tmp_path)
    westmere = agencies.lay(session, secrets, now)
    laid = households.lay(session, westmere, 1, now, tmp_path / "simulated.json")
    opened.lay(session, westmere, laid, now)
    (used,) = overrides.list_used(session)
    assert (used.staff, used.override.person_id) == ("Mallory", laid[0].people[0].id)
