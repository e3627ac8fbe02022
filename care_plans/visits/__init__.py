"""Who is on the way to a home or in one, and by when they leave it."""
