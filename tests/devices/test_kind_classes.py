from sqlalchemy import select
from sqlalchemy.orm import Session

from devices import kind_classes, kinds
from devices.models import KindClass


def test_the_table_says_what_the_catalogue_says(session: Session) -> None:
    kind_classes.lay(session)
    kind_classes.lay(session)
    kept = {row.kind: row.record_class for row in session.scalars(select(KindClass))}
    assert kept == {kind.code: kind.record_class for kind in kinds.all_kinds()}
