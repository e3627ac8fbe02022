"""One pure module for each wire format: bytes in, measurements or a stated reason out."""
