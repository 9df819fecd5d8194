"""How a result is shown, without a database."""

import pytest

from services.screening.instruments.rules.outcomes import Child, Informant
from services.screening.instruments.rules.scoring import score
from services.screening.screening_results.rules.comparisons import INFORMANTS
from services.screening.screening_results.rules.pictures import Picture, chosen_picture
from services.screening.screening_results.rules.profiles import Language, profile
from tests.screening.instruments import published


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


@pytest.mark.parametrize(("language", "said"), [("pl", "bez progu"), ("en", "no cut-off")])
def test_a_scale_without_cut_offs_is_drawn_as_one_that_judges_nothing(language: Language, said: str) -> None:
    document = published.psc_17()
    document["cut_offs"] = [one for one in document["cut_offs"] if one["scale"] != "T"]
    plan = published.plan_of(document)
    answers = dict.fromkeys(plan.forms["F"].positions, "0")
    result = score(plan, "F", answers, Child(60, "female", "parent"), None)
    drawn = profile(plan, result, plan.bands, language)
    told = {row["scale"]: row["outcome"] for row in drawn["data"]["values"]}
    assert [told[scale] == said for scale in ("I", "A", "E", "T")] == [False, False, False, True]
    legend = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert (len(legend["domain"]), len({*legend["domain"]}), len({*legend["range"]})) == (4, 4, 4)
