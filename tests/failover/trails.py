"""The sealed audit logs of all services, verified by their public keys as an auditor would."""

import httpx

from onebox.access import TokenRequest
from onebox.instance import read_secrets
from onebox.stack import services_here
from services.chassis.audit_verifying import Fault, verify
from services.chassis.trails.checkpoints import SigningKey
from tests.faults.platform import Platform

AUDITOR = TokenRequest(("auditor",), counties=("*",), subject="ledger-auditor")


async def wrong_trails(platform: Platform) -> list[str]:
    """What of the logs is not as it was signed, in words; that nothing was sealed is wrong too."""
    found = []
    names = {service: f"{service}_audit_key" for service in services_here()}
    keys = read_secrets(platform.instance, tuple(names.values()))
    async with httpx.AsyncClient(base_url=platform.url, timeout=60, trust_env=False) as client:
        for service, name in names.items():
            log = await client.get(f"/v1/{service}/audit-log", headers=platform.headers(AUDITOR))
            key = SigningKey(f"splot/{service}", keys[name]).verifier
            try:
                verified = verify(log.text.splitlines(), [key])
            except Fault as fault:
                found.append(f"the audit log of {service}: {fault}")
                continue
            rows = await platform.fetch(
                f"SELECT count(*) AS number FROM {service}.audit_records WHERE"
                " recorded_at < now() - interval '1 minute'"
            )
            if verified.tree.size < rows[0]["number"]:
                found.append(f"the audit log of {service}: {rows[0]['number']} records, {verified.tree.size} sealed")
    return found
