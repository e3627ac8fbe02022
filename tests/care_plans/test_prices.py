"""What an hour costs."""

import pytest

from care_plans.pathways import prices
from core.errors import Invalid


def test_every_price_says_its_year_and_source_and_a_stand_in_says_so_in_words() -> None:
    found = prices.all_prices()
    assert len(found) > 5
    for price in found.values():
        assert price.year
        assert len(price.source) > 15
        assert price.stand_in == price.source.startswith("Stands in"), price.code


def test_a_price_is_found_by_its_code_or_not_at_all() -> None:
    nurse = prices.find("nurse_band_6")
    assert nurse is not None
    assert nurse.pounds == 61
    assert prices.find("gold") is None


def test_faults_are_named_at_their_place() -> None:
    with pytest.raises(Invalid) as refused:
        prices.from_document({"prices": [{"code": "A", "name": "x", "pounds": -1, "year": "2025"}]})
    assert set(refused.value.fields) == {"prices.0.code", "prices.0.pounds", "prices.0.source"}
