"""What operators see overdue: all counties together, and nobody by name."""

import uuid
from types import ModuleType

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.casework.break_glass import asks as break_glass
from tests.casework.canaries import EVERYTHING
from tests.casework.data_subject_requests import asks as requests
from tests.casework.people.made import tag
from tests.casework.plan_versions import asks as plans
from tests.casework.referrals import asks as referrals
from tests.support.asks import Made, Target
from tests.support.records import app_of, change, fetch

PAST = {
    "splot_referrals_overdue": (referrals, "UPDATE referrals SET due_on = CURRENT_DATE - 2"),
    "splot_data_subject_requests_overdue": (requests, "UPDATE data_subject_requests SET due_on = CURRENT_DATE - 2"),
    "splot_break_glass_overdue": (break_glass, "UPDATE break_glass SET opened_at = now() - interval '73 hours'"),
    "splot_plan_steps_overdue": (plans, "UPDATE plan_steps SET due_on = CURRENT_DATE - 2"),
}


async def measured(client: httpx.AsyncClient) -> dict[str, float]:
    """What is overdue, asked anew."""
    app_of(client).state.measured = None
    text = (await client.get("/metrics")).text
    families = text_string_to_metric_families(text)
    return {one.name: one.value for family in families for one in family.samples if not one.labels}


@pytest.mark.parametrize(("name", "slice_", "sql"), [(name, *of) for name, of in PAST.items()])
async def test_what_is_overdue_is_counted_in_all_counties_together(
    casework: httpx.AsyncClient, name: str, slice_: ModuleType, sql: str
) -> None:
    async def make(path: str, body: Made, seen: Made | None = None) -> Made:
        headers = {"idempotency-key": str(uuid.uuid4())} | ({} if seen is None else tag(seen))
        answer = await casework.post(f"/v1/casework{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        made: Made = answer.json()
        return made

    casework.headers.update(EVERYTHING)
    await slice_.prepare(Target("2469", client=casework), make)
    table = sql.split()[1]
    if table == "plan_steps":
        await change(casework, "UPDATE plans SET state = 'active'")
        await change(casework, "UPDATE plan_steps SET due_on = CURRENT_DATE + 2, state = 'planned'")
    before = (await measured(casework))[name]
    await change(casework, sql)
    [[rows]] = await fetch(casework, f"SELECT count(*) FROM {table}")
    assert (before, (await measured(casework))[name]) == (0, rows)
    assert rows > 0
