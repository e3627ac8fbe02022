"""The layers of a rota as a document."""

from datetime import date, time
from uuid import UUID

import pytest

from care_plans.rotas.documents import BARRED, NOBODY, read_layers
from care_plans.rotas.duty import Hours, Layer
from core.errors import Invalid

DEV, SOL = UUID(int=1), UUID(int=2)
DOCUMENT = [
    {
        "name": "Nights",
        "people": [str(DEV), str(SOL)],
        "starts": "2026-11-16",
        "turn_days": 7,
        "changes_at": "08:00",
        "hours": [{"from": "20:00", "to": "08:00", "weekdays": ["friday", "monday"]}],
    }
]


def test_a_document_becomes_layers() -> None:
    nights = (Hours(time(20), time(8), (0, 4)),)
    layer = Layer("Nights", (1, 2), date(2026, 11, 16), 7, time(8), nights)
    assert read_layers(DOCUMENT, {DEV: 1, SOL: 2}) == (layer,)


def test_in_one_that_is_kept_whoever_has_left_leaves_their_place() -> None:
    (layer,) = read_layers(DOCUMENT, {SOL: 2}, kept=True)
    assert layer.people == (None, 2)


def test_whoever_left_may_keep_their_place_and_nobody_else_who_cannot_be_on_duty() -> None:
    (layer,) = read_layers(DOCUMENT, {DEV: None, SOL: 2})
    assert layer.people == (None, 2)
    with pytest.raises(Invalid) as refused:
        read_layers(DOCUMENT, {}, {DEV})
    assert refused.value.fields == {"layers.0.people.0": BARRED, "layers.0.people.1": NOBODY}
