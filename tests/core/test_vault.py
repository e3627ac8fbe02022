"""What is kept unreadable."""

import pytest

from core.errors import Unavailable
from core.vault import Vault


def test_it_opens_what_it_sealed_and_seals_it_differently_each_time() -> None:
    vault = Vault("key")
    assert vault.open(vault.seal("999 000 0018")) == "999 000 0018"
    assert vault.seal("4711") != vault.seal("4711")


def test_another_key_opens_nothing_and_says_why() -> None:
    with pytest.raises(Unavailable, match="another secret key"):
        Vault("another").open(Vault("key").seal("4711"))


def test_the_blind_index_is_the_same_for_the_same_text_under_one_key_only() -> None:
    assert Vault("key").blind("x") == Vault("key").blind("x")
    assert Vault("key").blind("x") != Vault("key").blind("y")
    assert Vault("key").blind("x") != Vault("another").blind("x")
