"""Redis for workers that outlive it."""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
    """kombu 5.7 gives unacknowledged messages back, and acknowledges them, through a connection that it has taken away
    already, and ends the worker by the ``AttributeError`` of it. Here that is what it is: a connection that is gone,
    which workers survive. The messages come again after the visibility time-out."""

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection.client is None:
            raise ConnectionError("the connection to Redis is gone")
        return super()._connparams(asynchronous)  # type: ignore[no-untyped-call]


class Transport(redis.Transport):
    Channel = Channel
