"""Tables of care plans: plans and their versions, alerts, follow-ups, messages."""
