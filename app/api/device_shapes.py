"""The shapes of kit in the REST API: what is said of a device, whose it is, and what is answered."""

from marshmallow import fields, validate

from app.api.fields import Cut, Moment, Shape, Text, choice, identity, row_version
from devices.believed import Mark, Verdict
from devices.models import DeviceState
from devices.silent_after import By
from people.watching import Watched


class DeviceEdit(Shape):
    """What is said of a device."""

    name = Text(required=True)
    model = Text(
        required=True, metadata={"description": "As its maker calls it: some keys mean what it says."}
    )
    serial = Text(allow_none=True)
    lot = Text(allow_none=True)
    room = Text(allow_none=True)
    life_safety = fields.Boolean()
    reserved_for = Text(allow_none=True)
    due_back_on = fields.Date(allow_none=True)
    calibrated_on = fields.Date(allow_none=True)
    calibration_due_on = fields.Date(allow_none=True)
    battery_changed_on = fields.Date(allow_none=True)
    silent_after_seconds = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(60, 7_776_000)
    )
    watches = fields.List(
        choice(Watched),
        allow_none=True,
        metadata={
            "description": "What it watches of somebody's life; [] for nothing. Left out, its model and name "
            "tell. Kit that watches can be given only to those who have agreed to it (agreements)."
        },
    )


class Contradiction(Shape):
    """A moment for which a device gave two values; `kept` came first, and is what counts."""

    kind = fields.String()
    at = Moment()
    kept = fields.Float()
    other = fields.Float()


class Contradictions(Shape):
    """Moments with two values, the latest first."""

    items = fields.List(fields.Nested(Contradiction), required=True)


class DeviceChange(DeviceEdit):
    """What is said of a device, and where it is in its life."""

    state = choice(
        DeviceState,
        metadata={
            "description": "Moved by a table: what came back is cleaned before it is in stock again. "
            "installed is reached by an assignment."
        },
    )


class DeviceNew(DeviceEdit):
    """A device to be enrolled; one behind a hub names the hub and the address the hub publishes it by."""

    hub_id = fields.UUID(load_default=None, allow_none=True)
    address = Text(most=128, load_default=None, allow_none=True)


class MqttOut(Shape):
    """How it signs in to the broker, and what its topics begin with; the password is never told again."""

    username = fields.String()
    password = fields.String()
    topic_prefix = fields.String()


class AssignmentOut(Shape):
    """A time that a device is a person's or a home's."""

    id = fields.UUID(attribute="assignment.uuid")
    person_id = fields.UUID(attribute="person", allow_none=True)
    home_id = fields.UUID(attribute="home", allow_none=True)
    from_ = Moment(data_key="from", attribute="assignment.period.lower", allow_none=True)
    until = Moment(attribute="assignment.period.upper", allow_none=True)
    purpose = Text(attribute="assignment.purpose", allow_none=True)


class HeardOut(Shape):
    """How much of some days a device was heard, of the time it should have been.

    What was not heard while Hearthline did not listen, while somebody worked on it, or while whoever has it
    was away counts neither way, and is told.
    """

    days = fields.Integer()
    percent = fields.Integer(allow_none=True, metadata={"description": "100 only where it always was."})
    unheard_seconds = fields.Float()
    not_listened_seconds = fields.Float()
    work_seconds = fields.Float()
    away_seconds = fields.Float()


class SilentAfterOut(Shape):
    """After how long without a word a device is late, and missing; and whose figure that is."""

    late_after_seconds = fields.Integer()
    missing_after_seconds = fields.Integer()
    by = choice(By)


