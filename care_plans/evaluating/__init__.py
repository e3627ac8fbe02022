"""The worker side of judging: who was woken, what is known of them, what is raised and cleared."""
