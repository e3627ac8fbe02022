"""Lets the fuzzer at one decoder, whose coverage it watches; `tools.fuzz` starts it."""

import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["devices"]):
    from tools import fuzz

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], lambda data: fuzz.one(name, data, fuzz.SLOWED))
    atheris.Fuzz()
