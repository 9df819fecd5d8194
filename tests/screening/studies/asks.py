"""Requests to the validation studies."""

from tests.screening.studies.population import definition, screened
from tests.screening.studies.records import INSTRUMENT, STUDY, add_screenings, make_ready
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read
from tests.support.matrix import make_institution

CRITERIA = b"subject_ref,outcome\n00000000-0000-0000-0000-000000000001,positive\n"


async def prepare(target: Target, make: Make) -> None:
    """An instrument, some screenings, a study that can be run and one that was."""
    await make_institution(target, make)
    if not (await target.client.get("/v1/screening/instruments/PROBA", headers=_reader())).is_success:
        await make("/instruments", INSTRUMENT)
        version = await make("/instruments/PROBA/versions", definition())
        await make("/instruments/PROBA/versions/1/publish", {}, version)
    await add_screenings(target.client, screened(12))
    target.made["study"] = await make("/studies", STUDY)
    target.made["ready"] = await make("/studies", STUDY)
    target.made["export"] = {"id": await make_ready(target.client, target["ready"]["id"])}


def _reader() -> dict[str, str]:
    from tests.support.callers import call_as  # noqa: PLC0415

    return call_as("programme_manager", counties=["*"])


def _study(target: Target) -> str:
    return f"/studies/{target['study']['id']}"


def _ready(target: Target) -> str:
    return f"/studies/{target['ready']['id']}"


def _section(name: str) -> Made:
    return {f"get_study_{name}": asks_to_read(lambda target: f"{_ready(target)}/{name}")}


ASKS: Asks = {
    "list_studies": asks_to_read("/studies"),
    "create_study": lambda _: Ask("POST", "/studies", STUDY),
    "get_study": asks_to_read(_study),
    "amend_study": lambda target: Ask("PATCH", _study(target), {"name": "Inna nazwa"}, target["study"]),
    "run_study": lambda target: Ask("POST", f"{_study(target)}/run", tag=target["study"]),
    "import_study_criterion": lambda target: Ask("POST", f"{_study(target)}/criterion-imports", file=CRITERIA),
    **_section("sampling"),
    **_section("reliability"),
    **_section("items"),
    **_section("criterion"),
    **_section("agreement"),
    **_section("dif"),
    "get_study_plot": asks_to_read(lambda target: f"{_ready(target)}/plots/roc"),
    "export_study": lambda target: Ask("POST", f"{_ready(target)}/exports", {}),
    "list_study_exports": asks_to_read(lambda target: f"{_ready(target)}/exports"),
    "get_study_file": asks_to_read(lambda target: f"{_ready(target)}/exports/{target['export']['id']}/data.csv"),
}
