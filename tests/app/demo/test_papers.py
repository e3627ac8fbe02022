"""What the demo place is asked, and what is attached."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.demo import papers
from app.demo.agencies import Westmere
from app.demo.households import Laid
from core.store_folder import FolderStore
from devices import partitions
from people import attachments
from people.forms import filled
from people.signing_in import viewer_of
from tests.cast import Cast


def test_two_people_were_asked_twice_a_carer_once_and_a_paper_is_attached(
    session: Session, cast: Cast, now: datetime, tmp_path: Path
) -> None:
    partitions.make_ahead(session, now - timedelta(days=31))
    westmere = Westmere({}, {}, {"Dev": cast.dev, "Sol": cast.sol})
    laid = [
        Laid(None, None, home, [person], {})  # type: ignore[arg-type]
        for home, person in ((cast.ada_home, cast.ada), (cast.ben_home, cast.ben))
    ]
    papers.lay(session, westmere, laid, FolderStore(tmp_path), now)
    cora = viewer_of(session, cast.cora, now)
    adas = filled.shown(session, cora, cast.ada, now).items
    bens = filled.shown(session, cora, cast.ben, now).items
    assert [each.row.form_code for each in adas] == ["ons4", "ons4"]
    assert sorted(each.row.form_code for each in bens) == ["carer_check", "ons4", "ons4"]
    assert all(score.value is not None for each in (*adas, *bens) for score in each.scores)
    (paper,) = attachments.shown(session, cora, cast.ada, now).items
    assert paper.row.title == "Home visit: what to mend"
