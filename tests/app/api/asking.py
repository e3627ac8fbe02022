"""What tests of the API's resources share: fields of problems, and Ada put on a pathway."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from people.access import EVERYONE, Need
from tests.cast import Cast

EVERYTHING = (EVERYONE, *(need.value for need in Need))


def wrong(answer: TestResponse) -> dict[str, str]:
    """What a problem says of which field."""
    assert answer.content_type == "application/problem+json"
    said: Any = answer.json
    return {error["field"]: error["detail"] for error in said.get("errors", [])}


def ids(answer: TestResponse) -> list[str]:
    """The ids of a list."""
    assert answer.status_code == 200, answer.text
    said: Any = answer.json
    return [item["id"] for item in said["items"]]


def enrolled(client: FlaskClient, cast: Cast, **more: Any) -> TestResponse:
    """Ada put on the COPD pathway."""
    return client.post(f"/api/v1/people/{cast.ada.uuid}/care-plans", json={"pathway": "copd", **more})
