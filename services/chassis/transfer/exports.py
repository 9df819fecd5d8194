"""Any select as a file: CSV, NDJSON, GeoJSON, XLSX, by COPY in constant memory."""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import ColumnElement
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.chassis.background.child_processes import child_process
from services.chassis.data.database import Database
from services.chassis.data.texts import as_text
from services.chassis.data.wire import chosen_fields, json_object
from services.chassis.data.work import Reading, Rows
from services.chassis.ground.clock import CIVIL_TIME, today
from services.chassis.ground.problems import NotAcceptable
from services.chassis.media_types import preferred_type
from services.chassis.transfer.cells import (
    BOM,
    by_name,
    feature,
    for_polish_excel,
    for_polish_sheet,
    harmless,
    head_line,
    heading,
    kind_of,
    of_cells,
    plain,
)
from services.chassis.transfer.uploads import XLSX, slot
from services.chassis.trust.callers import Caller
from services.chassis.web.answers import page_answer, terms_of
from services.chassis.web.listing import (
    Dialect,
    FileQuery,
    Format,
    Listed,
    for_a_file,
    page_of,
)

WantedFormat = Annotated[
    Format | None, Query(alias="format", description="file format; goes before Accept")
]
WantedDialect = Annotated[
    Dialect | None, Query(alias="dialect", description="CSV as a Polish Excel reads it")
]
Sink = Callable[[bytes], Coroutine[Any, Any, None]]

MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
}
_BY_TYPE: dict[str, Format | None] = {
    "application/json": None,
    **{kind.partition(";")[0]: name for name, kind in MEDIA_TYPES.items()},
}
# Each export holds a connection for as long as its client reads.
EXPORTS_AT_ONCE = 4
# A large file takes longer than the service's role allows for a statement.
_LIMITS = (
    "SELECT set_config('statement_timeout', '15min', true),"
    " set_config('idle_in_transaction_session_timeout', '15min', true)"
)


def chosen_format(accept: str, format_: Format | None = None) -> Format | None:
    """The format by parameter, else by Accept; None for JSON; else NotAcceptable."""
    if format_ is not None:
        return format_
    kind = preferred_type(accept, [*_BY_TYPE])
    if kind is None:
        raise NotAcceptable(available=[*_BY_TYPE])
    return _BY_TYPE[kind]


