"""The overlays for Kubernetes are of their schemas, closed as compose is, and cannot drift from docker-compose.yml."""

import json
from pathlib import Path

import pytest
from kubernetes_validate.utils import validate

from deploy.secrets import draw
from onebox.postgres import COLLATION
from tests.support.overlays import (
    COMPOSE,
    JOBS,
    OVERLAYS,
    built,
    bytes_of,
    mounted_secrets,
    of_kind,
    pod,
    pods,
    variables,
)
from tests.support.services import SERVICES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/kubernetes.md").read_text(encoding="utf-8")
# The oldest that has a pause before a stop without a setting of its own, and the newest.
VERSIONS = ("1.31", "1.37")
PROGRAMS = [*SERVICES, "gateway", *JOBS]
# A folder, because a file alone cannot be missing in a pod; and what lies beside the database is the operator's here,
# who restores it by other means (docs/kubernetes.md).
OTHERWISE = {"BORDERS_FILE", "AUDIT_CHECKPOINT_FILE", "TOMBSTONE_FILE"}
# Compose has them from `.env`, an overlay of its own.
FROM_THE_OVERLAY = {"REGISTRY_URL", "SCREENING_URL", "PUBLIC_URL", "OIDC_ISSUER", "ACCOUNT_ID"}
# Fields of CloudNativePG 1.30 and its Barman Cloud plugin 0.16 that are used here: their schemas are no package.
FIELDS = {
    "Cluster": {
        "instances", "imageCatalogRef", "enableSuperuserAccess", "superuserSecret", "bootstrap", "postgresql",
        "affinity", "resources", "storage", "walStorage", "plugins",
    },
    "ObjectStore": {"retentionPolicy", "configuration"},
    "ScheduledBackup": {"schedule", "cluster", "method", "pluginConfiguration", "backupOwnerReference"},
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_of_its_schema(overlay: str, version: str) -> None:
    known = [each for each in built(overlay) if "cnpg.io" not in each["apiVersion"]]
    assert len(known) > 40
    for each in known:
        validate(each, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_objects_of_the_databases_operator_have_no_field_that_it_does_not_know(
    overlay: str,
) -> None:
    others = [each for each in built(overlay) if "cnpg.io" in each["apiVersion"]]
    assert others
    for each in others:
        assert each["spec"].keys() <= FIELDS[each["kind"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_no_more_rights_than_it_needs(overlay: str) -> None:
    accounts = of_kind("ServiceAccount", overlay)
    for name, spec in pods(overlay):
        [program] = spec["containers"]
        assert spec["automountServiceAccountToken"] is False, name
        assert accounts[spec["serviceAccountName"]]["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert program["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} == program["resources"].keys()
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume]
    assert (
        of_kind("Namespace", overlay)["splot"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        == "restricted"
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_given_what_compose_gives_it(name: str) -> None:
    wanted = COMPOSE[name]
    spec = pod(name)
    [program] = spec["containers"]
    assert program["image"].rpartition(":")[0].rpartition("/")[2] == wanted["image"]
    assert program.get("args") == wanted.get("command")
    assert bytes_of(program["resources"]["limits"]["memory"]) == bytes_of(wanted["mem_limit"])
    [tmp] = [each["emptyDir"] for each in spec["volumes"] if each["name"] == "tmp"]
    [mounted] = [each for each in wanted["tmpfs"] if each.startswith("/tmp:")]  # noqa: S108
    assert bytes_of(tmp["sizeLimit"]) == bytes_of(mounted.partition("size=")[2].partition(",")[0])
    secrets = [
        {"source": each, "target": each} if isinstance(each, str) else each for each in wanted.get("secrets", ())
    ]
    assert mounted_secrets(spec) == {each["target"]: each["source"].replace("_", "-") for each in secrets}


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_a_program_has_the_variables_that_compose_gives_it(name: str, overlay: str) -> None:
    wanted, given = COMPOSE[name].get("environment", {}), variables(name, overlay)
    assert given.keys() <= wanted.keys()
    fixed = {key: value for key, value in wanted.items() if value and key not in FROM_THE_OVERLAY | OTHERWISE}
    differing = {key for key in fixed if given.get(key) != fixed[key] and "${" not in fixed[key]}
    assert not differing
    demanded = FROM_THE_OVERLAY & wanted.keys() if overlay == "production" else {"OIDC_ISSUER"} & wanted.keys()
    assert demanded <= given.keys()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_are_named_and_never_held(overlay: str, tmp_path: Path) -> None:
    draw(tmp_path)
    drawn = {path.name.replace("_", "-") for path in tmp_path.iterdir()}
    assert not of_kind("Secret", overlay)
    named = {name for _, spec in pods(overlay) for name in mounted_secrets(spec).values()}
    named.add(of_kind("Cluster", overlay)["splot"]["spec"]["superuserSecret"]["name"])
    # Compose brings a provider to sign in with; here it is the cluster's.
    # Its archive is the operator's of the database, and its dashboards are the cluster's.
    elsewhere = ("keycloak-", "archive-", "grafana-")
    assert named == {name for name in drawn if not name.startswith(elsewhere)}
    for each in of_kind("ConfigMap", overlay).values():
        assert not {key for key in each["data"] if key.endswith(("PASSWORD", "SECRET", "DATABASE_URL", "_KEY"))}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_image_is_named_by_a_version(overlay: str) -> None:
    for _, spec in pods(overlay):
        tag = spec["containers"][0]["image"].rpartition(":")[2]
        assert tag not in {"latest", spec["containers"][0]["image"]}


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_probes_ask_where_the_program_tells_its_state_by_a_name_that_it_answers(name: str) -> None:
    [program] = pod(name)["containers"]
    paths = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    for probe, path in paths.items():
        asked = program[probe]["httpGet"]
        assert asked["path"] == path
        [host] = asked["httpHeaders"]
        assert host["name"] == "Host"
        assert host["value"] in json.loads(variables(name)["ALLOWED_HOSTS"])
    # A minute to start, as the health check of the image has.
    started = program["startupProbe"]["periodSeconds"] * program["startupProbe"]["failureThreshold"]
    assert started >= 60


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_a_pod_is_given_the_time_to_end_what_is_under_way(name: str) -> None:
    entrypoint = (ROOT / "deploy/entrypoint").read_text(encoding="utf-8")
    drain = int(entrypoint.partition("--timeout-graceful-shutdown ")[2].split()[0])
    spec = pod(name)
    pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert spec["terminationGracePeriodSeconds"] >= pause + drain


def test_migrations_can_be_applied_before_everything_else() -> None:
    jobs = of_kind("Job")
    assert sorted(jobs) == sorted(JOBS)
    labels = {each["metadata"]["labels"]["app.kubernetes.io/component"] for each in jobs.values()}
    assert labels == {"migration"}
    assert f"--selector app.kubernetes.io/component={labels.pop()}" in PAGE


def test_whatever_answers_has_two_replicas_and_keeps_one() -> None:
    scaled, kept = of_kind("HorizontalPodAutoscaler"), of_kind("PodDisruptionBudget")
    for name in (*SERVICES, "gateway"):
        assert scaled[name]["spec"]["minReplicas"] >= 2
        assert scaled[name]["spec"]["scaleTargetRef"]["name"] == name
        assert kept[name]["spec"]["maxUnavailable"] == 1
        assert "replicas" not in of_kind("Deployment")[name]["spec"], "the autoscaler says how many"
    for name in SERVICES:
        assert of_kind("Service")[name]["spec"]["clusterIP"] == "None", "the gateway finds replicas by the name"


def test_the_database_has_a_connection_for_every_replica_at_its_most() -> None:
    most = sum(of_kind("HorizontalPodAutoscaler")[name]["spec"]["maxReplicas"] for name in SERVICES)
    parameters = of_kind("Cluster")["splot"]["spec"]["postgresql"]["parameters"]
    # A pool of ten and half as many for searches; jobs, streams and administration beside them.
    assert 15 * most + 40 <= int(parameters["max_connections"])


def test_the_database_is_set_as_with_compose_and_copied_before_it_acknowledges() -> None:
    spec = of_kind("Cluster")["splot"]["spec"]
    flags = [each for each in COMPOSE["postgres"]["command"] if "=" in each]
    wanted = dict(each.split("=", 1) for each in flags)
    # By size, or the operator's own to set.
    own = {
        "shared_buffers",
        "max_connections",
        "archive_mode",
        "archive_command",
        "archive_timeout",
        "wal_level",
    }
    # Of the archive beside the database, which is the operator's here.
    own |= {"hba_file", "max_slot_wal_keep_size"}
    given = spec["postgresql"]["parameters"]
    assert {key: given.get(key) for key in wanted if key not in own} == {
        key: value for key, value in wanted.items() if key not in own
    }
    made = spec["bootstrap"]["initdb"]
    collation = dict(each.removeprefix("--").split("=", 1) for each in COLLATION)
    assert made["localeCollate"] == collation["locale"]
    assert made["localeCType"] == collation["lc-ctype"]
    assert made["localeProvider"] == collation["locale-provider"]
    assert made["builtinLocale"] == collation["builtin-locale"]
    assert made["dataChecksums"] is True
    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
    }
    [archived] = spec["plugins"]
    assert archived["parameters"]["barmanObjectName"] in of_kind("ObjectStore")
    assert archived["isWALArchiver"] is True
    assert of_kind("ScheduledBackup")["splot"]["spec"]["pluginConfiguration"]["name"] == archived["name"]


def test_production_has_no_development_issuer() -> None:
    assert "issuer" not in of_kind("Deployment")
    assert variables("gateway")["ENVIRONMENT"] == "production"
    assert "ISSUER_UPSTREAM" not in variables("gateway")
