"""What is read off the ledger of a trial."""

from pathlib import Path

import pytest

from tests.faults.ledger import HUNG, NO_ANSWER, Entry, Ledger, first_success, longest_call, longest_gap, refusals


def entry(started: float, ended: float, status: int = 200, problem: str = "", route: str = "read") -> Entry:
    return Entry(route, "key", started, ended, status, problem, "id")


ENTRIES = [
    entry(0.0, 1.0),
    entry(1.0, 2.0, 503, "upstream-unavailable"),
    entry(2.5, 2.7, NO_ANSWER),
    entry(2.0, 4.0, route="submit"),
    entry(2.7, 6.0),
    entry(6.0, 6.5),
]


def test_a_gap_lasts_from_the_last_success_before_the_fault_to_the_next_one() -> None:
    assert longest_gap(ENTRIES, "read", 1.5, 7.0) == 5.0
    assert longest_gap(ENTRIES, "read", 1.5, 3.0) == 5.0
    assert longest_gap(ENTRIES, "read", 6.1, 6.4) == 0.5
    assert longest_gap(ENTRIES, "create", 1.0, 7.0) == 6.0


def test_the_slowest_call_is_one_that_was_under_way() -> None:
    assert longest_call(ENTRIES, "read", 3.0, 4.0) == pytest.approx(3.3)
    assert longest_call(ENTRIES, "create", 3.0, 4.0) == 0.0


def test_recovery_is_the_first_success_after() -> None:
    assert first_success(ENTRIES, "read", 1.5) == 4.5
    assert first_success(ENTRIES, "create", 1.5) == float("inf")


def test_every_refusal_is_counted_by_its_name() -> None:
    hung = entry(3.0, 5.0, HUNG)
    assert refusals([*ENTRIES, hung], 0.0, 7.0) == {"upstream-unavailable": 1, "no answer": 1, "HUNG": 1}


@pytest.mark.parametrize(
    ("status", "problem", "is_foreseen"),
    [
        (201, "", True),
        (NO_ANSWER, "", True),
        (503, "database-unavailable", True),
        (409, "request-in-progress", True),
        (HUNG, "", False),
        (500, "internal", False),
        (503, "", False),
        (422, "validation-failed", False),
    ],
)
def test_only_a_success_and_what_is_named_is_foreseen(status: int, problem: str, is_foreseen: bool) -> None:
    assert entry(0.0, 1.0, status, problem).is_foreseen is is_foreseen


def test_a_ledger_is_only_added_to(tmp_path: Path) -> None:
    for _ in range(2):
        ledger = Ledger(tmp_path / "ledger")
        ledger.add(entry(0.0, 1.0, route="create"))
        assert ledger.acknowledged("create") == {"key": "id"}
        assert ledger.has_succeeded_since(["create"], -1.0)
        assert not ledger.has_succeeded_since(["create"], 0.5)
        ledger.close()
    assert len((tmp_path / "ledger").read_text().splitlines()) == 2
