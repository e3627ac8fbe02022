"""The layers of a rota as a document, read with every fault named."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from care_plans.documents import Part
from care_plans.rotas.duty import Hours, Layer
from care_plans.work.recurrence import read_date, read_weekdays

MOST_LAYERS, MOST_PEOPLE, MOST_HOURS = 5, 50, 14
LONGEST_TURN = 28
"""Days of the longest turn."""
NOBODY = "Nobody of this team has this id now."
BARRED = "They may not open alerts and act on them: choose somebody who may."


def read_layers(
    content: object, numbers: Mapping[UUID, int | None], barred: Collection[UUID] = (), *, kept: bool = False
) -> tuple[Layer, ...]:
    """The layers that a list says; Invalid with each fault at its dotted place.

    People are named by their ids; `numbers` are those who can be on duty, by them, and None for whoever has
    left and whose turns are gaps. `barred` are in the team and can't be. In one that is `kept` anybody may be
    missing, who has left since.
    """
    whole = Part({"layers": content})
    layers = tuple(_layer(part, numbers, barred, kept=kept) for part in whole.parts("layers", least=1))
    if len(layers) > MOST_LAYERS:
        whole.fault("layers", f"Give at most {MOST_LAYERS} layers.")
    whole.refuse_faults("This rota is not right.")
    return layers


def _layer(part: Part, numbers: Mapping[UUID, int | None], barred: Collection[UUID], *, kept: bool) -> Layer:
    hours = part.parts("hours", least=0) if part.has("hours") else []
    if len(hours) > MOST_HOURS:
        part.fault("hours", f"Give at most {MOST_HOURS} times.")
    layer = Layer(
        name=part.text("name"),
        people=_people(part, numbers, barred, kept=kept),
        starts=read_date(part, "starts") or date.min,
        turn_days=part.whole("turn_days", 1, LONGEST_TURN),
        changes_at=part.clock("changes_at"),
        hours=tuple(_hours(each) for each in hours),
    )
    part.no_more()
    return layer


def _hours(part: Part) -> Hours:
    hours = Hours(part.clock("from"), part.clock("to"), read_weekdays(part))
    part.no_more()
    return hours


def _people(
    part: Part, numbers: Mapping[UUID, int | None], barred: Collection[UUID], *, kept: bool
) -> tuple[int | None, ...]:
    named = [uuid_of(text) for text in part.texts("people")]
    if len(named) > MOST_PEOPLE:
        part.fault("people", f"Give at most {MOST_PEOPLE}.")
    for place, uuid in enumerate(named):
        if uuid not in numbers and not kept:
            part.fault(f"people.{place}", BARRED if uuid in barred else NOBODY)
    return tuple(numbers.get(uuid) for uuid in named)


def uuid_of(text: str) -> UUID:
    """The id that a text is; the one that nobody has where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
