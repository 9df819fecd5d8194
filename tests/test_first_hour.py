"""What an operator meets first: the port is free or it is told at once, addresses agree, the last words are true."""

import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy import port as port_check
from deploy.greeting import greeting
from deploy.port import main, port_of, trouble, trouble_of_issuer
from deploy.secrets import DEVELOPMENT
from deploy.settings import settings_of
from onebox.__main__ import app

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.fixture
def first_look(tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    file.write_text(DEVELOPMENT, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "8000"),
        ([], {"PORT": "9000"}, "9000"),
        (["--port", "9001", "--demo", "none"], {"PORT": "9000"}, "9001"),
        (["--demo", "none", "--port=9002"], {}, "9002"),
    ],
)
def test_the_port_that_is_looked_at_is_the_one_that_would_be_used(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert port_of(arguments, environment) == expected


def test_a_taken_port_is_told_with_what_to_do(taken: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"]
    command[-1] += f"from deploy.port import main; sys.exit(main(['--port', '{taken}']))"
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"Port {taken} is taken; choose another one, for instance: make run PORT=9000\n"


def test_the_port_of_containers_is_told_unless_they_hold_it_themselves(
    taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_check, "settings_of", lambda: {"PORT": taken})
    monkeypatch.setenv("COMPOSE", f"sh -c 'echo 127.0.0.1:{taken}'")
    assert main(["--containers"]) is None
    for others in ("sh -c 'echo 127.0.0.1:1'", "false", "no-such-program"):
        monkeypatch.setenv("COMPOSE", others)
        assert main(["--containers"]) == f"Port {taken} is taken; choose another one, for instance: make up PORT=9000"


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80 80"])
def test_a_port_is_a_number(port: str) -> None:
    assert "PORT is a number" in (trouble(port) or "")


def test_nothing_is_installed_or_built_before_the_port_was_looked_at() -> None:
    for verb, later in (("run", "setup"), ("up", "--build")):
        rule = MAKEFILE[MAKEFILE.index(f"\n{verb}:") :].split("\n\n")[0]
        assert re.search(rf"^{verb}: ##", rule.strip(), re.MULTILINE), "a prerequisite would come first"
        assert rule.index("deploy.port") < rule.index(later)


def test_a_port_in_the_environment_is_the_issuers_too(first_look: Path) -> None:
    for environment, port in (({}, "8000"), ({"PORT": "9000"}, "9000")):
        settings = settings_of(first_look, environment)
        assert settings["OIDC_ISSUER"] == f"http://127.0.0.1:{port}/issuer"
        assert trouble_of_issuer(settings, settings["PORT"]) is None
        assert f" http://127.0.0.1:{port}/\n" in greeting(settings)
    assert COMPOSE["services"]["gateway"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


def test_an_issuer_of_another_port_is_told_before_anything_is_built(first_look: Path) -> None:
    first_look.write_text(DEVELOPMENT.replace("${PORT}", "8000"))
    settings = settings_of(first_look, {"PORT": "9000"})
    assert "OIDC_ISSUER is http://127.0.0.1:8000/issuer" in (trouble_of_issuer(settings, "9000") or "")
    assert trouble_of_issuer({"OIDC_ISSUER": "https://id.example.org/realms/county"}, "9000") is None


def test_lines_of_the_environment_file_are_read_as_compose_reads_them(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# PORT=1\nexport A = 'x y'\nB=${A}-${C:-d}-${E}\nF=1 # why\nA=again\n\nnonsense\n")
    assert settings_of(file, {"A": ""}) == {"A": "", "B": "-d-", "F": "1"}
    assert settings_of(file, {})["B"] == "x y-d-"


def test_the_last_words_of_containers_are_commands_that_are_there(first_look: Path, tmp_path: Path) -> None:
    text = greeting(settings_of(first_look, {"PORT": "1"}))
    register = tmp_path / "FILE"
    register.write_text("WOJ;POW\n")
    commands = [line.split(" -m onebox ")[1] for line in text.splitlines() if " -m onebox " in line]
    assert [command.split()[0] for command in commands] == ["token", "load"]
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command.replace("FILE", str(register))))
        assert result.stderr.startswith("There is no platform at http://127.0.0.1:1: ")


def test_an_instance_with_a_provider_is_not_promised_tokens() -> None:
    text = greeting({"OIDC_ISSUER": "https://id.example.org/realms/county", "ENVIRONMENT": "production"})
    assert "https://id.example.org/realms/county" in text
    assert "onebox" not in text


def test_figures_are_scraped_inside_and_not_published() -> None:
    gateway = COMPOSE["services"]["gateway"]
    port = gateway["environment"]["METRICS_ADDRESS"].rpartition(":")[2]
    assert gateway["expose"] == [port]
    assert all(not published.endswith(f":{port}") for published in gateway["ports"])


def test_up_takes_its_port_from_the_environment(taken: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["up", "--data", str(tmp_path)], env={"PORT": taken})
    assert result.stderr == f"Port {taken} is taken; choose another one with --port.\n"
