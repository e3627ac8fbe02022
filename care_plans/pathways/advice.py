"""Where pathways of one person tell them the opposite, so that the plan can show it; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from care_plans.pathways.shape import Pathway
from care_plans.pathways.terms import Advice


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A topic on which pathways take different stances, each with what it says."""

    topic: str
    said: tuple[tuple[Pathway, Advice], ...]


def contradictions(pathways: Iterable[Pathway]) -> tuple[Contradiction, ...]:
    """The topics on which these pathways do not take the same stance, by name."""
    by_topic: dict[str, list[tuple[Pathway, Advice]]] = {}
    for pathway in pathways:
        for advice in pathway.advice:
            by_topic.setdefault(advice.topic, []).append((pathway, advice))
    return tuple(
        Contradiction(topic, tuple(said))
        for topic, said in sorted(by_topic.items())
        if len({advice.stance for _, advice in said}) > 1
    )
