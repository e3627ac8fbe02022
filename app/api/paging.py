"""Lists in parts: a part ends with a cursor that says where the next begins, whatever came or went."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")

NOT_OURS = "Give `next` of the part before, as it was."


def _inner_key(text: str) -> int:
    key = int(text)
    if not -(2**63) <= key < 2**63:
        raise ValueError
    return key


_READ: Mapping[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
    int: _inner_key,
    float: float,
    str: str,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and the cursor of the next part (None when there is none)."""

    items: Sequence[T]
    next: str | None

    def turned(self, turn: Callable[[Sequence[T]], Sequence[U]]) -> "Page[U]":
        """The same part with other items, made from these all at once."""
        return Page(turn(self.items), self.next)


def page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    keys: Sequence[InstrumentedAttribute[Any]],
    asked: Mapping[str, Any],
    *,
    newest_first: bool = False,
) -> Page[Any]:
    """The part of `query` that `asked` (a loaded Cut) asks for, in the order of `keys`.

    `query` comes without order and limit. `keys` are columns that are never null, the last of them unique.
    An item is what the query selects: the one thing, or a row of several.
    """
    limit, cursor = asked["limit"], asked["cursor"]
    if cursor:
        after = read_cursor(cursor, [key.type.python_type for key in keys])
        here, there = tuple_(*keys), tuple_(*map(literal, after, (key.type for key in keys)))
        query = query.where(here < there if newest_first else here > there)
    query = query.order_by(*(key.desc() if newest_first else key.asc() for key in keys))
    rows = session.execute(query.add_columns(*keys).limit(limit + 1)).all()
    shown, width = rows[:limit], len(keys)
    items = [row[0] if len(row) == width + 1 else row[:-width] for row in shown]
    more = len(rows) > limit
    return Page(items, write_cursor(shown[-1][-width:]) if more else None)


def write_cursor(values: Sequence[Any]) -> str:
    """A cursor that stands behind the row with these key values."""
    texts = [value.isoformat() if isinstance(value, date) else str(value) for value in values]
    return urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, types: Sequence[type]) -> list[Any]:
    """The key values of a cursor; Invalid for one that is not ours."""
    try:
        texts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(texts, list) and "\0" not in "".join(texts):
            return [_READ.get(kind, kind)(text) for kind, text in zip(types, texts, strict=True)]
    except (ValueError, TypeError, RecursionError, binascii.Error, OverflowError) as fault:
        raise Invalid({"cursor": NOT_OURS}) from fault
    raise Invalid({"cursor": NOT_OURS})
