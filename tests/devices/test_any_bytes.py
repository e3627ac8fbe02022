"""Bytes that nobody would send are read or refused by every decoder: what `make fuzz` does, in small."""

from random import Random

import pytest

from devices.decode import format_names
from tools import fuzz

TIMES = 120
ODD = (
    *(
        b"",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b",",
        b":",
        b"null",
        b"true",
        b"-1",
        b"0",
        b"1e308",
        b"NaN",
        b"9" * 20,
    ),
    *(b'""', b"{}", b"[]", b"\x00", b"\xff", b"<", b">", b"</a>", b"<!DOCTYPE x>", b"\\u0000", b"\n"),
    *(b"2026-02-30T25:61:00Z", b"1970-01-01T00:00:00", b"9999-12-31T23:59:59-23:59"),
)


def changed(data: bytes, chance: Random) -> bytes:
    """A few changes to a message: bytes turned, cut, doubled, or something odd put in."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(found))
        end = min(len(found), start + chance.choice((0, 1, 2, 8, 40)))
        how = chance.randint(0, 3)
        if how == 0:
            found[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
        elif how == 1:
            found[start:end] = b""
        elif how == 2:
            found[start:start] = found[start:end] * chance.choice((1, 3, 50))
        else:
            found[start:end] = chance.choice(ODD)
    return bytes(found[: 64 * 1024])


@pytest.mark.parametrize("name", format_names())
def test_changed_messages_are_read_or_refused(name: str) -> None:
    chance = Random(f"any bytes of {name}")
    known = [data for _, data in fuzz.seeds(name)]

    for _ in range(TIMES):
        fuzz.one(name, changed(chance.choice(known), chance), slowed=10)


def test_a_decoder_that_raises_anything_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr(fuzz.payloads, "read", fails)

    with pytest.raises(KeyError):
        fuzz.one("glow", b"\x00\x00{}")


def test_a_decoder_that_takes_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, 1.0))
    monkeypatch.setattr(fuzz.time, "thread_time", lambda: next(times))

    with pytest.raises(fuzz.TooSlow):
        fuzz.one("glow", b"\x00\x00{}")
