"""From wire to reading: what kit says, decoded, stored once, and missed when it stops."""
