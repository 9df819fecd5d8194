"""Writes `.env.example` from the settings classes: `python -m tools.environment .env.example`."""

import json
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from gateway.settings import GatewaySettings
from onebox.issuer import IssuerSettings
from onebox.stack import services_here
from services.chassis.ground.settings import IdentitySettings, ServiceSettings

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 110
HEAD = """\
# Every variable of the platform. A value shown is the default; a name without one has to be set.
# Made by `make env-example` from the settings classes: change those, not this file.
"""
# Variables that other programs than the settings classes read.
BESIDE = {
    "Migrations (services/chassis/migrating.py) alone, never a running service": {
        "ADMIN_DATABASE_URL": "postgresql+asyncpg://… as superuser or owner of the database",
        **{
            f"{service.upper()}_DATABASE_PASSWORD": f"what the application role of {service} gets as its password"
            for service in services_here()
        },
    },
    "Telemetry: the standard variables of OpenTelemetry, for instance": {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "where traces go; unset, none are made",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio keeps a share of the traces; unset, all are kept",
        "OTEL_TRACES_SAMPLER_ARG": "which share: 0.1 is a tenth",
        "OTEL_SERVICE_NAME": "a program's name in traces (default splot-<service>, splot-gateway)",
        "OTEL_RESOURCE_ATTRIBUTES": "what to say about this deployment, as key=value,key=value",
    },
    "Containers (docker-compose.yml); PORT is also that of `make run`": {
        "COMPOSE_PROFILES": "of provider (Keycloak), front (TLS), development (the issuer that gives anybody a token),"
        " telemetry (what watches the platform)",
        "DOMAIN": "public name of the front (default localhost)",
        "TLS": "internal, or an address of mail: then certificates come by ACME",
        "HTTP_PORT": "port of the front for HTTP (default 80)",
        "HTTPS_PORT": "port of the front for HTTPS (default 443)",
        "ADMIN_PORT": "port of Keycloak's administration on this machine's loopback (default 8001)",
        **{f"{service.upper()}_REPLICAS": f"how many of {service} (default 1)" for service in services_here()},
        "CPUS": "processors that each container may use (default 1)",
        "DATABASE_CPUS": "processors that PostgreSQL may use (default 2; no more than the machine has)",
        "GRAFANA_PORT": "port of Grafana on this machine's loopback (default 3000)",
        "ALERTMANAGER_CONFIG": "file that says who is told of alarms (default: nobody)",
        "PORT": "port of the gateway on this machine's loopback (default 8000)",
        "BORDERS": "GeoJSON file of counties, which is BORDERS_FILE inside (default: none, and no maps)",
        "SECRETS": "folder of the secret files (default ./.secrets)",
        "CASEWORK_ACCOUNT_ID": "ACCOUNT_ID of casework, which asks more than the others",
        "SCREENING_ACCOUNT_ID": "ACCOUNT_ID of screening (default: ACCOUNT_ID)",
        "TRAINING_ACCOUNT_ID": "ACCOUNT_ID of training (default: ACCOUNT_ID)",
        "DOCKER_BUILD_NETWORK": "network of image builds (default: the engine's)",
    },
}


def own_settings() -> list[tuple[str, type[BaseSettings]]]:
    """The settings classes of single services, beside the class of every service."""
    modules = sorted((ROOT / "services").glob("*/settings.py"))
    names = [path.parent.name for path in modules if path.parent.name != "chassis"]
    loaded = [(name, import_module(f"services.{name}.settings")) for name in names]
    return [
        (name, kind)
        for name, module in loaded
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ServiceSettings) and kind.__module__ == module.__name__
    ]


def sections() -> list[tuple[str, dict[str, FieldInfo]]]:
    """The sections of the file: a title, and the fields that no section before it has shown."""
    kinds: list[tuple[str, type[BaseSettings]]] = [
        ("Gateway and every service", IdentitySettings),
        ("Every service", ServiceSettings),
        *[(f"Service {name}", kind) for name, kind in own_settings()],
        ("Gateway", GatewaySettings),
        ("Development issuer", IssuerSettings),
    ]
    classes = [kind for _, kind in kinds]
    inherited = {
        kind: {name for base in kind.__mro__[1:] if base in classes for name in base.model_fields} for kind in classes
    }
    return [
        (title, {name: field for name, field in kind.model_fields.items() if name not in inherited[kind]})
        for title, kind in kinds
    ]


def default_of(field: FieldInfo) -> str:
    """The default as it would be written in the environment; empty where there is none."""
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined or value is None:
        return ""
    return json.dumps(value) if isinstance(value, list | dict | bool) else str(value)


def entry(name: str, description: str, value: str, *, required: bool) -> Iterable[str]:
    """One variable: what it is for, then its line, commented out where it need not be set."""
    yield from (f"# {line}" for line in wrap(description, WIDTH))
    yield f"{'' if required else '#'}{name}={value}"


def render() -> str:
    """The whole file."""
    lines = [HEAD]
    for title, fields in sections():
        lines += [f"# --- {title} ---", ""]
        for name, field in fields.items():
            lines += [
                *entry(name.upper(), field.description or "", default_of(field), required=field.is_required()),
                "",
            ]
    for title, variables in BESIDE.items():
        lines += [f"# --- {title} ---", ""]
        for name, description in variables.items():
            lines += [*entry(name, description, "", required=False), ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
