"""Every table of a county is known to a move: derived from the tables that there are."""

from services.casework.record_moves.rules import ABOUT, KEPT, NAMED, STAYS
from services.casework.tables import Table
from services.chassis.migrating import import_models

import_models("services.casework")
TABLES = {table.name: table for table in Table.metadata.sorted_tables}
OF_COUNTIES = {name: table for name, table in TABLES.items() if "county_terc" in table.c}
OTHER_RECORDS_OF_THE_CHILD = {("people", "expected_with_id"), ("people", "merged_into"), ("merges", "merged_id")}


def test_every_table_of_a_county_moves_or_stays_for_a_reason() -> None:
    assert {*OF_COUNTIES} == {*ABOUT} | {*STAYS}
    assert ABOUT.keys().isdisjoint(STAYS)
    assert all(STAYS.values())


def test_whatever_is_about_a_person_moves() -> None:
    about = {name for name, table in OF_COUNTIES.items() if {"person_id", "child_id", "kept_id"} & {*table.c.keys()}}
    assert about - {*ABOUT} == {"case_transfers"}
    assert all(owner in TABLES[name].c for name, owner in ABOUT.items())


def test_every_column_that_names_somebody_of_the_family_is_known() -> None:
    naming = {
        (name, column.name)
        for name, owner in ABOUT.items()
        for column in TABLES[name].c
        for key in column.foreign_keys
        if key.target_fullname == "casework.people.id" and column.name not in {owner, "id"}
    }
    known = {(name, column) for name, columns in NAMED.items() for column in columns}
    assert naming == known | OTHER_RECORDS_OF_THE_CHILD


def test_what_is_kept_is_part_of_what_moves() -> None:
    assert {*KEPT} <= {*ABOUT}
