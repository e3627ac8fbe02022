"""Files in a bucket of S3 or of anything that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

import boto3  # type: ignore[import-untyped]
from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

from core.errors import Unavailable
from core.store import AWAY, CHUNK, bucket_of

PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"})
REGION = "eu-west-2"


class BucketStore:
    """Each file an object under the prefix of the URL, encrypted by the bucket's own settings."""

    def __init__(self, url: str, access_key: str | None, secret_key: str | None) -> None:
        """`url` as `core.store.bucket_of` reads it; without keys, the machine's own role counts."""
        self._bucket, self._prefix, options = bucket_of(url)
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint"),
            region_name=options.get("region", REGION),
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=PATIENCE,
        )

    def put(self, key: str, content: BinaryIO) -> None:
        """Upload it; an object is there whole or not at all."""
        with _answering():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=content)

    def open(self, key: str) -> Iterator[bytes]:
        """The object, asked for now and read as it is asked for."""
        with _answering():
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
        chunks: Iterator[bytes] = found["Body"].iter_chunks(CHUNK)
        return chunks

    def delete(self, key: str) -> None:
        """Delete the object; where the bucket keeps versions, they go by its own rules."""
        with _answering():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def list_keys(self, before: datetime) -> Iterator[str]:
        """Keys by the time their objects were last written."""
        with _answering():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for each in page.get("Contents", ()):
                    if each["LastModified"] < before:
                        yield each["Key"].removeprefix(self._prefix)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as fault:
        raise Unavailable(AWAY) from fault
