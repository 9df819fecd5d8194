"""Who knows the rule, and everything that is ever told, cannot say of few children that they are there."""

import numpy as np
import pytest

from services.screening.campaign_releases.rules import releases
from services.screening.campaign_releases.rules.county_tables import LAYERED, TOTAL
from services.screening.campaign_releases.rules.releases import Terms
from services.screening.campaigns.rules.disclosure import Counts
from tests.screening.campaign_releases import attacker
from tests.screening.campaign_releases.attack_tables import SHAPE, numbers, tables_of
from tests.screening.campaign_releases.attacker import Attack, Moment, Reason, is_change_given_away, is_given_away
from tests.screening.campaign_releases.unmask import unmasked

NOTHING_IMPOSSIBLE = np.zeros(SHAPE, np.int64)


@pytest.mark.parametrize("seed", [3, 7])
def test_no_number_of_few_is_given_away_by_a_sequence_of_releases(seed: int) -> None:
    found = unmasked(seed, most_numbers=2)
    assert found.asked > 4
    assert found.given_away == []


def girls_and_boys(girls: int, boys: int) -> Counts:
    """Of one implementer and one age, half of them positive."""
    found = np.zeros(SHAPE, np.int64)
    found[0, 0, :, 1:, 0] = [[girls - girls // 2, girls // 2], [boys - boys // 2, boys // 2]]
    return found


def attack(children: Counts, *told: str, knows_rule: bool = True) -> Attack:
    """Of somebody to whom these tables are told at once."""
    counts = {name: tables_of(children)[name] for name in told}
    return Attack(Moment({}, counts, Terms(5), NOTHING_IMPOSSIBLE), knows_rule=knows_rule)


def given_away(found: Attack) -> set[str]:
    return {name for name, of in numbers() if is_given_away(found, of)}


GIRLS = dict(numbers())["sex (0,)"]


def test_the_attacker_subtracts_and_knows_why_a_table_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that told all of one kind would say by silence that there are few: so it must not be told either."""
    five = attack(girls_and_boys(2, 3), TOTAL)
    assert (five.least(GIRLS), five.most(GIRLS)) == (0, 5)

    def none(name: str, few: int, before: Counts | None = None) -> list[Reason]:
        return []

    monkeypatch.setattr(attacker, "_but_one", none)
    five = attack(girls_and_boys(2, 3), TOTAL)
    assert (five.least(GIRLS), five.most(GIRLS)) == (1, 4)


def test_the_attacker_finds_what_a_table_of_small_numbers_tells() -> None:
    assert given_away(attack(girls_and_boys(3, 30), TOTAL, "sex", knows_rule=False)) >= {"sex (0,)"}


def test_the_attacker_finds_the_few_by_the_outcomes_that_a_layered_table_would_hold_back() -> None:
    """Were each outcome told or held back by itself, four girls of one age would be certain from the other outcome."""
    found = np.zeros(SHAPE, np.int64)
    found[0, :, :, 1, 0], found[0, :, :, 2, 0] = [[20, 20], [20, 20]], [[4, 25], [20, 20]]
    margins = (TOTAL, "stage_one", "age_band", "sex", "age_band_stage_one", "sex_stage_one")
    four = dict(numbers())[f"{LAYERED} (4, 0, 0)"]
    held = attack(found, *margins)
    assert held.least(four) == 0
    assert held.most(four) >= 5
    assert not is_given_away(held, four)
    assert is_given_away(attack(found, *margins, LAYERED, knows_rule=False), four)


def test_the_attacker_finds_a_child_in_an_end_that_releases_everything() -> None:
    before = attack(girls_and_boys(20, 20), TOTAL, "sex", "stage_one", knows_rule=False)
    after = attack(girls_and_boys(21, 20), TOTAL, "sex", "stage_one", knows_rule=False)
    assert is_change_given_away(before, after, GIRLS)


def test_the_attacker_finds_few_in_a_table_that_moves_without_its_total(monkeypatch: pytest.MonkeyPatch) -> None:
    """The total was told at 25; a table of 29 told beside it says that four have come since."""
    everybody = np.ones(SHAPE, np.int64)
    first = attack(girls_and_boys(10, 15), TOTAL, knows_rule=False)
    second = attack(girls_and_boys(14, 15), "sex", knows_rule=False)
    assert is_change_given_away(first, second, everybody)
    told = {TOTAL: tables_of(girls_and_boys(10, 15))[TOTAL]}
    assert releases.next_release(told, tables_of(girls_and_boys(14, 15)), Terms(5)) == {}
