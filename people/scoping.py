"""Tells the database who looks, so that its own policies limit what a session reads (the second wall)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from core.db import limit
from people.access import Viewer
from people.visitors import Visitor

Given = ParamSpec("Given")
Done = TypeVar("Done")


def limit_to(session: Session, viewer: Viewer, now: datetime) -> None:
    """Let the session read, from now on, only what `viewer` may see at `now`."""
    everyone = "yes" if viewer.everyone else "no"
    limit(session, {"staff": str(viewer.staff_id), "now": now.isoformat(), "everyone": everyone})


def limit_to_visitor(session: Session, visitor: Visitor, now: datetime) -> None:
    """Let the session of somebody who is not staff read one person, and of them what is shown."""
    told = {"person": str(visitor.person_id), "account": str(visitor.account_id), "now": now.isoformat()}
    limit(session, {**told, "classes": ",".join(sorted(visitor.shows)), "everyone": "no"})


def limit_to_nobody(session: Session) -> None:
    """Let the session read nothing of anybody, until it is known who looks."""
    limit(session, {"everyone": "no"})


def count_everybody(session: Session) -> None:
    """Let the session read past the limits until it ends: for figures that count all and name nobody."""
    if "limits" in session.info:
        limit(session, {**session.info["limits"], "everyone": "yes"})


def past(
    act: Callable[Concatenate[Session, Given], Done],
) -> Callable[Concatenate[Session, Given], Done]:
    """An action that looks and writes past the limits, because it touches what the other side alone sees.

    It checks by itself that whoever acts may.
    """

    @wraps(act)
    def run(session: Session, /, *args: Given.args, **kwargs: Given.kwargs) -> Done:
        with lifted(session):
            return act(session, *args, **kwargs)

    return run


@contextmanager
def lifted(session: Session) -> Iterator[None]:
    """Read past the limits inside the block, for what no viewer is shown: a search for doubles, a retry.

    Whoever lifts them answers for what leaves the block.
    """
    before: Mapping[str, str] = session.info.get("limits", {})
    session.flush()
    limit(session, {**before, "everyone": "yes"})
    try:
        yield
        session.flush()
    finally:
        limit(session, before)
