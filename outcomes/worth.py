"""Which rules, kit and people alerts came from, and how often they were right, as far as the reader sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from outcomes import precision, rows
from outcomes.alerts_raised import AlertRaised
from outcomes.ground import Ground
from outcomes.precision import Tally
from people import reach


class By(StrEnum):
    """What alerts are counted by."""

    RULE = "rule"
    MODEL = "model"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Worth:
    """The tallies, most wrong first; what is not shared with the reader, and what is about too few, left out.

    `hrefs` lead to the person that a tally is about. `withheld` alerts are not shared with the reader in
    full; `few` tallies are about fewer people than the reader may be told of.
    """

    tallies: tuple[Tally, ...]
    hrefs: Mapping[str, str]
    withheld: int
    few: int


def of(ground: Ground, by: By, pathway: str | None = None) -> Worth:
    """How the alerts raised in these weeks (only of a pathway, if given) divide.

    Nobody who may not see people is told of one: they get no tallies by subject.
    """
    alerts = [alert for alert in ground.alerts if pathway in (None, alert.pathway)]
    shown, withheld = _shown(ground, alerts)
    hrefs: dict[str, str] = {}
    tallies = precision.tally(shown, _by(ground, by, shown, hrefs))
    told = [one for one in tallies if one.subjects >= ground.sight.few]
    return Worth(tuple(told), hrefs, withheld, len(tallies) - len(told))


def _shown(ground: Ground, alerts: list[AlertRaised]) -> tuple[list[AlertRaised], int]:
    """Those whose own words the reader may read, and how many more there are."""
    if not ground.sight.names:
        return alerts, 0
    people = {one for alert in alerts for one in alert.people}
    seen = reach.read(ground.session, ground.sight.viewer, people, (), ground.now)
    shown = [alert for alert in alerts if rows.alert_shown(alert, seen)]
    return shown, len(alerts) - len(shown)


def _by(
    ground: Ground, by: By, alerts: list[AlertRaised], hrefs: dict[str, str]
) -> Callable[[AlertRaised], tuple[str, str] | None]:
    if by is By.RULE:
        return precision.rule_of
    if by is By.MODEL:
        return precision.model_of
    if not ground.sight.names:
        return lambda _: None
    names = rows.names_of(ground, {one for alert in alerts for one in alert.people})
    homes = rows.homes_of(ground, {alert.home_id for alert in alerts})

    def subject(alert: AlertRaised) -> tuple[str, str] | None:
        if alert.person_id is None:
            return f"home {alert.home_id}", homes[alert.home_id or 0]
        if alert.person_id not in names:
            return None
        uuid, name = names[alert.person_id]
        hrefs[f"person {alert.person_id}"] = f"/people/{uuid}"
        return f"person {alert.person_id}", name

    return subject
