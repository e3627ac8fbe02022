"""What of the outcomes is asked for: read from the address, and said as picks that lead to others."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import request

from app.web.alert_words import CAUSES, CLASSES
from app.web.board_filters import Pick
from care_plans.models.alerts import Cause
from care_plans.severity import Class
from outcomes.alerts_raised import OPEN
from outcomes.measures import Measure
from outcomes.reckoning import Breakdown
from outcomes.weeks import USUAL, Week
from people.models.agencies import Agency

SPANS = {"5": "5 weeks", "": f"{USUAL} weeks", "26": "26 weeks", "52": "A year"}


@dataclass(frozen=True, slots=True)
class OutcomeFilters:
    """The filters as they stand in the address; "" asks for any, and for 13 weeks."""

    pathway: str = ""
    agency: str = ""
    weeks: str = ""
    kind: str = ""
    cause: str = ""
    week: str = ""

    @classmethod
    def asked(cls) -> "OutcomeFilters":
        """What this request's address asks for."""
        return cls(**{each.name: request.args.get(each.name, "")[:100] for each in fields(cls)})

    def kept(self) -> dict[str, str | None]:
        """What is not left open, for another address."""
        return {name: value for name, value in asdict(self).items() if value}

    def breakdown(self, agencies: Sequence[Agency]) -> Breakdown:
        """The same for counting; an agency there is not has nothing to count."""
        of = {str(agency.uuid): agency.id for agency in agencies}
        return Breakdown(
            pathway=self.pathway or None,
            agency_id=of.get(self.agency, 0) if self.agency else None,
            class_=self.kind or None,
            cause=self.cause or None,
        )

    def since(self, now: datetime, zone: str) -> date:
        """The local day in the first week."""
        count = int(self.weeks) if self.weeks in SPANS and self.weeks else USUAL
        return now.astimezone(ZoneInfo(zone)).date() - timedelta(weeks=count - 1)

    def one_week(self, weeks: Sequence[Week]) -> Week | None:
        """The one week whose rows are asked for; None for all of them."""
        return next((week for week in weeks if week.monday.isoformat() == self.week), None)


def picks(
    filters: OutcomeFilters, pathways: Sequence[tuple[str, str]], agencies: Sequence[Agency]
) -> tuple[Pick, ...]:
    """Pathway, agency and how far back."""
    return (
        Pick("Pathway", "pathway", [("", "any"), *pathways], filters.pathway),
        Pick(
            "Agency",
            "agency",
            [("", "any"), *((str(agency.uuid), agency.name) for agency in agencies)],
            filters.agency,
        ),
        Pick("How far back", "weeks", list(SPANS.items()), filters.weeks),
    )


def picks_of(
    measure: Measure, filters: OutcomeFilters, weeks: Sequence[Week], label: str = "Week of the rows"
) -> tuple[Pick, ...]:
    """What one measure can be narrowed to besides: class and cause of alerts, and one week's rows."""
    of_alerts: tuple[Pick, ...] = ()
    if measure is Measure.ALERTS:
        classes = [(each.value, CLASSES[each]) for each in Class]
        causes = [(each.value, CAUSES[each]) for each in Cause]
        of_alerts = (
            Pick("Class", "kind", [("", "any"), *classes], filters.kind),
            Pick("Closed as", "cause", [("", "any"), (OPEN, "Still open"), *causes], filters.cause),
        )
    days = [(week.monday.isoformat(), week_words(week)) for week in reversed(weeks)]
    return (*of_alerts, Pick(label, "week", [("", "all"), *days], filters.week))


def week_words(week: Week) -> str:
    """The week by its Monday: "w/c 3 Aug"."""
    return f"w/c {week.monday.day} {week.monday:%b}"
