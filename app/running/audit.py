"""The command that looks whether the others go on, and tells somebody by a way of its own when not."""

import argparse

from app.auditing import pages
from app.auditing.auditing import NAME, Auditing
from app.auditing.ways import MailWay, Way, WebWay, post
from app.running import settings
from care_plans.messages.channels.email import EmailCarrier
from config import Config, ConfigError
from core import worker
from core.clock import real_time
from core.worker import stop_on_signals

LOOK_EVERY = 10.0


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Look until told to stop."""
    open_db = settings.brief_opener(config, NAME)
    alive_url, ready_url = config.alive_url, config.ready_url
    alive = (lambda: post(alive_url, {"type": "hearthline.alive"})) if alive_url else (lambda: None)
    ready = (lambda: pages.ask(ready_url)) if ready_url else (lambda: None)
    auditing = Auditing(open_db, ways(config), real_time().now, alive, ready)
    worker.run(auditing.step, name=NAME, idle=LOOK_EVERY, stop=stop_on_signals())


def ways(config: Config) -> list[Way]:
    """Every way that the settings name; ConfigError for people to mail to without a mail server."""
    found: list[Way] = []
    if config.alarm_to:
        server = config.alarm_smtp_url or config.smtp_url
        if server is None:
            raise ConfigError("HEARTH_ALARM_TO is set, and no mail server: set HEARTH_ALARM_SMTP_URL.")
        found.append(MailWay(EmailCarrier(server, config.base_url or "", real_time()), config.alarm_to))
    if config.alarm_url:
        found.append(WebWay(config.alarm_url))
    return found
