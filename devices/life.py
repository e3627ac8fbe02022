"""The life of a piece of kit, as a table of moves: in stock, reserved, out, back, cleaned, in stock again."""

from collections.abc import Mapping

from devices.models import DeviceState

S = DeviceState

MOVES: Mapping[DeviceState, frozenset[DeviceState]] = {
    S.IN_STOCK: frozenset({S.RESERVED, S.INSTALLED, S.IN_REPAIR, S.LOST, S.RETIRED}),
    S.RESERVED: frozenset({S.IN_STOCK, S.INSTALLED, S.IN_REPAIR, S.LOST, S.RETIRED}),
    S.INSTALLED: frozenset({S.RECOVERED, S.IN_REPAIR, S.LOST}),
    S.IN_REPAIR: frozenset({S.INSTALLED, S.RECOVERED, S.CLEANED, S.IN_STOCK, S.LOST, S.RETIRED}),
    S.LOST: frozenset({S.RECOVERED, S.RETIRED}),
    S.RECOVERED: frozenset({S.CLEANED, S.IN_REPAIR, S.LOST, S.RETIRED}),
    S.CLEANED: frozenset({S.IN_STOCK, S.RESERVED, S.IN_REPAIR, S.LOST, S.RETIRED}),
    S.RETIRED: frozenset(),
}
"""From each state the states that may follow; what is retired stays so."""
WITH_SOMEBODY = frozenset({S.INSTALLED, S.IN_REPAIR, S.LOST})
"""What kit can be while it is somebody's."""
MAY_BE_GIVEN = frozenset(S) - {S.RETIRED, S.LOST}
SOON = 14
"""Days before a date by which it is called due soon."""


def may_follow(state: DeviceState, *, held: bool) -> list[DeviceState]:
    """The states that may follow, in the order of a life; `held` kit is somebody's until it is taken back.

    To be out is no state that is chosen: kit is given to somebody.
    """
    found = MOVES[state] - {S.INSTALLED}
    return [each for each in S if each in (found & WITH_SOMEBODY if held else found)]
