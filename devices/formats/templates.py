"""Value templates of Home Assistant, read by Jinja's own parser and evaluated here: no code is ever run.

What kit publishes is nearly always `{{ value_json.key }}`, sometimes with a filter or a choice. Expressions,
choices and a few filters are understood; there are no loops, no calls but `.get()`, and nothing that makes
more text than it is given, so that a template takes no longer than it is long.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

LONGEST = 1000
MOST_TEXT = 10_000


class NotUnderstood(ValueError):
    """The template asks for more than is understood here."""


class Unsaid:
    """What a template gives where the message doesn't say: not null, not zero, not empty."""


UNSAID = Unsaid()
Names = dict[str, Any]
_PARSER = Environment(autoescape=False)  # noqa: S701 - it parses and never renders


class Template:
    """One template, parsed once. NotUnderstood where it uses what is not allowed."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise NotUnderstood
        try:
            self._body: Sequence[nodes.Node] = _PARSER.parse(text).body
        except (TemplateSyntaxError, RecursionError) as fault:
            raise NotUnderstood from fault
        self.value({}, "")

    def value(self, body: Any, text: str) -> Any:
        """What it says of a message: `body` is its JSON, `text` the message as text.

        The value of a lone expression as it is; else text. UNSAID where the message doesn't hold it, or
        holds a list or an object there.
        """
        names: Names = {"value": text, "value_json": body}
        parts = [part for part in _outputs(self._body, names) if part != ""]
        if len(parts) == 1 and (parts[0] is None or isinstance(parts[0], bool | int | float)):
            return parts[0]
        if not parts or not all(_is_plain(part) for part in parts):
            return UNSAID
        return "".join(_text(part) for part in parts).strip()[:MOST_TEXT]


@lru_cache(maxsize=4096)
def parsed(text: str) -> Template:
    """The template of a text, parsed once for all that use it; NotUnderstood."""
    return Template(text)


def _outputs(body: Sequence[nodes.Node], names: Names) -> list[Any]:
    found: list[Any] = []
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                said = part.data if isinstance(part, nodes.TemplateData) else _of(part, names)
                found.append(said.strip() if isinstance(part, nodes.TemplateData) else said)
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            names[node.target.name] = _of(node.node, names)
        elif isinstance(node, nodes.If):
            found += _choice(node, names)
        else:
            raise NotUnderstood
    return found


def _choice(node: nodes.If, names: Names) -> list[Any]:
    for each in (node, *node.elif_):
        if _is_true(_of(each.test, names)):
            return _outputs(each.body, names)
    return _outputs(node.else_, names)


def _of(node: nodes.Node, names: Names) -> Any:
    evaluate = _EVALUATE.get(type(node))
    if evaluate is None:
        raise NotUnderstood
    return evaluate(node, names)


def _name(node: nodes.Name, names: Names) -> Any:
    if node.name not in names:
        raise NotUnderstood
    return names[node.name]


def _inside(whole: Any, key: Any) -> Any:
    if isinstance(whole, dict) and isinstance(key, str):
        return whole.get(key, UNSAID)
    if isinstance(whole, list) and type(key) is int and -len(whole) <= key < len(whole):
        return whole[key]
    return UNSAID


def _call(node: nodes.Call, names: Names) -> Any:
    """`value_json.get('key', otherwise)`, the one call that kit makes."""
    what = node.node
    if not isinstance(what, nodes.Getattr) or what.attr != "get" or not 1 <= len(node.args) <= 2:
        raise NotUnderstood
    found = _inside(_of(what.node, names), _of(node.args[0], names))
    if found is UNSAID and len(node.args) == 2:
        return _of(node.args[1], names)
    return found


def _arithmetic(how: Callable[[Any, Any], Any]) -> Callable[[nodes.BinExpr, Names], Any]:
    def reckon(node: nodes.BinExpr, names: Names) -> Any:
        left, right = _of(node.left, names), _of(node.right, names)
        if not (_is_number(left) and _is_number(right)):
            return UNSAID
        try:
            found = how(left, right)
            return found if math.isfinite(found) else UNSAID
        except ArithmeticError:
            return UNSAID

    return reckon


def _compare(node: nodes.Compare, names: Names) -> Any:
    left = _of(node.expr, names)
    for each in node.ops:
        right = _of(each.expr, names)
        if not _is_plain(left) or not _holds(each.op, left, right):
            return False
        left = right
    return True


def _holds(how: str, left: Any, right: Any) -> bool:
    if how in ("in", "notin"):
        among = right if isinstance(right, list) else []
        if isinstance(right, str) and isinstance(left, str):
            return (left in right) is (how == "in")
        return any(_is_plain(each) and each == left for each in among) is (how == "in")
    if not _is_plain(right):
        return False
    if how in ("eq", "ne"):
        return (left == right) is (how == "eq")
    alike = (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))
    return alike and bool(_ORDERS[how](left, right))


def _filter(node: nodes.Filter, names: Names) -> Any:
    change = _FILTERS.get(node.name)
    if change is None or node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise NotUnderstood
    most, how = change
    if len(node.args) > most:
        raise NotUnderstood
    return how(_of(node.node, names), *(_of(each, names) for each in node.args))


def _test(node: nodes.Test, names: Names) -> Any:
    test = _TESTS.get(node.name)
    if test is None or node.args:
        raise NotUnderstood
    return test(_of(node.node, names))


def _to_float(value: Any, otherwise: Any = UNSAID) -> Any:
    if not isinstance(value, int | float | str):
        return otherwise
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return otherwise
    return found if math.isfinite(found) else otherwise


def _to_int(value: Any, otherwise: Any = UNSAID) -> Any:
    found = _to_float(value)
    return otherwise if found is UNSAID else int(found)


def _round(value: Any, digits: Any = 0) -> Any:
    if not _is_number(value) or type(digits) is not int or not 0 <= digits <= 12:
        return UNSAID
    return round(float(value), digits)


def _default(value: Any, otherwise: Any = "", _empty_too: Any = False) -> Any:
    return otherwise if value is UNSAID or (_empty_too and not value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _is_plain(value: Any) -> bool:
    """Whether it is no list or object, whose comparing and writing may go too deep."""
    return value is None or isinstance(value, bool | int | float | str)


def _is_true(value: Any) -> bool:
    return value is not UNSAID and bool(value)


def _text(value: Any) -> str:
    return str(value)[:MOST_TEXT]


def _of_text(how: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: how(_text(value)) if _is_plain(value) else UNSAID


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
# filter: (how many arguments it may have, what it does)
_FILTERS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "float": (1, _to_float),
    "int": (1, _to_int),
    "round": (1, _round),
    "default": (2, _default),
    "d": (2, _default),
    "abs": (0, lambda value: abs(value) if _is_number(value) else UNSAID),
    "lower": (0, _of_text(str.lower)),
    "upper": (0, _of_text(str.upper)),
    "trim": (0, _of_text(str.strip)),
    "string": (0, _of_text(str)),
}
_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "defined": lambda value: value is not UNSAID,
    "undefined": lambda value: value is UNSAID,
    "none": lambda value: value is None,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "false": lambda value: value is False,
}
_EVALUATE: Mapping[type[nodes.Node], Callable[[Any, Names], Any]] = {
    nodes.Const: lambda node, _names: node.value,
    nodes.Name: _name,
    nodes.Getattr: lambda node, names: _inside(_of(node.node, names), node.attr),
    nodes.Getitem: lambda node, names: _inside(_of(node.node, names), _of(node.arg, names)),
    nodes.List: lambda node, names: [_of(each, names) for each in node.items],
    nodes.Tuple: lambda node, names: [_of(each, names) for each in node.items],
    nodes.Call: _call,
    nodes.Filter: _filter,
    nodes.Test: _test,
    nodes.Compare: _compare,
    nodes.And: lambda node, names: _is_true(_of(node.left, names)) and _is_true(_of(node.right, names)),
    nodes.Or: lambda node, names: _is_true(_of(node.left, names)) or _is_true(_of(node.right, names)),
    nodes.Not: lambda node, names: not _is_true(_of(node.node, names)),
    nodes.CondExpr: lambda node, names: _of(
        node.expr1 if _is_true(_of(node.test, names)) else node.expr2 or nodes.Const(""), names
    ),
    nodes.Neg: lambda node, names: _reversed(_of(node.node, names)),
    nodes.Add: _arithmetic(operator.add),
    nodes.Sub: _arithmetic(operator.sub),
    nodes.Mul: _arithmetic(operator.mul),
    nodes.Div: _arithmetic(operator.truediv),
    nodes.FloorDiv: _arithmetic(operator.floordiv),
    nodes.Mod: _arithmetic(operator.mod),
}


def _reversed(value: Any) -> Any:
    return -value if _is_number(value) else UNSAID
