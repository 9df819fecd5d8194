"""W9c: certificates for a whole programme at once: the PDF and the signed credential of each."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

from joserfc.jwk import ECKey

from bench.accounting import Memory, cpu_seconds, watched_memory
from bench.figures import Bar, Row, figure
from bench.options import Options
from bench.progress import Progress
from bench.stand import Stand
from services.training.certificate_documents.drawing import draw_certificate, stop_drawing
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificates.rules import CertificateContent, ContentModule, ContentOutcome
from services.training.credential_keys import SigningKeys
from services.training.credentials.rules import Issued, Issuer, credential

BATCH, MODULES, OUTCOMES = 500, 9, 18
BATCH_TIME = Bar("ours", at_most=60)
BATCH_MEMORY = Bar("ours", at_most=300)
ISSUER = Issuer("Splot", "https://splot.example")
DAY = date(2026, 10, 30)
OUTCOMES_OF_ALL = [
    ContentOutcome(
        id=uuid.UUID(int=outcome),
        module_number=1 + outcome // 2,
        code=f"E{outcome}",
        text_pl="Opisuje lokalne potrzeby i zasoby oraz wskazuje partnerów",
        text_en="Describes local needs and resources and names partners",
        criterion_pl="Wskazuje co najmniej trzy potrzeby z uzasadnieniem",
        criterion_en="Names at least three needs with reasons",
        method="task",
        validated_on=DAY,
    )
    for outcome in range(OUTCOMES)
]


def modules(number: int) -> list[ContentModule]:
    """Nine modules; the minutes attended depend on the number of the certificate."""
    return [
        ContentModule(
            number=module,
            title_pl=f"Moduł {module}: diagnoza potrzeb i zasobów",
            title_en=f"Module {module}: diagnosis of needs and resources",
            form="workshop",
            minutes=350,
            attended_minutes=300 + number % 50,
        )
        for module in range(1, MODULES + 1)
    ]


def content(number: int) -> CertificateContent:
    """The content of the certificate: a programme of nine modules with two outcomes each."""
    return CertificateContent(
        programme_code="TMW",
        title_pl="Nowy model współpracy instytucji zatrudnienia socjalnego",
        title_en="A new model of cooperation of social employment institutions",
        client="Zamawiający",
        contractor="Wykonawca",
        version_number=1,
        group_code=f"TMW-{number % 6}",
        starts_on=date(2026, 9, 1),
        ends_on=DAY,
        required_percent=80,
        attended_minutes=MODULES * (300 + number % 50),
        planned_minutes=MODULES * 350,
        minutes=MODULES * 350,
        modules=modules(number),
        outcomes=OUTCOMES_OF_ALL,
    )


def document(number: int) -> CertificateDocument:
    """The document of the certificate; each one differs, because typst caches what it has laid out."""
    code = f"{number:020}"
    return CertificateDocument(
        number=f"TMW/2026/{number:06}",
        code=code,
        name=f"Łucja Żółć {number}",
        issued_on=DAY,
        issuer=ISSUER.name,
        link=f"{ISSUER.public_url}/v1/training/verify/{code}",
        is_revoked=False,
        content=content(number),
    )


def token(number: int, keys: SigningKeys) -> str:
    """The signed credential of the certificate."""
    issued = Issued(
        str(uuid.UUID(int=number)),
        f"TMW/2026/{number:06}",
        str(uuid.UUID(int=1)),
        number,
        datetime(2026, 10, 30, tzinfo=UTC),
        "Łucja",
        f"Żółć {number}",
        False,
        content(number),
    )
    return keys.sign(credential(issued, ISSUER, "pl"), ISSUER.keys)


async def measure_certificates(_: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of certificates."""
    size = options.amount(BATCH)
    keys = SigningKeys((ECKey.generate_key("P-256", auto_kid=True),))
    try:
        with progress.task(f"W9c: {size} certificates with credentials"):
            seconds, cpu, memory = await _batch(size, keys)
    finally:
        await stop_drawing()
    cpu_each = figure([cpu / size * 1e6], "µs")
    yield Row("W9c", f"{size} certificates with credentials", figure([seconds], "s"), cpu=cpu_each, bars=(BATCH_TIME,))
    highest = figure([memory.highest_of_children], "MB")
    yield Row("W9c", "memory of what draws certificates", highest, bars=(BATCH_MEMORY,))


async def _batch(size: int, keys: SigningKeys) -> tuple[float, float, Memory]:
    """The seconds, the processor seconds and the memory of the whole batch."""
    async with watched_memory(os.getpid()) as memory:
        cpu, started = cpu_seconds(os.getpid()), time.perf_counter()
        drawing = asyncio.gather(*(draw_certificate(document(number), "pl") for number in range(size)))
        for number in range(size):
            token(number, keys)
            # Let the event loop hand the next documents to the drawing processes.
            await asyncio.sleep(0)
        await drawing
        return time.perf_counter() - started, cpu_seconds(os.getpid()) - cpu, memory
