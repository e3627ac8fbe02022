"""The time zone of those of whom no other is known."""

UK = "Europe/London"
