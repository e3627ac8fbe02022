"""Engine, sessions and the column types every table shares."""

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    Date,
    DateTime,
    Engine,
    Enum,
    Identity,
    LargeBinary,
    MetaData,
    Numeric,
    Text,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from core import patience
from core.clock import Clock
from core.vault import Vault

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]


class Base(DeclarativeBase):
    """The one registry of tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        date: Date(),
        str: Text(),
        int: BigInteger(),
        bytes: LargeBinary(),
        UUID: Uuid(),
        Decimal: Numeric(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
    }


def enum_text(kind: type[enum.StrEnum], length: int = 40) -> Enum:
    """The column type of a StrEnum: its value as text, held by a CHECK constraint."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Envelope:
    """What every exposed row carries: an inner key, an outer UUID, a version, when it changed."""

    id: Mapped[Key]
    uuid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """A row saved by two people at once fails for the second."""
        return {"version_id_col": cls.version}


VANISHED = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A server that is gone without a word (power, network) is noticed within a minute; libpq's own is hours."""

VANISHED_SOON = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "connect_timeout": 5,
}
"""The same for those who are there to notice it."""
GONE = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
"""The same on the server's side, of us: whoever vanished holds no lock and no row longer than 11 seconds."""
BRIEF = "-c statement_timeout=5s -c lock_timeout=3s"
"""A statement that takes longer fails; so does one that waits longer for a lock."""
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
"""A prepared statement is planned once a connection, whatever it is asked for."""
PREPARED = 400
"""Statements that a connection keeps prepared. The driver's own 100 are fewer than two pages send: each would
be pushed out by the others before it is asked again, and planned anew every time."""


def make_engine(
    url: str | URL,
    *,
    pool_size: int = 5,
    name: str = "hearthline",
    durable: bool = True,
    brief: bool = False,
    planned_once: bool = False,
    patience_seconds: float | None = None,
) -> Engine:
    """An engine for `url` (postgresql+psycopg://…). `name` is how the server lists us.

    Without `durable` a commit does not wait for the disk: a power cut may take the last ones back, whole and
    in order, up to the next durable commit of any session. With `brief` whatever is not answered within
    seconds fails. `planned_once` is for pages: their many statements each read little, and took longer to
    plan than to run. A server that holds the connection and says nothing at all is given up after
    `patience_seconds`; without them it is the caller's to give up.
    """
    options = [
        GONE,
        *([] if durable else ["-c synchronous_commit=off"]),
        *([BRIEF] if brief else []),
        *([PLANNED_ONCE] if planned_once else []),
    ]
    connecting: dict[str, Any] = {"application_name": name, "connect_timeout": 10, **VANISHED}
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={
            **connecting,
            **(VANISHED_SOON if brief or patience_seconds is not None else {}),
            "options": " ".join(options),
        },
    )
    event.listen(engine, "connect", _keep_prepared)
    if patience_seconds is not None:
        patience.lend(engine, patience_seconds)
    return engine


def _keep_prepared(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.prepared_max = PREPARED


class Db:
    """An engine with the clock and the vault of its installation: what opens sessions."""

    def __init__(self, engine: Engine, clock: Clock, vault: Vault) -> None:
        self.engine = engine
        self.clock = clock
        self.vault = vault

    def session(self) -> Session:
        """A session that knows the clock and the vault; the caller closes it."""
        return Session(self.engine, info={"clock": self.clock, "vault": self.vault}, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back on any error."""
        with self.session() as session, session.begin():
            yield session


def clock_of(session: Session) -> Clock:
    """The clock of the installation that `session` belongs to."""
    clock = session.info["clock"]
    assert isinstance(clock, Clock)  # noqa: S101 - narrows the type; Db puts it there
    return clock


def vault_of(session: Session) -> Vault:
    """The vault of the installation that `session` belongs to."""
    vault = session.info["vault"]
    assert isinstance(vault, Vault)  # noqa: S101 - narrows the type; Db puts it there
    return vault


@event.listens_for(Session, "before_flush")
def _stamp_changed_at(session: Session, _context: object, _instances: object) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Envelope) and (row in session.new or session.is_modified(row)):
            row.changed_at = clock_of(session).now()


def limit(session: Session, limits: Mapping[str, str]) -> None:
    """What the database's own policies are told of this session, in this transaction and all that follow.

    Each name becomes the setting `hearth.<name>`, local to a transaction.
    """
    session.info["limits"] = dict(limits)
    if session.in_transaction() and session.is_active:
        _tell_limits(session.connection(), limits)


@event.listens_for(Session, "after_begin")
def _limit_again(session: Session, _transaction: object, connection: Connection) -> None:
    _tell_limits(connection, session.info.get("limits", {}))


def _tell_limits(connection: Connection, limits: Mapping[str, str]) -> None:
    if limits:
        told = ", ".join(f"set_config('hearth.' || :n{i}, :v{i}, true)" for i in range(len(limits)))
        values = {f"n{i}": name for i, name in enumerate(limits)} | {
            f"v{i}": value for i, value in enumerate(limits.values())
        }
        connection.execute(text(f"SELECT {told}"), values)


def number(session: Session, row: Any) -> None:
    """Give a new row its key beforehand.

    The database then need not hand the row back, which it refuses while the row is still out of the session's
    limits: nobody cares yet for somebody who is just being added.
    """
    key = text("SELECT nextval(pg_get_serial_sequence(:table, 'id'))")
    row.id = session.execute(key, {"table": row.__tablename__}).scalar_one()


def answers(engine: Engine) -> bool:
    """Whether the database answers a question; any failure raises SQLAlchemy's own error."""
    with engine.connect() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)
