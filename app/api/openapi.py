"""The REST API under /api/v1: how a resource is written, and the OpenAPI document made from all of them.

A resource is one module here, `app/api/<resource>.py`, with its shapes beside its routes:

    blueprint = Blueprint("homes", "Where somebody lives.")

    class HomeIn(Shape):                          # what may be sent: no load_default, it is edited too
        postcode = Text(required=True)

    class HomeOut(Shape):                         # what is answered, made from a row or a frozen dataclass
        id = identity()                           # its `uuid`; inner keys stay inside
        version = row_version()                   # answered as the ETag too
        postcode = Text()

    @blueprint.get("/<uuid:home_id>")             # the route; nothing acts on GET
    @needs("homes:read")                          # what it needs (people.access.Need), or @public
    @blueprint.answers(HomeOut)                   # the shape and the status (200) of its answer
    def get_home(home_id: UUID) -> Home:
        '''Show one home.'''                      # becomes the summary in the documentation
        return visible.get_home(session(), viewer(), home_id, now())

    @blueprint.patch("/<uuid:home_id>")
    @needs("homes:write")
    @blueprint.takes(edit_of(HomeIn))             # loaded and checked; comes as the first argument, a dict
    @blueprint.answers(HomeOut)
    def change_home(changes: Given, home_id: UUID) -> Home:
        '''Change what is given of a home.'''
        home = visible.get_home(session(), viewer(), home_id, now())
        if_match(home.version)                    # 428 without If-Match, 412 when it is an older version's
        return homes.change(session(), home, changes, actor=actor())

The decorators stand in this order. Names of path parameters say whose id it is (`person_id`, `alert_id`):
tests/app/test_mallory.py calls every such route as somebody who may not see Ada, and wants a 404; a new name
is added to its table. A list is `paging.page(session(), query, keys, asked)` with `asked` from a shape made
from `Cut` (`takes(..., location="query")`) and `answers(page_of(HomeOut))`. A POST takes an Idempotency-Key
without further ado. Domain errors go up as they are (app.errors answers them). The request commits when it
succeeds; no route commits. Add the module's blueprint to RESOURCES in app/api/resources.py.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import flask_smorest  # type: ignore[import-untyped]
import orjson
from flask import Flask, Response, g, make_response, request
from flask_smorest.utils import prepare_response  # type: ignore[import-untyped]
from marshmallow import RAISE, Schema, fields
from webargs import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.api import docs, idempotency, versions
from app.auth import require
from app.errors import KINDS
from core.errors import Invalid

PREFIX = "/api/v1"
Given = dict[str, Any]  # what a shape loaded
View = TypeVar("View", bound=Callable[..., Any])

ABOUT = (
    "Readings from people's homes, one shared plan, alerts and follow-ups that somebody owns. Send "
    "`Authorization: Bearer` with a token. What you may not see is answered with 404."
)
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version you changed.",
}
KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": idempotency.LONGEST},
    "description": "Anything that is new with each write: the same again is done once.",
}
SEEN = {
    **IF_MATCH,
    "required": False,
    "description": "The ETag of the version you were looking at: 409 when a colleague changed it since.",
}
HEADERS = {"post": [KEY], "patch": [IF_MATCH], "put": [IF_MATCH]}


class FieldFault(Schema):
    """What is wrong with one field."""

    field = fields.String(metadata={"description": "Dotted path of the field; empty for the whole."})
    detail = fields.String(metadata={"description": "One sentence that says what to change."})


class Problem(Schema):
    """A fault, as RFC 9457 says it."""

    type = fields.String(
        metadata={"description": "Its kind, stable.", "examples": [f"/problems/{KINDS[422][0]}"]}
    )
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    request_id = fields.String(metadata={"description": "To be told when asking for help."})
    errors = fields.List(fields.Nested(FieldFault))


class Parser(FlaskParser):
    """Reads what a request brings: strictly JSON (no NaN, no lone surrogates, no endless nesting)."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012

    def _raw_load_json(self, req: Any) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as fault:
            raise BadRequest(f"This is not JSON (line {fault.lineno}, column {fault.colno}).") from fault

    def load_querystring(self, req: Any, schema: Schema) -> Any:
        """The query; a filter that is given twice is refused, as only one of both could count."""
        twice = {name: "Give this once." for name, values in req.args.lists() if len(values) > 1}
        if twice:
            raise Invalid(twice)
        return super().load_querystring(req, schema)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """The routes of one resource."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, resource: str, description: str, *, part: str = "", prefix: str = "") -> None:
        """`part` tells apart the modules of one large resource.

        `prefix` is where the routes hang when that is not /api/v1/<resource>; it may hold path parameters.
        """
        name = "-".join(word for word in ("api", resource, part) if word)
        super().__init__(name, __name__, url_prefix=prefix or f"{PREFIX}/{resource}", description=description)
        self.resource = resource

    def takes(self, shape: type[Schema], *, location: str = "json") -> Callable[[View], View]:
        """Load the request's JSON (or its "query") by `shape` and give it to the view as first argument.

        No body at all is an empty object: right where nothing is required.
        """
        made = shape()
        required = not made.partial and any(field.required for field in made.load_fields.values())
        return cast("Callable[[View], View]", self.arguments(shape, location=location, required=required))

    def answers(
        self, shape: type[Schema] | None = None, status: int = 200, *, description: str | None = None
    ) -> Callable[[View], View]:
        """Answer with what the view returns, dumped by `shape`; without a shape, with nothing (204)."""
        code = status if shape or status != 200 else 204
        return cast("Callable[[View], View]", self.response(code, shape, description=description))

    def get(self, rule: str) -> Callable[[View], View]:
        """Show something; it never acts."""
        return cast("Callable[[View], View]", self.route(rule, methods=["GET"]))

    def post(self, rule: str, *, seen: bool = False, edits: bool = False) -> Callable[[View], View]:
        """Make or do something; `seen` where it may say on which version (versions.seen).

        `edits` where it has to (versions.if_match).
        """
        parameters = [dict(SEEN)] if seen else [dict(IF_MATCH)] if edits else None
        return cast("Callable[[View], View]", self.route(rule, methods=["POST"], parameters=parameters))

    def put(self, rule: str) -> Callable[[View], View]:
        """Replace something whole."""
        return cast("Callable[[View], View]", self.route(rule, methods=["PUT"]))

    def patch(self, rule: str) -> Callable[[View], View]:
        """Change what is given of something."""
        return cast("Callable[[View], View]", self.route(rule, methods=["PATCH"]))

    def delete(self, rule: str, *, edits: bool = False) -> Callable[[View], View]:
        """End something; `edits` where it has to say which version it saw (versions.if_match)."""
        parameters = [dict(IF_MATCH)] if edits else None
        return cast("Callable[[View], View]", self.route(rule, methods=["DELETE"], parameters=parameters))

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        """Add a route, with the ETag of what it answers and, for a POST, the Idempotency-Key."""
        view = _finished(view_func)
        super().add_url_rule(rule, endpoint, view, *args, **{**options, "tags": [self.resource]})

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method == "parameters":
                continue
            sent = doc.setdefault("arguments", {}).setdefault("parameters", [])
            sent.extend(dict(header) for header in HEADERS.get(method, []))
            needed = [obj.needs.value] if hasattr(obj, "needs") else None
            security = [{"bearer": needed}] if needed else []
            doc.setdefault("manual_doc", {})["security"] = security


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest without its error handler (ours answers pages too) and with problems as errors."""

    ERROR_SCHEMA = Problem

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        """Add a resource and its documentation."""
        self._app.register_blueprint(blp, **options)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        if blp.resource not in {tag["name"] for tag in self.spec._tags}:
            self.spec.tag({"name": blp.resource, "description": blp.description})

    def _register_error_handlers(self) -> None:
        return None

    def _register_pagination_header(self) -> None:
        return None

    def _register_responses(self) -> None:
        told = {"DEFAULT_ERROR": "A problem", "UNPROCESSABLE_ENTITY": "Some field is not right"}
        for name, words in {**told, "UNPROCESSABLE_CONTENT": told["UNPROCESSABLE_ENTITY"]}.items():
            response = {"description": words, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, "application/problem+json")
            self.spec.components.response(name, response, lazy=True)


def register(app: Flask, resources: Sequence[Blueprint]) -> None:
    """Put the API and its documentation on `app`."""
    app.config.update(API_TITLE="Hearthline", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs={"info": {"description": ABOUT}})
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for blueprint in resources:
        api.register_blueprint(blueprint)
    docs.register(app, api.spec.to_dict(), PREFIX)


def _finished(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, done once for one Idempotency-Key, its answer with an ETag where it tells a version."""

    @wraps(view)
    def tagged(*args: Any, **kwargs: Any) -> Response:
        answer = make_response(view(*args, **kwargs))
        told = g.get("_flask_smorest", {}).get("result_dump")
        if isinstance(told, dict) and isinstance(told.get("version"), int):
            answer.headers["ETag"] = versions.tag(told["version"])
        return answer

    @wraps(view)
    def finished(*args: Any, **kwargs: Any) -> Response:
        if request.method != "POST" or idempotency.HEADER not in request.headers:
            return tagged(*args, **kwargs)
        require(vars(view)["needs"])  # before an answer of the past is given again
        takes_files = "most_bytes" in vars(view)
        once = idempotency.once_at_the_end if takes_files else idempotency.once
        return once(tagged, *args, **kwargs)

    return finished
