"""Which material may belong where."""

import pytest

from services.training.materials.rules import Licence, MaterialUse, licence_errors, reusable_modules


@pytest.mark.parametrize(
    ("use", "of_test", "wrong"),
    [
        (MaterialUse.TEST_ONLY, [True, True], []),
        (MaterialUse.TEST_ONLY, [True, False, False], [1, 2]),
        (MaterialUse.REUSABLE, [True, False], []),
    ],
)
def test_what_is_for_the_test_alone_stays_out_of_reusable_modules_source_002(
    use: MaterialUse, of_test: list[bool], wrong: list[int]
) -> None:
    assert reusable_modules(use, of_test) == wrong


def test_a_material_has_one_licence() -> None:
    assert licence_errors(None, None) == [("licence_spdx", "missing")]
    assert licence_errors(Licence.CC0, "Własna") == [("licence_name", "not_allowed")]
    assert licence_errors(Licence.CC0, None) == licence_errors(None, "Własna") == []
