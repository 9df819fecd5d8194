"""Loading a package."""

from collections.abc import Mapping
from typing import Any

from services.chassis import audit
from services.chassis.access import demand
from services.chassis.answers import Answer
from services.chassis.callers import Caller
from services.chassis.work import Change
from services.screening.instrument_packages.rules import (
    canonical_bytes,
    digest_of,
    is_trusted,
)
from services.screening.instrument_packages.schemas import SignedPackage
from services.screening.instruments.actions import add_instrument, add_version
from services.screening.instruments.queries import (
    find_instrument,
    get_instrument_version,
)
from services.screening.norm_sets.actions import add_norm_set
from services.screening.permissions import Permission
from services.screening.problems import PackageNotTrusted


async def load_instrument_package(
    change: Change,
    caller: Caller,
    signed: SignedPackage,
    sent: Mapping[str, Any],
    publishers: Mapping[str, str],
    *,
    in_development: bool,
) -> Answer:
    """Take in the package as the next version of its instrument. `sent` is what was signed, before it was read."""
    demand(caller, Permission.IMPORT_PACKAGES)
    content = canonical_bytes(sent)
    if not is_trusted(
        content,
        signed.publisher,
        signed.signature,
        publishers,
        in_development=in_development,
    ):
        raise PackageNotTrusted()
    package, code = signed.package, signed.package.instrument.code
    instrument = await find_instrument(change, code) or await add_instrument(
        change, caller, package.instrument
    )
    publisher = signed.publisher if signed.signature else None
    origin = {"publisher": publisher, "package_digest": digest_of(content)}
    version = await add_version(
        change,
        caller,
        instrument,
        package.definition,
        at="/package/definition",
        **origin,
    )
    for number, norms in enumerate(package.norm_sets):
        await add_norm_set(
            change,
            caller,
            code,
            version.number,
            norms,
            at=f"/package/norm_sets/{number}/document",
        )
    path = f"instruments/{code}/versions/{version.number}"
    audit.record(
        change,
        caller,
        "load_instrument_package",
        path,
        detail={"digest": origin["package_digest"]},
    )
    answer = await get_instrument_version(change, None, code, version.number)
    answer.status_code = 201
    answer.headers["location"] = f"/v1/screening/{path}"
    return answer
