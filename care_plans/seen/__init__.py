"""How much of alerts and follow-ups is shown to whom."""
