"""What matters, somebody's by a deadline: alerts, ladders, escalation, the auditor."""
