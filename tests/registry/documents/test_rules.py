"""What a version of a document can show."""

from datetime import date

import pytest

from services.registry.documents.rules import DocumentKind, Evidence, evidence_error, owner_errors

DAY = date(2025, 3, 20)
DIAGNOSIS = Evidence(("site_id", "s"), DocumentKind.LOCAL_DIAGNOSIS, DAY)


@pytest.mark.parametrize(
    ("evidence", "step", "error"),
    [
        (DIAGNOSIS, "diagnosis", None),
        (DIAGNOSIS, "testing", None),
        (DIAGNOSIS, "evaluation", "wrong_document_kind"),
        (DIAGNOSIS._replace(adopted_on=date(2025, 3, 21)), "diagnosis", "not_adopted"),
        (DIAGNOSIS._replace(adopted_on=None), "diagnosis", "not_adopted"),
        (DIAGNOSIS._replace(owner=("site_id", "other")), "diagnosis", "of_another_owner"),
        (DIAGNOSIS._replace(owner=("body_id", "s")), "diagnosis", "of_another_owner"),
        (DIAGNOSIS._replace(owner=("programme_code", "TMW")), "diagnosis", None),
    ],
)
def test_a_step_is_shown_by_an_adopted_document_of_its_own_site_or_programme(
    evidence: Evidence, step: str, error: str | None
) -> None:
    assert evidence_error(evidence, {"site_id": "s", "programme_code": "TMW"}, step, DAY) == error


def test_a_document_is_of_one_programme_site_or_body() -> None:
    nobody = {"programme_code": None, "site_id": None, "body_id": None}
    assert owner_errors(nobody) == [("programme_code", "missing")]
    assert owner_errors(nobody | {"body_id": "b"}) == []
    assert owner_errors(nobody | {"site_id": "s", "body_id": "b"}) == [("body_id", "not_allowed")]
