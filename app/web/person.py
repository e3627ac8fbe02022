"""The page of one person: everything on one page, in parts that load again by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app import context
from app.auth import needs
from app.web import (
    absence_words,
    alert_rows,
    charts,
    drawings,
    essentials,
    person_readings,
    person_views,
    ringing_views,
    score_words,
    sharing_views,
    story_words,
)
from app.web import visit_warnings as visit_warning_views
from app.web.happenings import Happening
from app.web.pages import Paging, page, part
from app.web.unprotected import banners
from care_plans.alerts import board
from care_plans.alerts.choosing import BoardFilters
from care_plans.plan import read, story, watched
from care_plans.plan.story import Told
from care_plans.plan.watched import Extent
from care_plans.plan.whole import PlanRead
from care_plans.protecting import interims
from care_plans.work import prompts
from core.zones import UK
from devices import readings, shared_kinds, subjects, unclaimed_seen
from devices.shared_kinds import Seen
from people import (
    cards,
    duplicates,
    homes,
    households,
    merging,
    overrides,
    visible,
    visit_warnings,
)
from people.access import Extent as Shown
from people.access import Need, RecordClass, Sees, may
from people.households import Household
from people.models.people import Person

blueprint = Blueprint("person", __name__)

HAPPENINGS = 12
HISTORY = 50
FIRST = 6  # lines drawn at once; the others stand behind a button


@dataclass(frozen=True, slots=True)
class Around:
    """A person with what every part of their page stands on."""

    person: Person
    household: Household
    plan: PlanRead | None
    zone: str
    seen: Seen

    @property
    def sees(self) -> Sees:
        """How much the viewer sees of each class of their record."""
        return self.seen.reach.people[self.person.id]

    @property
    def path(self) -> str:
        """The address of their page."""
        return f"/people/{self.person.uuid}"


@blueprint.get("/people/<uuid:person_id>")
@needs("people:read")
def show(person_id: UUID) -> ResponseReturnValue:
    """Everything; that somebody looked is written down."""
    found = _get(person_id)
    if found.person.uuid != person_id:  # an old id: their records were brought together
        return redirect(found.path, 308)
    visible.record_look(context.session(), context.viewer(), found.person)
    return _page(found)


@blueprint.get("/people/<uuid:person_id>/open")
@needs("people:read", live=True)
def show_open(person_id: UUID) -> ResponseReturnValue:
    """Their open alerts alone."""
    found = _part(person_id, "open alerts")
    return part("_parts/person_open.html", **_open(found), zone=found.zone)


@blueprint.get("/people/<uuid:person_id>/latest")
@needs("readings:read", live=True)
def show_latest(person_id: UUID) -> ResponseReturnValue:
    """Their readings alone; 204 when the page that asks holds what there is."""
    found = _part(person_id, "readings")
    told = _readings(found)
    if request.args.get("version") == told["version"]:
        return "", 204
    return part("_parts/person_readings.html", **told, person=_who(found), zone=found.zone)


@blueprint.get("/people/<uuid:person_id>/happened")
@needs("people:read", live=True)
def show_happened(person_id: UUID) -> ResponseReturnValue:
    """What happened lately alone."""
    found = _part(person_id, "history")
    told = _said(found, _story(found, HAPPENINGS))
    return part("_parts/person_happened.html", happenings=told, zone=found.zone)


@blueprint.get("/people/<uuid:person_id>/readings.json")
@needs("readings:read", live=True)
def draw(person_id: UUID) -> ResponseReturnValue:
    """What the charts are drawn from."""
    found = _part(person_id, "readings")
    opened, viewer, now = context.session(), context.viewer(), context.now()
    chosen = person_readings.range_of(request.args.get("range", ""))
    latest = readings.latest(opened, _subjects(found), now)
    stretch = person_readings.stretch(
        found.person, found.household, found.plan, latest, chosen, now, found.seen
    )
    return drawings.answer(opened, viewer, stretch, now, events=_versions(found, stretch.start))


@blueprint.post("/people/<uuid:person_id>/key-safe")
@needs("people:read")
def show_key_safe(person_id: UUID) -> ResponseReturnValue:
    """The page with the key safe's code; that it was asked for is written down."""
    found, code = _get(person_id), None
    if found.household.home is not None:
        code = homes.reveal_key_safe(
            context.session(), found.household.home, actor=context.actor(), now=context.now()
        )
    return _page(found, code=code)


@blueprint.get("/people/<uuid:person_id>/history")
@needs("people:read")
def show_history(person_id: UUID) -> ResponseReturnValue:
    """All that happened, by all agencies, a page at a time."""
    found = _get(person_id)
    visible.record_look(context.session(), context.viewer(), found.person, at_what="history")
    before = _before(request.args.get("before", ""))
    told = _story(found, HISTORY, before)
    if len(told) == HISTORY:  # what happened at one moment is not parted
        told = [each for each in told if each.at > told[-1].at] or told
        older = f"{found.path}/history?{urlencode({'before': told[-1].at.isoformat()})}"
    else:
        older = None
    return page(
        "person_history.html",
        person=_who(found),
        happenings=_said(found, told),
        paging=Paging(f"{found.path}/history" if before else None, older, ""),
        zone=found.zone,
    )


def _get(person_id: UUID) -> Around:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person = visible.get_person(opened, viewer, person_id, now)
    household = households.of(opened, viewer, person.id, now)
    zone = household.home.time_zone if household.home else UK
    home_id = household.home.id if household.home else None
    seen = shared_kinds.of(opened, viewer, person.id, home_id, now)
    return Around(person, household, read.find_published(opened, person, now), zone, seen)


def _part(person_id: UUID, at_what: str) -> Around:
    """The same for a part, which somebody may open by itself, past the page that writes down the look."""
    found = _get(person_id)
    visible.record_part(context.session(), context.viewer(), found.person, context.now(), at_what=at_what)
    return found


