"""What whoever rings or goes must know: where somebody lives, how to speak with them, the responder card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.web.words import counted, date_only, listed
from people.households import Household
from people.models.homes import Home
from people.models.people import Person, ResponderCard

HOMES = {
    "social_rent": "Rented from a council or housing association",
    "private_rent": "Rented privately",
    "owner": "Owned",
    "shared_ownership": "Shared ownership",
    "supported": "Supported housing",
    "other": "Not known",
}


@dataclass(frozen=True, slots=True)
class CardItem:
    """One thing on a responder card: see _parts/responder_card.html."""

    words: str
    reveal_action: str | None = None
    code: str | None = None
    warns: bool = False


def name_of(person: Person) -> str:
    """The name to speak of somebody by, with their family name."""
    return f"{person.preferred_name or person.given_name} {person.family_name}"


def first_name(person: Person) -> str:
    """The name to address somebody by."""
    return person.preferred_name or person.given_name


def age_of(born: date, now: datetime, zone: str) -> int:
    """How many whole years old somebody is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def address_of(home: Home | None) -> str | None:
    """The address on one line: "14 Orchard Row, Westmere, WM1 1AA"."""
    return ", ".join(filter(None, (home.address_line, home.locality, home.postcode))) if home else None


def speaking(
    communication_needs: str | None, language: str | None, *, interpreter_needed: bool
) -> tuple[str, ...]:
    """How to speak with somebody, in phrases: what helps, and an interpreter where one is needed."""
    found = [communication_needs] if communication_needs else []
    if interpreter_needed:
        found.append(f"Interpreter needed{f': {language}' if language else ''}")
    elif language and language.lower() != "english":
        found.append(f"Speaks {language}")
    return tuple(words.rstrip(".") for words in found)


def others_in(household: Household) -> tuple[str, ...]:
    """Who else lives there, by name; of those who are out of sight only that there is somebody."""
    unseen = (counted(household.unseen, "other person", "other people"),) if household.unseen else ()
    return (*(name_of(other) for other in household.others), *unseen)


def living(household: Household) -> str | None:
    """With whom: "Lives alone", "Lives with Ray Lowe"; None for somebody without a home."""
    if household.home is None:
        return None
    others = others_in(household)
    return f"Lives with {listed(others)}" if others else "Lives alone"


def about(person: Person, household: Household) -> str:
    """Where somebody lives, with whom, and how to speak with them, in sentences."""
    needs = speaking(
        person.communication_needs, person.language, interpreter_needed=person.interpreter_needed
    )
    return sentences(address_of(household.home), living(household), *needs)


def sentences(*parts: str | None) -> str:
    """Parts as sentences one after the other, without those that say nothing."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def card_items(
    card: ResponderCard | None,
    home: Home | None,
    *,
    warnings: Iterable[str] = (),
    reveal_action: str | None = None,
    code: str | None = None,
    getting_in: bool = True,
) -> tuple[CardItem, ...]:
    """The responder card (H11), warnings (H22) and what is dangerous first; nothing that nobody wrote down.

    `reveal_action` is where the key safe's code is asked for; `code` is the code once it was. Without
    `getting_in` the card does not say how.
    """
    found = [CardItem(f"Warning: {words}", warns=True) for words in warnings]
    if card is not None:
        found += [CardItem(words) for words in _of_card(card, getting_in=getting_in)]
    if home is not None:
        if home.access_notes:
            found.append(CardItem(f"Getting in: {home.access_notes}"))
        if home.key_safe_sealed is not None and (reveal_action or code):
            found.append(CardItem("Key safe", None if code else reveal_action, code))
    return tuple(found)


def _of_card(card: ResponderCard, *, getting_in: bool) -> list[str]:
    named = [
        ("", "Home oxygen: no naked flame, no smoking" if card.home_oxygen else None),
        ("", "End of life: ring the palliative care line first" if card.end_of_life else None),
        ("", _decision(card)),
        ("Infection: ", card.infection),
        ("Dog: ", card.dog),
        ("", card.mobility),
        ("", card.communication),
        ("Getting in: ", card.access if getting_in else None),
    ]
    return [f"{name}{words}" for name, words in named if words]


def _decision(card: ResponderCard) -> str | None:
    if not card.decision_form:
        return None
    day = date_only(card.decision_form_date) if card.decision_form_date else "date not recorded"
    place = card.decision_form_place or "place of the original not recorded"
    return f"{card.decision_form}, {day}, {place}: verify the original"
