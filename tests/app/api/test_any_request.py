"""Whatever a program sends, it is answered by what the document says, and never by a fault of ours."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from people.access import every_scope
from people.models.attachments import Attachment
from tests.app.adas import lay
from tests.cast import Cast
from tests.house.test_routes import made

# A right form is not a right NHS number; the test's own token and version stand in for those that are tried;
# and headers that nobody reads may hold anything.
NOT_PROMISED = [positive_data_acceptance, negative_data_rejection, missing_required_header, ignored_auth]

SCHEMA = schemathesis.openapi.from_dict(made().extensions["hearthline-openapi"])


@pytest.fixture
def operator(
    app: Flask, session: Session, cast: Cast, now: datetime, api_as: Callable[..., FlaskClient]
) -> dict[str, str]:
    """Headers of a program that may do everything to everybody, and Ada's things to do it to."""
    ids = {name: str(uuid) for name, uuid in lay(session, cast, now).items()}
    for key in session.scalars(select(Attachment.store_key)):
        app.extensions["hearthline"].store.put(key, io.BytesIO(b"Words"))
    return ids | {"Authorization": api_as(cast.cora, *every_scope()).environ_base["HTTP_AUTHORIZATION"]}


@SCHEMA.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),  # one transaction serves all examples, and that is meant
)
def test_no_request_is_our_fault(case: Case, app: Flask, operator: dict[str, str]) -> None:
    case.operation.schema.app = app
    for name in case.path_parameters:
        case.path_parameters[name] = operator.get(name, case.path_parameters[name])
    headers = {"Authorization": operator["Authorization"], "If-Match": '"1"'}
    answer = case.call(headers=headers, app=app)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
    case.validate_response(answer, excluded_checks=NOT_PROMISED)


def test_files_that_are_sent_are_among_what_is_tried() -> None:
    sent = SCHEMA["/api/v1/people/{person_id}/attachments"]["POST"]
    assert [body.media_type for body in sent.body] == ["multipart/form-data"]
