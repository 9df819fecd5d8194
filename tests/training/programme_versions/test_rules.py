"""What a version may hold."""

from services.training.programme_versions.rules.content import (
    ModuleContent,
    contradictions,
    missing_to_propose,
    mixed_topics,
)
from tests.training.programme_versions.asks import module, outcome, topic


def modules(*made: dict[str, object]) -> list[ModuleContent]:
    return [ModuleContent.model_validate(each) for each in made]


def test_what_is_of_one_kind_is_not_mixed() -> None:
    assert mixed_topics(modules(module("M1"), module("M2", test_specific=True))) == []


def test_a_reusable_topic_in_a_module_of_the_test_mixes_it() -> None:
    mixed = module("M1", topics=0, test_specific=True)
    mixed["topics"] = [topic("a", test_specific=True), topic("b"), topic("c")]
    assert mixed_topics(modules(module("M0"), mixed)) == [(1, 1), (1, 2)]


def test_a_code_is_taken_through_the_whole_version_by_parts_of_its_kind() -> None:
    first = module("M1", topics=0, outcomes=[outcome("X")]) | {"topics": [topic("X")]}
    second = module("X", topics=0, outcomes=[]) | {"topics": [topic("X")]}
    assert contradictions(modules(first, second)) == [("modules/1/topics/0/code", "already_taken")]


def test_a_sphere_is_of_the_test_source_002() -> None:
    assert contradictions(modules(module("M1", sphere=1))) == [("modules/0/sphere", "not_allowed")]
    assert contradictions(modules(module("M4", sphere=1, test_specific=True))) == []


def test_a_version_needs_a_module_and_each_module_a_topic() -> None:
    assert missing_to_propose([]) == ["/modules"]
    assert missing_to_propose(modules(module("M1"), module("M2", topics=0))) == ["/modules/1/topics"]
    assert missing_to_propose(modules(module("M1"))) == []
