"""The demo place's register of protection shows what is in order and what is not."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.demo import agencies, calling, households
from core.embedded.secrets import Secrets
from devices import alarm_lines
from devices.protecting import Amiss
from people.signing_in import viewer_of


def test_some_homes_are_in_order_and_some_are_not(session: Session, now: datetime, tmp_path: Path) -> None:
    westmere = agencies.lay(session, Secrets(tmp_path), now)
    laid = households.lay(session, westmere, 8, now, tmp_path / "simulated.json")
    calling.lay(session, laid, now)

    viewer = viewer_of(session, westmere.staff["Cora"], now)
    found = alarm_lines.list_protected(session, viewer, now, now.date())

    kinds = {amiss for each in found for amiss in each.amiss}
    assert {Amiss.UNTRIED_SINCE, Amiss.UNKNOWN_LINE} <= kinds
    assert [each for each in found if not each.amiss] != []
