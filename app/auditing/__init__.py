"""The second path: a process of its own that tells somebody when the others stand still."""
