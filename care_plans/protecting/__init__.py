"""What broken, recalled or doubtful protection asks of people until somebody is protected again (H5)."""
