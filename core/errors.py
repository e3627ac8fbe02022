"""The few ways an action can fail, each said well."""

from collections.abc import Mapping


class HearthlineError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class NotFound(HearthlineError):
    """There is nothing here, or nothing that you may see."""


class NotAllowed(HearthlineError):
    """Your role does not allow this."""


class Invalid(HearthlineError):
    """Some of what was given is not right."""

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        """`fields` maps each field (dotted path) to one sentence that says what to change."""
        super().__init__(message)
        self.fields = dict(fields)

    def __str__(self) -> str:
        faults = "; ".join(f"{field}: {fault}" for field, fault in self.fields.items())
        return f"{super().__str__()} {faults}".strip()


class Conflict(HearthlineError):
    """Somebody else changed this first. Load it again and look before you repeat your change."""

    def __init__(self, message: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        """`fields` names what is in conflict, where that is one field and not the whole."""
        super().__init__(message)
        self.fields = dict(fields or {})


class Unavailable(HearthlineError):
    """A part of Hearthline that this needs is not answering."""
