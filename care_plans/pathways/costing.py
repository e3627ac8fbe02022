"""What a pathway costs for one person in a month, from its staffing and the price of an hour; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from care_plans.pathways.prices import Price
from care_plans.pathways.shape import Pathway
from care_plans.pathways.terms import Staffing

WEEKS = 52 / 12
"""Weeks in a month."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One team's hours for one person; pounds a month."""

    staffing: Staffing
    price: Price
    pounds: float


@dataclass(frozen=True, slots=True)
class Cost:
    """A pathway's cost for one person and month, and what is not in the sum because no price was at hand."""

    lines: tuple[CostLine, ...]
    not_priced: tuple[str, ...]

    @property
    def pounds(self) -> float:
        """All lines together."""
        return sum(line.pounds for line in self.lines)

    @property
    def hours(self) -> float:
        """Hours of all teams in a week."""
        return sum(line.staffing.hours for line in self.lines)


def cost(pathway: Pathway, prices: Mapping[str, Price]) -> Cost:
    """Hours a week times weeks in a month times the price of an hour; kit and lines have local prices."""
    lines = []
    for staffing in pathway.staffing:
        price = prices[staffing.price]
        lines.append(CostLine(staffing, price, staffing.hours * WEEKS * price.pounds))
    return Cost(tuple(lines), tuple(kit.name for kit in pathway.kit))
