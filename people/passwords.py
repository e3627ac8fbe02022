"""Passwords: how they are kept, checked, and refused when too easy to guess."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Invalid

SHORTEST, LONGEST = 12, 200
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """What is compared with where there is nobody, so that it takes as long."""
    return _hasher.hash("nobody signs in with this")


def accept(password: str, *, email: str, name: str) -> None:
    """Invalid unless it is 12 to 200 characters and neither the name nor the e-mail address.

    No rule asks for a mixture of characters (NCSC, three random words).
    """
    fault = None
    if len(password) < SHORTEST:
        fault = f"Give at least {SHORTEST} characters; three random words are easy to keep in mind."
    elif len(password) > LONGEST:
        fault = f"Give at most {LONGEST} characters."
    elif password.casefold() in {email.casefold(), name.casefold(), email.partition("@")[0].casefold()}:
        fault = "Your name or e-mail address is the first thing somebody would try: give another."
    if fault:
        raise Invalid({"password": fault})


def accept_another(password: str, current: str, *, email: str, name: str) -> None:
    """The same for one that is to follow `current`: Invalid also when it is no other."""
    accept(password, email=email, name=name)
    if password == current:
        raise Invalid({"password": "That is the one you have: give another."})


def made() -> str:
    """A password that nobody can guess (79 bits), in groups that can be read out: "k3fm-9xq2-…"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """The form to keep (argon2id, RFC 9106 low-memory parameters)."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the one; takes as long when there is none to compare with."""
    try:
        _hasher.verify(_nobody() if password_hash is None else password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outgrown(password_hash: str) -> bool:
    """Whether it was kept with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
