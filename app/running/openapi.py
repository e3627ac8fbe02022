"""The REST API's description in words that machines read, as docs/openapi.json keeps it."""

import argparse
import json
import sys

from app.context import AppContext
from app.factory import create_app
from config import Config
from core.clock import real_time
from core.db import Db, make_engine
from core.vault import Vault


def run(_config: Config, _asked: argparse.Namespace) -> None:
    """Print it."""
    sys.stdout.write(f"{description()}\n")


def description() -> str:
    """The OpenAPI description as JSON; it needs no database."""
    clock = real_time()
    engine = make_engine("postgresql+psycopg://nobody@localhost/nothing")
    app = create_app(AppContext(db=Db(engine, clock, Vault("unused")), secret_key="unused"))  # noqa: S106 - signs nothing
    with app.test_client() as client:
        answer = client.get("/api/v1/openapi.json")
    return json.dumps(answer.get_json(), indent=2, ensure_ascii=False)
