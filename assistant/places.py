"""Where the points of an index are when they are not in its folder: on a Qdrant server, under a name of their own.

The index folder keeps the catalogue; the server keeps the points. A folder has one collection there, and an *alias*, by which the
collection is always read. Both names hold

* the *home*, a random word that is kept in the index folder: two hosts that index the same articles into one server have a
  collection each, and neither touches the other's; chat servers that share the folder share the collection;
* a digest of the corpus and of the settings that decide what an index holds: whatever differs is another collection.

A copy of an index folder has the home of its original. As long as both index the same articles, both write the same points; where
they come to differ, each takes away what the other has sent, and sends its own again when it indexes. Delete the file `HOME` in a copy.
An index folder that is deleted leaves its collection on the server, under a name that begins with ``isnad-`` and the home.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import disk
from assistant.errors import ClientMissing
from assistant.store.address import Server

if TYPE_CHECKING:
    from assistant.settings import Settings

HOME = "home"
"""The file of an index folder that holds the word its collection is known by."""

_WORD = re.compile("[0-9a-f]{12}")
# Packages of the extra, by what is imported of them.
_EXTRA = frozenset({"qdrant_client", "grpc", "google", "portalocker", "h2", "urllib3"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the points of a generation are: ``count`` of them, in what ``alias`` stands for, ``collection`` when it was made."""

    url: str
    alias: str
    collection: str
    count: int


def server_of(settings: Settings) -> Server | None:
    """The server of these settings; ``None``: the engine of this process."""
    if settings.store is None:
        return None
    key = settings.store_api_key.get_secret_value() if settings.store_api_key else None
    return Server(settings.store, key, settings.store_replicas, settings.store_shards, settings.store_seconds)


def home_of(index: Path) -> str:
    """The word of an index folder, which is made if there is none. For the holder of the builder's lock."""
    with contextlib.suppress(OSError):
        word = (index / HOME).read_text(encoding="ascii", errors="replace").strip()
        if _WORD.fullmatch(word):
            return word
    word = secrets.token_hex(6)
    disk.replace(index / HOME, word + "\n")
    return word


def family_of(alias: str) -> str:
    """What the names of all collections of a home begin with."""
    return alias.rpartition("-")[0] + "-"


def alias_of(home: str, corpus: str, signature: str) -> str:
    """The alias of an index of one corpus under one signature."""
    digest = hashlib.sha256(f"{corpus}\0{signature}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"isnad-{home}-{digest[:12]}"


@contextlib.contextmanager
def client_wanted() -> Iterator[None]:
    """For the import of what needs the client of the server.

    Raises:
        ClientMissing: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _EXTRA:
            raise
        raise ClientMissing() from error
