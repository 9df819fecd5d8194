"""The diagnosis of a location: one version that is valid, and the next one, which is not
adopted yet.
"""

from onebox.demo.api import Api

DIAGNOSIS = {"kind": "local_diagnosis", "title": "Diagnoza lokalna Imielina"}
AUTHORS = {"authors": ["Zespół Synergii Lokalnej"]}
ADOPTION = {"adopted_on": "2025-03-17", "adopted_by": "Burmistrz, zarządzenie nr 12/2025"}


async def send_documents(coordinator: Api, site_id: str) -> None:
    """Two versions, each with its file; the first one is adopted."""
    document = await coordinator.create("documents", DIAGNOSIS | {"site_id": site_id})
    versions = f"documents/{document['id']}/versions"
    for number, note in enumerate(("wersja przyjęta", "wersja uzupełniona"), 1):
        await coordinator.create(versions, AUTHORS | {"note": note})
        file = pdf(f"Imielin: diagnoza lokalna, wersja {number}, dane demonstracyjne")
        version = await coordinator.send(f"{versions}/{number}/file", file, "application/pdf")
        if number == 1:
            await coordinator.change(f"{versions}/1/adopt", ADOPTION, version)


def pdf(line: str) -> bytes:
    """A PDF of one page with one line of ASCII, which must not have brackets."""
    stream = f"BT /F1 14 Tf 60 780 Td ({line}) Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    text, starts = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(f"{len(text):010} 00000 n \n")
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(starts)}"
    end = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + table + end).encode("ascii")
