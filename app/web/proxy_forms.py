"""What is asked about family and carers who are let in, and how an access is shown to staff."""

from dataclasses import dataclass
from datetime import datetime

from app.web import essentials
from app.web.asking import Ask, Part, Sheet
from app.web.words import date_only
from people import visitors
from people.access import RecordClass
from people.models.accounts import Proxy
from people.models.people import Person
from people.proxies import Granted

CLASSES = tuple((each.value, visitors.WORDS[each]) for each in visitors.GRANTED)


@dataclass(frozen=True, slots=True)
class ProxyRow:
    """One access: see proxies.html."""

    uuid: object
    name: str
    relation: str
    open: bool
    state: str
    restricted: bool
    signs_in: bool
    facts: tuple[tuple[str, str], ...]


def row(found: Granted, now: datetime, *, tells_why: bool) -> ProxyRow:
    """One access; why it is restricted only to those who see notes in full."""
    proxy, account = found.proxy, found.account
    is_open = proxy.ended_at is None and proxy.expires_on >= now.date()
    facts = [
        ("Sees", "; ".join(visitors.WORDS[RecordClass(each)] for each in proxy.classes)),
        (
            "Seen alone",
            f"{date_only(proxy.seen_alone_on)}, by {proxy.seen_alone_by}: {proxy.seen_alone_where}",
        ),
        ("They said", proxy.said),
        ("Granted", f"{date_only(proxy.began_at.date())}, by {found.granted_by}"),
        ("Until", date_only(proxy.expires_on)),
        ("E-mail", account.email),
    ]
    if proxy.restricted_at is not None:
        why = proxy.restricted_why if tells_why else "for a reason your agency does not see"
        facts.append(("Restricted", f"{date_only(proxy.restricted_at.date())}: {why}"))
    if proxy.ended_at is not None:
        facts.append(("Ended", f"{date_only(proxy.ended_at.date())}, by {proxy.ended_by}: {proxy.ended_why}"))
    hidden = proxy.restricted_at is not None or found.moved
    state = (
        "has ended"
        if not is_open
        else "shows nothing: restricted, and they are not told"
        if hidden
        else "open"
    )
    if is_open and found.moved:
        state = "shows nothing: they no longer live together; see them alone again"
    return ProxyRow(
        proxy.uuid, account.name, proxy.relation, is_open, state, proxy.restricted_at is not None,
        account.password_hash is not None, tuple(facts),
    )  # fmt: skip


def granting(person: Person) -> Sheet:
    """The form to let somebody in."""
    first = essentials.first_name(person)
    return _sheet(
        person, "Let somebody in", "proxies/new", "Let them in",
        Part(
            "Seen alone",
            (
                Ask("seen_alone_on", "When you saw them alone", "date"),
                Ask("seen_alone_by", "Who saw them", hint="Name and role."),
                Ask("seen_alone_where", "Where, and where the other was"),
                Ask("said", f"What {first} said about it", "words", "Who may see what, and what not."),
            ),
            f"First of all, and without whoever asks: {first} may not be able to say no in front of them.",
        ),
        Part(
            "Who",
            (
                Ask("name", "Name"),
                Ask("relation", "Relation", hint="Daughter, neighbour, paid carer."),
                Ask("email", "E-mail", "email", "They sign in with it."),
                Ask("shares_home", f"They live with {first}", "tick",
                    f"When {first} moves out, they see nothing more."),
            ),
        ),
        Part(
            "What",
            (
                Ask("classes", "What they may see", "ticks", choices=CLASSES),
                Ask("expires_on", "Until", "date", "Within a year."),
            ),
            "Never: notes, what is restricted, who has looked, sharing, messages, the address.",
        ),
    )  # fmt: skip


def restricting(person: Person, proxy: Proxy) -> Sheet:
    """The form to restrict what somebody sees."""
    return _sheet(
        person, "Restrict what they see", f"proxies/{proxy.uuid}/restrict", "Restrict it",
        Part("", (Ask("why", "Why", "words", "They are never told. It is written down that you did it."),),
             "Their page keeps its look; nothing more comes to it: no plan, no readings, no numbers."),
    )  # fmt: skip


def ending(person: Person, proxy: Proxy) -> Sheet:
    """The form to end an access."""
    asks = (Ask("said_by", "Who wants it to end"), Ask("why", "What they said", "words", rows=2))
    lead = "They can’t open the page any more, and will notice. To keep it from them, restrict it instead."
    return _sheet(person, "End this access", f"proxies/{proxy.uuid}/end", "End it", Part("", asks, lead))


def opening(person: Person) -> Sheet:
    """The form to give the person a sign-in of their own."""
    first = essentials.first_name(person)
    ask = Ask("email", f"{first}’s own e-mail", "email", "One that nobody else reads.")
    lead = (
        f"Ask {first} alone who else uses their e-mail and telephone. On paper, the same page needs neither."
    )
    return _sheet(
        person, f"A sign-in for {first}", "account", "Make it, and print the code", Part("", (ask,), lead)
    )


def _sheet(person: Person, title: str, action: str, send: str, *parts: Part) -> Sheet:
    return Sheet(
        title=title,
        action=f"/people/{person.uuid}/{action}",
        back_href=f"/people/{person.uuid}/proxies",
        back_words="Who is let in",
        parts=parts,
        send=send,
        about=f"For {essentials.name_of(person)}",
    )
