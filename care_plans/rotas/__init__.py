"""Who of a team is on duty: layers of turns in local time, covers over them, gaps and load."""
