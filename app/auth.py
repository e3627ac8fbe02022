"""Who asks, and whether they may: every route says what it needs, or that it is public."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import flask
from flask import g, request

from app import context
from core.errors import NotAllowed, NotFound
from people import proxies, scoping, signing_in, tokens
from people.access import Need, Viewer, may
from people.models.accounts import Account
from people.models.agencies import Staff
from people.visitors import Visitor

View = TypeVar("View", bound=Callable[..., Any])

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTE_SEEN_EVERY = timedelta(minutes=1)
MACHINE_PATHS = ("/api/", "/fhir/")
MY_PAGE = "/me"
HEALTH = "/health/"


def for_machines(path: str) -> bool:
    """Whether `path` is for programs: they send a Bearer token, and cookies count for nothing."""
    return path.startswith(MACHINE_PATHS)


def for_visitors(path: str) -> bool:
    """Whether `path` is of My page, which knows no staff."""
    return path == MY_PAGE or path.startswith(f"{MY_PAGE}/")


def needs(need: str, *, form: bool = False, live: bool = False) -> Callable[[View], View]:
    """Mark a view with what it needs, and refuse whoever may not: 401 for nobody, 403 for the wrong role.

    `form` is for a page that shows the form of something it does not yet do. `live` is for a part that the
    page fetches again by itself: it keeps nobody signed in.
    """
    asked = Need(need)

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(asked)
            return view(*args, **kwargs)

        vars(guarded).update(needs=asked, form=form, live=live)
        return cast("View", guarded)

    return mark


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Mark a view as one that takes requests of up to `most_bytes`, larger than all others may be."""

    def mark(view: View) -> View:
        vars(view).update(most_bytes=most_bytes)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    vars(view).update(public=True)
    return view


def signed_in(*, live: bool = False) -> Callable[[View], View]:
    """Mark a view as open to whoever is signed in, in any role; 401 for nobody."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            context.viewer()
            return view(*args, **kwargs)

        vars(guarded).update(public=True, live=live)
        return cast("View", guarded)

    return mark


def of_my_page(*, own: bool = False) -> Callable[[View], View]:
    """Mark a view under /me as open to those who are not staff: the person, and (not `own`) whom they let in.

    Staff sessions and tokens never open it, nor do sessions from here open anything else. 404 for a part that
    is the person's own.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if own and not context.visitor().own:
                raise NotFound
            context.visitor()
            return view(*args, **kwargs)

        vars(guarded).update(public=True, my_page=True, own=own)
        return cast("View", guarded)

    return mark


def require(need: Need) -> Viewer:
    """Who asks, if they may do what `need` asks; Unauthorized or NotAllowed otherwise."""
    viewer = context.viewer()
    if not may(viewer, need):
        raise NotAllowed
    return viewer


def identify() -> None:
    """Find out who asks, before the view; it is no error yet if nobody does."""
    view = flask.current_app.view_functions.get(request.endpoint or "")  # noqa: TID251 - the route's own marks
    if view is None or request.endpoint == "static" or request.path.startswith(HEALTH):
        return  # how we are is told to whoever asks, also while the database can't say who that is
    if for_machines(request.path):
        g.viewer = _from_token()
    elif for_visitors(request.path):
        _identify_visitor()
    else:
        g.viewer = _from_cookie(live=getattr(view, "live", False))
    if g.get("viewer") is not None:
        scoping.limit_to(context.session(), g.viewer, context.now())


def begin(staff: Staff, real_now: datetime) -> None:
    """Sign `staff` in on this browser."""
    flask.session.clear()  # with a new request token: one from before the sign-in is worth nothing
    flask.session.update(
        staff=str(staff.uuid),
        epoch=staff.session_epoch,
        began=real_now.timestamp(),
        seen=real_now.timestamp(),
    )


def begin_visit(account: Account, real_now: datetime) -> None:
    """Sign somebody who is not staff in on this browser; whoever of staff was, is no longer."""
    flask.session.clear()
    flask.session.update(
        account=str(account.uuid),
        epoch=account.session_epoch,
        began=real_now.timestamp(),
        seen=real_now.timestamp(),
    )


def turn_to(person: UUID) -> None:
    """Open the page of another of those whose page they may open."""
    flask.session["whose"] = str(person)


def end() -> None:
    """Forget on this browser who was signed in."""
    flask.session.clear()


def _from_token() -> Viewer | None:
    credentials = request.authorization
    if credentials is None or credentials.type != "bearer" or not credentials.token:
        return None
    real_now = context.installation().real_now()
    return tokens.find_viewer(context.session(), credentials.token, context.now(), real_now)


def _from_cookie(*, live: bool) -> Viewer | None:
    kept = flask.session
    if "staff" not in kept:
        return None
    at = context.installation().real_now().timestamp()
    if at - kept["seen"] > IDLE.total_seconds() or at - kept["began"] > ABSOLUTE.total_seconds():
        end()
        return None
    viewer = signing_in.find_viewer(context.session(), UUID(kept["staff"]), kept["epoch"], context.now())
    if viewer is None:
        end()
    elif not live and at - kept["seen"] > NOTE_SEEN_EVERY.total_seconds():
        kept["seen"] = at
    return viewer


def _identify_visitor() -> None:
    opened = context.session()
    scoping.limit_to_nobody(opened)
    with scoping.lifted(opened):  # whose page it is decides what may be read
        g.visitor = _visitor_from_cookie()
    if g.visitor is not None:
        scoping.limit_to_visitor(opened, g.visitor, context.now())


def _visitor_from_cookie() -> Visitor | None:
    kept = flask.session
    if "account" not in kept:
        return None
    at = context.installation().real_now().timestamp()
    if at - kept["seen"] > IDLE.total_seconds() or at - kept["began"] > ABSOLUTE.total_seconds():
        end()
        return None
    whose = UUID(kept["whose"]) if "whose" in kept else None
    uuid = UUID(kept["account"])
    visitor = proxies.find_visitor(context.session(), uuid, kept["epoch"], whose, context.now())
    if visitor is None:
        end()
    elif at - kept["seen"] > NOTE_SEEN_EVERY.total_seconds():
        kept["seen"] = at
    return visitor
