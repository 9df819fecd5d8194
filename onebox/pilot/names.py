"""Names of people who do not exist."""

from random import Random

GIVEN = {
    "female": ("Zofia", "Hanna", "Julia", "Maja", "Laura", "Oliwia", "Alicja", "Lena", "Pola", "Iga"),
    "male": (
        "Antoni",
        "Jan",
        "Leon",
        "Aleksander",
        "Franciszek",
        "Ignacy",
        "Mikołaj",
        "Stanisław",
        "Tymon",
        "Wojciech",
    ),
}
_STEMS = ("Zmyśl", "Wymyśl", "Przykład", "Umow", "Nieprawdziw", "Fikcyj", "Pozor", "Domysł", "Wyobraź", "Baśni")
_ENDINGS = ("ska", "owska", "nicka", "ecka")


def family_name(lots: Random, sex: str) -> str:
    """An invented family name."""
    name = lots.choice(_STEMS) + lots.choice(_ENDINGS)
    return name if sex == "female" else f"{name[:-1]}i"


def lots(what: str) -> Random:
    """Random numbers with a fixed seed, the same each time."""
    return Random(f"pilot {what}")  # noqa: S311 - nothing is secret here
