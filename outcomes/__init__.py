"""What it was good for: measures, figures and their charts."""
