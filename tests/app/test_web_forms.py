"""Forms of the pages: what is wrong is said with what its field is called."""

from app.web.forms import Form
from tests.app.conftest import ClientAs
from tests.app.reading import text_of
from tests.cast import Cast


def test_a_problem_is_said_with_what_its_field_is_called() -> None:
    form = Form(
        errors={"name": "This is needed.", "worry": "This is needed.", "": "Somebody was faster."},
        labels={"name": "Name (optional)", "worry": "What worries you?"},
    )
    assert form.problems == (
        ("name", "Name: this is needed."),
        ("worry", "What worries you? This is needed."),
        ("", "Somebody was faster."),
    )


def test_the_summary_names_the_fields_though_it_stands_before_them(cast: Cast, client_as: ClientAs) -> None:
    answer = client_as(cast.cora).post(f"/people/{cast.ada.uuid}/concern", data={})
    assert answer.status_code == 422
    said = text_of(answer, "li")
    assert "What worries you? This is needed." in said
    assert "This is needed." not in said
