"""A discharge that health starts: social care accepts, housing declines and then does, the plan moves on."""

from base64 import b64encode
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from tests.journeys.browser.conftest import DESK, Open
from tests.journeys.browser.place import Patient, Place
from tools.screenshots import ROOT

pytestmark = pytest.mark.browser

PICTURES = ROOT / "var" / "screenshots" / "story"
READING = "below 85 % twice"
SIDE_BY_SIDE = """
main { display: flex; gap: 16px; align-items: start; } figure { margin: 0; flex: 1; } img { width: 100%; }
figcaption { font: bold 20px sans-serif; padding: 8px; }
"""
SOCIAL, HOUSING = "Adult social work, Westmere Council", "Neighbourhood officers, Westmere Homes"


def photograph(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def side_by_side(page: Page, titles: Mapping[str, str], name: str) -> None:
    """Photographs already taken, by their names, each under its title, in one picture."""
    figures = "".join(
        f"<figure><figcaption>{title}</figcaption><img src='data:image/png;base64,{_coded(one)}'></figure>"
        for one, title in titles.items()
    )
    page.set_viewport_size({"width": 640 * len(titles), "height": 800})
    page.set_content(f"<style>{SIDE_BY_SIDE}</style><main>{figures}</main>", wait_until="load")
    photograph(page, name)


def _coded(name: str) -> str:
    return b64encode((PICTURES / f"{name}.png").read_bytes()).decode()


def refer(page: Page, patient: Patient, team: str, reason: str, *, about_home: str | None = None) -> str:
    """From the first action of the plan that can be asked of others; the address of the referral."""
    page.goto(f"/people/{patient.id}/plan")
    page.locator("#actions a", has_text="Refer").first.click()
    page.select_option("#team", label=team)
    page.get_by_role("button", name="Go on").click()
    page.fill("#reason", reason)
    page.get_by_label("Same day").check()
    if about_home:
        page.locator(f"input[name=about_home][value={about_home}]").check()
    photograph(page, f"refer-{team.split(',')[0].replace(' ', '-').lower()}")
    page.get_by_role("button", name="Send it").click()
    page.wait_for_url("**/referrals/*")
    page.get_by_text("Until they accept, your team keeps a follow-up").first.wait_for()
    return page.url


def accept(page: Page, address: str, patient: Patient) -> None:
    page.goto("/referrals")
    page.locator(f"a[href$='{address.rpartition('/')[2]}']").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith(patient.name)
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_text("Accepted: it is yours.").wait_for()


def test_a_discharge_goes_from_health_by_way_of_social_care_and_housing_to_a_reviewed_plan(
    place: Place, open_as: Open
) -> None:
    patient = place.new_patient("Discharge")
    place.ask(f"/people/{patient.id}/care-plans", {"pathway": "discharge_home", "agreed_with": "Ada"})
    dev, sol, hana = (open_as(name, DESK) for name in ("Dev", "Sol", "Hana"))

    # Health asks social care, which accepts: it sees the person from then on.
    to_social = refer(dev.page, patient, SOCIAL, "Help with washing and dressing for the first six weeks.")
    accept(sol.page, to_social, patient)
    assert sol.page.goto(f"/people/{patient.id}").status == 200  # type: ignore[union-attr]

    # Housing declines with a reason; asked again with the answer, it accepts.
    to_housing = refer(
        dev.page, patient, HOUSING, "A second rail on the stairs before she comes home.", about_home="no"
    )
    hana.page.goto(to_housing)
    photograph(hana.page, "housing-before-accepting")
    hana.page.locator("summary", has_text="Decline it").click()
    hana.page.select_option("#decline_reason", value="needs_more")
    hana.page.fill("#decline_words", "Is the wall by the stairs brick or board?")
    hana.page.get_by_role("button", name="Decline it").click()
    hana.page.get_by_text("Declined: they have been told.").first.wait_for()
    dev.page.goto(to_housing)
    dev.page.get_by_text("Is the wall by the stairs brick or board?").first.wait_for()
    photograph(dev.page, "health-sees-why-housing-declined")
    dev.page.get_by_role("link", name="Ask again").click()
    dev.page.fill("#background", "It is brick: the neighbour's rail is fixed to the same wall.")
    dev.page.locator("input[name=about_home][value=no]").check()
    dev.page.get_by_role("button", name="Send it").click()
    dev.page.wait_for_url("**/referrals/*")
    again = dev.page.url
    assert again != to_housing
    accept(hana.page, again, patient)

    # Both do it; health looks at the results.
    for who, address, found in (
        (sol, to_social, "Two calls a day, started."),
        (hana, again, "Rail fitted and tried."),
    ):
        who.page.goto(address)
        who.page.select_option("#result", value="helped")
        who.page.fill("#finish_note", found)
        who.page.get_by_role("button", name="Done", exact=True).click()
        who.page.get_by_text("Done: those who asked will look at it.").wait_for()
        dev.page.goto(address)
        assert found in dev.page.locator("textarea[readonly]").input_value()
        dev.page.get_by_role("button", name="We have looked at the result").click()
        dev.page.get_by_text("Result seen").first.wait_for()
    photograph(dev.page, "health-has-seen-the-result")

    # The plan's action counts as delivered. Health reviews the plan with her: a new version, in force.
    dev.page.goto(f"/people/{patient.id}/plan")
    assert dev.page.locator("#actions li", has_text="✓").count() >= 1
    before = len(place.ask(f"/people/{patient.id}/care-plans")["items"])
    review(dev.page, patient)
    versions = place.ask(f"/people/{patient.id}/care-plans")["items"]
    assert len(versions) == before + 1
    photograph(dev.page, "the-plan-reviewed")

    # She says that she has reached her goal; what was to be done for it is not done thereby.
    reach(dev.page, patient, "wash, dress and make my own tea")
    photograph(dev.page, "a-goal-reached")

    # One alert, as each agency sees it: the reading, or whom to look after where it is not shared.
    alert = place.red_alert(patient)
    told = {}
    for who, name in ((dev, "health"), (sol, "social-care"), (hana, "housing")):
        answer = who.page.goto(f"/alerts/{alert}")
        assert answer is not None
        assert answer.status == 200, name
        photograph(who.page, f"the-alert-seen-by-{name}")
        told[name] = who.page.locator("main").inner_text()
    assert READING in told["health"]
    assert READING in told["social-care"]
    assert READING not in told["housing"]
    assert f"Check on {patient.name}" in told["housing"]
    titles = {
        "the-alert-seen-by-health": "Dev, Westmere Health: in full",
        "the-alert-seen-by-social-care": "Sol, Westmere Council: in full",
        "the-alert-seen-by-housing": "Hana, Westmere Homes: check on the person",
    }
    side_by_side(dev.page.context.new_page(), titles, "the-alert-side-by-side")


def review(page: Page, patient: Patient) -> None:
    """Change the plan, write down who agreed, and publish it: by keys alone once the draft is open."""
    page.goto(f"/people/{patient.id}/plan")
    page.get_by_role("button", name="Change the plan").click()
    page.wait_for_url("**/plan/edit")
    page.get_by_role("link", name="Change who looks, review and funding").press("Enter")
    page.wait_for_url("**/edit/whole")
    page.fill("#watched", "Between 8 and 20 o'clock, by the community nurses.")
    page.get_by_role("button", name="Put it in the draft").press("Enter")
    page.wait_for_url("**/plan/edit**")
    page.locator("#agree input[name=who]").first.check()
    page.fill("#name", "Ada and her daughter Beth")
    page.get_by_role("button", name="Write down who agreed").press("Enter")
    page.get_by_text("✓ Agreed with").wait_for()
    photograph(page, "the-plan-agreed")
    page.get_by_role("button", name="Publish version").press("Enter")
    page.get_by_text("Published: it is in force now.").wait_for()
    page.get_by_text("Between 8 and 20 o'clock, by the community nurses.").first.wait_for()


def reach(page: Page, patient: Patient, goal: str) -> None:
    """Write down that a goal is reached, as the person says."""
    open_actions = page.locator("#actions select[name=status]").count()
    page.get_by_role("link", name="Say how it stands").and_(page.locator("a", has_text=goal)).click()
    page.get_by_label("Achieved", exact=True).check()
    page.fill("#words", "“I made the tea myself, and one for Beth.”")
    page.get_by_role("button", name="Save how it stands").click()
    page.get_by_text("It is written down how the goal stands.").wait_for()
    page.locator("#actions", has_text="I made the tea myself").first.wait_for()
    assert page.locator("#actions select[name=status]").count() == open_actions
    assert page.url.startswith(page.url.partition("/people/")[0] + f"/people/{patient.id}/plan")
