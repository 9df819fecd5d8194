"""What is told of images: whose code is in one, how two differ, and a bill of materials that scanners understand."""

import json

from deploy.images import difference, digest_of, parts_in
from tools.sbom import Package, bill_of

FILES = {
    "app/services/__init__.py": "0 644 0:0 a",
    "app/services/__pycache__/__init__.cpython-313.pyc": "0 644 0:0 b",
    "app/services/chassis/web.py": "0 644 0:0 c",
    "app/services/registry/main.py": "0 644 0:0 d",
    "app/alembic.ini": "0 644 0:0 e",
    "venv/lib/python3.13/site-packages/gateway/main.py": "0 644 0:0 f",
}


def test_the_parts_of_the_platform_in_an_image_are_told_by_their_code() -> None:
    assert parts_in(FILES) == {"services/chassis", "services/registry"}
    stray = {"app/services/casework/__pycache__/keys.cpython-313.pyc": "0", "app/gateway/main.py": "0"}
    assert parts_in(FILES | stray) == {"services/chassis", "services/registry", "services/casework", "gateway"}


def test_two_images_are_the_same_whatever_the_order_of_their_files_and_never_with_one_that_differs() -> None:
    assert digest_of(dict(reversed(FILES.items()))) == digest_of(FILES)
    other = FILES | {"app/alembic.ini": "0 600 0:0 e"}
    assert digest_of(other) != digest_of(FILES)
    assert difference(FILES, other) == ["app/alembic.ini"]
    assert difference(FILES, FILES | {"new": "0"}) == ["new"]


def test_a_bill_names_each_package_once_by_its_address() -> None:
    packages = [Package("pypi", "Typing_Extensions", "4.1"), Package("deb", "libc6", "2.41-12+deb13u1")]
    bill = json.loads(bill_of("splot-registry", iter([*packages, packages[0]])))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "splot-registry"
    # The form of an address: purl-spec, the types `pypi` (names in lower case, with hyphens) and `deb`.
    assert [each["purl"] for each in bill["components"]] == [
        "pkg:deb/debian/libc6@2.41-12%2Bdeb13u1",
        "pkg:pypi/typing-extensions@4.1",
    ]
