"""A known vulnerability fails the check, and a service that is away does not pass for a sound lock."""

from pathlib import Path

import pytest

from tools import vulnerabilities
from tools.vulnerabilities import NPM_LOCKS, SERVICES, main, report, report_npm

BAD = {
    "dependencies": [
        {"name": "lantern", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}]},
        {"name": "rope", "version": "2.0", "vulns": []},
        {"name": "map", "skip_reason": "not known"},
    ]
}
UNKNOWN = {"dependencies": [{"name": "map", "skip_reason": "not known"}]}
NPM_BAD = {"vulnerabilities": {"lantern": {"severity": "high", "range": "<1.1"}}}


def test_what_is_known_is_named_with_its_repair(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(BAD) == 1
    told = capsys.readouterr().out
    assert "lantern 1.0: PYSEC-2026-1, repaired in 1.1\n" in told
    assert "vulnerabilities: 1 in 2 packages" in told
    assert report_npm(NPM_LOCKS[0], NPM_BAD) == 1
    assert "lantern <1.1: high, in " in capsys.readouterr().out


@pytest.mark.parametrize("found", [None, UNKNOWN])
def test_a_service_that_knows_nothing_is_said_to_have_checked_nothing(
    found: dict[str, object] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(found) == 0
    assert "not checked" in capsys.readouterr().out
    assert report_npm(NPM_LOCKS[0], None) == 0
    assert "not checked" in capsys.readouterr().out


def test_the_second_service_is_asked_where_the_first_knows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vulnerabilities, "audit", {"pypi": UNKNOWN, "osv": BAD}.__getitem__)
    monkeypatch.setattr(vulnerabilities, "audit_npm", dict.fromkeys(NPM_LOCKS).get)
    assert main() == 1


def test_every_lock_of_npm_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(vulnerabilities, "audit", dict.fromkeys(SERVICES).get)
    monkeypatch.setattr(vulnerabilities, "audit_npm", asked.append)
    assert main() == 0
    assert {lock.parent.name for lock in asked} >= {"typescript", "oidc", "spectral", "fhir", "credentials"}
