"""A peer of the gateway: fastify with its token check and its proxy, which npm fetches when it is measured."""

import json
import os
import shutil
from pathlib import Path

from bench.stand import Stand, free_port
from bench.tools import require_tool, run_tool
from onebox.checks import answers_on_port
from onebox.processes import ending_with_parent
from onebox.stack import GATEWAY
from onebox.supervisor import Program
from onebox.tokens import published_keys, read_keys
from services.chassis.ground.settings import IdentitySettings

PEER = Path(__file__).parent / "fastify"
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(Path.home())}
QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline")


async def start_fastify(stand: Stand, upstream: Path) -> int:
    """Start the proxy; returns its port when it answers. ToolMissing or ToolFailed when npm cannot install it."""
    node, port, folder = require_tool("node"), free_port(), stand.folder / "fastify"
    if not folder.exists():
        shutil.copytree(PEER, folder, ignore=shutil.ignore_patterns("node_modules"))
        await run_tool([require_tool("npm"), "ci", *QUIETLY], environment=ENVIRONMENT, folder=folder)
    keys = folder / "keys.json"
    keys.write_text(json.dumps(published_keys(read_keys(stand.stack.instance.issuer_key))))
    arguments = (port, upstream, keys, stand.stack.issuer, IdentitySettings.model_fields["oidc_audience"].default)
    command = [str(node), str(folder / "proxy.mjs"), *map(str, arguments), str(folder / "requests.log")]
    ready = answers_on_port(port, "/livez")
    await stand.supervisor.start(
        Program("fastify", ending_with_parent(command, "TERM"), ENVIRONMENT, ready, rank=GATEWAY, attempts=1)
    )
    return port
