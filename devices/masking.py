"""A message without what it says: its keys and its shape, every value covered."""

import re

COVER = "…"
_TOKEN = re.compile(r'([{,]\s*+)?("(?:[^"\\]|\\.)*+"?|-?\w[\w.+-]*+|[^\s{}\[\]:,])')
_A_KEY = re.compile(r'"[A-Za-z_][\w:.-]{0,39}"\s*:')
_LEVEL = re.compile(r"[\w:.+-]{1,64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,16}")
LEVELS = 4
"""Levels of a topic that say which kit speaks and how; what follows may be a name that somebody gave."""


def covered(payload: bytes) -> str:
    """The text of `payload` with its keys, braces and commas, and a cover on all else; broken JSON too."""
    text = payload.decode("utf-8", "replace")

    def cover(found: re.Match[str]) -> str:
        before, said = found[1] or "", found[2]
        if before and _A_KEY.match(text, found.start(2)):
            return found[0]
        return f'{before}"{COVER}"' if said.startswith('"') else before + COVER

    return _TOKEN.sub(cover, text)


def topic(told: str) -> str:
    """A topic as far as it says which kit spoke and how; radio addresses stay, names are covered."""
    levels = told.split("/")
    kept = [each if _LEVEL.fullmatch(each) else COVER for each in levels[:LEVELS]]
    return "/".join(kept + [each if _ADDRESS.fullmatch(each) else COVER for each in levels[LEVELS:]])
