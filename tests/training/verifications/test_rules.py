"""Names as people type them, and pages that run nothing."""

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from services.chassis.ground.problems import Language
from services.training.certificates.rules import CertificateContent
from services.training.verifications.rules.pages import POLICY, Visit, certificate_page, unknown_page
from services.training.verifications.rules.views import Holding, is_name_of, verification

CODE = "0A1B2-C3D4E-F5G6H-J7K8M"
MARKUP = '"><script>alert(1)</script>'
CONTENT = CertificateContent(
    programme_code="TMW",
    title_pl=f"Szkolenie {MARKUP}",
    title_en="Training",
    client="",
    contractor="",
    version_number=1,
    group_code="1",
    starts_on=date(2026, 9, 1),
    ends_on=date(2026, 9, 30),
    required_percent=80,
    attended_minutes=720,
    planned_minutes=900,
    minutes=900,
    modules=[],
    outcomes=[],
)
HOLDING = Holding("Łucja", "Żółć", "TMW/2026/000001", date(2026, 11, 29), None, False, False, CONTENT)


@pytest.mark.parametrize(
    "typed", ["Łucja Żółć", "łucja żółć", " ŻÓŁĆ  Łucja ", "Łucja Z\u0307o\u0301łc\u0301", "Łucja\u00a0Żółć"]
)
def test_a_name_is_known_in_either_order_and_however_it_is_spaced(typed: str) -> None:
    assert is_name_of(typed, "Łucja", "Żółć")


@pytest.mark.parametrize("typed", ["Łucja", "Żółć", "Lucja Zolc", "Łucja Żółć-Nowak", "Ł.Ż."])
def test_a_part_of_a_name_is_not_the_name(typed: str) -> None:
    assert not is_name_of(typed, "Łucja", "Żółć")


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_page_has_what_a_screen_reader_needs_and_no_script(language: Language) -> None:
    shown = verification(HOLDING, "Splot", by_link=False)
    page = Parsed(certificate_page(shown, Visit(CODE, language, MARKUP), matches=False))
    assert page.all("html") == [{"lang": language}]
    assert [attributes["id"] for attributes in page.all("main")] == ["content"]
    assert [len(page.all(tag)) for tag in ("title", "h1", "form", "label", "script")] == [1, 1, 1, 1, 0]
    assert page.all("label")[0]["for"] == page.all("input")[0]["id"]
    assert [attributes.get("role") for attributes in page.all("p")].count("status") == 2
    assert "Łucja" not in page.text
    [switch] = [attributes for attributes in page.all("a") if "hreflang" in attributes]
    assert switch["lang"] == {"pl": "en", "en": "pl"}[language]


def test_the_policy_lets_this_style_through_and_nothing_else() -> None:
    [style] = re.findall(r"<style>(.*?)</style>", unknown_page(Visit(CODE, "pl")), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert POLICY.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "script-src" not in POLICY


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.1, 1.4.3)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", ["#1b2733", "#45525f", "#0b5394", "#17633f", "#a61b1b"])
def test_what_is_written_stands_out_from_the_paper(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
