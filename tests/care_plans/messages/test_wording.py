"""What messages say."""

from datetime import UTC, datetime, timedelta

from care_plans.messages import wording
from care_plans.messages.wording import About
from care_plans.severity import Class, Severity

ADA = About("A.M.", "Westmere", "Europe/London")
SUMMER = datetime(2026, 7, 5, 6, 46, tzinfo=UTC)


def said(began_at: datetime = SUMMER, reached_at: datetime = SUMMER, *, unconfirmed: bool = False) -> str:
    return wording.alert(
        Severity.RED,
        Class.LIFE_SAFETY,
        ADA,
        why="You are asked as step 1: Coordinators.",
        began_at=began_at,
        reached_at=reached_at,
        unconfirmed=unconfirmed,
    ).body


def test_a_message_says_how_bad_what_kind_where_since_when_and_why_it_comes_here() -> None:
    assert said().splitlines() == [
        "Red alert, life-safety, for A.M., Westmere.",
        "It began Sunday 5 July, 07:46.",
        "You are asked as step 1: Coordinators.",
        "Open Hearthline to see it and to say that you have it. Replying to this message does nothing.",
    ]


def test_what_came_late_says_both_times() -> None:
    late = said(reached_at=SUMMER + timedelta(minutes=42))
    assert "It began Sunday 5 July, 07:46 and reached us Sunday 5 July, 08:28." in late


def test_a_few_minutes_are_not_late() -> None:
    assert "reached us" not in said(reached_at=SUMMER + timedelta(minutes=9))


def test_what_is_not_confirmed_says_so() -> None:
    assert "Not confirmed" in said(unconfirmed=True)
    assert "Not confirmed" not in said()


def test_a_person_is_initials_and_area() -> None:
    assert wording.initials("Ada", "Marsh") == "A.M."
    assert wording.initials("Örjan", "", "3") == "Ö."
    assert About("A.M.", None, "Europe/London").words == "A.M."


def test_a_follow_up_says_what_and_when_it_was_due() -> None:
    words = wording.follow_up("visit", ADA, why="missed", due_at=SUMMER)
    assert words.subject == "Visit for A.M., Westmere: missed"
    assert words.body.startswith("Visit for A.M., Westmere, due Sunday 5 July, 07:46: missed.")


def test_a_copy_of_a_call_says_whom_else_was_called() -> None:
    copy = "A copy: Westmere Careline was called by the unit and answers; we follow up."
    read = wording.alert(
        Severity.RED,
        Class.LIFE_SAFETY,
        ADA,
        why="You are asked.",
        began_at=SUMMER,
        reached_at=SUMMER,
        copy=copy,
    )
    heard = wording.spoken(
        Severity.RED,
        Class.LIFE_SAFETY,
        ADA,
        why="You are called.",
        began_at=SUMMER,
        ask="Press 1.",
        copy=copy,
    )
    assert copy in read.body
    assert copy in heard.body
