"""A row about a person is of the county that answers for the person: the database itself says so."""

import uuid
from uuid import UUID

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from services.casework.record_moves.rules import ABOUT
from tests.casework.people.made import registered
from tests.casework.record_moves.test_rules import OF_COUNTIES
from tests.support.records import change, fetch

_HOLD = """
INSERT INTO legal_holds (county_terc, person_id, placed_by, sealed) VALUES (:county, :person, 'x', '\\x')
"""
_TRIGGERS = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'county_of_person'"


async def test_every_table_about_a_person_is_guarded(casework: httpx.AsyncClient) -> None:
    guarded = {name.removeprefix("casework.") for [name] in await fetch(casework, _TRIGGERS)}
    about = {name for name in ABOUT if {"person_id", "child_id"} & {*OF_COUNTIES[name].c.keys()}}
    assert guarded == about


async def test_a_row_of_another_county_is_refused(casework: httpx.AsyncClient) -> None:
    child = UUID((await registered(casework))["id"])
    await change(casework, _HOLD, county="2469", person=child)
    with pytest.raises(IntegrityError, match="another county answers"):
        await change(casework, _HOLD, county="2401", person=child)


async def test_a_row_of_nobody_is_refused(casework: httpx.AsyncClient) -> None:
    with pytest.raises(IntegrityError):
        await change(casework, _HOLD, county="2469", person=uuid.uuid4())
