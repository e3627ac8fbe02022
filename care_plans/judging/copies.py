"""Whether a finding rests on nothing but copies of calls that somebody else was to answer (H9); pure."""

from collections.abc import Mapping
from dataclasses import replace

from care_plans.judging.answers import ON
from care_plans.judging.track import Track
from care_plans.judging.verdicts import Finding
from devices import kinds
from devices.kinds import Group
from devices.measurement import Flags


def marked(finding: Finding, tracks: Mapping[str, Track]) -> Finding:
    """The finding, marked where it rests on copies alone."""
    return replace(finding, copied=True) if _is_copied(finding, tracks) else finding


def _is_copied(finding: Finding, tracks: Mapping[str, Track]) -> bool:
    """Whether every call of that kind, from the first that made it to the last, came as a copy.

    One that reached us itself as well is ours to answer, and then nothing of it is a copy.
    """
    kind, track = kinds.find(finding.kind), tracks.get(finding.kind)
    if kind is None or kind.group is not Group.SAFETY or track is None or not finding.evidence:
        return False
    times = [at.timestamp() for _kind, at, _value in finding.evidence]
    part = track.between(min(times), max(times))
    calls = [flags for value, flags in zip(part.values, part.flags, strict=True) if value >= ON]
    return bool(calls) and all(flags & Flags.COPY for flags in calls)
