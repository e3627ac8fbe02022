"""Tables of people: whom we care for, where they live, who cares, and who may see whom."""
