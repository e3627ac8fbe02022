"""What the fields of the API's JSON are made of; every text, time and number is bounded before it goes on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from people.faults import LINE, LINES, NEEDED, has_controls

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
A_TIME = "Give a time with its zone, like 2026-11-22T07:46:00Z; in an address, + is written %2B."
A_WHOLE_NUMBER = "Give a whole number."

# What marshmallow says of a field that is wrong, in words that say what to change.
SAID = {
    "required": NEEDED,
    "null": NEEDED,
    "invalid_uuid": "Give an id, as it was answered.",
    "invalid_awareness": A_TIME,
}
SAID_OF: Mapping[type[fields.Field[Any]], str] = {
    fields.String: "Give text.",
    fields.AwareDateTime: A_TIME,
    fields.Date: "Give a date, like 1948-05-04.",
    fields.Boolean: "Say true or false.",
    fields.Integer: A_WHOLE_NUMBER,
}


class Shape(Schema):
    """A JSON object with exactly these fields; one that nobody knows is refused, not ignored."""

    error_messages = {"type": "Give a JSON object.", "unknown": "There is no such field here."}  # noqa: RUF012 - marshmallow's own attribute

    class Meta:
        """How marshmallow treats it."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let a field speak our words."""
        own = next((said for kind, said in SAID_OF.items() if isinstance(field_obj, kind)), None)
        said = SAID if own is None else {**SAID, "invalid": own}
        field_obj.error_messages = {**field_obj.error_messages, **said}


class AtMost(validate.Length):
    """The longest a text may be; nothing is short enough."""

    def __call__(self, value: Any) -> Any:
        """The value, or ValidationError."""
        return value if value is None else super().__call__(value)


class Text(fields.String):
    """Text without space around it and without control characters; `most` characters at most.

    An empty one counts as null, which only a field with allow_none takes.
    """

    def __init__(self, *, most: int = LINE, lines: bool = False, **options: Any) -> None:
        most = max(most, LINES) if lines else most
        super().__init__(validate=AtMost(max=most), **options)
        self._kept = "\n\t" if lines else ""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options).replace("\r\n", "\n").strip()
        if has_controls(text, self._kept):
            raise ValidationError("Leave out control characters.")
        if not text and not self.allow_none:
            raise ValidationError("This is needed.")
        return text or None


class Number(fields.Float):
    """A finite number; text and true are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Give a number.")
        found: float = super()._deserialize(value, attr, data, **options)
        return found


class Moment(fields.AwareDateTime):
    """A time with its zone, RFC 3339; kept and given out in UTC: 2026-11-22T07:46:00Z."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        try:
            moment = super()._deserialize(value, attr, data, **options).astimezone(UTC)
        except OverflowError as fault:
            raise ValidationError("Give a time between 1900 and 2200.") from fault
        if not EARLIEST <= moment < LATEST:
            raise ValidationError("Give a time between 1900 and 2200.")
        return moment

    def _serialize(
        self,
        value: datetime | None,
        attr: str | None,
        obj: Any,
        **kwargs: Any,
    ) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Choice(fields.Enum[StrEnum]):
    """A value of an enum; one that a document keeps as text is given out like the enum's own."""

    def _serialize(self, value: StrEnum | str | None, attr: str | None, obj: Any, **options: Any) -> Any:
        return None if value is None else self.enum(value).value


def choice(kind: type[StrEnum], **options: Any) -> Choice:
    """One of the values of `kind`."""
    return Choice(kind, by_value=True, **options)


def whole(least: int, most: int, **options: Any) -> fields.Integer:
    """A whole number from `least` to `most`."""
    return fields.Integer(strict=True, validate=validate.Range(least, most), **options)


def identity() -> fields.UUID:
    """The outer id of a row that has `uuid`."""
    return fields.UUID(attribute="uuid", dump_only=True, metadata={"description": "Its id."})


def row_version() -> fields.Integer:
    """The row's version, the same as its ETag: send it back in If-Match with an edit."""
    return fields.Integer(dump_only=True, metadata={"description": "Its version; the ETag says the same."})


class Cut(Shape):
    """Which part of a list is asked for. A list's own filters are fields of a shape made from this one."""

    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, 200), metadata={"description": "How many at most."}
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata={"description": "`next` of the part before."},
    )


@cache
def page_of(shape: type[Shape]) -> type[Schema]:
    """A part of a list of `shape`: items, and the cursor of the next part or null."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(shape), required=True),
            "next": fields.String(required=True, allow_none=True),
        },
        name=f"{shape.__name__}Page",
    )


@cache
def edit_of(shape: type[Shape]) -> type[Shape]:
    """The same fields as `shape`, none of them required: what an edit sends are the fields it changes.

    A shape that is edited has no load_default: it would set back whatever an edit leaves out.
    """

    def everything_optional(self: Shape, **options: Any) -> None:
        shape.__init__(self, **{"partial": True, **options})

    return type(
        f"{shape.__name__}Edit", (shape,), {"__init__": everything_optional, "__doc__": shape.__doc__}
    )
