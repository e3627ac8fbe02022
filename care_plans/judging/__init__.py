"""Readings held against the plan: rules, and the worker that applies them."""
