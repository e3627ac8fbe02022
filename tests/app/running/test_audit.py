"""The ways that the settings name."""

import pytest
from sqlalchemy.exc import OperationalError

from app.auditing.ways import MailWay, WebWay
from app.running import audit, settings
from config import Config, ConfigError


def ways(**settings: str) -> list[type]:
    config = Config.from_env({f"HEARTH_{name.upper()}": value for name, value in settings.items()})
    return [type(way) for way in audit.ways(config)]


def test_nobody_is_told_where_nobody_is_named() -> None:
    assert ways(smtp_url="smtp://mail.example") == []


def test_people_are_told_by_a_server_of_their_own_or_else_the_usual_one() -> None:
    to = "ops@westmere.example, on.call@westmere.example"
    assert ways(alarm_to=to, smtp_url="smtp://mail.example") == [MailWay]
    assert ways(alarm_to=to, alarm_smtp_url="smtp://other.example", alarm_url="https://call.example/x") == [
        MailWay, WebWay,
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="HEARTH_ALARM_SMTP_URL"):
        ways(alarm_to=to)


@pytest.mark.parametrize("to", ["ops", "ops@", ",", "ops@a.example;b@b.example c"])
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ConfigError, match="HEARTH_ALARM_TO"):
        ways(alarm_to=to, smtp_url="smtp://mail.example")


def test_it_starts_while_the_database_is_away_and_not_without_its_address() -> None:
    away = {"HEARTH_DATABASE_URL": "postgresql://nobody@localhost:1/nothing", "HEARTH_SECRET_KEY": "k" * 40}
    open_db = settings.brief_opener(Config.from_env(away), audit.NAME)
    for _ in range(2):
        with pytest.raises(OperationalError):
            open_db()
    with pytest.raises(ConfigError, match="HEARTH_DATABASE_URL"):
        settings.brief_opener(Config(), audit.NAME)
