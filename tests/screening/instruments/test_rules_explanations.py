"""Explanations: sentences that a teacher understands, in both languages."""

from services.screening.instruments.rules.explanations import explain, trace
from services.screening.instruments.rules.norms import NormDocument, compile_norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.scoring import score
from tests.screening.instruments import published
from tests.screening.instruments.test_rules_definitions import SHIPPED, plan

NORMS = compile_norms(
    NormDocument.model_validate_json((SHIPPED / "demo_1_norms.json").read_text(encoding="utf-8")), "DEMO-2026"
)
ANSWERS = {"Y_TALK1": "not_yet", "Y_TALK2": "not_yet", "Y_TALK3": "not_observed", "Y_LOSS": "yes"}
CHILD = Child(20, "female", "parent")


def test_a_result_is_explained_from_scales_to_the_whole_in_polish_and_english() -> None:
    result = score(plan(), "YOUNGER", ANSWERS, CHILD, NORMS)
    polish, english = explain(plan(), result, "pl", NORMS), explain(plan(), result, "en", NORMS)
    assert len(polish) == len(english)
    start = polish.index("Porozumiewanie się: wynik 6.")
    assert polish[start + 1] == "Odpowiedziano na 2 z 3 pytań; brakującą część oszacowano z pozostałych."
    assert "(normy: DEMO-2026)" in polish[start + 2]
    assert polish[start + 4] == "To przedział „warto sprawdzić dokładniej”."
    assert "Movement and hands: there is no score, because too little was answered (0 of 4)." in english
    assert "Uwaga, ważna odpowiedź: dziecko przestało robić coś, co już umiało" in polish
    assert english[-3:] == [
        "Altogether: the result calls for attention and a closer look.",
        "Suggestion: arrange a talk with a specialist",
        "A person decides what follows. This is a screening, not a diagnosis.",
    ]


def test_an_explanation_of_an_instrument_without_texts_names_codes_only() -> None:
    document = published.phq_9()
    document["critical_items"][0]["text"] = published.words("secret wording")
    made = published.plan_of(document)
    calm = dict.fromkeys(made.forms["F"].positions, "1")
    told = " ".join(explain(made, score(made, "F", calm, CHILD, None), "en"))
    assert "Please note an important answer: PHQ9_09" in told
    assert "secret" not in told


def test_the_trace_leads_from_answers_to_points_and_from_scales_to_scales() -> None:
    found = trace(plan(), "YOUNGER", ANSWERS)
    assert found["COMMUNICATION"] == [
        {"item": "Y_TALK1", "value": 2.0, "points": 2.0},
        {"item": "Y_TALK2", "value": 2.0, "points": 2.0},
        {"item": "Y_TALK3", "value": None, "points": None},
    ]
    assert {"scale": "COMMUNICATION"} in found["TOTAL"]
    reversed_ = trace(published.plan_of(published.sdq()), "F", {"SDQ_07": "2"})
    assert {"item": "SDQ_07", "value": 2.0, "points": 0.0} in reversed_["C"]
