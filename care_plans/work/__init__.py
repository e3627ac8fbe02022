"""What people do: follow-ups and when they recur."""
