"""Names as Polish readers write, look for and sort them."""

import httpx
import pytest

from services.chassis.web.listing import ListQuery
from tests.registry.institutions.made import URL, found
from tests.support.records import INSTITUTION, add_territory, fetch

# Intl.Collator("pl", {ignorePunctuation: true, caseFirst: "upper"}) of Node.js 20.20 with ICU 78.2.
IN_ORDER = (
    (
        "Ala ala Az Aza Ąb Bielsko Bielsko_Biała Bielsko_Podlaskie Café Cafez Czyżyk Ćma ćma Ewa Eza Ęgida Lipka Łączka"
        " Mis Misa „Miś” Muller Müller Mur Nuta Nyża Ńuta Ocean Osa Ośrodek Ósemka Pola Skala Škoda Swoboda Szkoła"
        " Szkoła_10 Szkoła_2 Świt Zorza Źdźbło Źródło Żaba „Żabka”"
    )
    .replace("_", "\u00a0")
    .split(" ")
)
QUOTED = "Przedszkole Publiczne „Leśna Polana” w Bielsku-Białej"


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def add(client: httpx.AsyncClient, *names: str) -> None:
    for name in names:
        answer = await client.post(URL, json=INSTITUTION | {"name": name})
        assert answer.status_code == 201, answer.text


async def test_names_are_sorted_as_the_polish_alphabet_goes(registry: httpx.AsyncClient) -> None:
    names = [name.replace("\u00a0", " ") for name in IN_ORDER]
    question = 'SELECT name FROM unnest(CAST(:names AS text[])) AS name ORDER BY polish_key(name COLLATE "C")'
    rows = await fetch(registry, question, names=sorted(names))
    assert [row[0] for row in rows] == names


async def test_a_list_of_institutions_goes_page_by_page_as_a_polish_reader_expects(
    registry: httpx.AsyncClient,
) -> None:
    names = ["Czyżyk", "Ćma", "Lipka", "Łączka", "Zorza", "Źródło", "Żaba"]
    await add(registry, *reversed(names))
    assert await found(registry) == names
    assert await found(registry, sort="-name") == names[::-1]
    page = (await registry.get(f"{URL}?limit=2")).json()
    paged = [item["name"] for item in page["items"]]
    while page["next_cursor"]:
        page = (await registry.get(URL, params={"limit": 2, "cursor": page["next_cursor"]})).json()
        paged += [item["name"] for item in page["items"]]
    assert paged == names


async def test_a_renamed_institution_moves_to_its_new_place(registry: httpx.AsyncClient) -> None:
    await add(registry, "Ćma", "Lipka")
    one = (await registry.get(URL)).json()["items"][0]
    tag = (await registry.get(f"{URL}/{one['id']}")).headers["etag"]
    headers = {"if-match": tag, "content-type": "application/merge-patch+json"}
    assert (await registry.patch(f"{URL}/{one['id']}", json={"name": "Żaba"}, headers=headers)).status_code == 200
    assert await found(registry) == ["Lipka", "Żaba"]


async def test_the_longest_name_still_fits_into_a_cursor(registry: httpx.AsyncClient) -> None:
    longest = "Ż" * 299
    await add(registry, longest + "a", longest + "b")
    page = (await registry.get(f"{URL}?limit=1")).json()
    ListQuery(cursor=page["next_cursor"])
    (last,) = (await registry.get(URL, params={"limit": 1, "cursor": page["next_cursor"]})).json()["items"]
    assert last["name"] == longest + "b"


@pytest.mark.parametrize(
    "words",
    [
        "Leśna",
        "polana",
        "„Leśna Polana”",
        "Bielsku-Białej",
        "Bielsku",
        "Białej",
        "bielsku białej",
        "Bielsku–Biał",
        "przedszkole lesna",
    ],
)
async def test_words_in_quotation_marks_and_with_hyphens_are_found(registry: httpx.AsyncClient, words: str) -> None:
    await add(registry, QUOTED, "Szkoła Podstawowa nr 1")
    assert await found(registry, q=words) == [QUOTED]
