"""Ladders and whom they name, as the API tells them."""

from typing import Any

from marshmallow import fields

from app.api.fields import Shape, Text, choice
from care_plans.alerts.ladder import Ladder, Way
from care_plans.alerts.listing import Recipients


class Named(Shape):
    """Somebody or something else, by id and name."""

    id = fields.UUID(attribute="uuid")
    name = Text()


class StepOut(Shape):
    """One step of a ladder: who is reached, how, and how long they have before the next."""

    position = fields.Integer()
    words = Text()
    way = choice(Way)
    wait_seconds = fields.Integer()
    team = fields.Nested(Named, allow_none=True)
    staff = fields.Nested(Named, allow_none=True)
    contact = Text(allow_none=True, metadata={"description": "The name of family or a neighbour."})
    staffed_all_hours = fields.Boolean()
    receiving_centre = fields.Boolean()
    only_from = Text(
        allow_none=True, metadata={"description": "A time of day in the home; else passed over."}
    )
    only_until = Text(allow_none=True)
    from_times = fields.Integer(metadata={"description": "Asked once it was raised so often while open."})


class LadderOut(Shape):
    """Who is contacted after whom."""

    key = Text()
    name = Text()
    steps = fields.List(fields.Nested(StepOut), required=True)


def told(ladder: Ladder, recipients: Recipients) -> dict[str, Any]:
    """A ladder as it is answered."""
    return {
        "key": ladder.key,
        "name": ladder.name,
        "steps": [
            {
                "position": step.position,
                "words": step.words,
                "way": step.way,
                "wait_seconds": step.wait,
                "team": recipients.teams.get(step.team),
                "staff": recipients.staff.get(step.staff),
                "contact": recipients.contacts.get(step.contact),
                "staffed_all_hours": step.staffed_all_hours,
                "receiving_centre": step.receiving_centre,
                "only_from": f"{step.between.begins:%H:%M}" if step.between else None,
                "only_until": f"{step.between.ends:%H:%M}" if step.between else None,
                "from_times": step.from_times,
            }
            for step in ladder.steps
        ],
    }
