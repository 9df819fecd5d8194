"""The words of the verification page in both languages. Pure."""

from typing import NamedTuple

from services.chassis.ground.problems import Language


class Words(NamedTuple):
    """All words of one language."""

    title: str
    skip: str
    valid: str
    revoked: str
    revoked_on: str
    unknown: str
    unknown_text: str
    programme: str
    issued_on: str
    issuer: str
    holder: str
    initials_only: str
    number: str
    hours: str
    modules: str
    outcomes: str
    attended: str
    validated: str
    check: str
    check_text: str
    name: str
    button: str
    matches: str
    differs: str
    too_many: str
    other: str


WORDS: dict[Language, Words] = {
    "pl": Words(
        title="Sprawdzenie certyfikatu",
        skip="Przejdź do treści",
        valid="Certyfikat jest ważny",
        revoked="Certyfikat jest nieważny: został unieważniony",
        revoked_on="Unieważniono",
        unknown="Nie ma takiego certyfikatu",
        unknown_text="Sprawdź, czy kod jest przepisany bez pomyłki.",
        programme="Program szkolenia",
        issued_on="Data wydania",
        issuer="Wystawca",
        holder="Posiadacz",
        initials_only="inicjały; imię i nazwisko pokazuje tylko posiadacz",
        number="Numer",
        hours="Wymiar",
        modules="Moduły",
        outcomes="Osiągnięte efekty uczenia się",
        attended="obecność {attended} z {minutes}",
        validated="zwalidowano {day}",
        check="Czy to certyfikat tej osoby?",
        check_text="Wpisz imię i nazwisko z okazanego certyfikatu. Odpowiemy tylko, czy się zgadza. Nie zapisujemy"
        " tego, co wpiszesz.",
        name="Imię i nazwisko",
        button="Sprawdź",
        matches="Zgadza się: to certyfikat tej osoby",
        differs="Nie zgadza się: to nie jest certyfikat tej osoby",
        too_many="Sprawdzano już zbyt wiele nazwisk. Spróbuj ponownie za godzinę",
        other="English",
    ),
    "en": Words(
        title="Verification of a certificate",
        skip="Skip to the content",
        valid="The certificate is valid",
        revoked="The certificate is not valid: it was revoked",
        revoked_on="Revoked on",
        unknown="There is no such certificate",
        unknown_text="See whether the code was copied without a mistake.",
        programme="Programme of training",
        issued_on="Issued on",
        issuer="Issuer",
        holder="Holder",
        initials_only="initials; only the holder shows the name",
        number="Number",
        hours="Length",
        modules="Modules",
        outcomes="Learning outcomes achieved",
        attended="attended {attended} of {minutes}",
        validated="validated on {day}",
        check="Is it this person's certificate?",
        check_text="Type the name as it stands on the certificate that you were shown. You are told only whether it is"
        " the holder's. What you type is not kept.",
        name="Given name and family name",
        button="Check",
        matches="Yes: this is the certificate of that person",
        differs="No: this is not the certificate of that person",
        too_many="Too many names were tried. Try again in an hour",
        other="Polski",
    ),
}
