"""The demo place: five agencies, forty households, two weeks lived through, and today in progress."""
