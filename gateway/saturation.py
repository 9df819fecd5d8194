"""The load of the gateway and the state of its replicas, for Prometheus."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.limits import Room
from gateway.upstreams import Replica, Upstream

_OF_REPLICA = ["upstream", "replica"]


class Saturation(Collector):
    """Requests beside their limit, and the state of every replica."""

    def __init__(self, room: Room, upstreams: Mapping[str, Upstream]) -> None:
        self._room, self._upstreams = room, upstreams

    def collect(self) -> Iterator[Metric]:
        """Prometheus: all metrics."""
        yield from self._places()
        yield from self._replicas()

    def _places(self) -> Iterator[Metric]:
        inside, most = (
            GaugeMetricFamily(
                f"splot_gateway_requests_{name}", description, labels=["traffic"]
            )
            for name, description in (
                ("under_way", "Requests that have a place"),
                ("limit", "Places for requests"),
            )
        )
        for traffic, number, limit in self._room.places():
            inside.add_metric([traffic], number)
            most.add_metric([traffic], limit)
        yield from (inside, most)

    def _replicas(self) -> Iterator[Metric]:
        owed = GaugeMetricFamily(
            "splot_gateway_replica_requests_under_way",
            "Requests that a replica owes an answer",
            labels=_OF_REPLICA,
        )
        off = GaugeMetricFamily(
            "splot_gateway_replica_shut_off",
            "Whether a replica is given no requests because it failed",
            labels=_OF_REPLICA,
        )
        failed = CounterMetricFamily(
            "splot_gateway_replica_failures",
            "Requests that failed by the replica's fault",
            labels=_OF_REPLICA,
        )
        for name, replica in self._each():
            labels = [name, replica.address]
            owed.add_metric(labels, replica.under_way)
            off.add_metric(labels, float(replica.breaker.is_open))
            failed.add_metric(labels, replica.breaker.all_failures)
        yield from (owed, off, failed)

    def _each(self) -> Iterator[tuple[str, Replica]]:
        for name, upstream in self._upstreams.items():
            for replica in upstream.replicas:
                yield name, replica
