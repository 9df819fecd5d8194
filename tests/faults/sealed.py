"""Whether each service's audit log verifies offline, with the public key alone."""

import asyncio
import sys
from pathlib import Path

import httpx

from onebox.access import TokenRequest
from onebox.instance import read_secrets
from onebox.stack import services_here
from services.chassis.trails.checkpoints import SigningKey
from tests.faults.platform import REPOSITORY, Platform

AUDITOR = TokenRequest(("auditor",), counties=("*",), subject="ledger-auditor")


async def wrong_logs(platform: Platform, client: httpx.AsyncClient) -> list[str]:
    """The services whose log does not verify, and what is said of it."""
    found = []
    for service in services_here():
        name = f"{service}_audit_key"
        key = SigningKey(f"splot/{service}", read_secrets(platform.instance, (name,))[name])
        file = platform.instance.folder / f"{service}.ndjson"
        await _download(platform, client, service, file)
        command = (sys.executable, "-m", "services.chassis.audit_verifying", str(file), "--key", str(key.verifier))
        verifying = await asyncio.create_subprocess_exec(
            *command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await verifying.communicate()
        if verifying.returncode:
            found.append(f"I7: the audit log of {service}: {said.decode().strip()}")
    return found


async def _download(platform: Platform, client: httpx.AsyncClient, service: str, file: Path) -> None:
    address, headers = f"/v1/{service}/audit-log", platform.headers(AUDITOR)
    with file.open("wb") as written:
        async with client.stream("GET", address, headers=headers, timeout=60) as answer:
            answer.raise_for_status()
            async for piece in answer.aiter_bytes():
                written.write(piece)
