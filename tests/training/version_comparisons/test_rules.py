"""What differs between two versions, and how it is told."""

from typing import Any

from services.training.programme_versions.rules.content import (
    ModuleContent,
    OutcomeContent,
    TopicContent,
    VersionContent,
)
from services.training.version_comparisons.rules.differences import SETTINGS, differences
from services.training.version_comparisons.rules.sentences import FIELDS, sentence
from tests.training.programme_versions.asks import content, module, outcome, topic

Modules = list[dict[str, Any]]


def version(modules: Modules, **facts: Any) -> VersionContent:
    return VersionContent.model_validate(content() | {"modules": modules} | facts)


def told(before: Modules, after: Modules) -> list[tuple[str, str, str]]:
    return [(each.kind.value, each.part.value, each.code) for each in differences(version(before), version(after))]


def modules(*topics: list[str]) -> Modules:
    """Modules M1, M2, … with topics of these codes."""
    return [
        module(f"M{number}", topics=0, outcomes=[]) | {"topics": [topic(code) for code in codes]}
        for number, codes in enumerate(topics, 1)
    ]


def test_a_version_does_not_differ_from_itself() -> None:
    assert told(modules(["a", "b"], ["c"]), modules(["a", "b"], ["c"])) == []


def test_what_is_put_in_front_moves_nothing() -> None:
    assert told(modules(["a", "b"]), modules(["x", "a", "b"])) == [("added", "topic", "x")]
    first, second = modules(["a"], ["b"])
    assert told([second], [first, second]) == [("added", "module", "M1"), ("added", "topic", "a")]


def test_one_that_changes_places_moves_and_the_others_stay() -> None:
    assert told(modules(["a", "b", "c", "d"]), modules(["b", "c", "d", "a"])) == [("moved", "topic", "a")]
    one, two, three = modules([], [], [])
    assert told([one, two, three], [three, one, two]) == [("moved", "module", "M3")]


def test_a_topic_of_another_module_has_moved_there() -> None:
    found = differences(version(modules(["a", "b"], ["c"])), version(modules(["b"], ["c", "a"])))
    assert [(each.kind.value, each.code) for each in found] == [("moved", "a")]
    assert sentence(found[0]) == (
        "Przeniesiono temat „Temat a” z modułu 1 do modułu 2.",
        "Topic “Topic a” was moved from module 1 to module 2.",
    )


def test_what_was_taken_out_is_gone_with_its_parts() -> None:
    first, second = modules(["a"], ["b"])
    assert told([first, second], [first]) == [("removed", "module", "M2"), ("removed", "topic", "b")]


def test_what_moved_and_changed_differs_twice() -> None:
    before, after = modules(["a"], []), modules([], ["a"])
    after[1]["topics"][0]["title_en"] = "Other"
    assert told(before, after) == [("moved", "topic", "a"), ("changed", "topic", "a")]


def test_changes_are_told_by_the_names_of_fields() -> None:
    before = [module("M1", outcomes=[outcome("E")])]
    after = [module("M1", minutes=180, form="seminar", outcomes=[outcome("E", method="test")])]
    found = differences(version(before), version(after, attendance_percent=75))
    assert [sentence(each).pl for each in found] == [
        "Zmieniono: wymagana obecność w % z 80 na 75.",
        "Zmieniono moduł 1 „Moduł M1”: forma zajęć, liczba minut.",
        "Zmieniono efekt uczenia się „Efekt E” w module 1: metoda walidacji.",
    ]
    assert sentence(found[2]).en == "Learning outcome “Outcome E” was changed in module 1: method of validation."


def test_every_field_has_words() -> None:
    kinds = (ModuleContent, TopicContent, OutcomeContent)
    fields = {name for kind in kinds for name in kind.model_fields} - {"code", "topics", "outcomes"}
    assert FIELDS.keys() == fields | {*SETTINGS}
