"""The page that asks something of another team: first whom, then with what they will see in view."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import essentials, referral_views
from app.web import referral_words as said
from app.web.forms import Form, refused, typed
from app.web.pages import done, page
from app.web.referrals import every_team, my_teams
from care_plans.alerts import read as alerts_read
from care_plans.models.alerts import Alert
from care_plans.models.referrals import Referral
from care_plans.plan import read as plans
from care_plans.referral_states import OutsideWay, ReferralKind, Urgency
from care_plans.referrals import extracts, leading, read, sending
from core.errors import NotFound
from people import foreseen, teams, visible
from people.access import RecordClass
from people.faults import LINES, one_of, read_fields, words, yes_no
from people.models.agencies import Agency, Sector, Team
from people.models.people import Person

blueprint = Blueprint("refer", __name__)

OUTSIDE = "outside"
NOTHING = Form()
CHOSEN = ("kind", "team", "action", "alert", "again", "from")
FIELDS = ("reason", "background", "urgency", "fallback", "about_home", "outside_name", "outside_address",
          "outside_way", "leaves")  # fmt: skip


@blueprint.get("/people/<uuid:person_id>/refer")
@needs("referrals:act", form=True)
def ask(person_id: UUID) -> ResponseReturnValue:
    """Whom to ask; once that is chosen, the form, with what they will see beside it."""
    person = visible.get_person(context.session(), context.viewer(), person_id, context.now())
    visible.record_look(context.session(), context.viewer(), person, at_what="referral")
    return _page(person, _chosen(request.args), NOTHING)


@blueprint.post("/people/<uuid:person_id>/refer")
@needs("referrals:act")
def send(person_id: UUID) -> ResponseReturnValue:
    """Send it."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = visible.get_person(opened, viewer, person_id, now)
    chosen, given = _chosen(request.form), typed(*FIELDS)
    made: list[Referral] = []

    def act() -> None:
        made.append(sending.send(opened, person, _asked(person, chosen, given), by=viewer, now=now))

    named = {"fallback_team": "fallback", "from_team": "from", "to_team": "team"}
    wrong = refused(act, given, named)
    if wrong:
        return _page(person, chosen, replace(wrong, values={**given, **_ticked()}))
    return done("Sent. Until they accept, your team keeps a follow-up.", f"/referrals/{made[0].uuid}")


def _asked(person: Person, chosen: Mapping[str, str], given: Mapping[str, str]) -> sending.Asked:
    readers = {
        "reason": words(LINES), "background": words(LINES), "urgency": one_of(Urgency),
        "about_home": yes_no, "outside_name": words(), "outside_address": words(LINES),
        "outside_way": one_of(OutsideWay), "leaves": yes_no, "fallback": words(),
    }  # fmt: skip
    values = read_fields(given, readers, required=("reason", "urgency"))
    again = _again(chosen)
    classes = {each.value for each in extracts.OFFERED}
    return sending.Asked(
        kind=_kind(chosen),
        reason=values["reason"],
        from_team=_find_team(chosen["from"]),
        to_team=_find_team(chosen["team"]),
        urgency=values["urgency"],
        background=values["background"] or "",
        fallback_team=_find_team(values["fallback"] or ""),
        action_key=chosen["action"] or None,
        alert=_alert(chosen),
        again_of=again if again is not None and again.person_id == person.id else None,
        about_home=values["about_home"],
        includes=frozenset(RecordClass(each) for each in request.form.getlist("includes") if each in classes),
        outside_name=values["outside_name"] or "",
        outside_address=values["outside_address"] or "",
        outside_way=values["outside_way"],
        leaves=bool(values["leaves"]),
        kept=tuple(request.form.getlist("kept")),
    )


