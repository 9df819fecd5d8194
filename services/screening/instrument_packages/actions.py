"""Loading a package."""

from collections.abc import Mapping

from services.chassis.data.effects import Subject
from services.chassis.data.work import Change
from services.chassis.trust.access import demand
from services.screening.instrument_packages.rules import digest_of, is_trusted
from services.screening.instrument_packages.schemas import SignedPackage
from services.screening.instruments.actions import (
    DraftedVersion,
    Origin,
    add_instrument,
    add_version,
)
from services.screening.instruments.queries import (
    find_instrument,
    get_instrument_version,
)
from services.screening.norm_sets.actions import add_norm_set
from services.screening.permissions import Permission
from services.screening.problems import PackageNotTrusted


async def load_instrument_package(
    change: Change,
    signed: SignedPackage,
    content: bytes,
    publishers: Mapping[str, str],
    *,
    in_development: bool,
) -> DraftedVersion:
    """Add a package's definition and norms as drafts: its instrument's next version.

    `content` is what the publisher signed (`canonical_bytes`), `publishers` the public
    keys by name. PackageNotTrusted unless one of them signed it.
    """
    demand(change.caller, Permission.IMPORT_PACKAGES)
    # Before any use of the content: until then the package is untrusted text.
    if not is_trusted(
        content,
        signed.publisher,
        signed.signature,
        publishers,
        in_development=in_development,
    ):
        raise PackageNotTrusted()
    package, code = signed.package, signed.package.instrument.code
    instrument = await find_instrument(change, code)
    if instrument is None:
        instrument = await add_instrument(change, package.instrument)
    # A name without a signature proves nothing and must not be shown as the origin.
    publisher = signed.publisher if signed.signature else None
    origin = Origin(publisher, digest_of(content))
    number = await add_version(
        change, instrument, package.definition, origin, at="/package/definition"
    )
    for place, norms in enumerate(package.norm_sets):
        at = f"/package/norm_sets/{place}/document"
        await add_norm_set(change, code, number, norms, at=at)
    subject = Subject(f"instruments/{code}/versions/{number}")
    change.record("load_instrument_package", subject, digest=origin.package_digest)
    stored_version = await get_instrument_version(change, code, number)
    return DraftedVersion(number, stored_version)
