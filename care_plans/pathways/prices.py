"""What an hour of each profession costs, with the year and the source of each figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from care_plans.documents import Part

FILE = "prices.yaml"


@dataclass(frozen=True, slots=True)
class Price:
    """Pounds for one hour; `stand_in` where no figure for this work was at hand."""

    code: str
    name: str
    pounds: float
    year: str
    source: str
    stand_in: bool


@cache
def all_prices() -> Mapping[str, Price]:
    """Every price by its code; raises Invalid with the faults of the file."""
    text = (resources.files("care_plans.pathways") / FILE).read_text("utf-8")
    return MappingProxyType({price.code: price for price in from_document(yaml.safe_load(text))})


def find(code: str) -> Price | None:
    """The price of this code, or None."""
    return all_prices().get(code)


def from_document(content: object) -> list[Price]:
    """The prices that a document says; raises Invalid with each fault at its dotted place."""
    part = Part(content)
    found = [_price(one) for one in part.parts("prices")]
    part.no_more()
    part.refuse_faults("These prices are not right.")
    return found


def _price(part: Part) -> Price:
    price = Price(
        code=part.key("code"),
        name=part.text("name"),
        pounds=part.number("pounds"),
        year=part.text("year"),
        source=part.text("source"),
        stand_in=part.yes("stand_in"),
    )
    if price.pounds < 0:
        part.fault("pounds", "Give an amount of 0 or more.")
    part.no_more()
    return price
