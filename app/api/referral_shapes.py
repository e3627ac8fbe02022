"""The shapes of referrals in the REST API."""

from marshmallow import fields

from app.api.fields import Cut, Moment, Shape, Text, choice, identity, row_version
from app.api.ladders import Named
from care_plans.referral_states import (
    AskedBy,
    AskedHow,
    DeclineReason,
    Judgement,
    OutsideWay,
    ReferralKind,
    ReferralState,
    Result,
    Urgency,
)
from care_plans.referrals.read import Box
from people.access import Extent, RecordClass


class ReferralsAsked(Cut):
    """Which referrals are asked for: `in`, `out` or `done` for the teams you are in, or all in sight."""

    box = choice(Box, load_default=Box.ALL)
    person_id = fields.UUID(load_default=None)
    state = choice(ReferralState, load_default=None)


class ReferralNew(Shape):
    """What is asked of whom: a team here, or an agency outside by post, e-mail or telephone."""

    person_id = fields.UUID(required=True)
    kind = choice(ReferralKind, load_default=ReferralKind.REFERRAL)
    from_team_id = fields.UUID(required=True)
    to_team_id = fields.UUID(load_default=None, allow_none=True)
    reason = Text(lines=True, required=True)
    background = Text(lines=True, load_default=None, allow_none=True)
    urgency = choice(Urgency, load_default=Urgency.ROUTINE)
    fallback_team_id = fields.UUID(load_default=None, allow_none=True)
    action_key = Text(load_default=None, allow_none=True)
    alert_id = fields.UUID(load_default=None, allow_none=True)
    again_of = fields.UUID(load_default=None, allow_none=True)
    about_home = fields.Boolean(load_default=None, allow_none=True)
    includes = fields.List(choice(RecordClass), load_default=list)
    outside_name = Text(load_default=None, allow_none=True)
    outside_address = Text(lines=True, load_default=None, allow_none=True)
    outside_way = choice(OutsideWay, load_default=None, allow_none=True)
    leaves = fields.Boolean(load_default=False)
    kept = fields.List(fields.UUID(), load_default=list)


class SelfReferralNew(Shape):
    """What somebody asks for themselves or another, as staff took it down."""

    name = Text(most=100, required=True)
    reason = Text(lines=True, required=True)
    from_team_id = fields.UUID(required=True)
    to_team_id = fields.UUID(required=True)
    asked_by = choice(AskedBy, load_default=AskedBy.PERSON)
    asked_how = choice(AskedHow, load_default=AskedHow.PHONE)
    urgency = choice(Urgency, load_default=Urgency.ROUTINE)
    born = fields.Date(load_default=None, allow_none=True)
    telephone = Text(most=40, load_default=None, allow_none=True)
    background = Text(lines=True, load_default=None, allow_none=True)


class ReferralOut(Shape):
    """A referral as lists show it: its state on each side, and when the next step is due."""

    id = identity()
    version = row_version()
    kind = choice(ReferralKind)
    state = choice(ReferralState)
    receiver_state = Text(metadata={"description": "sent, delivered, accepted, under_way, done, declined, …"})
    sender_state = Text(metadata={"description": "waiting, told or seen."})
    urgency = choice(Urgency)
    person_id = fields.UUID(allow_none=True)
    who = Text()
    words = Text(lines=True)
    from_team = fields.Nested(Named)
    to_team = fields.Nested(Named, allow_none=True)
    outside_name = Text(allow_none=True)
    sent_at = Moment()
    respond_by = Moment()
    next_at = Moment(allow_none=True)
    due_at = Moment(allow_none=True)
    delivered_at = Moment(allow_none=True)
    answered_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    reviewed_at = Moment(allow_none=True)
    decline_reason = choice(DeclineReason, allow_none=True)
    result = choice(Result, allow_none=True)
    owner = Text(allow_none=True)
    action_key = Text(allow_none=True)
    aware_at = Moment(allow_none=True)
    judge_by = Moment(allow_none=True)
    judgement = choice(Judgement, allow_none=True)


class PartOut(Shape):
    """One class of record as the receiver sees it."""

    record_class = choice(RecordClass, data_key="class", attribute="class")
    title = Text()
    extent = choice(Extent)
    lines = fields.List(Text(lines=True))


class ReferralStep(Shape):
    """Something that happened to a referral; `by` is null for what Hearthline did by itself."""

    at = Moment()
    what = Text()
    by = Text(allow_none=True)
    team = Text(allow_none=True)
    words = Text(lines=True)


class SummaryOut(Shape):
    """What a team that went may still read."""

    at = Moment()
    document = fields.List(fields.Nested(PartOut))


class ReferralWhole(ReferralOut):
    """A referral with what the sender chose to show, its story, and what you may do with it."""

    background = Text(lines=True, allow_none=True)
    sent_by = Text()
    shared = fields.List(fields.Nested(PartOut))
    warnings = fields.List(
        fields.String(), metadata={"description": "What whoever goes must know to be safe."}
    )
    events = fields.List(fields.Nested(ReferralStep))
    allowed = fields.List(fields.String())
    summary = fields.Nested(SummaryOut, allow_none=True)
    duty_by = Moment(
        allow_none=True,
        metadata={"description": "By when Awaab's Law (SI 2025/1042) asks the landlord to act on a hazard."},
    )
    again_of = fields.UUID(allow_none=True)
    again = fields.UUID(allow_none=True)
    record_entry = fields.String(
        allow_none=True,
        metadata={"description": "Plain text for your own system, once it has ended."},
    )


class ForeseenAsked(Shape):
    """Whom it would be about and who would be asked."""

    person_id = fields.UUID(required=True)
    team_id = fields.UUID(required=True)


class ForeseenOut(Shape):
    """How much of one class of record a team would see, and why."""

    record_class = choice(RecordClass)
    extent = choice(Extent)
    why = Text()


class ForeseenAll(Shape):
    """Every class of record."""

    items = fields.List(fields.Nested(ForeseenOut), required=True)


class Arrival(Shape):
    """When it reached an agency outside (now)."""

    at = Moment(load_default=None, allow_none=True)


class Acceptance(Shape):
    """By when it will be done; of a request for the lead, what you keep and whether your team goes."""

    note = Text(lines=True, load_default=None, allow_none=True)
    due_at = Moment(load_default=None, allow_none=True)
    kept = fields.List(fields.UUID(), load_default=None, allow_none=True)
    leaves = fields.Boolean(load_default=None, allow_none=True)


class Declining(Shape):
    """Why it is not taken."""

    reason = choice(DeclineReason, required=True)
    words = Text(lines=True, required=True)


class Beginning(Shape):
    """A note, where there is one."""

    note = Text(lines=True, load_default=None, allow_none=True)


class Finishing(Shape):
    """What came of it."""

    result = choice(Result, required=True)
    note = Text(lines=True, required=True)


class Withdrawal(Shape):
    """Why it is withdrawn, and whether the need is still there."""

    words = Text(lines=True, required=True)
    still_needed = fields.Boolean(load_default=True)


class Judging(Shape):
    """What the landlord found."""

    judgement = choice(Judgement, required=True)
    words = Text(lines=True, required=True)


class Naming(Shape):
    """Who in the record asked for help."""

    person_id = fields.UUID(required=True)


class OpenWorkOut(Shape):
    """A follow-up or alert that a team has for the person."""

    id = fields.UUID(attribute="uuid")
    is_alert = fields.Boolean()
    words = Text(lines=True)
    due_at = Moment(allow_none=True)


class OpenWork(Shape):
    """What a team would hand over with the lead, or keep."""

    items = fields.List(fields.Nested(OpenWorkOut), required=True)
