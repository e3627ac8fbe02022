"""Whether what somebody holds for another counts on a day; pure but for the row it reads."""

from datetime import date

from people.models.authority import Authority, AuthorityKind

WELFARE = (AuthorityKind.ATTORNEY_WELFARE, AuthorityKind.DEPUTY_WELFARE)
"""Those who may be asked about care and about kit; property and benefits are another matter."""


def holds(row: Authority, on: date) -> bool:
    """Whether it is verified, not withdrawn, and in its time on that day."""
    begun = row.begins_on is None or row.begins_on <= on
    going = row.ends_on is None or row.ends_on >= on
    return row.withdrawn_at is None and row.verified_on is not None and begun and going


def holds_for_welfare(row: Authority, on: date) -> bool:
    """Whether they may be asked about care and about kit on that day."""
    return row.kind in WELFARE and holds(row, on)
