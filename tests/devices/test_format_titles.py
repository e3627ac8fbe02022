"""Every format can be chosen by what it is called."""

from devices import decode, format_titles


def test_every_format_has_a_title_of_its_own() -> None:
    titles = [format_titles.title(name) for name in decode.format_names()]

    assert not set(titles) & set(decode.format_names())
    assert len(set(titles)) == len(titles)


def test_kit_is_enrolled_with_any_format_but_those_spoken_beside_another() -> None:
    offered = [name for name, _ in format_titles.choices()]

    assert set(offered) == set(decode.format_names()) - format_titles.PARTS
    assert offered[0] == "readings"
