"""What a diagnosis says in numbers, computed by hand, and what cannot be in one."""

from decimal import Decimal
from typing import Any

import pytest

from services.training.diagnoses.rules.content import DiagnosisContent, Section, content_errors, missing_sections
from services.training.diagnoses.rules.figures import figures_of
from tests.training.diagnoses.made import content

CAUSES = {"equipment": 4, "internet": 0, "poverty": 0, "disability": 0}
PEOPLE: dict[str, Any] = {"people": 10, "excluded": 4, "causes": CAUSES}


def test_figures_follow_from_the_sections() -> None:
    figures = figures_of(DiagnosisContent.model_validate(content()))
    # 120 + 60 laptops work for 900 pupils; of 220 devices 20 do not; 4 of 6 schools have broadband.
    assert (figures.devices, figures.devices_for_pupils) == (220, 180)
    assert figures.devices_per_pupil == Decimal("0.20")
    assert figures.pupils_per_device == Decimal("5.00")
    assert figures.unusable_devices_percent == Decimal("9.09")
    assert figures.broadband_percent == Decimal("66.67")
    assert figures.competent_teachers_percent == Decimal("60.00")
    assert figures.exclusion_of_children is not None
    assert figures.exclusion_of_children.excluded_percent == Decimal("15.00")
    assert figures.exclusion_of_children.causes_percent.equipment == Decimal("66.67")
    assert figures.exclusion_of_parents is not None
    assert figures.exclusion_of_parents.excluded_percent == Decimal("20.00")


def test_nothing_is_computed_of_sections_that_are_not_there() -> None:
    empty = DiagnosisContent()
    assert {*figures_of(empty).model_dump(exclude={"devices", "devices_for_pupils"}).values()} == {None}
    assert missing_sections(empty) == [*Section]


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"equipment": [{"kind": "tablet", "good": 1, "worn": 0, "unusable": 0}] * 2}, ("equipment", "repeated")),
        (
            {"it_staff": {"people": 1, "hours_a_week": 8, "people_with_qualification": 2}},
            ("it_staff/people_with_qualification", "too_many"),
        ),
        (
            {"competences": {"heads": {"assessed": 1, "sufficient": 2}}},
            ("competences/heads/sufficient", "too_many"),
        ),
        (
            {"digital_exclusion": {"pupils": PEOPLE | {"people": 3}}},
            ("digital_exclusion/pupils/excluded", "too_many"),
        ),
        (
            {"digital_exclusion": {"pupils": PEOPLE | {"causes": dict.fromkeys(CAUSES, 0)}}},
            ("digital_exclusion/pupils/causes", "too_few"),
        ),
        (
            {"digital_exclusion": {"parents": PEOPLE | {"causes": CAUSES | {"poverty": 5}}}},
            ("digital_exclusion/parents/causes/poverty", "too_many"),
        ),
    ],
)
def test_what_cannot_be_is_named(facts: dict[str, Any], wrong: tuple[str, str]) -> None:
    assert content_errors(DiagnosisContent.model_validate(facts)) == [wrong]