def _page(person: Person, chosen: dict[str, str], form: Form) -> ResponseReturnValue:
    opened, now = context.session(), context.now()
    again, mine = _again(chosen), my_teams()
    if again is not None:
        chosen = {
            **chosen, "kind": again.kind.value, "action": chosen["action"] or again.action_key or "",
            "team": chosen["team"] or _uuid_of(again.to_team_id),
            "from": chosen["from"] or _uuid_of(again.from_team_id),
        }  # fmt: skip
    chosen["from"] = chosen["from"] or (str(mine[0].uuid) if mine else "")
    team, outside = _find_team(chosen["team"]), chosen["team"] == OUTSIDE
    ready = team is not None or outside
    actions = _actions(person)
    begin = {
        "urgency": Urgency.ROUTINE.value,
        "leaves": "no",
        "reason": again.reason if again else dict(actions).get(chosen["action"], ""),
        "background": (again.background or "") if again else "",
    }
    sender = _find_team(chosen["from"])
    kind = _kind(chosen)
    work = (
        tuple(leading.list_open_work(opened, person.id, sender.id, now))
        if kind is ReferralKind.TRANSFER and sender is not None
        else ()
    )
    open_ = re.search(r"/referrals/[0-9a-f-]{36}", form.errors.get("", ""))
    html = page(
        "refer.html",
        person={
            "uuid": person.uuid, "name": essentials.name_of(person),
            "first_name": essentials.first_name(person),
        },
        chosen=chosen,
        ready=ready,
        outside=outside,
        kind=kind.value,
        kind_words=said.SENDABLE[kind][0] if kind in said.SENDABLE else said.KINDS[kind],
        to_words=dict(every_team()).get(chosen["team"], "an agency outside Hearthline"),
        first=Form({**chosen, "kind": kind.value}),
        form=form if form.values else Form({**begin}, form.errors, form.status),
        kinds=[(each.value, *words) for each, words in said.SENDABLE.items()],
        mine=[(str(each.uuid), each.name) for each in mine],
        teams=[("", "Choose a team"), *every_team(), (OUTSIDE, "An agency outside Hearthline")],
        others=[("", "Nobody: it comes back to us"), *every_team()],
        actions=[("", "In words"), *actions],
        urgencies=[(each.value, words) for each, words in said.URGENCIES.items()],
        ways=[(each.value, words) for each, words in said.WAYS.items()],
        seen=_seen(team, person),
        included=set(request.form.getlist("includes")) if request.method == "POST" else {"plan"},
        kept=set(request.form.getlist("kept")),
        landlord=team is not None and opened.get_one(Agency, team.agency_id).sector is Sector.HOUSING,
        work=work,
        still_reads=said.TO_READ_STILL,
        again=again.uuid if again else None,
        open_href=open_.group(0) if open_ else None,
        alert=_alert(chosen),
    )  # fmt: skip
    return html, form.status


def _seen(team: Team | None, person: Person) -> tuple[referral_views.SeenRow, ...]:
    if team is None:
        return ()
    found = foreseen.foresee(context.session(), team, person.id, context.now())
    return referral_views.seen_rows(found, [each.value for each in extracts.OFFERED])


def _chosen(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "").strip()[:200] for name in CHOSEN}


def _ticked() -> dict[str, str]:
    return {"ticked": ",".join(request.form.getlist("includes"))}


def _kind(chosen: Mapping[str, str]) -> ReferralKind:
    return next((each for each in said.SENDABLE if each.value == chosen["kind"]), ReferralKind.REFERRAL)


def _find_team(text: str) -> Team | None:
    uuid = _uuid(text)
    try:
        return teams.get(context.session(), uuid)[0] if uuid else None
    except NotFound:
        return None


def _again(chosen: Mapping[str, str]) -> Referral | None:
    uuid = _uuid(chosen["again"])
    return read.get(context.session(), context.viewer(), uuid, context.now()) if uuid else None


def _alert(chosen: Mapping[str, str]) -> Alert | None:
    uuid = _uuid(chosen["alert"])
    return alerts_read.get(context.session(), context.viewer(), uuid, context.now()) if uuid else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _uuid_of(team_id: int | None) -> str:
    team: Any = context.session().get(Team, team_id) if team_id is not None else None
    return str(team.uuid) if team else OUTSIDE


def _actions(person: Person) -> list[tuple[str, str]]:
    plan = plans.find_published(context.session(), person, context.now())
    if plan is None:
        return []
    return [(one.action.key, one.action.text) for goal in plan.goals for one in goal.actions]
