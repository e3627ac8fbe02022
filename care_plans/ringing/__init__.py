"""Calls to people: every attempt recorded, and what follows when somebody does not answer."""
