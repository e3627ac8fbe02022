"""Files in a bucket, against a server that speaks S3's protocol."""

import io
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from core.embedded.ports import free_port
from core.errors import Unavailable
from core.store import new_key
from core.store_bucket import BucketStore
from tests.core.stores import holds_to_the_contract


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(endpoint: str) -> str:
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="eu-west-2",
        aws_access_key_id="a", aws_secret_access_key="b",
    )  # fmt: skip
    name = f"hearth-{new_key()[:8]}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    return f"s3://{name}/attached?endpoint={endpoint}"


def test_it_keeps_what_it_is_given(url: str) -> None:
    holds_to_the_contract(BucketStore(url, "a", "b"))


def test_what_lies_beside_its_prefix_is_not_its_own(url: str) -> None:
    ours, others = BucketStore(url, "a", "b"), BucketStore(url.replace("attached", "other"), "a", "b")
    key = new_key()
    others.put(key, io.BytesIO(b"x"))
    with pytest.raises(Unavailable):
        ours.open(key)


def test_a_bucket_that_is_not_there_or_does_not_answer_is_said_to_be_away(endpoint: str) -> None:
    for url in (f"s3://nowhere?endpoint={endpoint}", f"s3://a?endpoint=http://127.0.0.1:{free_port()}"):
        store = BucketStore(url, "a", "b")
        with pytest.raises(Unavailable):
            store.put(new_key(), io.BytesIO(b"x"))
