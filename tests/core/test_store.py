import re

import pytest

from core.store import bucket_of, new_key


def test_a_key_says_nothing_and_is_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://hearth", ("hearth", "", {})),
        ("s3://hearth/", ("hearth", "", {})),
        ("s3://hearth/attached/files", ("hearth", "attached/files/", {})),
        (
            "s3://hearth/a?endpoint=https://minio.example:9000&region=eu-west-1",
            ("hearth", "a/", {"endpoint": "https://minio.example:9000", "region": "eu-west-1"}),
        ),
    ],
)
def test_a_bucket_is_read_from_its_url(url: str, expected: tuple) -> None:
    assert bucket_of(url) == expected
