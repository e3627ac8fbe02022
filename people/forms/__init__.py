"""Questionnaires as data: what is asked, when it is asked, how it is scored, and what was answered."""
