"""Which store and which scanner the settings name."""

from pathlib import Path

import pytest

from app import files
from config import Config, ConfigError
from core.scan import Clamd
from core.store_bucket import BucketStore
from core.store_folder import FolderStore


def test_files_lie_where_the_settings_say(tmp_path: Path) -> None:
    assert isinstance(files.store_of(None, tmp_path, None, None), FolderStore)
    assert isinstance(files.store_of(f"file://{tmp_path}/a%20b", tmp_path, None, None), FolderStore)
    assert isinstance(files.store_of("s3://hearth/a", tmp_path, "key", "secret"), BucketStore)


def test_a_scanner_is_asked_only_where_one_is_set() -> None:
    assert files.scanner_of(None) is None
    assert isinstance(files.scanner_of("tcp://clamd:3310"), Clamd)


@pytest.mark.parametrize("name", ["ATTACHMENTS_URL", "CLAMD"])
@pytest.mark.parametrize(
    "text", ["ftp://host/x", "s3://", "file://", "s3://a?endpoint=minio", "http://[", "tcp://", "unix:"]
)
def test_a_place_that_is_none_is_said_at_the_start(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"HEARTH_{name}"):
        Config.from_env({f"HEARTH_{name}": text})