class DeviceOut(DeviceChange):
    """A device; `assignment` is null where it is nobody's, or somebody's whom you may not see."""

    id = identity()
    version = row_version()
    watches_proposed = fields.List(
        choice(Watched),
        allow_none=True,
        metadata={
            "description": "What model and name let us guess while `watches` is null: it counts until "
            "somebody says."
        },
    )
    device_key = Text(allow_none=True)
    topic_prefix = Text(allow_none=True)
    hub_id = fields.UUID(allow_none=True)
    address = Text(allow_none=True)
    agency_id = fields.UUID(allow_none=True)
    state_since = Moment(allow_none=True)
    secret_set_at = Moment(allow_none=True)
    revoked_at = Moment(allow_none=True)
    heard_at = Moment(allow_none=True)
    online = fields.Boolean(allow_none=True)
    battery = fields.Float(allow_none=True, metadata={"description": "Percent."})
    firmware = Text(allow_none=True)
    assignment = fields.Nested(AssignmentOut, allow_none=True)
    silent_after = fields.Nested(
        SilentAfterOut,
        allow_none=True,
        metadata={"description": "Null: nobody knows how often it should be heard, and nobody misses it."},
    )
    heard = fields.List(
        fields.Nested(HeardOut),
        metadata={"description": "Of 7, 30 and 90 days; [] for a device that is never expected to be heard."},
    )
    work_starts = Moment(allow_none=True, metadata={"description": "Of work on it; null: none is planned."})
    work_ends = Moment(allow_none=True)
    work_why = Text(allow_none=True)


class KitWorkIn(Shape):
    """Work on a device: from when (now, if null) until when, at most eight hours, and what for."""

    starts = Moment(allow_none=True, load_default=None)
    ends = Moment(required=True)
    why = Text(required=True)


class DeviceEnrolled(DeviceOut):
    """A device with its secret, told this once; null for a sensor, which speaks through its hub."""

    mqtt = fields.Nested(MqttOut, required=True, allow_none=True)


class DevicesAsked(Cut):
    """Which kit is asked for."""

    person_id = fields.UUID(load_default=None)
    home_id = fields.UUID(load_default=None)
    hub_id = fields.UUID(load_default=None)


class AssignmentNew(Shape):
    """Whose it is to be, a person's or a home's, and from when on (now)."""

    person_id = fields.UUID(load_default=None, allow_none=True)
    home_id = fields.UUID(load_default=None, allow_none=True)
    from_ = Moment(data_key="from", load_default=None, allow_none=True)
    purpose = Text(load_default=None, allow_none=True)


class Ending(Shape):
    """When it ends (now)."""

    at = Moment(load_default=None, allow_none=True)


class Assignments(Shape):
    """Who in sight has or had it, the latest first."""

    items = fields.List(fields.Nested(AssignmentOut), required=True)


class RouteIn(Shape):
    """A fixed topic of kit that can't be configured, and the format it speaks."""

    topic_filter = Text(required=True, metadata={"examples": ["glow/+/SENSOR/#"]})
    format = Text(required=True, metadata={"examples": ["glow"]})


class MarkOut(Shape):
    """How many of the readings that were counted have a mark."""

    mark = choice(Mark)
    readings = fields.Integer()


class MeasuredOut(Shape):
    """A line of readings of a device, how many of it were counted, and when the newest was measured."""

    kind = fields.String()
    channel = fields.String()
    readings = fields.Integer()
    last_at = Moment()


class BeliefOut(Shape):
    """How far a device is believed, by its newest readings since whoever has it has it, of 30 days at most.

    Of each line of readings 5,000 are counted; `since` is where that begins, `whole` whether that is all.
    """

    verdict = choice(Verdict)
    readings = fields.Integer()
    since = Moment()
    whole = fields.Boolean()
    marks = fields.List(fields.Nested(MarkOut))
    slow_by_seconds = fields.Float(
        allow_none=True,
        metadata={
            "description": "How far its clock usually was behind where it was set right; less than 0: ahead."
        },
    )
    delay_seconds = fields.Float(
        allow_none=True, metadata={"description": "How long what came late usually was under way."}
    )
    measured = fields.List(fields.Nested(MeasuredOut))
