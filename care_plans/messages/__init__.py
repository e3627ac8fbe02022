"""Words to people: the outbox and its channels."""
