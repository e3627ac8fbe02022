"""The pages about who decides, what may watch, and who is let in."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from devices import assignments
from people import accounts, agreements, authority, deciding, proxies
from people.models.authority import Capacity
from people.watching import Watched
from tests.agreeing import agree, assessed, attorney, decided, said
from tests.app.conftest import ClientAs
from tests.app.reading import h1
from tests.cast import Cast
from tests.devices import kit


def path(cast: Cast, rest: str = "") -> str:
    return f"/people/{cast.ada.uuid}/authority{rest}"


def form(watched: Watched, now: datetime) -> dict[str, str]:
    return {name: str(value) for name, value in said(watched, now).items()}


def test_the_page_says_who_decides_and_what_may_watch(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    client = client_as(cast.sol)
    empty = client.get(path(cast)).text
    for words in ("Capacity and agreements", "None on record", "Kit that watches"):
        assert words in empty, words
    decided(session, cast.ada, by=cast.sol, now=now)
    attorney(session, cast.ada, by=cast.sol, now=now)
    agree(session, cast.ada, Watched.DOORS, by=cast.sol, now=now)
    session.flush()
    answer = client.get(path(cast))
    assert h1(answer) == "Capacity and agreements"
    for words in (
        "Doors",
        "Could restrict",
        "Beth Marsh",
        "Whether door sensors",
        "A neighbour",
        "Stop watching",
    ):
        assert words in answer.text, words


def test_an_agency_that_sees_less_sees_that_it_is_there_and_not_what_it_says(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    decided(session, cast.ada, by=cast.sol, now=now)
    agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now)
    session.flush()
    text = client_as(cast.hana).get(path(cast)).text
    for words in ("An assessment about one decision", "A best-interests decision", "Movement"):
        assert words in text, words
    for words in ("could not hold on", "Beth would rather", "if I do not get up"):
        assert words not in text, words


def test_an_assessment_is_recorded_with_what_is_wrong_at_its_field(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    client = client_as(cast.sol)
    assert client.get(path(cast, "/capacity")).status_code == 200
    given = {"decision": "Moving house", "assessed_on": now.date().isoformat(), "outcome": "lacks_capacity"}
    refused = client.post(path(cast, "/capacity"), data=given)
    assert refused.status_code == 422
    assert 'href="#support"' in refused.text
    assert "Moving house" in refused.text
    whole = given | {"assessed_by": "Sol", "support": "Pictures", "reasons": "She could not weigh it"}
    assert client.post(path(cast, "/capacity"), data=whole).status_code == 303
    assert [each.outcome for each in deciding.list_assessments(session, cast.ada)] == [Capacity.LACKS]


def test_a_best_interests_decision_names_its_assessment(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    found = assessed(session, cast.ada, by=cast.sol, now=now)
    client = client_as(cast.sol)
    assert "Whether door sensors" in client.get(path(cast, "/best-interests")).text
    given = {
        "decision": "Doors", "asked": "Beth", "wishes": "Home", "options": "None", "less_intrusive": "A call",
        "objections": "none", "decided": "A sensor", "decided_by": "Sol",
        "decided_on": now.date().isoformat(),
        "review_on": (now + timedelta(days=30)).date().isoformat(),
    }  # fmt: skip
    refused = client.post(path(cast, "/best-interests"), data=given)
    assert refused.status_code == 422
    assert 'href="#assessment_id"' in refused.text
    whole = given | {"assessment_id": str(found.uuid)}
    assert client.post(path(cast, "/best-interests"), data=whole).status_code == 303
    assert len(deciding.list_decisions(session, cast.ada)) == 1


def test_an_attorney_is_recorded_verified_and_withdrawn(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    client = client_as(cast.sol)
    assert client.post(path(cast, "/attorneys"), data={"name": "Beth"}).status_code == 422
    given = {"kind": "attorney_health_and_welfare", "name": "Beth Marsh"}
    assert client.post(path(cast, "/attorneys"), data=given).status_code == 303
    [row] = authority.listing(session, cast.ada)
    assert "counts for nothing yet" in client.get(path(cast)).text
    verify = path(cast, f"/attorneys/{row.uuid}/verify")
    assert client.get(verify).status_code == 200
    assert client.post(verify, data={"how": "Saw the original"}).status_code == 303
    session.refresh(row)
    assert row.verified_on == now.date()
    withdraw = path(cast, f"/attorneys/{row.uuid}/withdraw")
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, data={"why": "Revoked"}).status_code == 303


def test_kit_that_watches_leads_to_the_agreement_and_then_can_be_given(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    device = kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03")
    client = client_as(cast.cora)
    given = {"subject": f"person:{cast.ada.uuid}", "start": f"{now:%Y-%m-%dT%H:%M}"}
    refused = client.post(f"/kit/{device.uuid}/assign", data=given)
    assert refused.status_code == 409
    assert f'href="/people/{cast.ada.uuid}/authority/agreements"' in refused.text
    assert client.get(path(cast, "/agreements")).status_code == 200
    wrong = client.post(path(cast, "/agreements"), data=form(Watched.MOVEMENT, now) | {"objections": ""})
    assert wrong.status_code == 422
    assert client.post(path(cast, "/agreements"), data=form(Watched.MOVEMENT, now)).status_code == 303
    assert client.post(f"/kit/{device.uuid}/assign", data=given).status_code == 303
    assert assignments.find(session, device.id, now) is not None


def test_what_can_restrict_somebody_says_what_is_missing(
    cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    bare = form(Watched.MOVEMENT, now) | {"watched": "doors"}
    answer = client_as(cast.sol).post(path(cast, "/agreements"), data=bare)
    assert answer.status_code == 422
    for field in ("reviewed_by", "reviewed_on", "expires_on"):
        assert f'href="#{field}"' in answer.text


def test_stopping_ends_the_kit_at_once(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    [row] = agree(session, cast.ada, Watched.MOVEMENT, by=cast.sol, now=now - timedelta(days=1))
    device = kit.device(session, "motion-1", name="Motion, hall", model="SNZB-03")
    kit.give(session, device, home_id=cast.ada_home.id)
    session.flush()
    client, end = client_as(cast.dev), path(cast, f"/agreements/{row.uuid}/end")
    assert "Pendants, smoke" in client.get(end).text
    assert client.post(end, data={"said_by": "Ada"}).status_code == 422
    assert client.post(end, data={"said_by": "Ada", "why": "I feel watched"}).status_code == 303
    assert assignments.find(session, device.id, now) is None
    assert agreements.in_force(session, [cast.ada.id], now + timedelta(seconds=1))[cast.ada.id] == frozenset()


def test_a_volunteer_opens_none_of_it(cast: Cast, client_as: ClientAs) -> None:
    assert client_as(cast.vi).get(path(cast)).status_code == 403


def test_somebody_is_let_in_restricted_shown_again_and_ended(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    client, here = client_as(cast.sol), f"/people/{cast.ada.uuid}/proxies"
    assert "Nobody. Somebody is let in" in client.get(here).text
    assert "Seen alone" in client.get(f"{here}/new").text
    given = {
        "name": "Beth Marsh", "email": "beth@example.org", "relation": "daughter",
        "classes": ["plan", "vitals"],
        "seen_alone_on": now.date().isoformat(), "seen_alone_by": "Sol", "seen_alone_where": "At home",
        "said": "Beth may", "expires_on": (now + timedelta(days=90)).date().isoformat(),
    }  # fmt: skip
    refused = client.post(f"{here}/new", data=given | {"seen_alone_on": ""})
    assert refused.status_code == 422
    assert 'href="#seen_alone_on"' in refused.text
    assert client.post(f"{here}/new", data=given).status_code == 303
    [row] = proxies.listing(session, cast.ada, now)
    letter = client.post(f"{here}/{row.proxy.uuid}/code")
    assert letter.status_code == 200
    assert "shown this once" in letter.text
    assert client.get(f"{here}/{row.proxy.uuid}/restrict").status_code == 200
    assert client.post(f"{here}/{row.proxy.uuid}/restrict", data={"why": "Afraid"}).status_code == 303
    assert "Afraid" in client.get(here).text
    assert "Afraid" not in client_as(cast.hana).get(here).text
    assert client.post(f"{here}/{row.proxy.uuid}/unrestrict").status_code == 303
    assert client.get(f"{here}/{row.proxy.uuid}/end").status_code == 200
    assert client.post(f"{here}/{row.proxy.uuid}/end", data={"said_by": "Ada", "why": "x"}).status_code == 303
    assert "Has ended" in client.get(here).text


def test_the_person_gets_a_sign_in_and_later_a_new_code(
    session: Session, cast: Cast, client_as: ClientAs, now: datetime
) -> None:
    client, here = client_as(cast.sol), f"/people/{cast.ada.uuid}/account"
    assert client.get(here).status_code == 200
    assert client.post(here, data={"email": "nonsense"}).status_code == 422
    assert "Code" in client.post(here, data={"email": "ada@example.org"}).text
    own = accounts.find_own(session, cast.ada.id)
    assert own is not None
    first = own.code_hash
    client.post(here)
    session.refresh(own)
    assert own.code_hash != first
