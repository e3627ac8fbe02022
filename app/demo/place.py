"""Seeds the demo place once, and says how to sign in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.context import DemoSignIn
from app.demo import (
    agencies,
    authority,
    calling,
    going,
    handing,
    households,
    opened,
    papers,
    past,
    plans,
    ringing,
    sharing_said,
    today,
    twice,
)
from app.demo.agencies import Westmere
from app.demo.beside import Histories
from app.demo.households import Laid
from core.db import Db, make_engine
from core.embedded.secrets import Secrets
from core.errors import Unavailable
from core.store import Store
from devices import partitions
from people.models.people import Person

SIMULATED = "simulated.json"
LAID = "demo_place_laid"
HALF_LAID = (
    "The demo place was only half laid when it was stopped. Remove {folder} (make clean) and start again."
)
AGREED = "{name}, at home"


def ensure(
    db: Db, homes: int, secrets: Secrets, secrets_folder: Path, store: Store, say: Callable[[str], None]
) -> None:
    """Lay down the place and live through two weeks of it, unless somebody lives here already."""
    with db.transaction() as session:
        if session.scalar(select(func.count()).select_from(Person)):
            if not (secrets_folder / LAID).exists():
                raise Unavailable(HALF_LAID.format(folder=secrets_folder.parent))
            return
    now = db.clock.now()
    began = now - past.DAY * past.DAYS
    histories = Histories(homes, began, now)
    say(f"seeding Westmere: eight agencies, {homes} households, two weeks of readings")
    # What is laid is whole once the last transaction, a durable one, has been.
    hurried = Db(make_engine(db.engine.url, name="hearthline seed", durable=False), db.clock, db.vault)
    with past.standing_at(hurried, began).transaction() as session:
        partitions.make_ahead(session, now)
        westmere = agencies.lay(session, secrets, began)
        laid = households.lay(session, westmere, homes, now, secrets_folder / SIMULATED)
        _enrol(session, westmere, laid)
    stored = past.live(hurried, westmere, laid, histories, now, say)
    with db.transaction() as session:
        sharing_said.lay(session, westmere, now)
        today.stir(session, westmere, laid, now)
        _talk_plans_through(session, westmere, laid, now)
        handing.lay(session, westmere, laid, now)
        going.lay(session, westmere, laid, now)
        ringing.lay(session, westmere, laid, now)
        twice.lay(session, westmere, laid, now)
        authority.lay(session, westmere, laid, secrets, now)
        papers.lay(session, westmere, laid, store, now)
        opened.lay(session, westmere, laid, now)
        calling.lay(session, laid, now)
    hurried.engine.dispose()
    (secrets_folder / LAID).touch()
    say(f"  {stored:,} readings stored")


def sign_ins(secrets: Secrets) -> tuple[DemoSignIn, ...]:
    """The people of the demo place whom everybody may try."""
    return tuple(
        DemoSignIn(name, f"{job_title}, {agency}", agencies.address(name), agencies.password(secrets, name))
        for name, job_title, agency, _teams, _role in agencies.STAFF
        if name in agencies.SIGN_INS
    )


def find_visitors(state_dir: Path) -> tuple[DemoSignIn, ...]:
    """Those who are not staff: the person and whom they let in; nobody where no demo place was seeded."""
    if not (state_dir / "secrets" / SIMULATED).exists():
        return ()
    return authority.sign_ins(Secrets(state_dir / "secrets"))


def find_sign_ins(state_dir: Path) -> tuple[DemoSignIn, ...]:
    """The same for a web process: nobody where no demo place was seeded."""
    if not (state_dir / "secrets" / SIMULATED).exists():
        return ()
    return sign_ins(Secrets(state_dir / "secrets"))


def _enrol(session: Session, westmere: Westmere, laid: list[Laid]) -> None:
    dev = westmere.staff["Dev"]
    for one in laid:
        for member, person in zip(one.household.people, one.people, strict=True):
            if member.pathways:
                agreed = AGREED.format(name=member.given_name)
                plans.begin(session, person, tuple(member.pathways), dev, agreed_with=agreed)


def _talk_plans_through(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """One plan is whole, and in another a draft waits to be settled."""
    dev = westmere.staff["Dev"]
    on = [
        (person, tuple(member.pathways))
        for one in laid
        for member, person in zip(one.household.people, one.people, strict=True)
    ]
    first = next((person for person, pathways in on if "copd" in pathways), None)
    if first is not None:
        plans.make_whole(session, first, dev, now)
    other = next((person for person, pathways in on if pathways == ("copd",)), None)
    if other is not None:
        plans.leave_draft(session, other, "heart_failure", dev, now)
