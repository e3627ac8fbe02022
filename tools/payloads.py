"""Holds every decoder against messages that real kit published, and prints how many of each format pass."""

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices.decode import decode, format_names
from devices.formats.announced import Announced
from devices.measurement import Decoded, Flags, Measurement, Source, Undecodable

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "payloads"
REAL = frozenset({"verbatim", "topic_illustrative", "edited"})
"""What a publisher's own text is called; "constructed" is ours, made from a published layout."""


def rows() -> Iterator[dict[str, Any]]:
    """Every message there is, format by format; the name of its file is its format."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            yield {"format": path.stem, **json.loads(line)}


def payload_of(row: dict[str, Any]) -> bytes:
    """The bytes of a message, which stand as text or as hex."""
    return bytes.fromhex(row["hex"]) if "hex" in row else row["payload"].encode()


def read(row: dict[str, Any], **more: Any) -> Decoded:
    """What the decoder of its format makes of a message; its home is in the UK unless `zone` says another."""
    known = {"zone": row["zone"]} if "zone" in row else {}
    announced = Announced()
    for rest, text in row.get("before", ()):
        with contextlib.suppress(Undecodable):
            read({**row, "rest": rest, "payload": text, "before": ()}, announced=announced)
    return decode(
        row["format"],
        row["rest"],
        payload_of(row),
        retained=bool(row.get("retain")),
        received_at=datetime.fromisoformat(row["received_at"]),
        models=row.get("models", {}),
        **{"announced": announced, **known, **more},
    )


def found(row: dict[str, Any]) -> dict[str, Any]:
    """What a message comes to, in the shape of `expect`."""
    try:
        decoded = read(row)
    except Undecodable as fault:
        return {"refused": fault.code}
    said: dict[str, Any] = {}
    if decoded.measurements:
        said["readings"] = [_reading(each) for each in decoded.measurements]
    if decoded.statuses:
        said["statuses"] = [_told(each, ("online", "battery", "firmware", "address", "speaks_every", "spoke"))
                            for each in decoded.statuses]  # fmt: skip
    if decoded.sensors:
        said["sensors"] = [_told(each, ("address", "model", "name")) for each in decoded.sensors]
    if decoded.fault is not None:
        said["fault"] = decoded.fault.code
    if decoded.nothing is not None:
        said["nothing"] = True
    return said


def _reading(one: Measurement) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": one.kind, "value": one.value}
    if one.at is not None:
        said["at"] = one.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    said |= {key: value for key in ("address", "channel", "user") if (value := getattr(one, key))}
    if one.source is not Source.SENSED:
        said["source"] = one.source.value
    if one.flags:
        said["flags"] = " ".join(flag.name or "" for flag in Flags if flag in one.flags)
    return said


def _told(one: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(one, name)) is not None}


def main() -> int:
    """Print each format with its messages; 1 if one of them is read otherwise than it should be."""
    passed: dict[str, list[int]] = {name: [0, 0, 0] for name in format_names()}
    for row in rows():
        right = found(row) == row["expect"]
        count = passed.setdefault(row["format"], [0, 0, 0])
        count[0 if not right else 1 if row["fidelity"] in REAL else 2] += 1
        if not right:
            sys.stderr.write(f"{row['format']} {row['rest']}: {row.get('note', '')}\n  {found(row)}\n")
    print(f"{'format':16} {'real payloads':>14} {'constructed':>12} {'read otherwise':>15}")
    for name, (wrong, real, ours) in passed.items():
        print(f"{name:16} {real:14} {ours:12} {wrong:15}")
    total = [sum(column) for column in zip(*passed.values(), strict=True)]
    print(f"{'all':16} {total[1]:14} {total[2]:12} {total[0]:15}")
    return 1 if total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
