"""The demo place: eight agencies, forty households, two weeks lived through, and today in progress."""
