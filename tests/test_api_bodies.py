"""Bodies and parameters of every endpoint: made of guarded scalars, with an example."""

from collections.abc import Iterator
from functools import reduce
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, TypeAdapter

from services.chassis.ground import scalars
from tests.support.routes import Endpoint, endpoints, flat
from tests.support.rules import of_every


class Walk:
    """Finds the scalars of a model that let pass what no column holds: every leaf of its core schema is looked at."""

    def __init__(self, kind: Any, *, in_query: bool) -> None:
        self.in_query = in_query
        self.definitions: dict[str, Any] = {}
        self.seen: set[str] = set()
        self.bare = list(self.walk(TypeAdapter(kind).core_schema, "", guarded=False))

    def walk(self, schema: Any, path: str, *, guarded: bool) -> Iterator[str]:
        kind = schema["type"]
        if kind == "chain":
            yield from min((list(self.walk(step, path, guarded=guarded)) for step in schema["steps"]), key=len)
        elif kind == "model-fields":
            for name, field in schema["fields"].items():
                yield from self.walk(field["schema"], f"{path}/{name}", guarded=False)
        else:
            if kind == "model" and schema.get("config", {}).get("extra_fields_behavior") != "forbid":
                yield f"{path or '/'} takes unknown fields"
            inner = self.inside(schema)
            for part in inner:
                yield from self.walk(part, path, guarded=guarded or _is_of_the_boundary(schema))
            if not inner and not guarded and not self.is_safe(schema):
                yield f"{path} is a bare {kind}"

    def inside(self, schema: Any) -> list[Any]:
        """The schemas that a schema is made of; none for a leaf."""
        if schema["type"] == "definitions":
            self.definitions |= {inner["ref"]: inner for inner in schema["definitions"]}
        if schema["type"] == "definition-ref":
            first = schema["schema_ref"] not in self.seen
            self.seen.add(schema["schema_ref"])
            return [self.definitions[schema["schema_ref"]]] if first else []
        if schema["type"] == "enum":
            return []
        parts = [schema[name] for name in ("schema", "items_schema", "keys_schema", "values_schema") if name in schema]
        choices = [choice[0] if isinstance(choice, tuple) else choice for choice in schema.get("choices", ())]
        return choices + [item for part in parts for item in (part if isinstance(part, list) else [part])]

    def is_safe(self, schema: Any) -> bool:
        match schema["type"]:
            case "literal" | "enum" | "none" | "definition-ref":
                return True
            case "str":
                return "pattern" in schema
            case "bool":
                return self.in_query or schema.get("strict") is True
            case "int":
                return not self.in_query and schema.get("strict") is True and {"ge", "le"} <= schema.keys()
            case "float":
                return not self.in_query and schema.get("strict") is True and schema.get("allow_inf_nan") is False
        return False


def _is_of_the_boundary(schema: Any) -> bool:
    if not schema["type"].startswith("function-"):
        return False
    return str(schema["function"]["function"].__module__).startswith("services.chassis.")


class Taken(NamedTuple):
    """What is taken: its name, and its type or field."""

    name: str
    kind: Any

    def __str__(self) -> str:
        return self.name


def bodies_taken() -> list[Taken]:
    kinds: dict[Any, Endpoint] = {
        parameter.field_info.annotation: endpoint
        for endpoint in endpoints()
        for dependant in flat(endpoint.dependant)
        for parameter in dependant.body_params
    }
    return [Taken(f"{kind.__name__} of {endpoint.name}", kind) for kind, endpoint in kinds.items()]


def parameters_taken() -> list[Taken]:
    return [
        Taken(f"{parameter.name} of {endpoint.name}", parameter.field_info)
        for endpoint in endpoints()
        for dependant in flat(endpoint.dependant)
        for parameter in [*dependant.query_params, *dependant.path_params]
    ]


@of_every(bodies_taken())
def test_a_body_is_made_of_guarded_scalars_only(body: Taken) -> None:
    assert Walk(body.kind, in_query=False).bare == []


@of_every(bodies_taken())
def test_a_body_has_an_example(body: Taken) -> None:
    assert "examples" in TypeAdapter(body.kind).json_schema()


@of_every(parameters_taken())
def test_a_parameter_is_made_of_guarded_scalars_only(parameter: Taken) -> None:
    assert Walk(_annotated(parameter.kind), in_query=True).bare == []


def _annotated(field: Any) -> Any:
    """The parameter's type with the constraints that FastAPI took out of it."""
    return reduce(lambda annotation, constraint: Annotated[annotation, constraint], field.metadata, field.annotation)


class Bare(BaseModel):
    """What a body must not look like: every field of it is found."""

    text: str
    number: int
    share: float
    flag: bool
    anything: Any
    rows: list[dict[str, int]]
    bounded: scalars.Count
    name: scalars.Name
    day: scalars.Date | None = None


def test_the_walk_finds_what_is_bare_and_only_that() -> None:
    found = {line.split(" ")[0] for line in Walk(Bare, in_query=False).bare}
    assert found == {"/", "/text", "/number", "/share", "/flag", "/anything", "/rows"}
