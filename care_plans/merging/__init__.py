"""Bringing two records of one person together with all that is known of them, and parting them again."""
