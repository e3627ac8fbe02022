"""A change of a rule tried on the recorded past, before it comes into force."""
