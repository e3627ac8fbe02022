"""REST under /api/v1: schema in, one action, schema out."""
