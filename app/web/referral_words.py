"""What referrals are called on pages: kinds, states on each side, reasons, results, and what happened."""

from collections.abc import Callable, Mapping

from app.web.essentials import sentences
from care_plans.referral_states import (
    AskedBy,
    AskedHow,
    DeclineReason,
    Judgement,
    OutsideWay,
    ReferralKind,
    Result,
    Urgency,
)
from care_plans.referrals.read import Happened
from people.access import Extent, RecordClass

KINDS: Mapping[ReferralKind, str] = {
    ReferralKind.REFERRAL: "Referral",
    ReferralKind.JOINT_WORK: "Joint work",
    ReferralKind.TRANSFER: "Transfer of the lead",
    ReferralKind.TRANSFER_REQUEST: "Request for the lead",
    ReferralKind.SELF_REFERRAL: "Asks for help",
}
SENDABLE: Mapping[ReferralKind, tuple[str, str]] = {
    ReferralKind.REFERRAL: ("Ask them to do something", "The care stays whose it is."),
    ReferralKind.JOINT_WORK: ("Ask them to work beside us", "They care with us until that is ended."),
    ReferralKind.TRANSFER: ("Hand the lead over to them", "It moves when they accept, not before."),
    ReferralKind.TRANSFER_REQUEST: ("Ask for the lead", "It moves to us when they accept."),
}
URGENCIES: Mapping[Urgency, str] = {
    Urgency.URGENT: "Urgent: answered within 2 hours",
    Urgency.SAME_DAY: "Same day: answered by 17:00, or within 4 hours later in the day",
    Urgency.ROUTINE: "Routine: answered within 2 working days",
}
SOON: Mapping[Urgency, str] = {
    Urgency.URGENT: "Urgent",
    Urgency.SAME_DAY: "Same day",
    Urgency.ROUTINE: "Routine",
}
RECEIVER: Mapping[str, str] = {
    "sent": "Sent, not delivered yet",
    "delivered": "Delivered, not answered",
    "accepted": "Accepted",
    "under_way": "Under way",
    "done": "Done",
    "declined": "Declined",
    "revoked": "Withdrawn",
    "timed_out": "Not answered in time",
}
SENDER: Mapping[str, str] = {
    "waiting": "Waiting",
    "told": "Told, result not looked at",
    "seen": "Result seen",
}
REASONS: Mapping[DeclineReason, str] = {
    DeclineReason.NO_CAPACITY: "We have nobody free in time",
    DeclineReason.NOT_OURS: "It is not ours to do",
    DeclineReason.NOT_ELIGIBLE: "They do not meet our criteria",
    DeclineReason.NEEDS_MORE: "We need to know more first",
    DeclineReason.PERSON_DECLINED: "The person does not want it",
    DeclineReason.ALREADY_INVOLVED: "It is being done already",
    DeclineReason.OTHER: "Another reason",
}
RESULTS: Mapping[Result, str] = {
    Result.HELPED: "Done, and it helped",
    Result.PARTLY: "Done in part",
    Result.NOT_NEEDED: "Not needed any more",
    Result.NOT_REACHED: "The person could not be reached",
    Result.NOT_WANTED: "The person did not want it",
}
JUDGEMENTS: Mapping[Judgement, str] = {
    Judgement.EMERGENCY: "Emergency hazard: make safe within 24 hours",
    Judgement.SIGNIFICANT: "Significant hazard: investigate within 10 working days",
    Judgement.NO_HAZARD: "No hazard",
}
WAYS: Mapping[OutsideWay, str] = {
    OutsideWay.POST: "By post: the letter can be printed",
    OutsideWay.EMAIL: "By secure e-mail",
    OutsideWay.TELEPHONE: "By telephone",
}
ASKED_BY: Mapping[AskedBy, str] = {
    AskedBy.PERSON: "The person themselves",
    AskedBy.FAMILY: "Family",
    AskedBy.FRIEND: "A friend or neighbour",
    AskedBy.OTHER: "Somebody else",
}
ASKED_HOW: Mapping[AskedHow, str] = {
    AskedHow.PHONE: "By telephone",
    AskedHow.LETTER: "By letter",
    AskedHow.DESK: "At the desk",
    AskedHow.VISIT: "On a visit",
}
EXTENTS: Mapping[Extent, str] = {
    Extent.FULL: "In full",
    Extent.CATEGORY: "That there is something, not what it says",
    Extent.CHECK: "Only “check on the person”",
}
CLASSES: Mapping[RecordClass, str] = {
    RecordClass.CONTACT: "Who they are and how to reach them",
    RecordClass.PLAN: "Plan and goals",
    RecordClass.VITALS: "Readings and clinical alerts",
    RecordClass.MENTAL_HEALTH: "Mental health",
    RecordClass.ACTIVITY: "Movement, doors and sleep",
    RecordClass.SAFETY_EVENTS: "Falls, pendant, smoke, gas",
    RecordClass.HOME_ENVIRONMENT: "The home: cold, damp, air",
    RecordClass.ENERGY: "Energy",
    RecordClass.FINANCE: "Money",
    RecordClass.NOTES: "Open work and notes",
    RecordClass.RESTRICTED: "Restricted entries",
}
HAPPENED: Mapping[str, str] = {
    "sent": "Sent",
    "delivered": "Delivered",
    "accepted": "Accepted",
    "declined": "Declined",
    "under way": "Under way",
    "done": "Done",
    "withdrawn": "Withdrawn",
    "not answered": "Not answered in time: back with those who asked",
    "still waiting": "Still waiting: both teams were asked again",
    "late": "Late: both teams were told",
    "result seen": "Result looked at",
    "landlord aware": "The landlord may be aware from here",
    "judged": "Judged",
    "named": "Found in the record",
    "lead moved": "The lead moved",
}
TO_READ_STILL = (
    "A team that leaves reads from then on only what it saw at that moment: plan, goals, open work, contacts "
    "and warnings, as far as its agency saw them, on the page of the referral. Nothing later: no readings, "
    "no alerts, not the person’s page."
)


def happened(event: Happened) -> str:
    """What an event says beyond its name."""
    details = event.details
    told: Mapping[str, Callable[[], str | None]] = {
        "declined": lambda: REASONS[DeclineReason(details["reason"])],
        "done": lambda: RESULTS[Result(details["result"])] if "result" in details else None,
        "judged": lambda: JUDGEMENTS[Judgement(details["judgement"])],
        "sent": lambda: f"To {details['to']}" if "to" in details else None,
    }
    return sentences(told[event.what]() if event.what in told else None, event.words)
