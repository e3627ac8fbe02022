"""Rows by many keys at once, in a statement that is the same however many there are."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute


def among(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], numbers: Iterable[int]
) -> ColumnElement[bool]:
    """Whether `column` is one of these numbers.

    They are one parameter: a list in brackets has one for each, and reading such a statement anew for every
    claim costs more than the rows it finds.
    """
    return column == any_(literal(list(numbers), ARRAY(BigInteger)))
