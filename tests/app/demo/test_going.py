"""Who of the demo place is at a home, and who is asked to go."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo import going
from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.visits import visits
from care_plans.work import agenda
from care_plans.work.agenda import Wanted, Whose
from people import checks
from people.signing_in import viewer_of
from tests.cast import Cast


def test_dev_is_with_somebody_and_has_left_in_forty_minutes_and_vi_is_asked_to_go(
    session: Session, cast: Cast, now: datetime
) -> None:
    teams = {"Community nurses": cast.nurses, "Befrienders": cast.befrienders}
    westmere = Westmere({}, teams, {"Dev": cast.dev, "Vi": cast.vi})
    laid = [
        Laid(None, None, home, [person], {})  # type: ignore[arg-type]
        for home, person in ((cast.ada_home, cast.ada), (cast.ben_home, cast.ben))
    ]
    going.lay(session, westmere, laid, now)
    [visit] = visits.list_own(session, cast.dev.id)
    assert visit.arrived_at == now - timedelta(minutes=20)
    assert visit.leave_by == now + timedelta(minutes=40)
    vi = viewer_of(session, cast.vi, now)
    [asked] = agenda.list_items(session, vi, Wanted(Whose.TEAMS), now)
    assert (asked.who, asked.where) == ("Ben", None)
    assert [each.lapsed for each in checks.list_lapsing(session, now, team_ids=[cast.nurses.id])] == [False]
