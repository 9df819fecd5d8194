"""A look and its audit record in one statement, beside the two statements of plain ways."""

from collections.abc import Sequence
from typing import Any

import httpx

from tests.support.records import app_of, fetch

_RECORDS = """
SELECT actor, action, subject, outcome, county_terc, institution_id, detail
FROM audit_records WHERE id > :last ORDER BY id
"""
Heard = list[tuple[int, bytes, dict[str, str]]]
Noted = list[tuple[Any, ...]]
_OF_EACH_REQUEST = {"traceparent"}


async def looked(
    client: httpx.AsyncClient, asks: Sequence[tuple[str, dict[str, str]]], *, apart: bool
) -> tuple[Heard, Noted]:
    """What these addresses answer to these callers, byte by byte, and the records that it leaves."""
    database = app_of(client).state.database
    before, database.records_apart = database.records_apart, apart
    try:
        [(last,)] = await fetch(client, "SELECT coalesce(max(id), 0) FROM audit_records")
        heard = [await client.get(path, headers=headers) for path, headers in asks]
        noted = [tuple(row) for row in await fetch(client, _RECORDS, last=last)]
    finally:
        database.records_apart = before
    # A problem repeats the trace of its request.
    return [_heard(answer) for answer in heard], noted


def _heard(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    trace = answer.headers["traceparent"].split("-")[1].encode()
    headers = {name: value for name, value in answer.headers.items() if name not in _OF_EACH_REQUEST}
    return answer.status_code, answer.content.replace(trace, b""), headers
