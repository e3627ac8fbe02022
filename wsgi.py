"""The web application for a WSGI server: `gunicorn wsgi:application`."""

import os

from app import broker, files
from app.context import AppContext
from app.demo import place
from app.factory import create_app
from care_plans.channel import Channel
from care_plans.messages.channels.push import public_key
from config import Config
from core import installation, logs
from core.db import make_engine
from core.vault import Vault
from devices import known_mappings

WAYS = {
    Channel.EMAIL: "smtp_url",
    Channel.SMS: "notify_key",
    Channel.PUSH: "push_key",
    Channel.VOICE: "voice_url",
}
"""By which settings staff can be told by each way."""
POOL = 12
PATIENCE = 8.0
"""Seconds that a page waits for any one answer of the database; then it says that a part does not answer."""
WORKERS = frozenset({"intake", "evaluate", "schedule", "audit"})

config = Config.from_env(os.environ)
config.require("database_url", "secret_key")
logs.configure("web", config.log_level)
if config.mappings is not None:
    known_mappings.add(config.mappings)
url = config.web_database_url or config.database_url or ""
db = installation.open_db(
    make_engine(url, pool_size=POOL, name="hearthline web", planned_once=True, patience_seconds=PATIENCE),
    Vault(config.secret_key or ""),
)
application = create_app(
    AppContext(
        db=db,
        secret_key=config.secret_key or "",
        time_zone=config.time_zone,
        secure_cookies=config.goes_by_https,
        refresh_broker=broker.refresher(db, config.state_dir),
        workers=WORKERS,
        broker_address=broker.address(config.mqtt_url),
        demo=place.find_sign_ins(config.state_dir),
        demo_visitors=place.find_visitors(config.state_dir),
        store=files.store_of(
            config.attachments_url, config.state_dir, config.s3_access_key, config.s3_secret_key
        ),
        scanner=files.scanner_of(config.clamd),
        webhooks_inside=config.webhooks_inside,
        voice_secret=config.voice_secret,
        texts_token=config.notify_token,
        broker_token=config.broker_token,
        intake_sign_in=broker.sign_in(config.mqtt_url),
        mosquitto=config.mosquitto_files is not None,
        push_key=public_key(config.push_key) if config.push_key else None,
        ways=frozenset(way for way, is_set in WAYS.items() if getattr(config, is_set)),
    )
)
