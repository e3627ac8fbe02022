import tomllib

from tests.house.source import ROOT

PURE = (
    "app.auditing.standing",
    "people.access",
    "people.forms.answering",
    "people.forms.conditions",
    "people.forms.scoring",
    "people.forms.shape",
    "people.matching",
    "people.nicknames",
    "devices.believed",
    "devices.broker_rules",
    "devices.enrolment",
    "devices.jumps",
    "devices.kinds",
    "devices.topics",
    "devices.formats",
    "devices.decode",
    "devices.edges",
    "devices.fast_topics",
    "devices.hearing",
    "devices.silent_after",
    "devices.stretches",
    "devices.used",
    "devices.simulator.encoders",
    "devices.simulator.packets",
    "devices.simulator.physiology",
    "devices.simulator.scenarios",
    "devices.simulator.session",
    "care_plans.judging.copies",
    "care_plans.judging.damp",
    "care_plans.judging.dangers",
    "care_plans.judging.home_pressure",
    "care_plans.judging.outages",
    "care_plans.judging.possible",
    "care_plans.judging.replay",
    "care_plans.judging.rules",
    "care_plans.judging.scores",
    "care_plans.judging.baselines",
    "care_plans.alerts.copies",
    "care_plans.alerts.ladder",
    "care_plans.calendars.lines",
    "care_plans.calendars.reading",
    "care_plans.calendars.writing",
    "care_plans.messages.bundling",
    "care_plans.messages.telling",
    "care_plans.plan.contradictions",
    "care_plans.plan.merging",
    "care_plans.plan.phrases",
    "care_plans.plan.workflow",
    "care_plans.work.hazard_clocks",
    "care_plans.work.calendar_rule",
    "care_plans.work.calendar_words",
    "care_plans.work.recurrence",
    "care_plans.work.clocks",
    "care_plans.protecting.deadlines",
    "care_plans.reached",
    "care_plans.referral_states",
    "care_plans.referrals.clocks",
    "care_plans.referrals.moves",
    "care_plans.ringing.procedure",
    "care_plans.rotas.documents",
    "care_plans.rotas.duty",
    "outcomes.measures",
    "outcomes.occasions",
    "outcomes.reckoning",
    "outcomes.spc",
    "outcomes.weeks",
    "outcomes.wording",
    "outcomes.comparisons",
    "outcomes.benefits",
    "outcomes.simulate",
)


def exists(module: str) -> bool:
    path = ROOT / module.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_every_decision_module_stands_in_the_contract_that_keeps_it_pure() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = [contract for contract in contracts if contract["name"].startswith("decisions are pure")]
    assert {module for module in PURE if exists(module)} == set(pure["source_modules"])
