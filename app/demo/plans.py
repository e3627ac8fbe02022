"""Plans of the demo place: pathways that disagree are settled, one plan is whole, one draft is under way."""

from datetime import datetime

from sqlalchemy.orm import Session

from care_plans.models.goals import GoalStatus
from care_plans.models.plans import PlanVersion
from care_plans.plan import agreeing, apply, changing, doing, drafts, enrol, known, publish, settling
from care_plans.plan.parts import Part
from core.journal import Actor
from people import about_me, wishes
from people.models.agencies import Staff
from people.models.people import Person

TARGET = "The respiratory consultant set it: carbon dioxide rises with more oxygen"
OTHERS = "Both teams looked at it together"


def begin(
    session: Session, person: Person, pathways: tuple[str, ...], dev: Staff, *, agreed_with: str
) -> None:
    """Put somebody on all their pathways in one version; where these disagree the first one holds."""
    now = session.info["clock"].now()
    for pathway in pathways:
        enrol.enrol(session, person, pathway, by=dev, now=now, publish_now=False)
    draft = drafts.find_draft(session, person)
    if draft is None:
        return
    _settle(session, person, draft, pathways, dev, now)
    publish.publish(
        session, person, by=dev, now=now, reason="Enrolled", agreed_with=agreed_with,
    )  # fmt: skip


def make_whole(session: Session, person: Person, dev: Staff, now: datetime) -> None:
    """Somebody's plan with all that a plan can hold, from strengths to who agreed it."""
    draft = drafts.open_draft(session, person, dev)
    zone = apply.zone_of(session, person, now)
    named = known.of(session, person, draft.id, now, zone)

    def add(part: Part, **values: object) -> None:
        changing.add(session, person, draft, part, values, named, by=dev, now=now)

    def change(part: Part, key: str, **values: object) -> None:
        changing.change(session, person, draft, part, key, values, named, by=dev, now=now)

    add(Part.STRENGTHS, text="Knows her breathing better than any machine, and says when it is different.")
    add(Part.STRENGTHS, text="Beth is ten minutes away; the lunch club rings when she is not there.")
    others = list(named.goals)[1:]
    action = next(iter(named.actions))
    change(Part.ACTIONS, action, confidence=7, strategies="Do it at the kitchen table, with Beth.")
    add(
        Part.STAGES,
        action=action,
        text="Shows the inhaler once without help",
        status="achieved",
        outcome="16 of 20",
    )
    add(Part.STAGES, action=action, text="Keeps the rescue pack where she can reach it")
    for goal in others[:1]:
        change(Part.GOALS, goal, measure_words="Thursday lunch club, three weeks of four")
    answer = next(iter(named.contingencies))
    change(
        Part.CONTINGENCIES, answer,
        early_signs="Short answers, two pillows instead of one.",
        coping="Sits at the open window, pursed lips, the fan on the table.",
        anticipatory="Rescue pack in the kitchen drawer, checked in November.",
    )  # fmt: skip
    add(Part.DOCUMENTS, title="Fire safety visit", place="Housing file, copy in the blue folder")
    given = {"funding": "local_authority", "funding_words": "Careline paid by the council."}
    changing.set_whole(session, person, draft, given, [dev], by=dev, now=now)
    name = f"{person.given_name} {person.family_name}"
    told = {"with_whom": "person", "name": name, "how": "At home, read aloud"}
    agreeing.agree(session, person, draft, told, by=dev, now=now)
    publish.publish(session, person, by=dev, now=now, reason="Talked through at home")
    if others:
        doing.judge(
            session, person, others[0], GoalStatus.PROGRESSING, "Two weeks of four so far", by=dev, now=now
        )
    _say(session, person, Actor(dev.name, dev.id), now)


def leave_draft(session: Session, person: Person, pathway: str, dev: Staff, now: datetime) -> None:
    """A second pathway in the draft that disagrees with the first: it waits to be settled and agreed."""
    enrol.enrol(session, person, pathway, by=dev, now=now, publish_now=False)


def _settle(
    session: Session, person: Person, draft: PlanVersion, pathways: tuple[str, ...], dev: Staff, now: datetime
) -> None:
    while True:
        open_ = settling.unsettled(session, draft)
        if not open_:
            return
        found = open_[0]
        side = min(found.sides, key=lambda each: pathways.index(each.pathway))
        reason = TARGET if side.pathway == "copd" else OTHERS
        settling.keep(session, person, draft, found.key, side.key, reason, by=dev, now=now)


def _say(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    given = {
        "people_important": "Beth, my daughter. My neighbour, who has a key.",
        "please_do_and_dont": "Please ring before you come. Please don't talk to Beth over my head.",
        "how_and_when_to_support": "Mornings are slow; after eleven I am myself.",
        "supported_by": "Beth Marsh",
    }
    about_me.write(session, person, given, actor=actor, now=now)
    wishes.record(
        session, person,
        {
            "kind": "advance_statement",
            "words": "To be at home as long as it is safe for Beth too.",
            "made_on": now.date().replace(day=1),
            "original_place": "Blue folder by the telephone",
            "original_seen_on": now.date().replace(day=1),
        },
        actor=actor, now=now,
    )  # fmt: skip
