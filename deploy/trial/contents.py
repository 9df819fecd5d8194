"""What images hold: their own code alone, and the same after another build. Standard library only."""

from collections.abc import Iterator

from deploy.images import difference, files_of, parts_in
from deploy.secrets import SERVICES
from deploy.trial.site import Site

IMAGES = {
    **{name: {"services/chassis", f"services/{name}"} for name in SERVICES},
    "gateway": {"services/chassis", "gateway"},
}
BUILT_AGAIN = "gateway"
MOST_NAMED = 5


def look_at_images(site: Site) -> Iterator[tuple[str, bool, str]]:
    """What should be so of them, whether it is, and what was found."""
    files = {name: files_of(f"splot-{name}") for name in IMAGES}
    for name, parts in IMAGES.items():
        held = parts_in(files[name])
        yield (
            f"the image of {name} holds its own code alone",
            held == parts,
            ", ".join(sorted(held)),
        )
    # One of them, for all have one recipe.
    site.compose("build", "--no-cache", BUILT_AGAIN)
    differing = difference(files[BUILT_AGAIN], files_of(f"splot-{BUILT_AGAIN}"))
    named = ", ".join(differing[:MOST_NAMED]) or f"{len(files[BUILT_AGAIN])} files"
    yield f"{BUILT_AGAIN} built again holds the same", not differing, named
