"""The console command `hearthline`: one word for each process and each thing an operator does."""

import argparse
import gc
import importlib
import math
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError

from config import Config, ConfigError, Wrong, a_port
from core import logs
from core.errors import HearthlineError
from core.zones import UK

MOST_HOMES = 40
MOST_OF_A_FLEET = 10_000
PROCESSES = frozenset({"web", "intake", "evaluate", "schedule", "audit", "simulate"})
Command = Callable[[Config, argparse.Namespace], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What an operator can put right is one plain message."""
    asked = _parser().parse_args(arguments)
    try:
        config = Config.from_env(os.environ)
        # `up` speaks to a person in plain lines; its children keep logs of their own.
        logs.configure(asked.command, "WARNING" if asked.command == "up" else config.log_level)
        return _found(asked.run)(config, asked) or 0
    except (ConfigError, HearthlineError) as fault:
        sys.stderr.write(f"{fault}\n")
    except OperationalError as fault:
        if asked.command in PROCESSES:
            raise  # into its log
        # the server's own first line says what is wrong, and never a password
        why = str(fault.orig).partition("\n")[0]
        sys.stderr.write(f"The database can't be used; look at its address and its server. It says: {why}\n")
    return 1


def _found(where: str) -> Command:
    """The function that "module:function" names: no command waits for the modules of another.

    What modules define stays: looking for rubbish in it while they load takes a third of the time.
    """
    module, _, name = where.partition(":")
    gc.disable()
    run: Command = getattr(importlib.import_module(f"app.running.{module}"), name)
    gc.freeze()
    gc.enable()
    return run


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
    up.set_defaults(run="up:run")

    for name, run, words_for_it in (
        ("web", "web:run", "answer browsers and the REST API"),
        ("intake", "intake:run", "take in what devices publish"),
        ("evaluate", "evaluate:run", "hold readings against plans"),
        (
            "schedule",
            "schedule:run",
            "keep the timetable: ladders, silence, follow-ups, messages",
        ),
        ("audit", "audit:run", "tell somebody outside when the others stand still"),
        ("migrate", "operating:migrate", "bring the database to the newest form"),
        ("check", "operating:check", "verify the journal's chain and the installation"),
        ("openapi", "openapi:run", "print the REST API's description"),
        ("formats", "reading:formats", "list the formats that kit may speak"),
    ):
        words.add_parser(name, help=words_for_it).set_defaults(run=run)

    _add_simulate(words.add_parser("simulate", help="let the demo place's homes speak, or a fleet of homes"))

    bench = words.add_parser("bench", help="measure what is promised; prints what it finds")
    bench.add_argument(
        "which",
        nargs="*",
        help="throughput, latency, queued, judging, backlog, silence, survival, soak, pathways, matching, "
        "week, fleet, lanes, cluster, day, growth; all without a name",
    )
    bench.set_defaults(run="operating:bench")

    try_ = words.add_parser("try", help="read a captured message; print what would be stored of it")
    try_.add_argument("format", help="a format's name, or the path of a mapping file")
    try_.add_argument("message", help="the file that holds the message; - is standard input")
    try_.add_argument("--topic", default="", help="the topic after hearth/v1/{device_key}/{format}/")
    try_.add_argument(
        "--model", action="append", default=[], help="ADDRESS=MODEL, or MODEL of the device itself"
    )
    try_.add_argument("--zone", default=UK, help="the time zone of the home it comes from")
    try_.add_argument("--retained", action="store_true", help="as if the broker had retained it")
    try_.set_defaults(run="reading:attempt")

    staff = words.add_parser("staff", help="people who work here").add_subparsers(dest="what", required=True)
    add = staff.add_parser("add", help="add somebody who signs in; the password comes from standard input")
    for name in ("--name", "--email", "--agency", "--role"):
        add.add_argument(name, required=True)
    add.add_argument("--sector", help="adds the agency, where there is none of that name yet")
    add.add_argument("--team", action="append", default=[], help="may be given more than once")
    add.set_defaults(run="operating:add_staff")
    password = staff.add_parser("password", help="give somebody a new password, from standard input")
    password.add_argument("--email", required=True, help="whose it is")
    password.set_defaults(run="operating:set_password")

    token = words.add_parser("token", help="keys for the REST API").add_subparsers(dest="what", required=True)
    add = token.add_parser("add", help="make a key; it is shown once")
    add.add_argument("--email", required=True, help="whose key it is")
    add.add_argument("--name", required=True, help="what it is for")
    add.add_argument("--scope", action="append", required=True)
    add.add_argument("--days", type=int, default=90, help="how long it is good for")
    add.set_defaults(run="operating:add_token")
    revoke = token.add_parser("revoke", help="end a key: whoever uses it is a stranger from then on")
    revoke.add_argument("--email", required=True, help="whose key it is")
    revoke.add_argument("--name", required=True, help="what it was for")
    revoke.set_defaults(run="operating:revoke_token")
    return parser


def _add_simulate(simulate: argparse.ArgumentParser) -> None:
    many = _number(int, 1, MOST_OF_A_FLEET)
    simulate.add_argument(
        "--fleet", type=many, metavar="HOMES", help="so many homes, each on a line of its own"
    )
    simulate.add_argument("--enrol", action="store_true", help="lay the fleet's homes in this installation")
    simulate.add_argument("--rate", type=_number(float, 0.01, 100_000), help="messages a second in all")
    simulate.add_argument("--seconds", type=_number(float, 0.1, 1e9), help="for how long; until told to stop")
    simulate.add_argument("--seed", type=_number(int, 0, 2**31), help="what everything by chance comes from")
    simulate.add_argument("--begins", type=_moment, help="the time it tells of, RFC 3339; now")
    simulate.add_argument("--formats", help="what kit speaks, with commas between; all that Hearthline reads")
    simulate.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=SHARE]",
        help="and for which share of homes; all",
    )
    simulate.add_argument(
        "--record", type=Path, metavar="FILE", help="write down what is sent (.gz is packed)"
    )
    simulate.add_argument(
        "--replay", type=Path, metavar="FILE", help="send what was written down, byte for byte"
    )
    simulate.add_argument("--speed", type=_number(float, 0.01, 3600), default=1.0, help="of a replay")
    simulate.add_argument("--url", help="the broker, mqtt://host:port (HEARTH_MQTT_URL)")
    simulate.add_argument("--credentials", type=Path, metavar="FILE", help="the fleet's secrets")
    simulate.set_defaults(run="simulate:run")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError("write a time with its zone, like 2026-11-22T07:00:00Z")
    return found.astimezone(UTC)


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
