from care_plans.severity import Severity


def test_worse_ranks_higher() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == [
        Severity.WATCH,
        Severity.AMBER,
        Severity.RED,
    ]


def test_every_severity_has_a_rank_of_its_own() -> None:
    assert len({severity.rank for severity in Severity}) == len(Severity)
