"""How the server of pages and API is run."""


def command(port: int, *, threads: int = 12) -> tuple[str, ...]:
    """The program and its arguments: one process with threads, since the work is waiting for the database."""
    return (
        "gunicorn", "wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", str(threads), "--log-level", "warning", "--graceful-timeout", "5",
    )  # fmt: skip
