"""What every store has to keep to, whatever it is made of."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Unavailable
from core.store import Store, new_key


class Broken(io.BytesIO):
    """A file that fails half way."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("the disk is gone")
        return super().read(8)


def ahead() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def holds_to_the_contract(store: Store) -> None:
    """Put, open, list, delete, and what happens to what is not there."""
    key, other = new_key(), new_key()
    whole = bytes(range(256)) * 1000
    store.put(key, io.BytesIO(whole))
    store.put(other, io.BytesIO(b"x"))
    assert b"".join(store.open(key)) == whole
    assert sorted(store.list_keys(ahead())) == sorted([key, other])
    assert list(store.list_keys(datetime(2020, 1, 1, tzinfo=UTC))) == []
    store.delete(key)
    store.delete(key)
    assert list(store.list_keys(ahead())) == [other]
    with pytest.raises(Unavailable):
        store.open(key)
