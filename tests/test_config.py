from pathlib import Path

import pytest

from config import Config, ConfigError
from tests.mosquitto import Authority


def test_nothing_set_gives_the_defaults() -> None:
    config = Config.from_env({})
    assert config == Config()
    assert (config.time_zone, config.web_port, config.database_url) == ("Europe/London", 8080, None)


def test_every_setting_is_read_and_typed() -> None:
    config = Config.from_env(
        {
            "HEARTH_DATABASE_URL": "postgresql://u:p@db:5432/h",
            "HEARTH_WEB_DATABASE_URL": "postgres://w:p@db/h",
            "HEARTH_OWNER_DATABASE_URL": "postgresql+psycopg://o:p@/h?host=/run/pg",
            "HEARTH_MQTT_URL": "mqtts://u:p@broker:8883",
            "HEARTH_STATE_DIR": "/srv/hearth",
            "HEARTH_WEB_PORT": "0",
            "HEARTH_BASE_URL": "https://hearth.example.org",
            "HEARTH_SECRET_KEY": "k" * 32,
            "HEARTH_SECURE_COOKIES": "yes",
            "HEARTH_TIME_ZONE": "Europe/Dublin",
            "HEARTH_SMTP_URL": "smtp+starttls://mail:587?from=care@example.org",
            "HEARTH_LOG_LEVEL": "debug",
        }
    )
    assert config == Config(
        database_url="postgresql+psycopg://u:p@db:5432/h",
        web_database_url="postgresql+psycopg://w:p@db/h",
        owner_database_url="postgresql+psycopg://o:p@/h?host=/run/pg",
        mqtt_url="mqtts://u:p@broker:8883",
        state_dir=Path("/srv/hearth"),
        web_port=0,
        base_url="https://hearth.example.org",
        secret_key="k" * 32,
        secure_cookies=True,
        time_zone="Europe/Dublin",
        smtp_url="smtp+starttls://mail:587?from=care@example.org",
        log_level="DEBUG",
    )


def test_all_wrong_settings_are_named_together_each_with_what_would_be_right_and_no_value() -> None:
    with pytest.raises(ConfigError) as raised:
        Config.from_env(
            {
                "HEARTH_DATABASE_URL": "sqlite:///hearth.db",
                "HEARTH_MQTT_URL": "broker:1883",
                "HEARTH_WEB_PORT": "eighty",
                "HEARTH_SECRET_KEY": "hunter2",
                "HEARTH_SECURE_COOKIES": "maybe",
                "HEARTH_TIME_ZONE": "Mars/Olympus",
                "HEARTH_SMTP_URL": "mail.example.org",
                "HEARTH_LOG_LEVEL": "loud",
            }
        )
    lines = str(raised.value).splitlines()
    assert lines[0] == "8 settings are wrong:"
    assert [line.split()[0] for line in lines[1:]] == [
        "HEARTH_DATABASE_URL",
        "HEARTH_MQTT_URL",
        "HEARTH_WEB_PORT",
        "HEARTH_SECRET_KEY",
        "HEARTH_SECURE_COOKIES",
        "HEARTH_TIME_ZONE",
        "HEARTH_SMTP_URL",
        "HEARTH_LOG_LEVEL",
    ]
    assert all("; give " in line for line in lines[1:])
    assert not any(value in str(raised.value) for value in ("hunter2", "sqlite:", "Olympus", "eighty"))


@pytest.mark.parametrize("value", ["-1", "65536", "8o80", "٣"])
def test_a_port_out_of_range_is_wrong(value: str) -> None:
    with pytest.raises(ConfigError, match=r"HEARTH_WEB_PORT .* from 0"):
        Config.from_env({"HEARTH_WEB_PORT": value})


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s" * 40 + "\n")
    config = Config.from_env({"HEARTH_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert config.secret_key == "s" * 40


def test_a_file_that_is_not_there_and_a_setting_given_twice_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HEARTH_SECRET_KEY can't be read from the file"):
        Config.from_env({"HEARTH_SECRET_KEY_FILE": str(tmp_path / "gone")})
    with pytest.raises(ConfigError, match="HEARTH_SECRET_KEY is given twice"):
        Config.from_env({"HEARTH_SECRET_KEY": "k" * 32, "HEARTH_SECRET_KEY_FILE": "/key"})


def test_what_a_command_needs_and_does_not_have_is_named_together() -> None:
    with pytest.raises(
        ConfigError, match=r"(?s)2 settings .*HEARTH_DATABASE_URL is not set.*HEARTH_MQTT_URL"
    ):
        Config().require("database_url", "mqtt_url", "time_zone")
    Config(database_url="postgresql+psycopg://h/d").require("database_url")


def test_cookies_go_by_https_alone_where_people_come_by_it_unless_it_is_said_otherwise() -> None:
    def by(**said: str) -> bool:
        return Config.from_env({f"HEARTH_{name}": value for name, value in said.items()}).goes_by_https

    assert not by()
    assert not by(BASE_URL="http://hearth.example.org")
    assert by(BASE_URL="https://hearth.example.org")
    assert not by(BASE_URL="https://hearth.example.org", SECURE_COOKIES="no")
    assert by(SECURE_COOKIES="yes")


@pytest.mark.parametrize("subject", ["mailto:", "mailto:care", "https://", "https:///a", "care@example.org"])
def test_nobody_to_write_to_about_messages_to_browsers_is_wrong(subject: str) -> None:
    with pytest.raises(ConfigError, match="HEARTH_PUSH_SUBJECT is nobody to write to"):
        Config.from_env({"HEARTH_PUSH_SUBJECT": subject})


@pytest.mark.parametrize("subject", ["mailto:care@example.org", "https://example.org", "https://web/a?b=c"])
def test_whoever_a_push_service_may_write_to_is_taken_as_given(subject: str) -> None:
    assert Config.from_env({"HEARTH_PUSH_SUBJECT": subject}).push_subject == subject


def test_the_authorities_of_the_broker_are_read_from_a_file_of_certificates(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    (tmp_path / "authority.pem").write_text(f"# Mérida\n{authority.pem}\n# Westmere\n{authority.pem}")
    config = Config.from_env({"HEARTH_MQTT_CA_FILE": str(tmp_path / "authority.pem")})
    assert config.mqtt_ca == f"{authority.pem}{authority.pem}".strip()


@pytest.mark.parametrize(
    "text",
    [
        "not a certificate",
        "é",
        "-----BEGIN CERTIFICATE-----\né\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nx\n",
    ],
)
def test_what_holds_no_certificates_of_the_brokers_authorities_is_wrong(text: str) -> None:
    with pytest.raises(ConfigError, match="HEARTH_MQTT_CA holds no certificates; give"):
        Config.from_env({"HEARTH_MQTT_CA": text})


@pytest.mark.parametrize(
    ("text", "share"), [("none", None), ("partitions:2", ("partitions", 2)), ("group:64", ("group", 64))]
)
def test_intake_workers_share_by_partitions_or_as_a_group(text: str, share: tuple[str, int] | None) -> None:
    assert Config.from_env({"HEARTH_INTAKE_SHARE": text}).intake_share == share


@pytest.mark.parametrize(
    "text", ["2", "partitions", "partitions:1", "group:65", "group:", "halves:2", "group:٣"]
)
def test_another_way_to_share_is_wrong(text: str) -> None:
    with pytest.raises(ConfigError, match="HEARTH_INTAKE_SHARE is no way to share"):
        Config.from_env({"HEARTH_INTAKE_SHARE": text})
