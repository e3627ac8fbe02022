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
    """Whether every call that made it, from the first to the last of each kind, came as a copy.

    One that reached us itself as well is ours to answer, and then nothing of it is a copy.
    """
    calls = [flags for kind in _calling(finding) for flags in _calls(finding, kind, tracks)]
    return bool(calls) and all(flags & Flags.COPY for flags in calls)


def _calling(finding: Finding) -> set[str]:
    """The kinds among its readings by which somebody, or a detector, calls."""
    found = {code for code, _at, _value in finding.evidence}
    return {code for code in found if (kind := kinds.find(code)) and kind.group is Group.SAFETY}


def _calls(finding: Finding, kind: str, tracks: Mapping[str, Track]) -> list[int]:
    times = [at.timestamp() for code, at, _value in finding.evidence if code == kind]
    if kind not in tracks:
        return []
    part = tracks[kind].between(min(times), max(times))
    return [flags for value, flags in zip(part.values, part.flags, strict=True) if value >= ON]
