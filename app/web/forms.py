"""What was typed into a form, kept, with what is wrong beside each field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field, as text, and one sentence for each field that is wrong ("" is the form as a whole)."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def typed(*names: str) -> dict[str, str]:
    """What was sent for each of `names`, without the space around it; "" for what was left out."""
    return {name: request.form.get(name, "").strip() for name in names}
