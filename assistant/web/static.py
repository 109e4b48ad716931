"""The files of the page: scripts that stand in it, and style and fonts that browsers fetch and may keep."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS: Final = Path(str(files("assistant.web") / "assets"))
_SCRIPTS: Final = ASSETS.parent / "scripts"


def script(name: str) -> str:
    """The text of one of our scripts."""
    return (_SCRIPTS / name).read_text(encoding="utf-8")


def version() -> str:
    """Changes whenever a style sheet does, so that browsers may keep them."""
    digest = hashlib.sha256()
    for sheet in sorted(ASSETS.glob("*.css")):
        digest.update(sheet.read_bytes())
    return digest.hexdigest()[:12]


class Assets(StaticFiles):
    """Style and fonts, which browsers may keep: fonts never change, the others carry a version."""

    def __init__(self) -> None:
        super().__init__(directory=ASSETS)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = path.endswith(".woff2") or b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response
