"""Passwords are long, not the name, and kept so that they can't be read."""

import pytest
from argon2 import PasswordHasher

from core.errors import Invalid
from people.passwords import accept, hashed, matches, outgrown

WHO = {"email": "cora.wren@westmere.example", "name": "Cora Wren of Westmere"}


@pytest.mark.parametrize("password", ["three random words", "áé漢字 and twelve", "x" * 200])
def test_it_takes_any_mixture_that_is_long_enough(password: str) -> None:
    accept(password, **WHO)
    assert matches(hashed(password), password)


@pytest.mark.parametrize(
    "password", ["", "elevenchars", "x" * 201, "CORA.WREN@westmere.example", "cora wren of westmere"]
)
def test_it_refuses_what_is_short_or_the_name(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        accept(password, **WHO)
    assert list(refused.value.fields) == ["password"]


def test_another_password_does_not_match() -> None:
    assert not matches(hashed("three random words"), "three random word")


@pytest.mark.parametrize("kept", [None, "not a hash", ""])
def test_nothing_matches_where_none_is_kept(kept: str | None) -> None:
    assert not matches(kept, "nobody signs in with this")


def test_a_hash_of_weaker_days_is_outgrown() -> None:
    assert outgrown(PasswordHasher(time_cost=1, memory_cost=8192).hash("three random words"))
    assert not outgrown(hashed("three random words"))
