"""Who decides and who is let in, in Westmere: Ada's attorney, her daughter, her own page, a concern."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.context import DemoSignIn
from app.demo.agencies import DOMAIN, Westmere
from app.demo.households import Laid
from care_plans.work import safeguarding
from core.embedded.secrets import Secrets
from core.journal import Actor
from people import accounts, authority, passwords, proxies, signing_in
from people.models.accounts import Account

BY = Actor("demo place")
BETH, ADA = "Beth Marsh", "Ada Marsh"
SINCE = timedelta(days=20)


def lay(session: Session, westmere: Westmere, laid: Sequence[Laid], secrets: Secrets, now: datetime) -> None:
    """Ada's daughter as her attorney and as somebody she lets in, Ada's own page, and one concern."""
    ada = laid[0].people[0]
    dev, sol = westmere.staff["Dev"], westmere.staff["Sol"]
    authority.record(
        session,
        ada,
        {
            "kind": "attorney_health_and_welfare",
            "name": BETH,
            "relation": "daughter",
            "registered": "yes",
            "reference": "7000-0000-0000",
            "verified_on": (now - SINCE).date(),
            "verified_how": "The stamped original, at her house",
            "kept_where": "With Beth Marsh",
        },
        by=sol, actor=BY, now=now,
    )  # fmt: skip
    granted = proxies.grant(
        session,
        ada,
        {
            "name": BETH,
            "email": address(BETH),
            "relation": "daughter",
            "classes": ["contact", "plan", "vitals"],
            "seen_alone_on": (now - SINCE).date(),
            "seen_alone_by": "Sol, social worker",
            "seen_alone_where": "At home; Beth was at work",
            "said": "Beth may see how my chest is. Not when I go out, that is mine.",
            "expires_on": (now + timedelta(days=180)).date(),
        },
        by=sol, actor=BY, now=now,
    )  # fmt: skip
    _with_password(granted.account, secrets)
    _with_password(accounts.open_(session, ADA, address(ADA), actor=BY, person=ada), secrets)
    about = laid[-1].people[0]
    safeguarding.raise_concern(
        session,
        about,
        {
            "worry": "The post lies unopened and a man I do not know answered the door twice.",
            "danger": "no",
            "wishes": "To stay in their own home, and to be asked before anybody comes.",
            "knows": "yes",
        },
        by=signing_in.viewer_of(session, dev, now), now=now,
    )  # fmt: skip
    session.flush()


def sign_ins(secrets: Secrets) -> tuple[DemoSignIn, ...]:
    """Those who are not staff and whom everybody may try."""
    return tuple(
        DemoSignIn(name, role, address(name), password(secrets, name))
        for name, role in ((ADA, "Her own page"), (BETH, "Ada’s daughter, whom she lets in"))
    )


def address(name: str) -> str:
    """The e-mail address that somebody signs in with."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def password(secrets: Secrets, name: str) -> str:
    """Their password: made once for this installation, never the same on two."""
    return secrets.keep(f"demo.account.{name.lower().replace(' ', '.')}")[:16]


def _with_password(account: Account, secrets: Secrets) -> None:
    account.password_hash = passwords.hashed(password(secrets, account.name))
