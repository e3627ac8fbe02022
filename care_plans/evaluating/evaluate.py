"""The evaluator: takes those who were woken, holds their readings against the plan, raises and clears."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from care_plans.alerts import alerts, care_team_ladder
from care_plans.alerts import ladder as ladders
from care_plans.alerts.alerts import AskedFollowUp, Raised
from care_plans.alerts.ladder import Ladder
from care_plans.evaluating import at_hand, judgements, made, noticed, resting, scores, unread
from care_plans.evaluating.at_hand import AtHand
from care_plans.evaluating.judgements import Said, Standing
from care_plans.evaluating.noticed import SAFETY, Noticed
from care_plans.evaluating.watching import Watch, Watches, is_off
from care_plans.judging.conditions import DAY, Any, Event, Rule
from care_plans.judging.copies import marked
from care_plans.judging.rules import Track, disbelief, judge, to_document, worst
from care_plans.judging.verdicts import Finding, Judged, Nothing, Unknown
from care_plans.models.alerts import Alert
from care_plans.models.work import FollowUpKind
from care_plans.severity import Class, Severity
from core.db import Db
from core.zones import UK
from devices import kinds
from devices.subjects import Subject

log = logging.getLogger(__name__)

OFF = "Nobody is watching this now: no clinician has switched this pathway's clinical rules on."
ANSWER_DANGER = (
    "Answer at once: speak to the person. No answer, or help is needed: send the responder, then 999."
)
ASK_AGAIN = "Ask for the reading again within 15 minutes. If it cannot be had, check on the person."
FAULT = "This could not be judged: a fault."
AFTER_FAULT = timedelta(minutes=10)
"""When whoever could not be judged is tried again, if nothing new is heard of them before."""
ALWAYS = timedelta(0)

PASSING = (OperationalError, InterfaceError)
"""The database is away, or in a deadlock: nothing is wrong with whom we judge; the claim is taken anew."""


@dataclass(slots=True)
class Counts:
    """What an evaluator has done since it started; seconds are spent by all subjects together."""

    judged: int = 0
    failed: int = 0
    claims: int = 0
    claim_seconds: float = 0.0
    read_seconds: float = 0.0
    settle_seconds: float = 0.0
    keep_seconds: float = 0.0
    commit_seconds: float = 0.0

    def said(self) -> dict[str, float]:
        """The counts by name, with the time of each stage as microseconds a subject."""
        counts: dict[str, float] = asdict(self)
        for stage in STAGES:
            counts[f"{stage}_us"] = round(counts.pop(f"{stage}_seconds") * 1e6 / max(self.judged, 1), 1)
        return counts


STAGES = ("claim", "read", "settle", "keep", "commit")
"""Take the locks, read all that is needed, hold rules and raise or clear, write verdicts, make it last."""


@dataclass
class Decided:
    """What judging one subject comes to."""

    said: list[Said] = field(default_factory=list)
    planned: list[tuple[Watch, Finding]] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    cleared: list[tuple[Alert, str]] = field(default_factory=list)
    failed: int = 0


class Evaluator:
    """Judges for one process; it remembers the rules of the plan versions it has met."""

    def __init__(self, db: Db, *, at_once: int = 1000) -> None:
        self._db = db
        self._at_once = at_once
        self._watches = Watches()
        self.counts = Counts()

    def step(self) -> bool:
        """Judge the subjects that have waited longest; whether there were any."""
        began = perf_counter()
        with self._db.transaction() as session:
            subjects = unread.claim(session, self._at_once)
            if subjects:
                self.counts.claim_seconds += perf_counter() - began
                self.judge(session, subjects, self._db.clock.now())
                judged = perf_counter()
        if subjects:
            self.counts.commit_seconds += perf_counter() - judged
            self.counts.claims += 1
        return bool(subjects)

    def oldest_waiting(self) -> float | None:
        """Domain seconds that the longest-waiting subject has waited."""
        with self._db.transaction() as session:
            return unread.oldest_waiting(session, self._db.clock.now())

    def judge(self, session: Session, subjects: Sequence[Subject], now: datetime) -> None:
        """Judge these subjects, whose locks are ours; one that fails is set aside and the others go on."""
        began = perf_counter()
        known = self._read(session, subjects, now)
        if known is None:
            return
        read = perf_counter()
        said: list[Said] = []
        well: list[Subject] = []
        for subject in subjects:
            try:
                decided = _settle(session, known, subject)
                said += decided.said
                self.counts.failed += decided.failed
                well.append(subject)
            except PASSING:
                raise
            except Exception:
                # A fault in one person's rows must not stop the judging of everybody else.
                log.exception("subject could not be judged", extra={"subject": subject.number})
                said.append(self._set_aside(subject, now))
        settled = perf_counter()
        judgements.keep(session, said, now)
        judgements.forget_faults(session, well)
        self.counts.judged += len(subjects)
        self.counts.read_seconds += read - began
        self.counts.settle_seconds += settled - read
        self.counts.keep_seconds += perf_counter() - settled

    def _read(self, session: Session, subjects: Sequence[Subject], now: datetime) -> AtHand | None:
        """All that is needed to judge; None where that failed, and these were judged by halves instead."""
        try:
            with session.begin_nested():
                return at_hand.read(session, self._watches, subjects, now)
        except PASSING:
            raise
        except Exception:
            # What can't be read is found by halving: everybody else is judged as ever.
            if len(subjects) == 1:
                log.exception("subject could not be read", extra={"subject": subjects[0].number})
                judgements.keep(session, [self._set_aside(subjects[0], now)], now)
            else:
                middle = len(subjects) // 2
                self.judge(session, subjects[:middle], now)
                self.judge(session, subjects[middle:], now)
        return None

    def _set_aside(self, subject: Subject, now: datetime) -> Said:
        self.counts.failed += 1
        return Said(subject, judgements.WHOLE, Standing.UNKNOWN, FAULT, now + AFTER_FAULT)


def _settle(session: Session, known: AtHand, subject: Subject) -> Decided:
    decided = decide(known, subject)
    if decided.planned or decided.noticed or decided.cleared:
        with session.begin_nested():
            _act(session, known, subject, decided)
    return decided


def decide(known: AtHand, subject: Subject) -> Decided:
    """Hold every rule against what is known of `subject`; nothing is written."""
    decided = Decided()
    watched: dict[str, list[Watch]] = {}
    for watch in known.watches.get(subject, []):
        off = _off_words(known, subject, watch)
        if off is not None:
            decided.said.append(Said(subject, watch.rule.key, Standing.OFF, off, None))
        else:
            watched.setdefault(watch.rule.key, []).append(watch)
    for watches in watched.values():
        _hold(known, subject, watches, decided)
    for kind in known.dangers.get(subject, ()):
        answered = any(_answers(each.rule, kind) for watches in watched.values() for each in watches)
        if not answered and (subject, kind) in known.tracks:
            _hold_safety(known, subject, kind, decided)
    _believe(known, subject, decided)
    for each in known.noticed.get(subject, []):
        _notice(known, subject, each, decided)
    _end_what_is_over(known, subject, decided)
    return decided


def _off_words(known: AtHand, subject: Subject, watch: Watch) -> str | None:
    """Why nobody is watching by this rule; None where it is judged."""
    if is_off(watch, known.switched):
        return OFF
    return scores.off_words(watch.needs, known.scored.get(subject))


def _hold(known: AtHand, subject: Subject, watches: Sequence[Watch], decided: Decided) -> None:
    """Hold one rule, as the plans of one household may set it differently: the worst verdict counts."""
    each: list[tuple[Watch, Judged]] = []
    for watch in watches:
        tracks = known.tracks_for(watch.needs, subject)
        settled = _settled(known, subject, watch.rule)
        each.append((watch, _judged(known, subject, watch.rule, tracks, watch.since, decided, settled)))
    judged = worst([one for _, one in each])
    if isinstance(judged.verdict, Nothing) and resting.may_rest(known, subject, watches[0].rule):
        judged = _still_shown(known, subject, watches, decided) or judged
    elif isinstance(judged.verdict, Finding):
        watch = next(watch for watch, one in each if one.verdict is judged.verdict)
        rests_until = resting.until(known, subject, watch.rule, judged.verdict)
        if rests_until is None:
            told = _explained(known, subject, judged.verdict)
            decided.planned.append((watch, marked(told, known.tracks_for(watch.needs, subject))))
        else:
            judged = Judged(judged.verdict, min(filter(None, (judged.judge_at, rests_until))))
    decided.said.append(judgements.said(subject, watches[0].rule.key, judged))
    if isinstance(judged.verdict, Nothing) and judged.verdict.cleared:
        alert = known.open.get(subject, {}).get(watches[0].rule.key)
        if alert is not None:
            decided.cleared.append((alert, judged.verdict.words or "Readings are back within the limits."))


def _explained(known: AtHand, subject: Subject, finding: Finding) -> Finding:
    whose = known.whose(subject, finding.kind)
    return made.explained(finding, known.tracks, subject, whose, known.scored.get(subject))


def _still_shown(
    known: AtHand, subject: Subject, watches: Sequence[Watch], decided: Decided
) -> Judged | None:
    """The finding of all readings, also those that were dealt with; None where they show nothing.

    That nothing is new since it was dealt with is not yet that it was well: that alone would end the rest.
    """
    judged = worst(
        [
            _judged(
                known, subject, each.rule, known.tracks_for(each.needs, subject), each.since, decided, None
            )
            for each in watches
        ]
    )
    return judged if isinstance(judged.verdict, Finding) else None


def _hold_safety(known: AtHand, subject: Subject, kind: str, decided: Decided) -> None:
    """Life-safety pages plan or no plan, whether the kit was given to a person or to a home (H1)."""
    rule = SAFETY[kind]
    settled = _settled(known, subject, rule)
    judged = _judged(known, subject, rule, {kind: known.tracks[subject, kind]}, None, decided, settled)
    decided.said.append(judgements.said(subject, rule.key, judged))
    if isinstance(judged.verdict, Finding):
        found = marked(judged.verdict, {kind: known.tracks[subject, kind]})
        decided.noticed.append(
            Noticed(subject, rule.key, rule.name, rule.class_, found, ANSWER_DANGER, ALWAYS)
        )


def _judged(
    known: AtHand,
    subject: Subject,
    rule: Rule,
    tracks: Mapping[str, Track],
    since: datetime | None,
    decided: Decided,
    settled: datetime | None,
) -> Judged:
    try:
        steps = settled is not None and rule.class_ is not Class.LIFE_SAFETY
        dealt = known.dealt_with.get((subject, rule.key)) if steps else None
        zone = known.zones.get(subject, UK)
        return judge(rule, tracks, known.now, since=since, settled=settled, dealt_with=dealt, zone=zone)
    except Exception:
        # A fault in one rule must not keep another from paging.
        log.exception("rule could not be judged", extra={"subject": subject.number, "rule": rule.key})
        decided.failed += 1
        return Judged(Unknown(FAULT), known.now + AFTER_FAULT)


def _settled(known: AtHand, subject: Subject, rule: Rule) -> datetime | None:
    """Until when what was measured was dealt with: a press is dealt with once, whichever rule raised it."""
    until = [known.settled.get((subject, rule.key))]
    if rule.class_ is Class.LIFE_SAFETY:
        answered = {kind for kind in SAFETY if rule is SAFETY[kind] or _answers(rule, kind)}
        until += [known.settled.get((subject, SAFETY[kind].key)) for kind in answered]
        until += [
            at_hand.shown_until(alert.evidence)
            for alert in known.open.get(subject, {}).values()
            if alert.class_ is Class.LIFE_SAFETY and alert.kind in answered and alert.rule_key != rule.key
        ]
    return max((at for at in until if at is not None), default=None)


def _answers(rule: Rule, kind: str) -> bool:
    """Whether a plan's own rule raises life-safety for every event of `kind` that would page."""
    if rule.class_ is not Class.LIFE_SAFETY or rule.about.value != kinds.get(kind).about:
        return False
    whens = [step.when for step in rule.steps]
    alone = [part for when in whens for part in (when.of if isinstance(when, Any) else [when])]
    return any(isinstance(part, Event) and part.kind == kind and part.within >= DAY for part in alone)


