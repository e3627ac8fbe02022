"""The web application for a WSGI server: `gunicorn wsgi:application`."""

import os

from app.context import AppContext
from app.factory import create_app
from config import Config
from core import installation, logs
from core.db import make_engine
from core.vault import Vault

POOL = 12

config = Config.from_env(os.environ)
config.require("database_url", "secret_key")
logs.configure("web", config.log_level)
application = create_app(
    AppContext(
        db=installation.open_db(
            make_engine(
                config.web_database_url or config.database_url or "", pool_size=POOL, name="hearthline web"
            ),
            Vault(config.secret_key or ""),
        ),
        secret_key=config.secret_key or "",
        time_zone=config.time_zone,
        secure_cookies=config.secure_cookies,
    )
)
