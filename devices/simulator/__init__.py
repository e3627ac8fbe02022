"""Homes that behave like homes, seeded and repeatable."""