def _believe(known: AtHand, subject: Subject, decided: Decided) -> None:
    """H3: a reading beyond absolute limits is a finding of its own, until a later one can be believed."""
    for code in known.doubted.get(subject, ()):
        track = known.tracks.get((subject, code))
        kind = kinds.get(code)
        verdict = disbelief(track, kind, known.now) if track else Nothing(cleared=False)
        settled = known.settled.get((subject, f"belief.{code}"))
        if isinstance(verdict, Finding):
            if settled is None or verdict.latest > settled:
                decided.noticed.append(
                    Noticed(
                        subject, f"belief.{code}", f"{kind.name} cannot be believed",
                        Class(kind.care_class), verdict, ASK_AGAIN, ALWAYS,
                    )
                )  # fmt: skip
        elif verdict.cleared:
            alert = known.open.get(subject, {}).get(f"belief.{code}")
            if alert is not None:
                decided.cleared.append((alert, "A reading that can be believed has come."))


def _notice(known: AtHand, subject: Subject, each: Noticed, decided: Decided) -> None:
    """Raise it, unless it was dealt with and has not begun again or gone on for too long since."""
    settled = known.settled.get((subject, each.rule_key))
    fresh = each.began is not None and settled is not None and each.began > settled
    if settled is not None and not fresh and known.now - settled < each.again_after:
        again = Said(subject, each.rule_key, Standing.FINDING, each.finding.words, settled + each.again_after)
        decided.said.append(again)
    else:
        decided.noticed.append(each)


