"""What a request has of the installation: one session, one viewer, one time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, request  # noqa: TID251 - everything else asks here
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from care_plans.channel import Channel
from core.clock import real_time
from core.db import Db
from core.journal import Actor
from core.models import JournalEntry
from core.store import Store
from core.zones import UK
from people import visible
from people.access import Viewer
from people.attachments import Scanner
from people.visitors import Visitor

KEY = "hearthline"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY = "Sign in, or send a token that is valid: Authorization: Bearer."
NOBODY_HERE = "Sign in to see this page."
CHALLENGE = WWWAuthenticate("bearer", {"realm": "Hearthline"})


def _real_now() -> datetime:
    return real_time().start


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """Somebody of a demo place whom everybody may try: the sign-in page tells their password."""

    name: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class AppContext:
    """What the web process is given by whoever starts it.

    `refresh_broker` tells the broker of changed device secrets; it is called after the commit. `workers` are
    the heartbeats that must be there for the installation to be ready. `broker_address` is where kit
    connects, without any credentials. `real_now` is the real time, which sessions and credentials go by.
    `store` keeps attached files, and `scanner` looks at them first. `webhooks_inside` lets agencies set
    addresses of our own networks for their systems. `voice_secret` signs what is reported of telephone calls,
    and `texts_token` comes with what is reported of texts. `ways` are those by which staff can be told here,
    and `push_key` is what browsers are given of the key that messages to them are signed with. A broker that
    asks who may connect sends `broker_token`; `intake_sign_in` is intake's name and password there.
    `mosquitto` says whether kit signs in to a Mosquitto that reads files of ours.
    """

    db: Db
    secret_key: str
    time_zone: str = UK
    secure_cookies: bool = False
    refresh_broker: Callable[[], None] = _nothing
    workers: frozenset[str] = frozenset()
    broker_address: str | None = None
    demo: tuple[DemoSignIn, ...] = ()
    demo_visitors: tuple[DemoSignIn, ...] = ()
    real_now: Callable[[], datetime] = _real_now
    store: Store | None = None
    scanner: Scanner | None = None
    webhooks_inside: bool = False
    voice_secret: str | None = None
    texts_token: str | None = None
    ways: frozenset[Channel] = frozenset()
    push_key: str | None = None
    broker_token: str | None = None
    intake_sign_in: tuple[str, str] | None = None
    mosquitto: bool = False


def installation() -> AppContext:
    """The installation that answers this request."""
    context = current_app.extensions[KEY]
    assert isinstance(context, AppContext)  # noqa: S101 - narrows the type; create_app puts it there
    return context


def unrung() -> str | None:
    """What a ladder's step that calls does where no telephone is set (H9); None where one is."""
    ways = installation().ways
    if Channel.VOICE in ways:
        return None
    written = "sends e-mail and stands" if Channel.EMAIL in ways else "stands"
    return f"Nobody is rung: no telephone is set. A step that calls {written} on the board, and no more."


def now() -> datetime:
    """The installation's time, the same throughout one request."""
    if "now" not in g:
        g.now = installation().db.clock.now()
    moment: datetime = g.now
    return moment


def session() -> Session:
    """The request's one session; it is committed when the request succeeds."""
    if "db_session" not in g:
        g.db_session = installation().db.session()
        if request.method in SAFE:
            event.listen(g.db_session, "before_flush", _only_looks)
    opened: Session = g.db_session
    return opened


def find_viewer() -> Viewer | None:
    """Who asks, or None when nobody has said so."""
    found: Viewer | None = g.get("viewer")
    return found


def viewer() -> Viewer:
    """Who asks; Unauthorized (401) for nobody."""
    found = find_viewer()
    if found is None:
        raise Unauthorized(NOBODY, www_authenticate=CHALLENGE)
    return found


def find_visitor() -> Visitor | None:
    """Whose page is open, for somebody who is not staff; None for everybody else."""
    found: Visitor | None = g.get("visitor")
    return found


def visitor() -> Visitor:
    """The same; Unauthorized (401) for nobody."""
    found = find_visitor()
    if found is None:
        raise Unauthorized(NOBODY_HERE)
    return found


def actor() -> Actor:
    """Who asks, as the journal names them."""
    return visible.actor(viewer())


def after_commit(act: Callable[[], None]) -> None:
    """Do `act` once what this request changed is committed; not at all when it fails."""
    g.setdefault("after_commit", []).append(act)


def keep() -> None:
    """Commit although the answer is a refusal: a failed sign-in must count."""
    g.keep = True


def settle(success: bool) -> None:
    """Commit the request's session, or roll it back, and do what was to follow the commit."""
    opened: Session | None = g.get("db_session")
    if opened is None:
        return
    if not (success or g.get("keep")):
        abandon()
        return
    opened.commit()
    for act in g.pop("after_commit", []):
        act()


def abandon() -> None:
    """Roll back all that this request changed."""
    opened: Session | None = g.get("db_session")
    if opened is not None:
        opened.rollback()
    g.pop("after_commit", None)


def close() -> None:
    """Give the session back; what was not committed is gone."""
    opened: Session | None = g.pop("db_session", None)
    if opened is not None:
        opened.close()


def _only_looks(opened: Session, _context: object, _instances: object) -> None:
    """Opening a link never acts (H8): all that a GET may write is that somebody looked."""
    written = [*opened.new, *opened.dirty, *opened.deleted]
    acted = {type(row).__name__ for row in written if not isinstance(row, JournalEntry)}
    if acted:
        raise RuntimeError(f"a {request.method} request tried to change {', '.join(sorted(acted))}")
