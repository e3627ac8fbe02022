"""The pages of referrals: in, out and done; one of them with what each side may do; asking for oneself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import referral_views
from app.web import referral_words as said
from app.web.attachment_views import FilesOf, files_of
from app.web.forms import Form, moment, refused, typed
from app.web.pages import PER_PAGE, Chip, address, done, page, page_number, paging
from care_plans.models.referrals import Referral
from care_plans.referral_states import AskedBy, AskedHow, DeclineReason, Judgement, Result, Urgency
from care_plans.referrals import answering, read, self_referrals
from care_plans.referrals.read import Box, Wanted
from core.errors import Invalid, NotFound
from people import identity, teams, visible
from people.faults import LINES, day, one_of, read_fields, words, yes_no
from people.models.agencies import Team, TeamRole
from people.models.attachments import BelongsTo

blueprint = Blueprint("referrals", __name__)

PATH = "/referrals"
NOTHING = Form()
BOXES = {Box.IN: "In", Box.OUT: "Out", Box.DONE: "Done"}


@dataclass(frozen=True, slots=True)
class Doing:
    """What an action is done with."""

    row: Referral
    zone: str
    now: datetime

    @property
    def by(self) -> Any:
        """Session, viewer and time, as every action takes them."""
        return {"by": context.viewer(), "now": self.now}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do with a referral: its fields, how it is done, what is said then."""

    fields: tuple[str, ...]
    act: Callable[[Doing, Mapping[str, str]], object]
    said: str
    named: Mapping[str, str]


