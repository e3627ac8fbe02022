"""The web application on the test's own connection, and browsers and programs that are somebody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.context import KEY, AppContext
from app.factory import create_app
from core.clock import real_time as real_clock
from core.db import Db, clock_of, make_engine, vault_of
from core.journal import Actor
from core.store_folder import FolderStore
from core.vault import Vault
from people import tokens
from people.access import Need
from people.models.agencies import Staff

SECRET = "a secret key for tests, long enough"
FORM_SECRET = "in the cookie"
# from one request nothing reaches the next
BACK = """
RESET ROLE;
SELECT set_config('hearth.staff', '', true), set_config('hearth.now', '', true),
       set_config('hearth.everyone', '', true), set_config('hearth.person', '', true),
       set_config('hearth.account', '', true), set_config('hearth.classes', '', true)
"""


class AsWeb(Session):
    """A session of the web: in the web's role, which the database limits to what its viewer may see."""

    def close(self) -> None:
        """Give the connection back to the test, which is a worker."""
        super().close()
        self.get_bind().exec_driver_sql(BACK)  # type: ignore[union-attr]


class DbOnConnection(Db):
    """Sessions that join the test's transaction, so that what requests commit is rolled back at its end."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        super().__init__(connection.engine, clock_of(session), vault_of(session))
        self._connection: Connection = connection

    def session(self) -> Session:
        self._connection.exec_driver_sql(BACK)
        self._connection.exec_driver_sql("SET LOCAL ROLE hearth_web")
        return AsWeb(
            self._connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"clock": self.clock, "vault": self.vault},
        )


class RealTime:
    """The real time, as a test wants it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


@pytest.fixture
def real_time(now: datetime) -> RealTime:
    return RealTime(now)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Where attached files are kept."""
    return FolderStore(tmp_path / "attachments")


@pytest.fixture
def given(session: Session, real_time: RealTime, store: FolderStore) -> AppContext:
    """What the application is given: the test's own connection."""
    return AppContext(db=DbOnConnection(session), secret_key=SECRET, real_now=real_time, store=store)


@pytest.fixture(scope="session")
def made_once() -> Flask:
    """The application without an installation: making one takes longer than most tests."""
    nowhere = Db(make_engine("postgresql+psycopg://nobody@localhost/nothing"), real_clock(), Vault("unused"))
    app = create_app(AppContext(db=nowhere, secret_key=SECRET))
    app.testing = True
    return app


@pytest.fixture
def app(made_once: Flask, given: AppContext) -> Flask:
    """The application; what requests change is seen through `session` once it is refreshed."""
    made_once.extensions[KEY] = given
    return made_once


@pytest.fixture
def app_of_its_own(given: AppContext) -> Flask:
    """An application to which a test may add routes."""
    app = create_app(given)
    app.testing = True
    return app


ClientAs = Callable[[Staff], FlaskClient]


@pytest.fixture
def client_as(app: Flask, now: datetime, session: Session) -> ClientAs:
    """A browser in which `staff` is signed in; it sends the form token by itself."""

    def sign_in(staff: Staff) -> FlaskClient:
        session.flush()
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update(
                staff=str(staff.uuid),
                epoch=staff.session_epoch,
                began=now.timestamp(),
                seen=now.timestamp(),
                csrf_token=FORM_SECRET,
            )
        client.environ_base["HTTP_X_CSRFTOKEN"] = form_token()
        return client

    return sign_in


@pytest.fixture
def api_as(app: Flask, session: Session) -> Callable[..., FlaskClient]:
    """A program with a token of `staff`, with the given scopes or every one that a role can have."""

    def with_token(staff: Staff, *scopes: str) -> FlaskClient:
        session.flush()
        given = scopes or tuple(need.value for need in Need)
        _, text = tokens.add(session, staff, "for a test", given, actor=Actor("test"))
        session.flush()
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        return client

    return with_token


def form_token() -> str:
    """The token that a page's forms carry for FORM_SECRET in the cookie."""
    return str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(FORM_SECRET))
