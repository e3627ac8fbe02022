"""Telephone calls that steps of ladders place, and what comes of them."""