def _end_what_is_over(known: AtHand, subject: Subject, decided: Decided) -> None:
    """Silence, empty batteries and whose a reading is end when they are no longer noticed."""
    still = {each.rule_key for each in known.noticed.get(subject, [])}
    for rule_key, alert in known.open.get(subject, {}).items():
        words = noticed.words_of_end(rule_key)
        if words is not None and rule_key not in still and alert.cleared_at is None:
            decided.cleared.append((alert, words))


def _act(session: Session, known: AtHand, subject: Subject, decided: Decided) -> None:
    for watch, finding in decided.planned:
        alerts.raise_(session, _planned(subject, watch, finding), known.now)
    for each in decided.noticed:
        ladder = care_team_ladder.of(session, subject, each.class_, known.now)
        alerts.raise_(session, _unplanned(subject, each, ladder), known.now)
    for alert, words in decided.cleared:
        alerts.clear(session, alert, words, known.now)


def _planned(subject: Subject, watch: Watch, finding: Finding) -> Raised:
    return Raised(
        subject=subject,
        class_=watch.rule.class_,
        rule_key=watch.rule.key,
        name=watch.rule.name,
        finding=finding,
        ladder=ladders.from_document(watch.ladder),
        rule=watch.document,
        what_should_happen=watch.what_should_happen,
        goal_key=watch.goal_key,
        goal_text=watch.goal_text,
        pathway=watch.pathway,
        version_id=watch.version_id,
        pages_within=watch.rule.pages_within,
        follow_up=_asked(watch, finding),
        copied=finding.copied,
    )


def _asked(watch: Watch, finding: Finding) -> AskedFollowUp | None:
    """The follow-up that the contingency asks for, if the finding is bad enough for it."""
    asked = watch.follow_up
    if asked is None or finding.severity.rank < Severity(asked["from_severity"]).rank:
        return None
    return AskedFollowUp(FollowUpKind(asked["kind"]), asked["text"], asked["team_id"], asked["due_in"])


def _unplanned(subject: Subject, each: Noticed, ladder: Ladder) -> Raised:
    safety = SAFETY.get(each.finding.kind) if each.rule_key.startswith("safety.") else None
    return Raised(
        subject=subject,
        class_=each.class_,
        rule_key=each.rule_key,
        name=each.name,
        finding=each.finding,
        ladder=ladder,
        rule=to_document(safety) if safety else {},
        what_should_happen=each.what_should_happen,
        device_id=each.device_id,
        copied=each.finding.copied,
    )
