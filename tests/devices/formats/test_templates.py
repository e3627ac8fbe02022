"""Value templates: what kit publishes is understood, anything else is refused, and none does harm."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.formats.templates import UNSAID, NotUnderstood, Template, Unsaid

BODY: dict[str, Any] = {
    "temperature": 21.56,
    "state": "ON",
    "raw": 215,
    "nothing": None,
    "empty": "",
    "yes": True,
    "deep": {"er": {"co2": "612"}, "0x01": 3},
    "list": [{"x": 4}],
}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ value_json.temperature }}", 21.56),
        ("{{value_json.temperature}}", 21.56),
        ("{{ value_json['temperature'] }}", 21.56),
        ("{{ value_json.deep.er.co2 | int }}", 612),
        ("{{ value_json.deep['0x01'] }}", 3),
        ("{{ value_json.list[0].x }}", 4),
        ("{{ value_json.get('temperature') }}", 21.56),
        ("{{ value_json.get('away', 7) }}", 7),
        ("{{ value_json.temperature | float | round(1) }}", 21.6),
        ("{{ value_json.raw / 10 }}", 21.5),
        ("{{ (value_json.raw * 0.1) | round(2) }}", 21.5),
        ("{{ value_json.raw % 10 + 1 - 2 }}", 4),
        ("{{ value_json.raw // 10 }}", 21),
        ("{{ -value_json.raw }}", -215),
        ("{{ value_json.yes }}", True),
        ("{{ value_json.nothing }}", None),
        ("{{ value }}", "raw text"),
        ("{{ value | upper }}", "RAW TEXT"),
        ("{{ 'ON' if value_json.raw > 200 else 'OFF' }}", "ON"),
        ("{{ 'ON' if value_json.state == 'OFF' else 'OFF' }}", "OFF"),
        ("{{ 'ON' if value_json.state in ['ON', 'OPEN'] else 'OFF' }}", "ON"),
        ("{{ value_json.raw > 200 and not value_json.nothing }}", True),
        ("{% if value_json.away is defined %}1{% elif value_json.raw == 215 %}2{% else %}3{% endif %}", "2"),
        ("{% set x = value_json.raw %}{{ x }}", 215),
        ("{{ value_json.away | default(5) }}", 5),
        ("{{ value_json.state }}-{{ value_json.raw }}", "ON-215"),
    ],
)
def test_it_says_what_home_assistant_would(template: str, value: object) -> None:
    assert Template(template).value(BODY, "raw text") == value


@pytest.mark.parametrize(
    "template",
    [
        "{{ value_json.away }}",
        "{{ value_json.away.further }}",
        "{{ value_json.empty }}",
        "{{ value_json.deep }}",
        "{{ value_json.state | float }}",
        "{{ value_json.state + 1 }}",
        "{{ value_json.raw / 0 }}",
        "{{ value_json.list[9] }}",
        "{{ value_json.temperature.real }}",
        "",
    ],
)
def test_what_the_message_does_not_say_is_unsaid(template: str) -> None:
    assert Template(template).value(BODY, "raw text") is UNSAID


@pytest.mark.parametrize(
    "template",
    [
        "{{ states('sensor.x') }}",
        "{{ ''.__class__ }}",
        "{{ value.__class__.__mro__ }}",
        "{{ range(1000000000) }}",
        "{{ value * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for x in value %}{{ x }}{% endfor %}",
        "{{ value | replace('a', 'b') }}",
        "{% import 'x' as y %}",
        "{{ value ~ value }}",
        "{{ unclosed",
        "(" * 900 + "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
        "{{ value }}" * 200,
    ],
)
def test_what_it_does_not_understand_it_refuses_and_never_runs(template: str) -> None:
    try:
        said = Template(template).value(BODY, "raw text")
    except NotUnderstood:
        return
    assert said is UNSAID


PIECES = st.sampled_from(
    ["value_json", "value", ".a", "['a']", "[0]", "|float", "|int", "|round(2)", "|d(1)", "+", "*", "/", "%",
     "-", "==", "<", " if ", " else ", " in ", " is defined", "not ", "(", ")", "1", "'x'", "9999999999",
     "{{", "}}", "{% if ", "%}", "{% endif %}", ".get('a')"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b"]), inner),
    max_leaves=8,
)


@given(st.lists(PIECES, max_size=14).map("".join), JSON, st.text())
@settings(max_examples=200, deadline=None)
def test_any_template_gives_a_plain_value_or_is_refused(template: str, body: Any, text: str) -> None:
    try:
        said = Template("{{ " + template + " }}").value(body, text)
    except NotUnderstood:
        return
    assert said is None or isinstance(said, bool | int | float | str | Unsaid)


def test_deep_messages_and_long_templates_take_no_time() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    began = time.process_time()

    for template in ("{{ value_json }}", "{{ value_json == value_json }}", "{{ value_json in [1] }}"):
        assert Template(template).value(deep, "x" * 60_000) in (UNSAID, False)
    for long in ("-" * 990 + "1", "1" + "+1" * 600):
        with pytest.raises(NotUnderstood):
            Template("{{ " + long + " }}")
    assert time.process_time() - began < 0.5
