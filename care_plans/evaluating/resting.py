"""What lasts for days and was dealt with rests: whether a rule may, and until when."""

from datetime import datetime, timedelta

from care_plans.evaluating.at_hand import AtHand, Closed
from care_plans.judging.conditions import Rule
from care_plans.judging.verdicts import Finding
from care_plans.severity import Severity
from devices.subjects import Subject


def may_rest(known: AtHand, subject: Subject, rule: Rule) -> bool:
    """Whether the rule rests after it was dealt with, an alert of it was closed lately, and none is open."""
    return _closed(known, subject, rule) is not None


def until(known: AtHand, subject: Subject, rule: Rule, finding: Finding) -> datetime | None:
    """Until when what was dealt with is not raised again; None where it is: it is due, worse or new."""
    closed = _closed(known, subject, rule)
    if closed is None or rule.again_after is None:
        return None
    new = closed.well_since is not None and closed.well_since > closed.at
    worse = finding.severity is Severity.RED or finding.severity.rank > closed.severity.rank
    ends = closed.at + timedelta(seconds=rule.again_after)
    return ends if not new and not worse and known.now < ends else None


def _closed(known: AtHand, subject: Subject, rule: Rule) -> Closed | None:
    if rule.again_after is None or rule.key in known.open.get(subject, {}):
        return None
    return known.resting.get((subject, rule.key))
