"""The console command `hearthline`: one word for each process and each thing an operator does."""

import argparse
import logging
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import OperationalError

from app import files, operating, processes, ticks
from app.up import Given, System
from config import Config, ConfigError, Wrong, a_port
from core import logs
from core.db import Db
from core.errors import HearthlineError
from core.store import Store
from core.worker import stop_on_signals

log = logging.getLogger(__name__)

MOST_HOMES = 40
PROCESSES = frozenset({"web", "intake", "evaluate", "schedule", "simulate"})
Command = Callable[[Config, argparse.Namespace], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What an operator can put right is one plain message."""
    asked = _parser().parse_args(arguments)
    try:
        config = Config.from_env(os.environ)
        # `up` speaks to a person in plain lines; its children keep logs of their own.
        logs.configure(asked.command, "WARNING" if asked.command == "up" else config.log_level)
        run: Command = asked.run
        return run(config, asked) or 0
    except (ConfigError, HearthlineError) as fault:
        sys.stderr.write(f"{fault}\n")
    except OperationalError as fault:
        if asked.command in PROCESSES:
            raise  # into its log
        # the server's own first line says what is wrong, and never a password
        why = str(fault.orig).partition("\n")[0]
        sys.stderr.write(f"The database can't be used; look at its address and its server. It says: {why}\n")
    return 1


def _up(config: Config, asked: argparse.Namespace) -> None:
    System(
        Given(
            state_dir=Path(asked.state_dir) if asked.state_dir else config.state_dir,
            database_url=config.database_url,
            web_database_url=config.web_database_url,
            owner_database_url=config.owner_database_url,
            mqtt_url=config.mqtt_url,
            secret_key=config.secret_key,
            base_url=config.base_url,
            environment=os.environ,
            seed=asked.seed,
            homes=asked.homes,
            speed=asked.speed,
            ready_file=Path(asked.ready_file).resolve() if asked.ready_file else None,
            web_port=config.web_port if asked.web_port is None else asked.web_port,
            mqtt_port=asked.mqtt_port,
            store=_store(config) if config.attachments_url else None,
        ),
        stop_on_signals(),
    ).run()


def _web(config: Config, _asked: argparse.Namespace) -> None:
    config.require("database_url", "secret_key")
    command = processes.web_command(config.web_port)
    program = Path(sys.executable).with_name(command[0])
    os.execv(program, command)  # noqa: S606 - gunicorn of our own virtual environment takes this process over


def _intake(config: Config, _asked: argparse.Namespace) -> None:
    config.require("database_url", "secret_key", "mqtt_url")
    processes.intake(_db(config, "intake"), config.mqtt_url or "")


def _evaluate(config: Config, _asked: argparse.Namespace) -> None:
    processes.evaluate(_db(config, "evaluate"))


def _schedule(config: Config, _asked: argparse.Namespace) -> None:
    if config.smtp_url:
        config.require("database_url", "secret_key", "base_url")  # a mail's link has to lead somewhere
    db = _db(config, "schedule", pool=8)
    carriers = ticks.carriers(config.smtp_url, config.base_url, db.clock)
    processes.schedule(db, carriers, config.state_dir, _store(config))


def _simulate(config: Config, _asked: argparse.Namespace) -> None:
    config.require("database_url", "secret_key", "mqtt_url")
    processes.simulate(_db(config, "simulate", pool=1), config.mqtt_url or "", config.state_dir)


def _migrate(config: Config, _asked: argparse.Namespace) -> None:
    config.require("owner_database_url", "database_url", "secret_key")
    operating.migrate(config.owner_database_url or "", config.database_url or "", config.secret_key or "")


def _check(config: Config, _asked: argparse.Namespace) -> int:
    return operating.check(_db(config, "check"))


def _openapi(_config: Config, _asked: argparse.Namespace) -> None:
    operating.openapi()


def _bench(_config: Config, asked: argparse.Namespace) -> int:
    return operating.bench(asked.which)


def _add_staff(config: Config, asked: argparse.Namespace) -> None:
    operating.add_staff(_db(config, "staff add"), asked)


def _set_password(config: Config, asked: argparse.Namespace) -> None:
    operating.set_password(_db(config, "staff password"), asked)


def _add_token(config: Config, asked: argparse.Namespace) -> None:
    operating.add_token(_db(config, "token add"), asked)


def _revoke_token(config: Config, asked: argparse.Namespace) -> None:
    operating.revoke_token(_db(config, "token revoke"), asked)


def _store(config: Config) -> Store:
    return files.store_of(
        config.attachments_url, config.state_dir, config.s3_access_key, config.s3_secret_key
    )


def _db(config: Config, name: str, *, pool: int = 5) -> Db:
    config.require("database_url", "secret_key")
    return processes.open_db(config.database_url or "", config.secret_key or "", name, pool=pool)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hearthline", description=__doc__)
    words = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    up = words.add_parser("up", help="run the whole system on this machine")
    up.add_argument("--state-dir", help="where it keeps everything (HEARTH_STATE_DIR)")
    up.add_argument("--web-port", type=_port, help="0 picks a free one (HEARTH_WEB_PORT, 8080)")
    up.add_argument("--mqtt-port", type=_port, default=1883, help="0 picks a free one")
    up.add_argument("--seed", choices=("demo", "none"), default="none", help="with a demo place, or empty")
    up.add_argument(
        "--homes",
        type=_number(int, 0, MOST_HOMES),
        default=MOST_HOMES,
        help="how many homes the demo place has",
    )
    up.add_argument("--speed", type=_number(float, 0.1, 3600), default=1.0, help="60 makes an hour a minute")
    up.add_argument("--ready-file", help="written as JSON once everything answers")
    up.set_defaults(run=_up)

    for name, run, words_for_it in (
        ("web", _web, "answer browsers and the REST API"),
        ("intake", _intake, "take in what devices publish"),
        ("evaluate", _evaluate, "hold readings against plans"),
        ("schedule", _schedule, "keep the timetable: ladders, silence, follow-ups, messages"),
        ("simulate", _simulate, "let the demo place's homes speak"),
        ("migrate", _migrate, "bring the database to the newest form"),
        ("check", _check, "verify the journal's chain and the installation"),
        ("openapi", _openapi, "print the REST API's description"),
    ):
        words.add_parser(name, help=words_for_it).set_defaults(run=run)

    bench = words.add_parser("bench", help="measure what is promised; prints what it finds")
    bench.add_argument(
        "which",
        nargs="*",
        help="throughput, latency, judging, survival, soak, pathways, matching; all without a name",
    )
    bench.set_defaults(run=_bench)

    staff = words.add_parser("staff", help="people who work here").add_subparsers(dest="what", required=True)
    add = staff.add_parser("add", help="add somebody who signs in; the password comes from standard input")
    for name in ("--name", "--email", "--agency", "--role"):
        add.add_argument(name, required=True)
    add.add_argument("--sector", help="adds the agency, where there is none of that name yet")
    add.add_argument("--team", action="append", default=[], help="may be given more than once")
    add.set_defaults(run=_add_staff)
    password = staff.add_parser("password", help="give somebody a new password, from standard input")
    password.add_argument("--email", required=True, help="whose it is")
    password.set_defaults(run=_set_password)

    token = words.add_parser("token", help="keys for the REST API").add_subparsers(dest="what", required=True)
    add = token.add_parser("add", help="make a key; it is shown once")
    add.add_argument("--email", required=True, help="whose key it is")
    add.add_argument("--name", required=True, help="what it is for")
    add.add_argument("--scope", action="append", required=True)
    add.add_argument("--days", type=int, default=90, help="how long it is good for")
    add.set_defaults(run=_add_token)
    revoke = token.add_parser("revoke", help="end a key: whoever uses it is a stranger from then on")
    revoke.add_argument("--email", required=True, help="whose key it is")
    revoke.add_argument("--name", required=True, help="what it was for")
    revoke.set_defaults(run=_revoke_token)
    return parser


def _port(text: str) -> int:
    try:
        return a_port(text)
    except Wrong as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def _number(read: Callable[[str], float], least: float, most: float) -> Callable[[str], float]:
    """A reader of a number from `least` to `most`."""

    def number(text: str) -> float:
        try:
            found = read(text)
        except ValueError:
            found = math.nan
        if not least <= found <= most:
            raise argparse.ArgumentTypeError(f"choose from {least} to {most}")
        return found

    return number


if __name__ == "__main__":
    sys.exit(main())
