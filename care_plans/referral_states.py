"""What can be said of a referral: kinds, states, urgencies, reasons, results; values only."""

from enum import StrEnum


class ReferralKind(StrEnum):
    """What is asked of the other team."""

    REFERRAL = "referral"
    """To do something; the care stays whose it is."""
    JOINT_WORK = "joint_work"
    """To care beside those who do, until it is ended."""
    TRANSFER = "transfer"
    """To lead the care; that moves on acceptance."""
    TRANSFER_REQUEST = "transfer_request"
    """To give the lead to the team that asks."""
    SELF_REFERRAL = "self_referral"
    """Somebody asks for help themselves, or their family does; staff write it down."""


class ReferralState(StrEnum):
    """How it stands with whoever was asked; that it reached them is a time of its own."""

    SENT = "sent"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    DONE = "done"
    DECLINED = "declined"
    REVOKED = "revoked"
    TIMED_OUT = "timed_out"


OPEN = (ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.UNDER_WAY)


class Urgency(StrEnum):
    """How soon an answer is needed: urgent is the two hours of urgent community response in England."""

    URGENT = "urgent"
    SAME_DAY = "same_day"
    ROUTINE = "routine"


class DeclineReason(StrEnum):
    """Why it was not taken, to be counted; words say the rest."""

    NOT_OURS = "not_ours"
    NO_CAPACITY = "no_capacity"
    NOT_ELIGIBLE = "not_eligible"
    NEEDS_MORE = "needs_more"
    PERSON_DECLINED = "person_declined"
    ALREADY_INVOLVED = "already_involved"
    OTHER = "other"


class Result(StrEnum):
    """What came of it for the person."""

    HELPED = "helped"
    PARTLY = "partly"
    NOT_NEEDED = "not_needed"
    NOT_REACHED = "not_reached"
    NOT_WANTED = "not_wanted"


class OutsideWay(StrEnum):
    """How it went to an agency that does not work with Hearthline."""

    POST = "post"
    EMAIL = "email"
    TELEPHONE = "telephone"


class AskedBy(StrEnum):
    """Who asked for help."""

    PERSON = "person"
    FAMILY = "family"
    FRIEND = "friend"
    OTHER = "other"


class AskedHow(StrEnum):
    """How they asked (H24)."""

    PHONE = "phone"
    LETTER = "letter"
    DESK = "desk"
    VISIT = "visit"


class Judgement(StrEnum):
    """What a landlord found of a prompt about a home (SI 2025/1042)."""

    EMERGENCY = "emergency"
    SIGNIFICANT = "significant"
    NO_HAZARD = "no_hazard"
