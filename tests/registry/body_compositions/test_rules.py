"""How groups are counted."""

from hypothesis import given
from hypothesis import strategies as st

from services.registry.bodies.rules import Group
from services.registry.body_compositions.rules import GroupCount, Seat, count_groups, is_valid

PILOT = [Group("employment", 2, 2), Group("benefit", 2, 2), Group("team", 1, 1, delegating_kind="local_synergy_team")]


def seats(**numbers: int) -> list[Seat]:
    return [Seat(group) for group, number in numbers.items() for _ in range(number)]


def test_n18_source_004_two_and_two_and_one_make_five_and_are_valid() -> None:
    five = seats(employment=2, benefit=2, team=1)
    assert len(five) == 5
    assert is_valid(count_groups(PILOT, five))


def test_n18_source_004_three_and_one_and_one_are_not() -> None:
    counts = count_groups(PILOT, seats(employment=3, benefit=1, team=1))
    assert not is_valid(counts)
    assert counts == [
        GroupCount("employment", 3, 0, 1),
        GroupCount("benefit", 1, 1, 0),
        GroupCount("team", 1, 0, 0),
    ]


@given(st.fixed_dictionaries({group.code: st.integers(0, 5) for group in PILOT}))
def test_of_all_compositions_only_two_and_two_and_one_is_valid(numbers: dict[str, int]) -> None:
    counts = count_groups(PILOT, seats(**numbers))
    assert is_valid(counts) == (numbers == {"employment": 2, "benefit": 2, "team": 1})
    for count, group in zip(counts, PILOT, strict=True):
        assert count.present + count.missing - count.surplus == group.minimum


@given(st.integers(0, 3), st.integers(0, 50))
def test_without_a_head_count_nobody_is_too_many(minimum: int, present: int) -> None:
    [count] = count_groups([Group("open", minimum, None)], seats(open=present))
    assert (count.surplus, is_valid([count])) == (0, present >= minimum)


def test_where_institutions_count_two_people_of_one_are_one() -> None:
    group = Group("stakeholders", 2, None, of_institutions=True)
    [one] = count_groups([group], [Seat("stakeholders", "a"), Seat("stakeholders", "a"), Seat("stakeholders", None)])
    [two] = count_groups([group], [Seat("stakeholders", "a"), Seat("stakeholders", "b")])
    assert (one.present, one.missing, two.missing) == (1, 1, 0)
