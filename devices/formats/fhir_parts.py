"""The parts of a FHIR message, whatever stands where they should be, and what its references mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from devices.formats import wire
from devices.measurement import Undecodable

_READ_BUNDLES = frozenset({"transaction", "batch", "collection"})
_MOST = 64
"""How much is read of a list inside a resource: twice the bits of the longest status. Longer ones, which no
kit sends, could refer to each other until a message takes seconds."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource, where it stands in the message ("entry[3].resource"), and its address in its Bundle."""

    resource: dict[str, Any]
    where: str
    url: str = ""


def part(of: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object at `key`, or an empty one."""
    found = of.get(key)
    return found if type(found) is dict else {}


def parts(of: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in the list at `key`, as far as it is read."""
    found = of.get(key)
    return [each for each in found[:_MOST] if type(each) is dict] if type(found) is list else []


def text(of: dict[str, Any], key: str) -> str:
    """Return the text at `key`, or an empty one."""
    found = of.get(key)
    return found if type(found) is str else ""


def inside(where: str, key: str) -> str:
    """Return the place of `key` in what stands at `where`."""
    return f"{where}.{key}" if where else key


def placed(body: Any) -> Iterator[Placed]:
    """Yield the resources of a message: one alone, a list of them, or those of a Bundle.

    Undecodable for a Bundle of old versions or of search results, and for what is no resource.
    """
    if type(body) is list:
        for place, each in enumerate(body):
            yield from _one(each, f"[{place}]")
    else:
        yield from _one(body, "")


def _one(body: Any, where: str) -> Iterator[Placed]:
    if type(body) is not dict or not text(body, "resourceType"):
        raise Undecodable("no_resource", "This is not a FHIR resource in JSON.", where)
    if body["resourceType"] != "Bundle":
        yield Placed(body, where)
        return
    if text(body, "type") not in _READ_BUNDLES:
        raise Undecodable(
            "unknown_bundle", "A Bundle is read when its type is transaction, batch or collection.", where
        )
    entries = body.get("entry")
    for place, entry in enumerate(entries if type(entries) is list else ()):
        resource = part(entry, "resource") if type(entry) is dict else {}
        if resource:
            yield Placed(resource, inside(where, f"entry[{place}].resource"), text(entry, "fullUrl"))


@dataclass(frozen=True, slots=True)
class References:
    """The resources of one message by what the others may call them."""

    by_name: dict[str, dict[str, Any]]

    @classmethod
    def among(cls, resources: Iterable[Placed]) -> "References":
        """Return them by the address in their Bundle and by "Type/id"."""
        found: dict[str, dict[str, Any]] = {}
        for each in resources:
            name = text(each.resource, "id")
            if name:
                found[f"{text(each.resource, 'resourceType')}/{name}"] = each.resource
            if each.url:
                found[each.url] = each.resource
        return cls(found)

    def find(self, reference: dict[str, Any], said_by: dict[str, Any]) -> dict[str, Any] | None:
        """Return the resource that a Reference in `said_by` means, if it stands in the message."""
        name = text(reference, "reference")
        if name.startswith("#"):
            contained = parts(said_by, "contained")
            return next((each for each in contained if text(each, "id") == name[1:]), None)
        return self.by_name.get(name) or self.by_name.get("/".join(name.rsplit("/", 2)[-2:]))


def identifiers(resource: dict[str, Any]) -> list[str]:
    """Return the texts of a resource's identifiers."""
    return [found for each in parts(resource, "identifier") if (found := text(each, "value"))]


def number(quantity: dict[str, Any], where: str) -> float | None:
    """Return the number of a Quantity; None where it has none, Undecodable where it is something else."""
    said = quantity.get("value")
    value = wire.number(said)
    if value is None and said is not None:
        raise Undecodable("wrong_type", "The value of a quantity is not a number.", inside(where, "value"))
    return value
