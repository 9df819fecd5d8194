"""Files of goods, as tests send them to the depot."""

from typing import Any

from tests.chassis.conftest import Admin

IMPORTS = "/v1/depot/goods-imports"
HEADER = "Code;Name;Remarks;Pieces\n"


def csv_headers(key: str = "key") -> dict[str, str]:
    return {"content-type": "text/csv", "idempotency-key": key}


async def stored(admin: Admin) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await admin.fetch("SELECT code, name, note, pieces FROM goods ORDER BY code")]
