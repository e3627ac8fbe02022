import ast
from collections.abc import Iterator
from pathlib import Path

from core.logs import STANDARD
from tests.house.source import product, said, tree

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "logger", "LOG", "LOGGER"}
PERSONAL = {
    *("name", "names", "value", "values", "payload", "email", "phone", "telephone", "address", "postcode"),
    *("nhs_number", "born", "date_of_birth", "dob", "text", "body", "content", "message", "subject_name"),
    *("password", "secret", "token", "cookie", "reading", "measured"),
}


def log_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            receiver = node.func.value
            by_name = isinstance(receiver, ast.Name) and receiver.id in LOGGERS
            made = isinstance(receiver, ast.Call) and getattr(receiver.func, "attr", "") == "getLogger"
            if by_name or made:
                yield node


def fault_of(call: ast.Call) -> str | None:
    """What is wrong with a log call, if anything."""
    text = call.args[0] if len(call.args) == 1 else None
    if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
        return "its text is not one constant"
    if text.value[:1].isupper():
        return "its text is not lower-case"
    for keyword in call.keywords:
        if keyword.arg != "extra":
            continue
        if not isinstance(keyword.value, ast.Dict):
            return "its extra is not written out"
        for key in keyword.value.keys:
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                return "its extra is not written out"
            if key.value in PERSONAL:
                return f"it logs {key.value}"
            if key.value in STANDARD:
                return f"{key.value} means something else in a log record"
    return None


def test_every_log_call_has_a_constant_text_and_only_ids_beside_it() -> None:
    faults = [
        f"{said(path)}:{call.lineno}: {fault}"
        for path in product()
        for call in log_calls(path)
        if (fault := fault_of(call))
    ]
    assert not faults, "\n".join(faults)


def test_nothing_is_printed_but_by_the_commands() -> None:
    printing = {
        said(path)
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= {"app/commands.py"}
