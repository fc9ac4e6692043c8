"""What the application holds for its handlers, under typed keys."""

from __future__ import annotations

from aiohttp import web

from notime.history.thread import History
from notime.http.auth.handshake import Sessions
from notime.http.auth.paired import Paired
from notime.http.metrics import Metrics
from notime.service.models import Models
from notime.service.worker import Worker
from notime.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
PAIRED = web.AppKey("paired", Paired)
SESSIONS = web.AppKey("sessions", Sessions)
WORKER = web.AppKey("worker", Worker)
HISTORY = web.AppKey("history", History)
MODELS = web.AppKey("models", Models)
METRICS = web.AppKey("metrics", Metrics)
STARTED = web.AppKey("started", float)
"""By `time.monotonic`."""
