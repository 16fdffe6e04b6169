"""What the server measures of itself; Prometheus reads it at ``/metrics``."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from overcut.runtime.sessions import Sessions

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TICK_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    """The counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.clients = Gauge("overcut_ws_clients", "WebSocket clients connected", registry=self.registry)
        self.refused = Counter(
            "overcut_ws_refused", "WebSocket connections refused", ["reason"], registry=self.registry
        )
        self.sent = Counter("overcut_ws_messages_sent", "Messages sent to clients", ["type"], registry=self.registry)
        self.coalesced = Counter(
            "overcut_ws_deltas_coalesced", "Deltas that span several updates, for slow clients", registry=self.registry
        )
        self.maps_dropped = Counter(
            "overcut_ws_maps_dropped", "Map updates that slow clients never saw", registry=self.registry
        )
        self.tick_seconds = Histogram(
            "overcut_tick_seconds",
            "Time to turn a tick into what changed",
            buckets=_TICK_BUCKETS,
            registry=self.registry,
        )
        self.live_seconds = Histogram(
            "overcut_live_state_seconds",
            "Time from a live frame's arrival to the state that tells of it",
            buckets=_TICK_BUCKETS,
            registry=self.registry,
        )
        self.requests = Counter(
            "overcut_http_requests", "HTTP requests answered", ["method", "status"], registry=self.registry
        )

    def watch(self, sessions: Sessions) -> None:
        """Report the open sessions too."""
        self.registry.register(_OpenSessions(sessions))

    def text(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)


class _OpenSessions(Collector):
    """Gauges per open session, read when asked for."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One family each, labelled by session."""
        families = {
            "position": GaugeMetricFamily(
                "overcut_playback_position_seconds", "Session time played", labels=["session"]
            ),
            "speed": GaugeMetricFamily("overcut_playback_speed", "Times real time; 0 unlimited", labels=["session"]),
            "paused": GaugeMetricFamily("overcut_playback_paused", "1 while time stands still", labels=["session"]),
            "lag": GaugeMetricFamily("overcut_tick_lag_seconds", "How late the last tick began", labels=["session"]),
            "viewers": GaugeMetricFamily("overcut_session_viewers", "Connections watching", labels=["session"]),
            "checkpoints": GaugeMetricFamily(
                "overcut_session_checkpoint_bytes", "Memory that the session's checkpoints take", labels=["session"]
            ),
            "defects": GaugeMetricFamily(
                "overcut_session_defects", "Input so far that could not be used", labels=["session"]
            ),
        }
        for key, playing in self._sessions.open_now().items():
            status = playing.playback.status()
            defects = sum(defect.count for defect in playing.playback.state().defects.values())
            families["position"].add_metric([key], status.t_ms / 1000)
            families["speed"].add_metric([key], status.speed)
            families["paused"].add_metric([key], float(status.paused))
            families["lag"].add_metric([key], playing.lag_s)
            families["viewers"].add_metric([key], float(playing.viewers))
            families["checkpoints"].add_metric([key], float(playing.recorded.checkpoints.bytes))
            families["defects"].add_metric([key], float(defects))
        return families.values()
