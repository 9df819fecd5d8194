"""FHIR R4: every Questionnaire is valid, and its items come back as they went."""

import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.screening.fhir_questionnaires.rules.questionnaires import Version, items_of, questionnaire_of
from services.screening.instruments.rules.definitions import Definition
from tests.screening.instruments import published
from tests.screening.instruments.generated import instruments
from tests.screening.instruments.published_functioning import cfm_2_4, cfm_5_17
from tests.screening.instruments.test_endpoints import CANARY, licensed

SHIPPED = sorted((Path(__file__).parents[3] / "services/screening/migrations/shipped").glob("*[0-9].json"))
WITHOUT_ITEMS: list[dict[str, Any]] = [
    published.phq_9(),
    published.psc_17(),
    published.mchat_r(),
    published.sdq(),
    cfm_2_4({"less": 2.0, "the_same": 3.0, "more": 4.0, "a_lot_more": 5.0}),
    cfm_5_17(),
]
DOCUMENTS: dict[str, dict[str, Any]] = {
    **{path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SHIPPED},
    **{document["title"]["en"]: document for document in WITHOUT_ITEMS},
}
"""Every shipped instrument, and the published rules that are tested without any item's text."""
VERSION = Version("01990000-0000-7000-8000-000000000001", "EXAMPLE", 1, "published")


def _kept(item: Any) -> dict[str, Any]:
    kept: dict[str, Any] = item.model_dump(mode="json")
    return kept


def _round_trip(definition: Definition) -> None:
    by_code = {item.code: item for item in definition.items}
    for number, form in enumerate(definition.forms):
        made = questionnaire_of(definition, number, VERSION)
        Questionnaire.model_validate(json.loads(json.dumps(made)))
        assert [_kept(item) for item in items_of(made)] == [_kept(by_code[code]) for code in form.items]


def test_every_shipped_instrument_is_looked_at() -> None:
    assert [path.stem for path in SHIPPED] == ["demo_1"]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_instrument_is_valid_r4_and_comes_back_as_it_went(name: str) -> None:
    _round_trip(Definition.model_validate(DOCUMENTS[name]))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_generated_instruments_without_text_are_valid_r4_and_come_back_as_they_went(data: st.DataObject) -> None:
    _round_trip(Definition.model_validate(data.draw(instruments())))


@pytest.mark.parametrize("words", [{"pl": "po polsku"}, {"en": "in English"}, {"pl": "1", "en": "1"}])
def test_a_text_in_one_language_stays_in_that_language(words: dict[str, str]) -> None:
    document = licensed()
    document["licence"]["items_redistributable"] = True
    document["items"][0]["text"] = words
    _round_trip(Definition.model_validate(document))


def test_text_that_may_not_be_passed_on_is_in_no_questionnaire() -> None:
    made = questionnaire_of(Definition.model_validate(licensed()), 0, VERSION)
    assert CANARY not in json.dumps(made, ensure_ascii=False)
