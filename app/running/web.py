"""The command that answers browsers and the REST API."""

import argparse
import os
import sys
from pathlib import Path

from app import web_server
from config import Config


def run(config: Config, _asked: argparse.Namespace) -> None:
    """Become gunicorn."""
    config.require("database_url", "secret_key")
    arguments = web_server.command(config.web_port)
    program = Path(sys.executable).with_name(arguments[0])
    os.execv(program, arguments)  # noqa: S606 - gunicorn of our own virtual environment takes this process over
