"""Documents that are zip archives of XML: opened within bounds on entries, sizes and expansion, without any DTD.

Only the members that a reader asks for by name are unpacked, in memory, never beyond their bound whatever the archive
says of their size.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any, NoReturn

from assistant.errors import FileRefused

MAX_ENTRIES = 20_000
MAX_MEMBER = 40_000_000
MAX_TOTAL = 120_000_000
MAX_RATIO = 200
"""Of a member's size to what it takes in the archive, from a megabyte on: text packs ten times, a bomb a thousand."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_END = struct.Struct("<4s4H2LH")


class Package:
    """An archive open for reading; ``kind`` names it in reasons ("a Word document")."""

    def __init__(self, data: bytes, file: str, kind: str) -> None:
        self._file, self._kind = file, kind
        self._left = MAX_TOTAL
        if data.startswith(_OLD_OFFICE):
            self.refuse(f"it is an old or encrypted office document, not {kind}; save it anew without a password")
        end = data.rfind(b"PK\x05\x06", max(0, len(data) - 70_000))
        if not data.startswith(b"PK\x03\x04") or end < 0 or len(data) - end < _END.size:
            self.refuse(f"it is cut off, or not {kind}")
        _, _, _, _, entries, size, _, _ = _END.unpack_from(data, end)
        # Asked before the list of members is read, for the list itself may be the bomb.
        if entries > MAX_ENTRIES or size > 200 * MAX_ENTRIES:
            self.refuse("it is an archive of too many files")
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._members = {info.filename: info for info in self._archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def member(self, name: str) -> bytes | None:
        """The content of a member, ``None`` if there is none of that name.

        Raises:
            FileRefused: it is encrypted, damaged, or expands beyond all measure.
        """
        info = self._members.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            self.refuse("it is encrypted")
        bound = min(MAX_MEMBER, self._left)
        if info.file_size > bound or info.file_size > max(1_000_000, MAX_RATIO * info.compress_size):
            self.refuse("it unpacks to too much")
        try:
            with self._archive.open(info) as stream:
                data = stream.read(bound + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise FileRefused(file=self._file, reason=f"it is damaged, or not {self._kind}") from error
        if len(data) > bound:
            self.refuse("it unpacks to too much")
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Any:
        """A member as the root of an XML tree, ``None`` if there is none of that name. Raises `FileRefused`."""
        from lxml import etree

        data = self.member(name)
        if data is None:
            return None
        # Neither format needs a DTD; without one there are no entities to expand or to fetch.
        if b"<!DOCTYPE" in data[:65_536] or b"<!ENTITY" in data or b"<\0!\0D\0O\0C\0T\0Y\0P\0E" in data[:65_536]:
            self.refuse("it defines entities of its own, which are not read")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise FileRefused(file=self._file, reason=f"it is damaged, or not {self._kind}") from error

    def refuse(self, reason: str) -> NoReturn:
        """Raises `FileRefused`."""
        raise FileRefused(file=self._file, reason=reason)
