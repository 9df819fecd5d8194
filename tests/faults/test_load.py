"""What is read off an answer, and what must be in none."""

import uuid
from typing import Any

import httpx
import pytest

from tests.faults.ledger import Entry, percentile, recent
from tests.faults.load import entry_of
from tests.faults.routes import KEEP, STRAY, VIEW_CASE, screening

CALL = Entry("keep", "key", 1.0, 2.0, 0, "", "")


@pytest.mark.parametrize(
    ("status", "content", "headers", "flaw"),
    [
        (503, {"type": "/problems/overloaded"}, {"retry-after": "1"}, ""),
        (503, {"type": "/problems/overloaded"}, {}, "I8: it does not say when to try again"),
        (422, {"detail": "Przykładowy"}, {}, "I11: a refusal tells of a person"),
        (200, {"items": [{"case": {"county_terc": "2408"}}]}, {}, ""),
        (200, {"items": [{"case": {"county_terc": "2469"}}]}, {}, "I6: it shows another county"),
    ],
)
def test_what_must_be_in_no_answer_is_seen(
    status: int, content: dict[str, Any], headers: dict[str, str], flaw: str
) -> None:
    found = entry_of(CALL, STRAY, httpx.Response(status, json=content, headers=headers))
    assert found.flaw == flaw
    assert found.is_foreseen is (not flaw)


def test_an_answer_is_known_again_and_says_what_is_missing() -> None:
    made = {"id": "one", "county_terc": "2469"}
    first, other = (entry_of(CALL, KEEP, httpx.Response(201, json=made | {"n": n})) for n in (1, 2))
    assert (first.id, first.is_whole) == ("one", True)
    assert first.digest != other.digest
    parts = {"partial": [{"service": "screening", "part": "screening"}]}
    view = entry_of(CALL, VIEW_CASE, httpx.Response(200, json=parts))
    assert (view.is_success, view.is_whole, view.missing) == (True, False, ("screening",))


def test_every_second_child_gives_cause_for_worry() -> None:
    odd, even = (screening(str(uuid.UUID(int=number))) for number in (7, 8))
    assert set(odd["answers"].values()) == {"not_yet", "no"}
    assert set(even["answers"].values()) != {"not_yet", "no"}


def test_only_what_ended_lately_is_looked_through() -> None:
    calls = [CALL._replace(ended=float(moment)) for moment in range(5)]
    assert recent(calls, 2.0) == calls[3:]


@pytest.mark.parametrize(("percent", "figure"), [(99, 99.0), (50, 50.0), (1, 1.0)])
def test_a_percentile_is_of_the_nearest_rank(percent: int, figure: float) -> None:
    assert percentile([float(second) for second in range(100, 0, -1)], percent) == figure


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile([], 99) == 0.0