class Export(StreamingResponse):
    """The rows of a select as a file. The select's labels name the columns.

    Cells that a spreadsheet would run are text in a workbook, and follow `'` in CSV.
    """

    def __init__(
        self,
        request: Request,
        caller: Caller,
        rows: Rows,
        name: str,
        format_: Format,
        dialect: Dialect | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        filename = f"{re.sub(r'[^a-z0-9-]', '-', name.lower())}-{today().isoformat()}.{format_}"
        headers = {
            "content-disposition": f'attachment; filename="{filename}"',
            "cache-control": "no-store",
        }
        super().__init__((), media_type=MEDIA_TYPES[format_], headers=headers)
        self.scope, self.state = request.scope, request.app.state
        self.caller, self.rows, self.values = caller, rows, values or {}
        self.format, self.dialect, self.name = format_, dialect, name
        # Headings in Polish are for people; programs use the names of the columns.
        self.headings: Mapping[str, str] = (
            getattr(self.state, "headings", {}) if dialect else {}
        )

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        # Rows go as fast as the client takes them; when it leaves, the query ends.
        sending, leaving = (
            asyncio.create_task(self._send(send)),
            asyncio.create_task(_disconnected(receive)),
        )
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _send(self, send: Send) -> None:
        first_bytes = [BOM] if self.dialect and self.format == "csv" else [b""]

        async def sink(data: bytes) -> None:
            # The head goes with the first bytes: an error before them is a refusal.
            if first_bytes:
                await send(
                    {
                        "type": "http.response.start",
                        "status": 200,
                        "headers": self.raw_headers,
                    }
                )
                data = first_bytes.pop() + data
            await send({"type": "http.response.body", "body": data, "more_body": True})

        database: Database = self.state.database
        with slot(self.state, "exports", EXPORTS_AT_ONCE):
            async with database.snapshot(self.caller, replica=True) as reading:
                # For the head of the answer, which is sent with the first bytes.
                self.scope["splot.headers"] = reading.age
                await reading.fetchrow(_LIMITS)
                await (self._workbook if self.format == "xlsx" else self._text)(
                    reading, sink
                )
        await sink(b"")
        await send({"type": "http.response.body", "body": b""})

    async def _text(self, reading: Reading, sink: Sink) -> None:
        columns = [*self.rows.selected_columns]
        if self.format == "ndjson":
            await self._json_lines(reading, json_object(by_name(columns)), sink)
            return
        if self.format == "geojson":
            await sink(b'{"type":"FeatureCollection","features":[')
            await self._json_lines(reading, feature(by_name(columns)), sink)
            await sink(b"]}")
            return
        delimiter = ";" if self.dialect else ","
        as_cell = for_polish_excel if self.dialect else harmless
        safe = of_cells(self.rows, as_cell)
        head = [head_line(columns, self.headings, delimiter)]

        async def with_head(data: bytes) -> None:
            # With the first rows: if the query fails, no file has begun.
            await sink(head.pop() + data if head else data)

        await self._copy(reading, safe, with_head, format="csv", delimiter=delimiter)
        if head:
            await sink(head.pop())

    async def _workbook(self, reading: Reading, sink: Sink) -> None:
        columns = [*self.rows.selected_columns]
        process, stdin, stdout = await child_process(
            "write", "services.chassis.tabular.sheets"
        )

        async def pour(data: bytes) -> None:
            stdin.write(data)
            await stdin.drain()

        try:
            with tempfile.TemporaryDirectory(
                prefix="splot-", ignore_cleanup_errors=True
            ) as folder:
                head = [
                    [heading(column.key or "", self.headings), kind_of(column)]
                    for column in columns
                ]
                name = self.headings.get(self.name, self.name)
                zone = CIVIL_TIME.key if self.dialect else None
                order = json.dumps([folder, name, zone, head])
                await pour(order.encode() + b"\n")
                # Words in two languages: a file for people holds the Polish ones.
                as_cell = for_polish_sheet if self.dialect else plain
                texts = of_cells(self.rows, as_cell)
                await self._copy(reading, texts, pour)
                stdin.close()
                while data := await stdout.read(65_536):
                    await sink(data)
                # A workbook is sent once it is whole, so nothing has been sent by now.
                if await process.wait():
                    raise NotAcceptable(reason="too_many_rows")
        finally:
            await process.end()

    async def _json_lines(
        self, reading: Reading, line: ColumnElement[str], sink: Sink
    ) -> None:
        # JSON escapes these control characters, so COPY finds none to quote.
        lines = self.rows.with_only_columns(line, maintain_column_froms=True)
        await self._copy(
            reading, lines, sink, format="csv", delimiter="\x02", quote="\x01"
        )

    async def _copy(
        self, reading: Reading, rows: Rows, sink: Sink, **options: Any
    ) -> None:
        text = as_text(rows)
        await (await reading.driver()).copy_from_query(
            text.sql, *text.bound(self.values), output=sink, **options
        )


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def list_answer(
    request: Request, reading: Reading, query: FileQuery, listed: Listed
) -> Response:
    """A page as JSON, or all rows, unordered, as the file of `format` or Accept."""
    terms = terms_of(request)
    format_ = chosen_format(terms.accept, query.format)
    if format_ is None:
        return page_answer(await page_of(reading, terms, query, listed), terms)
    listing, rows, values = for_a_file(query, listed)[:3]
    fields = chosen_fields(query.fields, listing.wire)
    if format_ == "geojson" and not {"longitude", "latitude"} <= fields.keys():
        raise NotAcceptable(reason="no_point")
    columns = [column.label(name) for name, column in fields.items()]
    name = terms.path.rsplit("/", 1)[-1]
    return Export(
        request,
        reading.caller,
        rows.with_only_columns(*columns),
        name,
        format_,
        query.dialect,
        values,
    )


_PLACE = {"type": "array", "items": {"type": "number"}}
_POINT = {"properties": {"type": {"const": "Point"}, "coordinates": _PLACE}}
_FEATURE = {
    "type": "object",
    "properties": {
        "type": {"const": "Feature"},
        "geometry": {"type": ["object", "null"], **_POINT},
        "properties": {"type": "object", "additionalProperties": True},
    },
}
_FEATURES = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "const": "FeatureCollection"},
        "features": {"type": "array", "items": _FEATURE},
    },
}


def files(*formats: Format) -> dict[str, Any]:
    """The media types of an endpoint beside JSON, for its documentation."""
    return {
        MEDIA_TYPES[name].partition(";")[0]: {
            "schema": _FEATURES if name == "geojson" else {"type": "string"}
        }
        for name in formats
    }
