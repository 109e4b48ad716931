"""Where a Qdrant server is, and how it is to be asked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Server:
    """A server or cluster. ``seconds`` is the whole time of a search; ``replicas`` and ``shards`` are of new collections."""

    url: str
    key: str | None = field(default=None, repr=False)
    replicas: int = 1
    shards: int | None = None
    seconds: float = 10.0

    @property
    def where(self) -> str:
        """Host and port, for people."""
        return urlsplit(self.url).netloc

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def private(self) -> bool:
        """Whether nobody on the way can read the key and the vectors."""
        return self.local or self.url.startswith("https:")
