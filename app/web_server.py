"""How gunicorn, the server of pages and API, is run; it also reads its hooks here."""

import gc
from typing import Any


def command(port: int, *, threads: int = 12) -> tuple[str, ...]:
    """The program and its arguments: one process with threads, since the work is waiting for the database."""
    return (
        "gunicorn", "wsgi:application", "--config", "python:app.web_server",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1",
        "--threads", str(threads), "--log-level", "warning", "--graceful-timeout", "5",
    )  # fmt: skip


def post_fork(_server: Any, _worker: Any) -> None:
    """Before the application is loaded: what its modules define stays, so nobody looks for rubbish in it."""
    gc.disable()


def post_worker_init(_worker: Any) -> None:
    """After it was loaded: from now on only what came since is looked through."""
    gc.freeze()
    gc.enable()
