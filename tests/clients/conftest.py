"""The clients as they are generated, and a running platform that programs use them against."""

import asyncio
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.casework.peers import SCREENING_SCOPE, Registry, Screening, asking
from services.chassis.background.queue import JobRunner
from services.chassis.data.database import Database
from services.chassis.following.followers import Source
from services.chassis.peers import Peer
from services.registry.main import JOBS
from tests.casework.referrals.registries import account
from tests.conftest import racing
from tests.journeys.in_process import behind_gateway, closing
from tests.support.callers import claims, token
from tests.support.records import add_territory, app_of
from tools.clients.__main__ import PYTHON, ROOT, TYPESCRIPT, CannotGenerate, generate

COUNTY, SECONDS = "2469", 100
PROGRAM = re.compile(r"^## ([^\n]+)\n|^```(typescript|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
Environment = dict[str, str]


def _programs(language: str) -> Iterator[tuple[str, str]]:
    """The programs of the documents, as they stand there, by document and heading."""
    for document in (ROOT / "docs/recipes.md", ROOT / f"clients/{language}/README.md"):
        heading = document.parent.name
        for found in PROGRAM.finditer(document.read_text(encoding="utf-8")):
            heading = found[1] or heading
            if found[2] == language:
                yield re.sub(r"\W+", "-", heading.lower()), found[3]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Two processes of one run must not write the same folder."""
    with (ROOT / "clients" / name / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _checked(command: list[Any], folder: Path, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def python_programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Every program in Python, checked strictly together with the package, which can be imported from here on."""
    with _alone("python"):
        generate("python")
    folder = tmp_path_factory.mktemp("python")
    programs = {name: folder / f"{name.replace('-', '_')}.py" for name, _ in _programs("python")}
    for name, text in _programs("python"):
        programs[name].write_text(text, encoding="utf-8")
    source = PYTHON / "src"
    strictly = ["--strict", "--config-file=", f"--cache-dir={ROOT}/.mypy_cache/clients"]
    checked = [source / "splot_client", *programs.values()]
    _checked([sys.executable, "-m", "mypy", *strictly, *checked], folder, MYPYPATH=str(source))
    sys.path.insert(0, str(source))
    yield programs
    sys.path.remove(str(source))


@pytest.fixture(scope="session")
def typescript_programs() -> dict[str, Path]:
    """Every program in TypeScript, and the tests of the package, compiled strictly as a user of it would."""
    if shutil.which("node") is None:
        pytest.skip("there is no node here")
    compiler = TYPESCRIPT / "node_modules/.bin/tsc"
    build = TYPESCRIPT / "build"
    with _alone("typescript"):
        try:
            generate("typescript")
        except CannotGenerate as problem:
            pytest.skip(str(problem))
        names = [name for name, _ in _programs("typescript")]
        # Another worker of this run may have compiled them, and runs them now.
        run, compiled = os.environ.get("PYTEST_XDIST_TESTRUNUID", ""), build / "compiled-in-run"
        if not run or not compiled.exists() or compiled.read_text() != run:
            shutil.rmtree(build, ignore_errors=True)
            build.mkdir()
            for name, text in _programs("typescript"):
                (build / f"{name}.ts").write_text(text)
            shutil.copy(Path(__file__).parent / "helpers.ts", build)
            _checked([compiler, "--project", "tsconfig.json"], TYPESCRIPT)
            _checked([compiler, "--project", "tsconfig.scripts.json"], TYPESCRIPT)
            compiled.write_text(run)
    return {name: build / f"js/{name}.js" for name in (*names, "helpers")}


@pytest.fixture(scope="module")
async def platform(
    admin_url: str, databases: dict[str, Database], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Environment]:
    """The environment of a program: the platform's address, and who the program may be."""
    folder = tmp_path_factory.mktemp("sockets")
    async with AsyncExitStack() as stack:
        names = ("registry", "screening", "casework")
        services = {name: await stack.enter_async_context(racing(name, admin_url, databases[name])) for name in names}
        await add_territory(services["registry"])
        address = await stack.enter_async_context(behind_gateway(services, folder))
        registry, screening = [
            Peer(f"http://{name}", transport=httpx.AsyncHTTPTransport(uds=str(folder / f"{name}.sock")))
            for name in ("registry", "screening")
        ]
        await stack.enter_async_context(closing(registry, screening))
        results = Source(screening, account(SCREENING_SCOPE))
        stack.enter_context(asking(Registry(registry, account()), Screening(*results)))
        runner = JobRunner(app_of(services["registry"]).state.database, JOBS)
        running = asyncio.create_task(runner.run())
        yield {"SPLOT_URL": address.removesuffix("/v1"), **_callers()}
        await runner.stop()
        await running


def _callers() -> Environment:
    """The tokens that the documents name, and one for imports."""

    def person(role: str, subject: str) -> str:
        return token(claims(role, subject=subject, counties=[COUNTY], institution=None))

    def application(scope: str) -> str:
        return token(claims(scope=scope, counties=["*"], institution=None))

    return {
        "COORDINATOR": person("county_coordinator", "coordinator"),
        "SENDER": person("early_screening_coordinator", "first-colleague"),
        "REVIEWER": person("early_screening_coordinator", "second-colleague"),
        "FOLLOWER": application("casework:read events:read"),
        "IMPORTER": application("registry:read registry:write events:read"),
    }


Run = Callable[..., Awaitable[list[str]]]


@pytest.fixture(scope="module")
def run(platform: Environment) -> Run:
    """Runs a program against the platform: the lines that it printed."""

    async def run_one(*command: Any, **environment: str) -> list[str]:
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            env={**os.environ, **platform, **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        assert process.returncode == 0, printed.decode()
        return printed.decode().splitlines()

    return run_one
