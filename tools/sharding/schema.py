"""Constraints that Citus would refuse: keys and references without the county."""

from importlib import import_module
from typing import NamedTuple

from sqlalchemy import ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from services.chassis.data.tables import import_models
from tools.sharding.placements import CHASSIS, DISTRIBUTED, KEY, REFERENCE, WHOLE


class Change(NamedTuple):
    """A constraint that would have to change."""

    table: str
    constraint: str
    why: str


def metadata_of(service: str) -> MetaData:
    """The tables of a service."""
    import_models(f"services.{service}")
    metadata: MetaData = import_module(f"services.{service}.tables").Table.metadata
    return metadata


def unplaced(service: str) -> set[str]:
    """Tables that are in no placement or in two, and names in placements without a table."""
    placements = [DISTRIBUTED[service], REFERENCE[service], WHOLE[service], CHASSIS]
    tables = {table.name for table in metadata_of(service).tables.values()}
    names = [name for placement in placements for name in placement]
    repeated = {name for name in names if names.count(name) > 1}
    return repeated | (tables ^ set(names))


def keyless(service: str) -> set[str]:
    """Distributed tables without the column of the county, or where it may be NULL."""
    tables = _tables(service)
    return {name for name in DISTRIBUTED[service] if KEY not in tables[name].c or tables[name].c[KEY].nullable}


def changes(service: str) -> list[Change]:
    """Constraints of distributed tables that Citus would refuse, in the order of the tables."""
    tables = _tables(service)
    result: list[Change] = []
    for name in sorted(DISTRIBUTED[service]):
        result += _of_uniqueness(tables[name]) + _of_references(service, tables[name])
    return result


def _tables(service: str) -> dict[str, Table]:
    return {table.name: table for table in metadata_of(service).tables.values()}


def _of_uniqueness(table: Table) -> list[Change]:
    keys = [("primary key", [column.name for column in table.primary_key])]
    keys += [
        (f"unique {constraint.name}", [column.name for column in constraint.columns])
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    keys += [
        (f"unique index {index.name}", [column.name for column in index.columns])
        for index in table.indexes
        if index.unique
    ]
    why = f"it would have to begin with {KEY}"
    return [Change(table.name, f"{kind} ({', '.join(names)})", why) for kind, names in sorted(keys) if KEY not in names]


def _of_references(service: str, table: Table) -> list[Change]:
    result = []
    for constraint in table.constraints:
        if not isinstance(constraint, ForeignKeyConstraint):
            continue
        target = constraint.referred_table.name
        names = [column.name for column in constraint.columns]
        if target in REFERENCE[service]:
            continue
        if target not in DISTRIBUTED[service]:
            why = f"{target} stays whole: the reference would be a rule of the program"
        elif KEY not in names:
            why = f"it would have to hold {KEY} on both sides"
        else:
            continue
        result.append(Change(table.name, f"reference ({', '.join(names)}) to {target}", why))
    return sorted(result)
