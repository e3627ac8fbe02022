"""Care plans decide: pathways, plans, judging, alerts, work and messages."""
