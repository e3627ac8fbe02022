"""One plan for a person: versions, needs, goals, actions, contingency."""
