"""How a result is shown, without a database."""

import pytest

from services.screening.instruments.rules.outcomes import Informant
from services.screening.screening_results.rules.comparisons import INFORMANTS
from services.screening.screening_results.rules.pictures import Picture, chosen_picture


def test_every_informant_has_a_word_in_both_languages() -> None:
    assert {*INFORMANTS} == {*Informant}
    assert all(label.pl and label.en for label in INFORMANTS.values())


@pytest.mark.parametrize(
    ("accept", "picture"),
    [
        ("", Picture.VEGA_LITE),
        ("text/html,image/png;q=0.5", Picture.PNG),
        ("image/png;q=0, image/*", Picture.SVG),
    ],
)
def test_the_first_picture_that_is_accepted_is_drawn(accept: str, picture: Picture) -> None:
    assert chosen_picture(accept, None) is picture
    assert chosen_picture(accept, Picture.PNG) is Picture.PNG
