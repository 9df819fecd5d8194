"""What is told of answers, counted by hand: never of one to four people."""

from typing import Any

import pytest

from services.training.survey_answers.rules import AnswerSheet, QuestionSummary, digest_of, summarise

OPTIONS = [{"code": code, "label_pl": code, "label_en": code} for code in ("yes", "no")]


def question(kind: str, **facts: Any) -> dict[str, Any]:
    """A question of that kind."""
    return {"code": "q", "kind": kind, "options": OPTIONS, "lowest": 1, "highest": 3} | facts


def given(*counts: tuple[Any, int], role: str | None = None) -> list[AnswerSheet]:
    """So many answers of each value; None is a question left out."""
    return [AnswerSheet(role, {} if value is None else {"q": value}) for value, number in counts for _ in range(number)]


def numbers(result: QuestionSummary) -> list[tuple[str | None, list[int]]]:
    """The counts of each table that is told."""
    return [(table.role, [cell.number for cell in table.cells]) for table in result.tables]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([("yes", 7), ("no", 5)], [(None, [7, 5, 0])]),
        ([("yes", 7), ("no", 4)], []),
        # Everybody of one opinion is as good as a name.
        ([("yes", 12)], []),
        ([("yes", 6), ("no", 6), (None, 1)], []),
        ([("yes", 6), ("no", 6), (None, 5)], [(None, [6, 6, 5])]),
    ],
)
def test_a_table_of_choices_is_told_whole_or_not_at_all(
    counts: list[tuple[Any, int]], expected: list[tuple[str | None, list[int]]]
) -> None:
    assert numbers(summarise(question("single"), given(*counts), [], with_texts=False)) == expected


def test_roles_are_told_apart_only_where_no_crossing_is_of_few() -> None:
    trainers, heads = given(("yes", 6), ("no", 5), role="trainer"), given(("yes", 5), ("no", 8), role="head")
    roles = ["trainer", "head"]
    whole = numbers(summarise(question("single"), trainers + heads, roles, with_texts=False))
    assert whole == [(None, [11, 13, 0]), ("trainer", [6, 5, 0]), ("head", [5, 8, 0])]
    fewer = given(("yes", 4), ("no", 8), role="head")
    assert numbers(summarise(question("single"), trainers + fewer, roles, with_texts=False)) == [(None, [10, 13, 0])]


def test_a_scale_has_a_mean_where_its_table_is_told_and_a_number_where_five_answered() -> None:
    scale = summarise(question("scale"), given((1, 5), (3.0, 15)), [], with_texts=False)
    assert (numbers(scale), scale.mean) == ([(None, [5, 0, 15, 0])], 2.5)
    assert summarise(question("scale"), given((1, 4), (3, 16)), [], with_texts=False).mean is None
    assert summarise(question("number"), given((2, 4), (4.5, 1)), [], with_texts=False).mean == 2.5
    assert summarise(question("number"), given((2, 4)), [], with_texts=False).mean is None
    # The mean of five beside a sum of six would be the sixth's own.
    assert summarise(question("number"), given((2, 5), (None, 1)), [], with_texts=False).mean is None


def test_texts_are_for_few_and_of_five_at_least_and_not_in_the_order_in_which_they_came() -> None:
    texts = given(*[(text, 1) for text in "ebdac"])
    assert summarise(question("text"), texts, [], with_texts=True).texts == ["a", "b", "c", "d", "e"]
    assert summarise(question("text"), texts, [], with_texts=False).texts == []
    assert summarise(question("text"), texts[:4], [], with_texts=True).texts == []


def test_each_option_of_several_is_told_by_itself() -> None:
    answers = given((["yes", "no"], 5), (["yes"], 3), ([], 6))
    result = summarise(question("multiple"), answers, [], with_texts=False)
    assert [(cell.value, cell.number) for table in result.tables for cell in table.cells] == [("yes", 8), ("no", 5)]


def test_a_digest_is_of_one_account_in_one_survey() -> None:
    # RFC 4231, test case 2.
    published = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert digest_of(b"Jefe", "what do ya want for nothing?").hex() == published
