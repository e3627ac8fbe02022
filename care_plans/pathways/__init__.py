"""Service models as data, and how they are read and applied."""
