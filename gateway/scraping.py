"""The gateway's metrics for Prometheus, on an address that callers do not reach."""

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

SECONDS = 5
LONGEST_REQUEST = 8192
REQUEST_LINES = {b"GET /metrics HTTP/1.1", b"GET /metrics HTTP/1.0"}


async def serve_figures(address: str, figures: CollectorRegistry) -> asyncio.Server:
    """Answer `GET /metrics`, and nothing else, at `host:port`; OSError if that is taken."""

    # On a server of its own: no route for callers can lead to the metrics.
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_answer_to(head.partition(b"\r\n")[0], figures))
                await writer.drain()
        except (
            TimeoutError,
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
        ):
            pass  # a request that does not arrive whole gets no answer
        finally:
            writer.close()

    host, _, port = address.rpartition(":")
    return await asyncio.start_server(
        answer, host.strip("[]"), int(port), limit=LONGEST_REQUEST
    )


def _answer_to(request_line: bytes, figures: CollectorRegistry) -> bytes:
    is_known = request_line in REQUEST_LINES
    status, body = (
        (b"200 OK", generate_latest(figures)) if is_known else (b"404 Not Found", b"")
    )
    lines = (
        b"HTTP/1.1 " + status,
        b"content-type: " + CONTENT_TYPE_LATEST.encode(),
        b"content-length: %d" % len(body),
        b"cache-control: no-store",
        b"connection: close",
    )
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
