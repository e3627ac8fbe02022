"""The API's documentation as a page that needs no script, made from the OpenAPI document itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from app.auth import public
from app.errors import KINDS

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a shape, or one parameter; `kind` is its type in words."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask of the API."""

    method: str
    path: str
    summary: str
    description: str
    scope: str | None
    parameters: Sequence[Line]
    sends: Sequence[Line]
    answers: Sequence[tuple[str, str, Sequence[Line]]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A resource and what can be asked of it."""

    name: str
    words: str
    operations: Sequence[Operation]


def register(app: Flask, spec: Spec, prefix: str) -> None:
    """Serve the document and its page under `prefix`, and lead a problem's type to what it means."""

    @public
    def openapi_json() -> ResponseReturnValue:
        return jsonify(spec)

    @public
    def page() -> ResponseReturnValue:
        return render_template("api_docs.html", about=spec["info"], chapters=chapters(spec), kinds=KINDS)

    @public
    def problem(kind: str) -> ResponseReturnValue:
        return redirect(f"{prefix}/docs#{kind}")

    kinds = ",".join(f'"{kind}"' for kind, _ in KINDS.values())
    app.add_url_rule(f"{prefix}/openapi.json", "api_document", openapi_json)
    app.add_url_rule(f"{prefix}/docs", "api_docs", page)
    app.add_url_rule(f"/problems/<any({kinds}):kind>", "api_problem", problem)
    app.extensions["hearthline-openapi"] = spec


def chapters(spec: Spec) -> list[Chapter]:
    """The document by resource, in its own order."""
    found = []
    for tag in spec.get("tags", []):
        operations = [
            _operation(spec, method, path, said, item.get("parameters", []))
            for path, item in spec["paths"].items()
            for method, said in item.items()
            if method != "parameters" and tag["name"] in said["tags"]
        ]
        found.append(Chapter(tag["name"], tag.get("description", ""), operations))
    return found


def _operation(spec: Spec, method: str, path: str, said: Spec, shared: Sequence[Any]) -> Operation:
    scopes = [scope for way in said.get("security", []) for scope in way.get("bearer", [])]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        (status, answer["description"], _lines(spec, _schema_of(answer)))
        for status, raw in said["responses"].items()
        if status.startswith("2") and (answer := _follow(spec, raw))
    ]
    return Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        scope=scopes[0] if scopes else None,
        parameters=[_parameter(spec, one) for one in [*shared, *said.get("parameters", [])]],
        sends=_lines(spec, body),
        answers=answers,
    )


def _schema_of(answer: Spec) -> Spec | None:
    schema: Spec | None = answer.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _parameter(spec: Spec, raw: Spec) -> Line:
    said = _follow(spec, raw)
    kind = f"{_kind(spec, said['schema'])}, in the {said['in']}"
    return Line(said["name"], kind, bool(said.get("required")), said.get("description", ""))


def _lines(spec: Spec, schema: Spec | None) -> list[Line]:
    shape = _follow(spec, schema or {})
    needed = shape.get("required", [])
    return [
        Line(name, _kind(spec, field), name in needed, _follow(spec, field).get("description", ""))
        for name, field in shape.get("properties", {}).items()
    ]


def _kind(spec: Spec, field: Spec) -> str:
    if "$ref" in field:
        shape = _follow(spec, field)
        return f"{field['$ref'].rpartition('/')[2]} ({', '.join(shape.get('properties', {}))})"
    if "anyOf" in field:
        return " or ".join(_kind(spec, each) for each in field["anyOf"])
    kind = field.get("type", "anything")
    if isinstance(kind, list):
        kind = " or ".join(kind)
    if "items" in field:
        kind = f"list of {_kind(spec, field['items'])}"
    elif "enum" in field:
        kind = "one of " + ", ".join("null" if value is None else str(value) for value in field["enum"])
    elif "format" in field:
        kind = f"{kind}, {field['format']}"
    return str(kind)


def _follow(spec: Spec, said: Spec) -> Spec:
    """What a reference points to, or the thing itself."""
    if "$ref" not in said:
        return said
    found: Any = spec
    for step in said["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    followed: Spec = found
    return followed
