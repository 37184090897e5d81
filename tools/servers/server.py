"""What servers of our own have in common: one process, started and stopped with a block or by hand."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tools.servers.process import Process


class Server:
    """Over ``process``, which whoever derives makes; started again it has the same data and port as before."""

    process: Process

    @property
    def running(self) -> bool:
        return self.process.running

    def start(self) -> Self:
        """Raises ``ServerError``."""
        self.process.start()
        return self

    def stop(self) -> None:
        self.process.stop()

    def kill(self) -> None:
        """SIGKILL, as when the machine loses power."""
        self.process.kill()

    def freeze(self) -> None:
        """It is there and does not answer."""
        self.process.freeze()

    def thaw(self) -> None:
        self.process.thaw()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
