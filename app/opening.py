"""How every process opens the installation it belongs to."""

from collections.abc import Callable

from core import installation
from core.db import Db, make_engine
from core.vault import Vault


def open_db(
    url: str, secret_key: str, name: str, *, pool: int = 5, patience_seconds: float | None = None
) -> Db:
    """The installation at `url`, which its own secret key must fit; `name` is how the server lists us.

    With `patience_seconds` no answer of the database is waited for longer.
    """
    return opener(url, secret_key, name, pool=pool, patience_seconds=patience_seconds)()


def opener(
    url: str,
    secret_key: str,
    name: str,
    *,
    pool: int = 5,
    brief: bool = False,
    patience_seconds: float | None = None,
) -> Callable[[], Db]:
    """What opens that installation once its database answers, and may be tried until it does.

    With `brief` nothing that is asked of the database may take longer than seconds.
    """
    engine = make_engine(
        url, pool_size=pool, name=f"hearthline {name}", brief=brief, patience_seconds=patience_seconds
    )
    vault = Vault(secret_key)
    return lambda: installation.open_db(engine, vault)
