"""Chance that repeats: the same names give the same numbers, in any process and on any day."""

from random import Random


def stream(*names: object) -> Random:
    """Random numbers of their own for these names, independent of every other stream."""
    return Random("/".join(map(str, names)))  # noqa: S311 - it must repeat; nothing secret comes from it
