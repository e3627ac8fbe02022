"""How every process opens the installation it belongs to."""

from core import installation
from core.db import Db, make_engine
from core.vault import Vault


def open_db(url: str, secret_key: str, name: str, *, pool: int = 5) -> Db:
    """The installation at `url`, which its own secret key must fit; `name` is how the server lists us."""
    return installation.open_db(
        make_engine(url, pool_size=pool, name=f"hearthline {name}"), Vault(secret_key)
    )
