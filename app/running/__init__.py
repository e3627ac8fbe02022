"""What each command of `hearthline` does: with commands.py and wsgi.py, all that sees the settings."""
