"""Tools that know nothing of care: database, clock, errors, worker, journal, logs, metrics."""
