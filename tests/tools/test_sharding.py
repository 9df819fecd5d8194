"""What would cross shards by county is found, and what stays within one is not accused."""

from pathlib import Path

import pytest

from tests.support.services import SERVICES
from tools.sharding import schema
from tools.sharding.__main__ import judged, recorded, report, tables
from tools.sharding.judging import Reach, judge
from tools.sharding.placements import DISTRIBUTED, WHOLE_SERVICES

ONE, SOME, BY_ID, EVERY = Reach.ONE_COUNTY, Reach.SOME_COUNTIES, Reach.BY_ID, Reach.EVERY_SHARD
JOINED_BY_ID = "SELECT 1 FROM casework.cases AS c JOIN casework.plans AS p ON p.case_id = c.id WHERE c.county_terc = $1"
JOINED_BY_COUNTY = JOINED_BY_ID.replace("p.case_id = c.id", "p.case_id = c.id AND p.county_terc = c.county_terc")
THROUGH_A_NAMED_QUERY = """
WITH mine AS (SELECT id, county_terc FROM casework.cases WHERE county_terc = $1)
SELECT 1 FROM mine JOIN casework.plans AS p ON p.county_terc = mine.county_terc
"""
BY_EXISTENCE = """
SELECT 1 FROM casework.cases AS c WHERE c.county_terc = $1
AND EXISTS (SELECT FROM casework.plans AS p WHERE p.county_terc = c.county_terc AND p.case_id = c.id)
"""
PAGE = (Path(__file__).parents[2] / "docs/sharding.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("service", sorted(DISTRIBUTED))
def test_every_table_has_its_place_and_what_is_distributed_has_its_county(service: str) -> None:
    assert schema.unplaced(service) == set()
    assert schema.keyless(service) == set()


def test_every_service_is_distributed_or_stays_whole() -> None:
    assert {*DISTRIBUTED, *WHOLE_SERVICES} == set(SERVICES)


def test_the_page_says_what_the_tables_would_have_to_be() -> None:
    assert tables() in PAGE, "python -m tools.sharding --tables"


@pytest.mark.parametrize(
    ("statement", "reach"),
    [
        ("SELECT 1 FROM casework.pathways WHERE id = $1", Reach.NONE),
        ("SELECT id FROM casework.cases WHERE county_terc = $1 AND state = $2", ONE),
        ("SELECT id FROM casework.cases AS c WHERE c.county_terc = ANY ($1::text[])", SOME),
        ("SELECT id FROM casework.cases WHERE county_terc IN ($1, $2)", SOME),
        ("SELECT id FROM casework.cases WHERE id = $1", BY_ID),
        ("SELECT count(*) FROM casework.cases WHERE state = $1", EVERY),
        # What need not be true keeps nothing within a county.
        ("SELECT id FROM casework.cases WHERE county_terc = $1 OR state = $2", EVERY),
        ("SELECT id FROM casework.cases WHERE NOT county_terc = $1", EVERY),
        ("SELECT county_terc = $1 FROM casework.cases", EVERY),
        ("UPDATE casework.cases SET state = $2 WHERE id = $1 AND county_terc = $3", ONE),
        ("UPDATE casework.cases SET state = $2 WHERE state = $1", EVERY),
        ("DELETE FROM casework.consents WHERE person_id = $1", BY_ID),
        ("INSERT INTO casework.cases (id, county_terc) VALUES ($1, $2)", ONE),
        ("INSERT INTO casework.cases (id) VALUES ($1)", EVERY),
        (JOINED_BY_COUNTY, ONE),
        (JOINED_BY_ID, BY_ID),
        (THROUGH_A_NAMED_QUERY, ONE),
        (BY_EXISTENCE, ONE),
    ],
)  # fmt: skip
def test_a_statement_reaches_as_far_as_what_it_demands_of_the_county(statement: str, reach: Reach) -> None:
    assert judge("casework", statement).reach is reach


def test_a_join_past_the_county_and_a_move_to_another_are_named() -> None:
    assert judge("casework", JOINED_BY_ID).joined_apart
    assert not judge("casework", JOINED_BY_COUNTY).joined_apart
    assert judge("casework", "UPDATE casework.people SET county_terc = $2 WHERE id = $1").moves
    assert not judge("casework", "UPDATE casework.people SET version = 2 WHERE county_terc = $1").moves


def test_a_statement_that_nobody_named_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "1.ndjson"
    known = '["casework_app", "SELECT 1 FROM cases WHERE id = $1"]'
    file.write_text(known, encoding="utf-8")
    assert report(judged(recorded(tmp_path))) == 0
    file.write_text(f'{known}\n["casework_app", "SELECT sum(version) FROM disclosures"]\n', encoding="utf-8")
    assert report(judged(recorded(tmp_path))) == 1
    assert "NOT NAMED: casework (disclosures): SELECT sum(version)" in capsys.readouterr().out
    file.write_text('["casework_app", "SELECT FROM cases WHERE ("]', encoding="utf-8")
    assert report(judged(recorded(tmp_path))) == 1, "what cannot be read is not taken for sound"
    file.write_text("", encoding="utf-8")
    assert report(judged(recorded(tmp_path))) == 1, "nothing recorded proves nothing"