def _page(found: Around, *, code: str | None = None) -> str:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    person, plan = found.person, found.plan
    looked_after = watched.of(opened, [person.id])[person.id]
    card = cards.find(opened, person)
    extent = found.sees[RecordClass.PLAN]
    return page(
        "person.html",
        person=person_views.shown(opened, person, found.household, plan, now, found.zone, found.sees),
        watched_now=looked_after.extent is not Extent.NONE,
        watched_words=looked_after.words,
        otherwise=looked_after.otherwise,
        happenings=_said(found, _story(found, HAPPENINGS)),
        history_href=f"{found.path}/history",
        goals=tuple(person_views.goal(one) for one in plan.goals) if plan and extent is Shown.FULL else (),
        plan=person_views.brief(plan, now, found.zone, extent) if plan else None,
        may_enrol=may(viewer, Need.PLANS_WRITE),
        may_refer=may(viewer, Need.REFERRALS_ACT),
        team=person_views.around(opened, person, now, found.sees),
        home_kit=person_views.kit(opened, person, found.household, plan, now, found.zone, found.sees),
        may_add_kit=may(viewer, Need.KIT_WRITE),
        may_see_kit=may(viewer, Need.KIT_READ),
        home=person_views.home(found.household, card),
        code=code,
        prompts=prompts.of(opened, person.id, found.household.home.id if found.household.home else None, now)
        if may(viewer, Need.CONCERNS_RAISE)
        else (),
        may_raise=may(viewer, Need.CONCERNS_RAISE),
        may_decide=may(viewer, Need.AUTHORITY_READ),
        sharing=sharing_views.in_short(opened, person, now),
        looked=person_views.looked(opened, person, now),
        override=overrides.find_running(opened, viewer, person.id, now),
        visit_warnings=tuple(
            visit_warning_views.shown(each, evidence=False)
            for each in visit_warnings.about(opened, now, person_id=person.id)
        ),
        twice=len(duplicates.of_person(opened, viewer, person, now)),
        merges=len(merging.list_of(opened, viewer, person, now)),
        may_write=may(viewer, Need.PEOPLE_WRITE),
        may_merge=may(viewer, Need.PEOPLE_MERGE),
        last_spoken=ringing_views.last_spoken(opened, viewer, person.id, now),
        died_on=person.died_on,
        away=absence_words.running(opened, viewer, person.id, now, found.zone),
        zone=found.zone,
        **_open(found),
        **_readings(found),
    )


def _open(found: Around) -> dict[str, Any]:
    opened, viewer, now = context.session(), context.viewer(), context.now()
    lines = board.list_lines(opened, viewer, BoardFilters(person_id=found.person.id), now)
    return {
        "alerts": tuple(alert_rows.row(line, viewer, now) for line in lines),
        "unprotected": banners(interims.list_of(opened, [found.person.uuid]), now, found.zone),
    }


def _readings(found: Around) -> dict[str, Any]:
    opened, now = context.session(), context.now()
    chosen = person_readings.range_of(request.args.get("range", ""))
    latest = readings.latest(opened, _subjects(found), now)
    stretch = person_readings.stretch(
        found.person, found.household, found.plan, latest, chosen, now, found.seen
    )
    kinds = charts.read(opened, stretch, now, latest)
    withheld = found.seen.withheld(opened, _subjects(found), now)
    held = "|".join(f"{kind.key} {kind.at} {kind.stale} {kind.due_words}" for kind in kinds)
    vitals = found.sees[RecordClass.VITALS] is Shown.FULL
    score = score_words.in_short(opened, found.person, now) if vitals else None
    nobodys = unclaimed_seen.count_of(opened, context.viewer(), _subjects(found), now)
    held += f"|{score}|{[(device.id, count) for device, count in nobodys]}|" + "|".join(
        f"{each.record_class} {each.heard_at} {each.late}" for each in withheld
    )
    return {
        "score": score,
        "made_of": person_readings.made_of(found.path, found.seen.full(each.kind for each in latest)),
        "may_take": may(context.viewer(), Need.READINGS_WRITE) and found.person.died_on is None,
        "withheld": person_readings.told(withheld),
        "nobodys": person_readings.nobodys(nobodys),
        "agency": context.viewer().agency or "your agency",
        "kinds": kinds[:FIRST],
        "more_kinds": kinds[FIRST:],
        "readings_url": f"{found.path}/readings.json?range={chosen}",
        "latest_url": f"{found.path}/latest?range={chosen}",
        "ranges": person_readings.choices(found.path, chosen),
        "version": sha256(held.encode()).hexdigest()[:16],
    }


def _story(found: Around, limit: int, before: datetime | None = None) -> list[Told]:
    return story.list_story(
        context.session(), context.viewer(), found.person, found.household, context.now(),
        before=before, limit=limit,
    )  # fmt: skip


def _said(found: Around, told: Iterable[Told]) -> tuple[Happening, ...]:
    return story_words.together(story_words.happening(one, f"{found.path}/plan") for one in told)


def _versions(found: Around, since: datetime) -> list[tuple[datetime, str]]:
    return [
        (version.published_at, f"Plan v{version.number}")
        for version in read.list_versions(context.session(), found.person)
        if version.published_at is not None and version.published_at >= since
    ]


def _subjects(found: Around) -> list[subjects.Subject]:
    home = found.household.home
    return [subjects.person(found.person.id), *([subjects.home(home.id)] if home else [])]


def _who(found: Around) -> dict[str, str]:
    person = found.person
    return {
        "uuid": str(person.uuid),
        "name": essentials.name_of(person),
        "first_name": essentials.first_name(person),
    }


def _before(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
