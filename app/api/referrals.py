"""Referrals in the REST API: sent, answered, done, withdrawn; what the receiver will see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.api.fields import page_of
from app.api.named import fields_as, team_of
from app.api.openapi import Blueprint, Given
from app.api.paging import Page, page
from app.api.referral_shapes import (
    Acceptance,
    Arrival,
    Beginning,
    Declining,
    Finishing,
    ForeseenAll,
    ForeseenAsked,
    Judging,
    Naming,
    OpenWork,
    ReferralNew,
    ReferralOut,
    ReferralsAsked,
    ReferralWhole,
    SelfReferralNew,
    Withdrawal,
)
from app.auth import needs
from app.context import now, session, viewer
from care_plans import record_entry
from care_plans.alerts import read as alerts_read
from care_plans.models.referrals import Referral
from care_plans.referral_states import OPEN, ReferralKind
from care_plans.referrals import answering, leading, read, self_referrals, sending
from care_plans.referrals.read import Wanted
from core.errors import Invalid
from people import foreseen, named, visible
from people import identity as identities

blueprint = Blueprint(
    "referrals", "What one team asks of another: delivered is not accepted, accepted is not done, per side."
)


PLAIN = (
    "uuid", "version", "kind", "state", "urgency", "outside_name", "sent_at", "respond_by", "next_at",
    "due_at", "delivered_at", "answered_at", "ended_at", "reviewed_at", "decline_reason", "result",
    "action_key", "aware_at", "judge_by", "judgement",
)  # fmt: skip
FIELDS = {
    "from_team": "from_team_id",
    "to_team": "to_team_id",
    "fallback_team": "fallback_team_id",
    "action": "action_key",
}


def _told(rows: Sequence[Referral]) -> list[dict[str, Any]]:
    teams = named.teams(session(), [each for row in rows for each in (row.from_team_id, row.to_team_id)])
    people = named.people(session(), [row.person_id for row in rows])
    return [
        {
            **{name: getattr(line.row, name) for name in PLAIN},
            "receiver_state": line.receiver_state,
            "sender_state": line.sender_state,
            "person_id": people.get(line.row.person_id),
            "who": line.who,
            "words": line.words,
            "from_team": teams.get(line.row.from_team_id),
            "to_team": teams.get(line.row.to_team_id),
            "owner": line.owner,
        }
        for line in read.lines(session(), viewer(), rows, now())
    ]


def _whole(row: Referral) -> dict[str, Any]:
    shown = read.whole(session(), viewer(), row, now())
    ended = row.state not in OPEN
    return {
        **_told([row])[0],
        "background": shown.background,
        "sent_by": shown.sent_by,
        "shared": shown.shared,
        "warnings": shown.warnings,
        "events": shown.events,
        "allowed": sorted(move.value for move in shown.allowed),
        "summary": shown.summary,
        "duty_by": shown.duty_by,
        "again_of": shown.again_of,
        "again": shown.again,
        "record_entry": record_entry.of_referral(session(), viewer(), row, now()) if ended else None,
    }


def _referral(referral_id: UUID) -> Referral:
    return read.get(session(), viewer(), referral_id, now())


@blueprint.get("")
@needs("referrals:read")
@blueprint.takes(ReferralsAsked, location="query")
@blueprint.answers(page_of(ReferralOut))
def list_referrals(asked: Given) -> Page[Any]:
    """List the referrals in sight, the latest first."""
    person = asked["person_id"]
    wanted = Wanted(
        box=asked["box"],
        person_id=visible.get_person(session(), viewer(), person, now()).id if person else None,
        state=asked["state"],
    )
    query = read.listing(viewer(), wanted, now())
    return page(session(), query, [Referral.sent_at, Referral.id], asked, newest_first=True).turned(_told)


@blueprint.post("")
@needs("referrals:act")
@blueprint.takes(ReferralNew)
@blueprint.answers(ReferralWhole, 201)
def send_referral(given: Given) -> Any:
    """Send a referral, a transfer of the lead, a request for it, or an invitation to joint work."""
    person = visible.get_person(session(), viewer(), given["person_id"], now())
    again_of = _referral(given["again_of"]) if given["again_of"] else None
    if again_of is not None and again_of.person_id != person.id:
        raise Invalid({"again_of": "That was about somebody else."})
    if given["kind"] is ReferralKind.SELF_REFERRAL:
        raise Invalid({"kind": "Write down what somebody asks for themselves at /referrals/self-referrals."})
    alert_id = given["alert_id"]
    asked = sending.Asked(
        kind=given["kind"],
        reason=given["reason"],
        from_team=team_of("from_team_id", given["from_team_id"]),
        to_team=team_of("to_team_id", given["to_team_id"]) if given["to_team_id"] else None,
        urgency=given["urgency"],
        background=given["background"] or "",
        fallback_team=team_of("fallback_team_id", given["fallback_team_id"])
        if given["fallback_team_id"]
        else None,
        action_key=given["action_key"],
        alert=alerts_read.get(session(), viewer(), alert_id, now()) if alert_id else None,
        again_of=again_of,
        about_home=given["about_home"],
        includes=frozenset(given["includes"]),
        outside_name=given["outside_name"] or "",
        outside_address=given["outside_address"] or "",
        outside_way=given["outside_way"],
        leaves=given["leaves"],
        kept=tuple(str(each) for each in given["kept"]),
    )
    with fields_as(**FIELDS):
        return _whole(sending.send(session(), person, asked, by=viewer(), now=now()))


@blueprint.post("/self-referrals")
@needs("referrals:act")
@blueprint.takes(SelfReferralNew)
@blueprint.answers(ReferralWhole, 201)
def write_down(given: Given) -> Any:
    """Write down what somebody asks for themselves; it waits until a team takes it."""
    telephone, faults = None, {}
    if given["telephone"]:
        try:
            telephone = identities.telephone(given["telephone"])
        except Invalid as fault:
            faults["telephone"] = next(iter(fault.fields.values()))
    asked = self_referrals.SelfAsked(
        name=given["name"],
        reason=given["reason"],
        from_team=team_of("from_team_id", given["from_team_id"]),
        to_team=team_of("to_team_id", given["to_team_id"]),
        by=given["asked_by"],
        how=given["asked_how"],
        urgency=given["urgency"],
        born=given["born"],
        telephone=telephone,
        background=given["background"] or "",
        faults=faults,
    )
    with fields_as(**FIELDS):
        return _whole(self_referrals.write_down(session(), asked, by=viewer(), now=now()))


@blueprint.get("/foreseen")
@needs("referrals:read")
@blueprint.takes(ForeseenAsked, location="query")
@blueprint.answers(ForeseenAll)
def foresee(asked: Given) -> Any:
    """Say how much a team would see of a person, class by class, and why; nothing of it blocks a referral."""
    person = visible.get_person(session(), viewer(), asked["person_id"], now())
    team = team_of("team_id", asked["team_id"])
    visible.record_look(session(), viewer(), person, at_what="what a receiver will see")
    return {"items": foreseen.foresee(session(), team, person.id, now())}


@blueprint.get("/open-work")
@needs("referrals:read")
@blueprint.takes(ForeseenAsked, location="query")
@blueprint.answers(OpenWork)
def list_open_work(asked: Given) -> Any:
    """List the open follow-ups and alerts that a team would hand over with the lead, or keep."""
    person = visible.get_person(session(), viewer(), asked["person_id"], now())
    team = team_of("team_id", asked["team_id"])
    visible.record_look(session(), viewer(), person, at_what="open work")
    return {"items": leading.list_open_work(session(), person.id, team.id, now())}


@blueprint.get("/<uuid:referral_id>")
@needs("referrals:read")
@blueprint.answers(ReferralWhole)
def get_referral(referral_id: UUID) -> Any:
    """Show a referral with its story; that you looked is written down, and counts as its arrival."""
    row = _referral(referral_id)
    read.record_look(session(), viewer(), row)
    return _whole(row)


@blueprint.post("/<uuid:referral_id>/deliver")
@needs("referrals:act")
@blueprint.takes(Arrival)
@blueprint.answers(ReferralWhole)
def deliver(given: Given, referral_id: UUID) -> Any:
    """Say that it reached those who were asked."""
    row = _referral(referral_id)
    return _whole(answering.deliver(session(), row, by=viewer(), now=now(), at=given["at"]))


@blueprint.post("/<uuid:referral_id>/accept")
@needs("referrals:act")
@blueprint.takes(Acceptance)
@blueprint.answers(ReferralWhole)
def accept(given: Given, referral_id: UUID) -> Any:
    """Take it for your team; 409, naming who, when somebody answered before you."""
    kept = given["kept"]
    return _whole(
        answering.accept(
            session(),
            _referral(referral_id),
            by=viewer(),
            now=now(),
            note=given["note"] or "",
            due_at=given["due_at"],
            kept=None if kept is None else tuple(str(each) for each in kept),
            leaves=given["leaves"],
        )
    )


@blueprint.post("/<uuid:referral_id>/decline")
@needs("referrals:act")
@blueprint.takes(Declining)
@blueprint.answers(ReferralWhole)
def decline(given: Given, referral_id: UUID) -> Any:
    """Say that your team does not take it, and why; the need stays with the sender."""
    return _whole(answering.decline(session(), _referral(referral_id), by=viewer(), now=now(), **given))


@blueprint.post("/<uuid:referral_id>/start")
@needs("referrals:act")
@blueprint.takes(Beginning)
@blueprint.answers(ReferralWhole)
def start(given: Given, referral_id: UUID) -> Any:
    """Say that it is under way."""
    row = _referral(referral_id)
    return _whole(answering.start(session(), row, by=viewer(), now=now(), note=given["note"] or ""))


@blueprint.post("/<uuid:referral_id>/finish")
@needs("referrals:act")
@blueprint.takes(Finishing)
@blueprint.answers(ReferralWhole)
def finish(given: Given, referral_id: UUID) -> Any:
    """Say what came of it; the sender is asked to look at it."""
    return _whole(answering.finish(session(), _referral(referral_id), by=viewer(), now=now(), **given))


@blueprint.post("/<uuid:referral_id>/revoke")
@needs("referrals:act")
@blueprint.takes(Withdrawal)
@blueprint.answers(ReferralWhole)
def revoke(given: Given, referral_id: UUID) -> Any:
    """Withdraw what your team asked."""
    return _whole(answering.revoke(session(), _referral(referral_id), by=viewer(), now=now(), **given))


@blueprint.post("/<uuid:referral_id>/review")
@needs("referrals:act")
@blueprint.takes(Beginning)
@blueprint.answers(ReferralWhole)
def review(given: Given, referral_id: UUID) -> Any:
    """Say that your team, which asked, has looked at the result."""
    row = _referral(referral_id)
    return _whole(answering.review(session(), row, by=viewer(), now=now(), note=given["note"] or ""))


@blueprint.post("/<uuid:referral_id>/judge")
@needs("referrals:act")
@blueprint.takes(Judging)
@blueprint.answers(ReferralWhole)
def judge(given: Given, referral_id: UUID) -> Any:
    """Say, for the landlord, whether it is a hazard."""
    return _whole(answering.judge(session(), _referral(referral_id), by=viewer(), now=now(), **given))


@blueprint.post("/<uuid:referral_id>/person")
@needs("referrals:act")
@blueprint.takes(Naming)
@blueprint.answers(ReferralWhole)
def name(given: Given, referral_id: UUID) -> Any:
    """Say who in the record it is that asked for help."""
    row = _referral(referral_id)
    person = visible.get_person(session(), viewer(), given["person_id"], now())
    return _whole(answering.name(session(), row, person, by=viewer(), now=now()))
