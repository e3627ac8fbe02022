"""The page that says which rules, kit and people alerts come from, and how often they were right."""

from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import outcome_filters
from app.web.board_filters import Pick
from app.web.outcome_filters import OutcomeFilters
from app.web.pages import page
from app.web.words import date_only
from care_plans.models.alerts import Cause
from outcomes import figures, precision, worth
from outcomes.alerts_raised import OPEN
from outcomes.precision import Tally
from outcomes.worth import By

blueprint = Blueprint("alert_worth", __name__)

BY = {By.RULE: "Rule", By.MODEL: "Model of kit", By.SUBJECT: "Person or home"}


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One line: see alert_worth.html."""

    name: str
    href: str | None
    raised: int
    acted: int
    nothing: int
    kit: int
    limit: int
    use: int
    rest: str
    right: str
    percent: int | None


@blueprint.get("/outcomes/which-alerts")
@needs("outcomes:read")
def show_worth() -> ResponseReturnValue:
    """Rules, models or people, those that were wrong most often first."""
    filters, opened, now = OutcomeFilters.asked(), context.session(), context.now()
    zone = context.installation().time_zone
    ground = figures.lay(opened, context.viewer(), since=filters.since(now, zone), now=now, zone=zone)
    asked = request.args.get("by", "")
    by = By(asked) if asked in set(By) else By.RULE
    if by is By.SUBJECT and not ground.sight.names:
        by = By.RULE
    found = worth.of(ground, by, filters.pathway or None)
    given = outcome_filters.picks(filters, figures.pathways(opened), ())
    choices = [
        (each.value, words) for each, words in BY.items() if each is not By.SUBJECT or ground.sight.names
    ]
    return page(
        "alert_worth.html",
        heading=BY[by],
        rows=tuple(_row(one, found.hrefs.get(one.key)) for one in found.tallies),
        withheld=found.withheld,
        few=found.few,
        picks=(Pick("By", "by", choices, by.value), *(one for one in given if one.name != "agency")),
        keep={**filters.kept(), **({"by": by.value} if asked else {})},
        since_words=f"Alerts raised since {date_only(ground.weeks[0].monday)}",
        agency=context.viewer().agency or "your agency",
    )


def _row(one: Tally, href: str | None) -> WorthRow:
    found, share = one.found, one.precision
    rest = {
        "open": found.get(OPEN, 0),
        "cleared by itself": found.get(precision.BY_ITSELF, 0),
        "duplicate": found.get(Cause.DUPLICATE, 0),
        "test": found.get(Cause.TEST, 0),
    }
    return WorthRow(
        name=one.name,
        href=href,
        raised=one.raised,
        acted=found.get(Cause.TRUE_ACTED, 0),
        nothing=found.get(Cause.TRUE_NO_ACTION, 0),
        kit=found.get(Cause.FALSE_KIT, 0),
        limit=found.get(Cause.FALSE_THRESHOLD, 0),
        use=found.get(Cause.FALSE_USER, 0),
        rest=", ".join(f"{number} {words}" for words, number in rest.items() if number),
        right=_right(one),
        percent=round(share.value * 100) if share else None,
    )


def _right(one: Tally) -> str:
    share = one.precision
    if share is None:
        return "Nobody has judged any yet"
    between = f"{_percent(share.low)} to {_percent(share.high)}"
    return f"{_percent(share.value)} of {one.right + one.wrong} ({between})"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
