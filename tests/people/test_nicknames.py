from people.nicknames import GROUPS, are_forms_of_one, forms


def test_forms_of_one_name_are_known_both_ways() -> None:
    assert are_forms_of_one("betty", "elizabeth")
    assert are_forms_of_one("elizabeth", "betty")
    assert are_forms_of_one("bill", "william")


def test_two_names_are_not_forms_of_one() -> None:
    assert not are_forms_of_one("joan", "jean")
    assert not are_forms_of_one("ada", "ada marsh")
    assert forms("nobody") == frozenset()


def test_every_name_stands_in_small_letters_beside_another() -> None:
    assert all(name == name.lower() for name in GROUPS)
    assert all(any(are_forms_of_one(name, other) for other in GROUPS if other != name) for name in GROUPS)
