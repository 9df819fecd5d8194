"""The operations of the API document, with their examples."""

from typing import Any, NamedTuple

from tests.support.document import DOCUMENT
from tests.support.matrix import Matrix
from tests.support.services import SERVICES

Json = dict[str, Any]


class Operation(NamedTuple):
    """One operation of the document."""

    service: str
    method: str
    told: Json
    permission: str | None
    whole_path: str

    @property
    def name(self) -> str:
        return str(self.told["operationId"])

    def parameters(self, place: str) -> list[Json]:
        return [each for each in self.told.get("parameters", []) if each["in"] == place]

    @property
    def path(self) -> str:
        """The path with the examples of its parameters, where these have one."""
        path = self.whole_path
        for each in self.parameters("path"):
            if (example := example_of(each["schema"])) is not None:
                path = path.replace(f"{{{each['name']}}}", str(example))
        return path

    @property
    def query(self) -> dict[str, str]:
        """The parameters that must be given, and those with an example."""
        given = [each for each in self.parameters("query") if each.get("required") or each["schema"].get("examples")]
        return {each["name"]: str(example_of(each["schema"])) for each in given}

    @property
    def successes(self) -> set[str]:
        """The statuses of success that are documented."""
        return {status for status in self.told["responses"] if status.startswith("2")}

    @property
    def media_type(self) -> str:
        """Of the body, the first that is taken; empty where none is."""
        return next(iter(self.told.get("requestBody", {}).get("content", {})), "")

    @property
    def bodies(self) -> list[Any]:
        """The examples of the body, None where there is no body."""
        if not self.media_type:
            return [None]
        content = self.told["requestBody"]["content"][self.media_type]
        return [content["example"]] if "example" in content else resolved(content["schema"])["examples"]


def operations() -> dict[str, Operation]:
    """Every operation by its name, reads first."""
    permissions = {service: Matrix(service, []).endpoints for service in SERVICES}
    found = [
        Operation(service, method, item[method], permissions[service][item[method]["operationId"]], path)
        for method in ("get", "post", "put", "patch", "delete")
        for path, item in DOCUMENT["paths"].items()
        for service in [path.split("/")[2]]
        # What the gateway answers itself has no permission of its own.
        if method in item and service in permissions
    ]
    return {operation.name: operation for operation in found}


def resolved(schema: Json) -> Json:
    """What a reference leads to."""
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def example_of(schema: Json) -> Any:
    """The first example, or the first value of a closed list; None where there is neither."""
    schema = resolved(schema)
    return next(iter(schema.get("examples") or schema.get("enum") or []), None)
