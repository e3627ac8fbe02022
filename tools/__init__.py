"""What sets a clone up, checks it and keeps its locks: nothing here is part of the running product."""
