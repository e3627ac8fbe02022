"""Whom we care for and who cares: people, homes, agencies, teams, staff, and who may see whom."""
