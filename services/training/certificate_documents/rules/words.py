"""The words of a certificate in both languages. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from services.chassis.ground.problems import Language


class Words(NamedTuple):
    """All words of one language."""

    certificate: str
    revoked: str
    completed: str
    programme: str
    version: str
    group: str
    attended: str
    modules: str
    module_columns: tuple[str, str, str, str]
    outcomes: str
    outcome_columns: tuple[str, str, str, str]
    no_modules: str
    none: str
    client: str
    contractor: str
    issuer: str
    issued: str
    number: str
    verify: str
    verify_text: str
    qr_alt: str
    page: str
    of: str
    note: str
    replaced: str
    methods: Mapping[str, str]
    self_study: str


WORDS: dict[Language, Words] = {
    "pl": Words(
        certificate="Certyfikat",
        revoked="Ten certyfikat został unieważniony.",
        completed="Potwierdzamy ukończenie szkolenia przez:",
        programme="Program",
        version="wersja programu",
        group="Grupa {code}, szkolenie od {first} do {last}",
        attended="Obecność: {attended} z {planned} zaplanowanych na zajęcia."
        " Cały program: {whole}.",
        modules="Moduły",
        module_columns=("Nr", "Moduł", "Wymiar", "Obecność"),
        outcomes="Efekty uczenia się",
        outcome_columns=("Efekt", "Kryterium", "Metoda", "Walidacja"),
        no_modules="Program nie ma modułów.",
        none="Program nie ma efektów, które byłyby walidowane.",
        client="Zamawiający",
        contractor="Wykonawca",
        issuer="Wystawca",
        issued="Data wydania",
        number="Numer",
        verify="Sprawdź ten certyfikat",
        verify_text="Zeskanuj kod albo otwórz adres. Kod certyfikatu:",
        qr_alt="Kod QR z adresem strony, na której sprawdza się ten certyfikat",
        page="Strona",
        of="z",
        note="Uwaga do druku",
        replaced="Niektórych znaków nie umiemy wydrukować: w ich miejscu jest □.",
        methods={
            "test": "test",
            "task": "zadanie",
            "observation": "obserwacja",
            "interview": "wywiad",
            "portfolio": "portfolio",
        },
        self_study="nauka własna",
    ),
    "en": Words(
        certificate="Certificate",
        revoked="This certificate has been revoked.",
        completed="This confirms the completion of training by:",
        programme="Programme",
        version="version of the programme",
        group="Group {code}, trained from {first} to {last}",
        attended="Attendance: {attended} of {planned} planned for sessions."
        " The whole programme: {whole}.",
        modules="Modules",
        module_columns=("No.", "Module", "Length", "Attended"),
        outcomes="Learning outcomes",
        outcome_columns=("Outcome", "Criterion", "Method", "Validated"),
        no_modules="The programme has no modules.",
        none="The programme has no outcomes that are validated.",
        client="Client",
        contractor="Contractor",
        issuer="Issuer",
        issued="Issued on",
        number="Number",
        verify="Verify this certificate",
        verify_text="Scan the code or open the address. Code of the certificate:",
        qr_alt="QR code with the address of the page that verifies this certificate",
        page="Page",
        of="of",
        note="About this print",
        replaced="Some characters cannot be printed: □ stands in their place.",
        methods={
            "test": "test",
            "task": "task",
            "observation": "observation",
            "interview": "interview",
            "portfolio": "portfolio",
        },
        self_study="self-study",
    ),
}
