"""The register of protection for a spreadsheet."""

from uuid import uuid4

from app.web import protection_table
from app.web.protection_table import AmissShown, ProtectedRow


def home(*amiss: AmissShown, where: str = "14 Orchard Row") -> ProtectedRow:
    return ProtectedRow(uuid4(), (), where, False, "Line not known", "", None, (), amiss)


def test_each_thing_amiss_has_its_line_and_a_home_in_order_has_one() -> None:
    amiss = AmissShown("No battery", False, None, "")
    lines = protection_table.as_csv([home(amiss, amiss), home()]).splitlines()
    assert len(lines) == 1 + 2 + 1


def test_nothing_in_it_can_be_taken_for_a_formula() -> None:
    assert "'=1+1" in protection_table.as_csv([home(where="=1+1")])
