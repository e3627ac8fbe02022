"""What an operator does once and is done: migrate, check, add staff, make a key, measure."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app import migrate as migrations
from app.running import audit, settings
from care_plans.alerts import auditor
from config import Config
from core import installation, seal
from core.clock import real_time
from core.db import Db, make_engine
from core.errors import Invalid, NotFound
from core.journal import Actor
from core.vault import Vault
from devices import broker_access, kind_classes
from people import agencies, staff, teams, tokens
from people.models.agencies import Agency, Staff, Team

OPERATOR = Actor("operator")
LONGEST_TOKEN = 3650  # days
BENCHES = (
    "throughput", "latency", "queued", "judging", "backlog", "silence", "replay", "survival", "soak",
    "pathways", "matching", "week", "fleet", "lanes", "cluster", "day", "growth",
)  # fmt: skip


def migrate(config: Config, _asked: argparse.Namespace) -> None:
    """Bring the database to the newest migration and lay the installation's row."""
    config.require("owner_database_url", "database_url", "secret_key")
    migrations.upgrade(config.owner_database_url or "")
    vault = Vault(config.secret_key or "")
    with Db(make_engine(config.database_url or ""), real_time(), vault).transaction() as session:
        installation.found(session, vault)
        kind_classes.lay(session)
    _say("The database is at the newest form.")


def check(config: Config, _asked: argparse.Namespace) -> int:
    """Verify the journal's chain, the migrations and that no open alert is without a next step."""
    db = settings.open_db(config, "check")
    with db.transaction() as session:
        count, breaks = seal.check(session)
        stuck = auditor.audit(session, db.clock.now())
    for found in breaks:
        _say(f"journal entry {found.number}: {found.why}")
    for fault in stuck:
        _say(str(fault))
    current = migrations.is_current(db.engine)
    _say(f"journal: {count} sealed entries, {'the chain holds' if not breaks else f'{len(breaks)} breaks'}")
    _say(
        f"alerts: {'every open alert has a next step' if not stuck else f'{len(stuck)} without a next step'}"
    )
    ways = audit.ways(config)
    _say(f"alarms: {f'{len(ways)} ways' if ways else 'nobody outside is told: set HEARTH_ALARM_TO or _URL'}")
    rung = "set" if config.voice_url else "none: steps that call send mail alone (HEARTH_VOICE_URL)"
    _say(f"telephone: {rung}")
    _say(f"texts: {'set' if config.notify_key else 'none: staff get mail alone (HEARTH_NOTIFY_KEY)'}")
    if config.mosquitto_files is not None:
        with db.transaction() as session:
            without = broker_access.count_without_mosquitto(session)
        _say(f"kit: {without or 'nothing'} needs another password before Mosquitto lets it in")
    _say(f"database: {'at the newest form' if current else 'migrations are missing: run hearthline migrate'}")
    return 0 if current and not breaks and not stuck else 1


def add_staff(config: Config, asked: argparse.Namespace) -> None:
    """Add somebody who signs in; the password is read from standard input, never from the command line."""
    db = settings.open_db(config, "staff add")
    password = sys.stdin.readline().rstrip("\r\n")
    given = {"name": asked.name, "email": asked.email, "role": asked.role}
    with db.transaction() as session:
        agency = session.scalar(agencies.listing().where(Agency.name == asked.agency))
        if agency is None:
            agency = _first_agency(session, asked.agency, asked.sector)
        who = staff.add(session, agency, given, actor=OPERATOR)
        staff.set_password(session, who, password, actor=OPERATOR)
        for name in asked.team:
            row = session.execute(teams.listing(agency.uuid).where(Team.name == name)).first()
            if row is None:
                raise NotFound(f"{agency.name} has no team called {name}.")
            teams.join(session, row[0], who, db.clock.now(), actor=OPERATOR)
        said = f"{who.name} can sign in as {who.email}."
    _say(said)


def set_password(config: Config, asked: argparse.Namespace) -> None:
    """Give somebody another password, read from standard input; their sessions and any lock end."""
    db = settings.open_db(config, "staff password")
    password = sys.stdin.readline().rstrip("\r\n")
    with db.transaction() as session:
        who = _staff(session, asked.email)
        staff.set_password(session, who, password, actor=OPERATOR)
        said = f"{who.name} signs in with the new password from now on."
    _say(said)


def add_token(config: Config, asked: argparse.Namespace) -> None:
    """Make a key for the REST API and show it, once."""
    db = settings.open_db(config, "token add")
    if not 1 <= asked.days <= LONGEST_TOKEN:
        raise Invalid({"days": f"Give a number from 1 to {LONGEST_TOKEN}."})
    expires_at = real_time().start + timedelta(days=asked.days)
    with db.transaction() as session:
        whose = _staff(session, asked.email)
        _token, text = tokens.add(
            session, whose, asked.name, asked.scope, actor=OPERATOR, expires_at=expires_at
        )
    _say(text)


def revoke_token(config: Config, asked: argparse.Namespace) -> None:
    """End every key of that name that somebody has."""
    db = settings.open_db(config, "token revoke")
    with db.transaction() as session:
        whose = _staff(session, asked.email)
        found = [
            token
            for token in tokens.list_tokens(session, whose)
            if token.name == asked.name and token.revoked_at is None
        ]
        if not found:
            raise NotFound(f"{whose.name} has no key called {asked.name}.")
        for token in found:
            tokens.revoke(session, token, actor=OPERATOR, now=real_time().start)
        said = f"What {whose.name} has called {asked.name} opens nothing any more."
    _say(said)


def bench(_config: Config, asked: argparse.Namespace) -> int:
    """Run the named measurements, or all, each in a process of its own; 1 if one found less than promised."""
    which: Sequence[str] = asked.which
    unknown = set(which) - set(BENCHES)
    if unknown:
        raise Invalid({"bench": f"Choose from {', '.join(BENCHES)}."})
    missed = False
    for name in which or BENCHES:
        _say(f"== {name}")
        sys.stdout.flush()
        ran = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=migrations.FOLDER.parent)  # noqa: S603 - a name of ours
        missed = missed or ran.returncode != 0
    return int(missed)


def _first_agency(session: Session, name: str, sector: str | None) -> Agency:
    """A new agency, where the sector says what kind it is; NotFound without one, as it may be a slip."""
    if sector is None:
        raise NotFound(f"There is no agency called {name}. Give --sector to add it.")
    return agencies.add(session, {"name": name, "sector": sector}, actor=OPERATOR)


def _staff(session: Session, email: str) -> Staff:
    found = staff.find_by_email(session, email)
    if found is None:
        raise NotFound(f"Nobody who works here has the e-mail address {email}.")
    return found


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
