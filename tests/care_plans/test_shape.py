from care_plans.models.work import FollowUpKind as Made
from care_plans.pathways import reading
from care_plans.pathways.shape import FollowUpKind, Role, Sector, Team
from people.models import agencies


def test_sectors_roles_and_kinds_are_the_words_of_the_tables() -> None:
    assert set(Sector) == set(agencies.Sector)
    assert {role.value for role in Role} - {Role.FAMILY} == {role.value for role in agencies.TeamRole}
    assert set(FollowUpKind) == set(Made)


def test_a_pathway_names_every_team_it_needs_but_not_the_family() -> None:
    teams = reading.get("frailty_falls").teams
    assert Team(Sector.HEALTH, Role.COMMUNITY_NURSING) in teams
    assert Team(Sector.SOCIAL_CARE, Role.SOCIAL_WORK) in teams
    assert Role.FAMILY not in {team.role for team in teams}


def test_a_pathway_gives_its_goals_need_by_need() -> None:
    assert [goal.key for goal in reading.get("frailty_falls").goals] == ["help_comes", "steady", "noticed"]
