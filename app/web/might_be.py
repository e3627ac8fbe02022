"""Who might be the same as somebody new, as the page that takes people on shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import context
from app.web import essentials, match_words
from app.web.words import date_only, listed
from people import looking_first, residencies
from people.looking_first import MightBe


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who fits: see new_person.html. Out of sight there is no name and no link."""

    uuid: UUID | None
    name: str
    about: str
    how: str
    reasons: str
    ask: str


def find(given: Mapping[str, str]) -> tuple[Found, ...]:
    """Whoever fits what was typed in, the likeliest first."""
    told = {
        "given_name": given["given_name"],
        "family_name": given["family_name"],
        "preferred_name": given["called"],
        "date_of_birth": given["born"],
        "sex": given["sex"],
        "nhs_number": given["nhs_number"],
        "telephone": given["telephone"],
        "postcode": given["postcode"],
        "address_line": given["address"],
    }
    found = looking_first.find(context.session(), context.viewer(), told, context.now())
    return tuple(_shown(each) for each in found)


def words(found: Sequence[Found]) -> str:
    """What is said on top of the form."""
    one = "somebody" if len(found) == 1 else f"{len(found)} people"
    return f"We know {one} of this description. Look first; if it is somebody else, say why."


def _shown(each: MightBe) -> Found:
    likely, reasons = (
        match_words.how_likely(each.likelihood),
        listed(match_words.speaks_for(each.likelihood.reasons)),
    )
    if each.person is None:
        whom = " or ".join(each.ask) or "whoever runs this installation"
        return Found(
            None, "Somebody of this description is known to another agency", "", likely, reasons, whom
        )
    home = residencies.find_home(context.session(), each.person, context.now())
    about = f"born {date_only(each.person.date_of_birth)}, {essentials.address_of(home) or 'no address'}"
    return Found(each.person.uuid, essentials.name_of(each.person), about, likely, reasons, "")
