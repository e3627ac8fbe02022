"""The ways that a message can leave by."""

from enum import StrEnum


class Channel(StrEnum):
    """A way a message can leave; `page` is the outbox alone, where no mail server is set."""

    EMAIL = "email"
    PAGE = "page"
    VOICE = "voice"
    SMS = "sms"
    PUSH = "push"
