"""Several messages to one recipient become one letter, so that a storm is one word and not forty; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from care_plans.channel import Channel
from care_plans.messages.letter import Letter
from care_plans.messages.wording import NO_REPLY

LETTERS = UUID("0e0a4f0d-52ad-5a6b-8a55-7c1f6f5a1c02")
AN_ALERT_WAITS = timedelta(minutes=2)
OTHERS_WAIT = timedelta(minutes=10)
"""How long after a letter the next one to the same recipient goes, with all that has come meanwhile."""
TEXTS_AT_ONCE = 10
"""How many important texts within the hour go by themselves; then they wait, which makes 40 an hour at most.

Networks drop a number's 21st identical text of an hour, and its 101st of any (GOV.UK Notify's documentation).
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message that is due: its letter if it goes by itself, and to whom by which channel."""

    id: int
    letter: Letter
    channel: Channel
    to: tuple[str, int]
    important: bool = False
    about_alert: bool = False
    tried: bool = False

    @property
    def way(self) -> tuple[Channel, str, int]:
        """To whom it goes, and by what."""
        return (self.channel, *self.to)


@dataclass(frozen=True, slots=True)
class Recently:
    """What went to one recipient by one channel of late: the last letter, and how many within an hour."""

    last: datetime
    within_the_hour: int


def held_until(each: Waiting, recently: Recently | None) -> datetime | None:
    """Until when a message waits for others to go with it; None where it goes now.

    What is important waits for nothing, but for texts of which so many have gone that networks would drop
    them. A first message goes at once; what has been tried is not held again.
    """
    if recently is None or each.tried or each.channel in (Channel.VOICE, Channel.PAGE):
        return None
    if each.important and not _too_many_texts(each, recently):
        return None
    return recently.last + (AN_ALERT_WAITS if each.about_alert or each.important else OTHERS_WAIT)


def letters(
    waiting: Iterable[Waiting], recently: dict[tuple[Channel, str, int], Recently]
) -> list[tuple[list[Waiting], Letter]]:
    """What goes as one letter: each that is important; all else to one recipient by one channel."""
    found: list[tuple[list[Waiting], Letter]] = []
    by_way: dict[tuple[Channel, str, int], list[Waiting]] = {}
    for each in waiting:
        so_far = recently.get(each.way)
        alone = each.important and not (so_far and _too_many_texts(each, so_far))
        if alone or each.channel in (Channel.VOICE, Channel.PAGE):
            found.append(([each], each.letter))
        else:
            by_way.setdefault(each.way, []).append(each)
    return found + [(each, together([one.letter for one in each])) for each in by_way.values()]


def together(parts: Sequence[Letter]) -> Letter:
    """One letter of several, which says how many and what each of them says; of one, that one itself."""
    if len(parts) == 1:
        return parts[0]
    first, many = parts[0], len(parts)
    short = tuple(replace(each, body=_without_ending(each)) for each in parts)
    return replace(
        first,
        uuid=uuid5(LETTERS, " ".join(sorted(str(each.uuid) for each in parts))),
        subject=f"{many} messages: {first.subject}; and {many - 1} more",
        body="\n\n".join(f"{each.subject}\n{each.body}".strip() for each in short) + f"\n\n{NO_REPLY}",
        path=None,
        again=any(each.again for each in parts),
        parts=short,
    )


def _too_many_texts(each: Waiting, recently: Recently) -> bool:
    return each.channel is Channel.SMS and recently.within_the_hour >= TEXTS_AT_ONCE


def _without_ending(letter: Letter) -> str:
    """The words without the subject said again, and without what is said once at the end."""
    said = (f"{letter.subject}.", letter.subject)
    return "\n".join(
        line for line in letter.body.splitlines() if NO_REPLY not in line and line.strip() not in said
    )
