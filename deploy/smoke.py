"""Builds the images, starts the whole stack, calls it as a caller would, and removes it again. Standard library only.

`python3 -m deploy.smoke` works beside a running instance: it has its own project name, secrets, port and volume.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from deploy.secrets import SERVICES, draw
from deploy.settings import ROOT

CALLER = {
    "grant_type": "urn:splot:grant-type:demo-caller",
    "caller": "demo-registry-editor",
}

SCRAPE = "from urllib.request import urlopen; urlopen('http://gateway:9100/metrics', timeout=10)"


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_for(url: str, secrets: Path) -> dict[str, str]:
    """What compose needs to know for a development instance at that address."""
    return {
        **os.environ,
        "COMPOSE_PROJECT_NAME": f"splot-smoke-{os.getpid()}",
        "COMPOSE_PROFILES": "development",
        "PORT": url.rpartition(":")[2],
        "SECRETS": str(secrets),
        "ENVIRONMENT": "development",
        "OIDC_ISSUER": f"{url}/issuer",
        "OIDC_JWKS_URL": "http://issuer:8000/issuer/jwks",
        "ISSUER_UPSTREAM": "http://issuer:8000",
        "REGISTRY_URL": "http://registry:8000",
        "OIDC_TOKEN_URL": "http://issuer:8000/issuer/token",
        "ACCOUNT_ID": "demo-registry-reader",
        "SCREENING_URL": "http://screening:8000",
        "CASEWORK_ACCOUNT_ID": "demo-casework",
    }


def compose(
    environment: Mapping[str, str], *arguments: str, aloud: bool = False
) -> int:
    """Run `docker compose` without the operator's own .env; its exit code. What it says is shown when it fails."""
    command = ["docker", "compose", "--env-file", os.devnull, *arguments]
    output = None if aloud else subprocess.PIPE
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(environment),
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode and run.stdout:
        sys.stdout.write(run.stdout[-6000:])
    return run.returncode


def ask(
    url: str, *, form: Mapping[str, str] | None = None, token: str | None = None
) -> tuple[int, bytes]:
    """The status and body of one request."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(
        url, data=body, headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def call(url: str) -> list[str]:
    """What does not answer as it should, in words; empty when all is well."""
    status, body = ask(f"{url}/issuer/token", form=CALLER)
    token = json.loads(body).get("access_token") if status == HTTPStatus.OK else None
    resource, feed = f"{url}/v1/registry/voivodeships", f"{url}/v1/{{}}/jobs"
    expected = {
        "the issuer gives a token": (status, HTTPStatus.OK),
        "a caller with a token reads the registry": (
            ask(resource, token=token)[0],
            HTTPStatus.OK,
        ),
        **{
            f"a caller with a token reads {name}": (
                ask(feed.format(name), token=token)[0],
                HTTPStatus.OK,
            )
            for name in SERVICES
        },
        "a caller without one is refused": (ask(resource)[0], HTTPStatus.UNAUTHORIZED),
        "metrics are not for the outside": (
            ask(f"{url}/metrics")[0],
            HTTPStatus.NOT_FOUND,
        ),
        "the gateway is ready": (ask(f"{url}/readyz")[0], HTTPStatus.OK),
        **{
            f"{name} is ready": (ask(f"{url}/readyz?service={name}")[0], HTTPStatus.OK)
            for name in SERVICES
        },
    }
    for what, (got, wanted) in expected.items():
        sys.stdout.write(f"  {'ok' if got == wanted else 'WRONG'}  {what}: {got}\n")
    return [what for what, (got, wanted) in expected.items() if got != wanted]


def start_and_call(environment: Mapping[str, str], url: str) -> list[str]:
    """What goes wrong from the first layer of an image to the last answer; empty when nothing does."""
    steps = {
        "build the images": ["build"],
        "start and wait until all are healthy": [
            "up",
            "--detach",
            "--wait",
            "--wait-timeout",
            "240",
            "--quiet-pull",
        ],
    }
    for what, arguments in steps.items():
        begun = time.monotonic()
        failed = compose(environment, *arguments)
        sys.stdout.write(
            f"  {'WRONG' if failed else 'ok'}  {what}: {time.monotonic() - begun:.0f} s\n"
        )
        sys.stdout.flush()
        if failed:
            return [what]
    wrong = call(url)
    what = "metrics are for the inside"
    failed = compose(environment, "exec", "-T", "registry", "python", "-c", SCRAPE)
    sys.stdout.write(f"  {'WRONG' if failed else 'ok'}  {what}\n")
    return [*wrong, what] if failed else wrong


def main() -> int:
    """0 when the stack came up and answered as it should."""
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="splot-smoke-") as folder:
        secrets = Path(folder) / "secrets"
        draw(secrets)
        environment = environment_for(url, secrets)
        try:
            wrong = start_and_call(environment, url)
            if wrong:
                compose(environment, "ps", "--all", aloud=True)
                compose(environment, "logs", "--no-color", "--tail", "40", aloud=True)
        finally:
            compose(environment, "down", "--volumes", "--timeout", "20")
    sys.stdout.write(f"container smoke: {'; '.join(wrong) if wrong else 'passed'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
