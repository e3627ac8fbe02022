"""Old ids lead to the record that stays, however often records were brought together."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from people import looks, merged, visible
from tests.care_plans import alerting
from tests.care_plans.merging import twice
from tests.cast import Cast


def test_an_id_leads_through_every_merge(session: Session, cast: Cast, now: datetime) -> None:
    again = twice.lay(session, cast, now)
    assert merged.uuid_of(session, cast.ada.uuid) == cast.ada.uuid
    again.merged_into_id = cast.ada.id
    cast.ada.merged_into_id = cast.ben.id
    session.flush()
    assert merged.uuid_of(session, again.uuid) == cast.ben.uuid
    assert merged.old_uuids(session, [cast.ada.id]) == {cast.ada.id: [again.uuid]}
    unknown = uuid4()
    assert merged.uuid_of(session, unknown) == unknown


def test_who_looked_at_either_record_is_told_of_the_one_that_stays(
    session: Session, cast: Cast, now: datetime
) -> None:
    again = twice.lay(session, cast, now)
    visible.record_look(session, alerting.dev(cast), again)
    again.merged_into_id = cast.ada.id
    session.flush()
    assert [each.by for each in looks.list_looks(session, cast.ada)] == ["Dev"]
    assert set(session.scalars(merged.ids(cast.ada.id))) == {cast.ada.id, again.id}