@blueprint.get("/referrals")
@needs("referrals:read")
def show_list() -> ResponseReturnValue:
    """One box of them, nearest clock first."""
    asked = request.args.get("box", "in")
    box = next((each for each in BOXES if each.value == asked), Box.IN)
    opened, viewer, now = context.session(), context.viewer(), context.now()
    counts = {each: read.count(opened, viewer, Wanted(each), now) for each in BOXES}
    number = page_number()
    lines = read.list_lines(opened, viewer, Wanted(box), now, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    chips = tuple(
        Chip(words, address(PATH, {"box": each.value}), on=each is box, number=counts[each])
        for each, words in BOXES.items()
    )
    return page(
        "referrals.html",
        box=box.value,
        chips=chips,
        items=tuple(referral_views.row(line) for line in lines),
        paging=paging(PATH, {"box": box.value}, number, counts[box]),
    )


@blueprint.get("/referrals/new")
@needs("referrals:act", form=True)
def show_new() -> ResponseReturnValue:
    """The form to write down what somebody asks for themselves."""
    return _new_page(Form({"how": AskedHow.PHONE.value, "by": AskedBy.PERSON.value, "urgency": "routine"}))


@blueprint.post("/referrals/new")
@needs("referrals:act")
def write_down() -> ResponseReturnValue:
    """Write it down: it waits until a team takes it."""
    given = typed("name", "born", "telephone", "by", "how", "reason", "background", "urgency", "from", "to")
    made: list[Referral] = []

    def act() -> None:
        readers = {
            "name": words(100), "born": day, "telephone": identity.telephone, "by": one_of(AskedBy),
            "how": one_of(AskedHow), "reason": words(LINES), "background": words(LINES),
            "urgency": one_of(Urgency), "from": _team, "to": _team,
        }  # fmt: skip
        values = read_fields(
            given, readers, required=("name", "reason", "by", "how", "urgency", "from", "to")
        )
        asked = self_referrals.SelfAsked(
            name=values["name"], reason=values["reason"], from_team=values["from"], to_team=values["to"],
            by=values["by"], how=values["how"], urgency=values["urgency"], born=values["born"],
            telephone=values["telephone"], background=values["background"] or "",
        )  # fmt: skip
        made.append(
            self_referrals.write_down(context.session(), asked, by=context.viewer(), now=context.now())
        )

    wrong = refused(act, given, {"from_team": "from", "to_team": "to"})
    if wrong:
        return _new_page(wrong)
    return done("Written down: it waits until somebody takes it.", f"{PATH}/{made[0].uuid}")


@blueprint.get("/referrals/<uuid:referral_id>")
@needs("referrals:read")
def show(referral_id: UUID) -> ResponseReturnValue:
    """One of them; that somebody looked is written down, and tells that it arrived."""
    row = _get(referral_id)
    read.record_look(context.session(), context.viewer(), row)
    return _page(row)


@blueprint.get("/referrals/<uuid:referral_id>/letter")
@needs("referrals:read")
def show_letter(referral_id: UUID) -> ResponseReturnValue:
    """The letter of one, to be printed; for the teams on both sides alone."""
    row = _get(referral_id)
    if not read.is_party(context.viewer(), row):
        raise NotFound
    read.record_look(context.session(), context.viewer(), row)
    shown = referral_views.shown(context.session(), context.viewer(), row, context.now())
    return page("referral_letter.html", one=shown, reason=row.reason, zone=shown.zone)


def _accept(doing: Doing, given: Mapping[str, str]) -> None:
    values = read_fields(given, {"accept_note": words(LINES), "accept_due": moment(doing.zone)})
    keeps = request.form.getlist("kept") if "keeps" in request.form else None
    leaves = request.form.get("leaves")
    answering.accept(
        context.session(), doing.row, note=values["accept_note"] or "", due_at=values["accept_due"],
        kept=tuple(keeps) if keeps is not None else None,
        leaves=leaves == "yes" if leaves else None, **doing.by,
    )  # fmt: skip


def _decline(doing: Doing, given: Mapping[str, str]) -> None:
    readers = {"decline_reason": one_of(DeclineReason), "decline_words": words(LINES)}
    values = read_fields(given, readers, required=tuple(readers))
    answering.decline(
        context.session(), doing.row, reason=values["decline_reason"], words=values["decline_words"],
        **doing.by,
    )  # fmt: skip


def _finish(doing: Doing, given: Mapping[str, str]) -> None:
    readers = {"result": one_of(Result), "finish_note": words(LINES)}
    values = read_fields(given, readers, required=tuple(readers))
    answering.finish(
        context.session(), doing.row, result=values["result"], note=values["finish_note"], **doing.by
    )


def _revoke(doing: Doing, given: Mapping[str, str]) -> None:
    readers = {"revoke_words": words(LINES), "still_needed": yes_no}
    values = read_fields(given, readers, required=tuple(readers))
    answering.revoke(
        context.session(), doing.row, words=values["revoke_words"], still_needed=values["still_needed"],
        **doing.by,
    )  # fmt: skip


def _judge(doing: Doing, given: Mapping[str, str]) -> None:
    readers = {"judgement": one_of(Judgement), "judge_words": words(LINES)}
    values = read_fields(given, readers, required=tuple(readers))
    answering.judge(
        context.session(), doing.row, judgement=values["judgement"], words=values["judge_words"], **doing.by
    )


def _deliver(doing: Doing, given: Mapping[str, str]) -> None:
    values = read_fields(given, {"delivered_at": moment(doing.zone)})
    answering.deliver(context.session(), doing.row, at=values["delivered_at"], **doing.by)


def _name(doing: Doing, given: Mapping[str, str]) -> None:
    if not given["person"]:
        raise Invalid({"person": "Choose who it is."})
    try:
        person = visible.get_person(context.session(), context.viewer(), UUID(given["person"]), doing.now)
    except (ValueError, NotFound) as fault:
        raise Invalid({"person": "Choose somebody from the list."}) from fault
    answering.name(context.session(), doing.row, person, **doing.by)


ACTIONS: Mapping[str, Action] = {
    "accept": Action(
        ("accept_note", "accept_due"), _accept, "Accepted: it is yours.", {"due_at": "accept_due"}
    ),
    "decline": Action(
        ("decline_reason", "decline_words"),
        _decline,
        "Declined: they have been told.",
        {"words": "decline_words"},
    ),
    "start": Action(
        (), lambda doing, _: answering.start(context.session(), doing.row, **doing.by), "Under way.", {}
    ),
    "finish": Action(
        ("result", "finish_note"), _finish, "Done: those who asked will look at it.", {"note": "finish_note"}
    ),
    "revoke": Action(
        ("revoke_words", "still_needed"),
        _revoke,
        "Withdrawn: they have been told.",
        {"words": "revoke_words"},
    ),
    "review": Action(
        (), lambda doing, _: answering.review(context.session(), doing.row, **doing.by), "Looked at.", {}
    ),
    "judge": Action(
        ("judgement", "judge_words"), _judge, "Judged, and on the record.", {"words": "judge_words"}
    ),
    "deliver": Action(("delivered_at",), _deliver, "On the record.", {"at": "delivered_at"}),
    "name": Action(("person",), _name, "Found in the record.", {}),
}


def _does(name: str) -> Callable[[UUID], ResponseReturnValue]:
    @needs("referrals:act")
    def act(referral_id: UUID) -> ResponseReturnValue:
        row, action = _get(referral_id), ACTIONS[name]
        given = typed(*action.fields)
        zone = read.lines(context.session(), context.viewer(), [row], context.now())[0].zone
        doing = Doing(row, zone, context.now())
        wrong = refused(lambda: action.act(doing, given), given, action.named)
        return _page(row, wrong) if wrong else done(action.said, f"{PATH}/{referral_id}")

    return act


for _verb in ACTIONS:
    blueprint.post(f"/referrals/<uuid:referral_id>/{_verb}", endpoint=f"do_{_verb}")(_does(_verb))


def my_teams() -> list[Team]:
    """The teams of whoever asks; of an installation's own key, every team."""
    opened, viewer, now = context.session(), context.viewer(), context.now()
    return teams.list_of(opened, viewer.staff_id, now)


def every_team() -> list[tuple[str, str]]:
    """Every team, by agency, to choose from."""
    found = sorted(
        context.session().execute(teams.listing()).all(), key=lambda each: (each[1].name, each[0].name)
    )
    return [(str(team.uuid), f"{team.name}, {agency.name}") for team, agency in found]


def _team(value: str) -> Team:
    try:
        return teams.get(context.session(), UUID(value))[0]
    except (ValueError, NotFound) as fault:
        raise Invalid({"": "Choose a team from the list."}) from fault


def _get(referral_id: UUID) -> Referral:
    return read.get(context.session(), context.viewer(), referral_id, context.now())


def _new_page(form: Form) -> ResponseReturnValue:
    mine = my_teams()
    hubs = [
        str(team.uuid)
        for team, _ in context.session().execute(teams.listing())
        if team.role is TeamRole.COORDINATOR
    ]
    begin = {"from": str(mine[0].uuid) if mine else "", "to": hubs[0] if hubs else ""}
    html = page(
        "referral_new.html",
        form=Form({**begin, **form.values}, form.errors, form.status),
        mine=[(str(team.uuid), team.name) for team in mine],
        teams=every_team(),
        by=_choices(said.ASKED_BY),
        how=_choices(said.ASKED_HOW),
        urgencies=_choices(said.URGENCIES),
    )
    return html, form.status


def _page(row: Referral, form: Form = NOTHING) -> ResponseReturnValue:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    shown = referral_views.shown(opened, viewer, row, now)
    find = request.args.get("find", "") or row.asked_name or ""
    likely = referral_views.people_like(opened, viewer, find, now) if "name" in shown.may and find else ()
    html = page(
        "referral.html",
        one=shown,
        reason=shown.row.words,
        form=Form({"still_needed": "yes", **form.values}, form.errors, form.status),
        find=find,
        likely=likely,
        likely_choices=[(str(each.uuid), each.words) for each in likely],
        reasons=_choices(said.REASONS),
        results=_choices(said.RESULTS),
        judgements=_choices(said.JUDGEMENTS),
        still_reads=said.TO_READ_STILL,
        files=_files(shown.row.person_uuid, row),
        zone=shown.zone,
    )
    return html, form.status


def _files(person_uuid: UUID | None, row: Referral) -> FilesOf | None:
    """What is attached to it, where the person is in sight."""
    if person_uuid is None:
        return None
    person = visible.get_person(context.session(), context.viewer(), person_uuid, context.now())
    return files_of(person, BelongsTo.REFERRAL, uuid=row.uuid)


def _choices(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(each.value, words) for each, words in named.items()]
