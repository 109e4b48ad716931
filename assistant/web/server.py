"""Serving the page on this machine: find a port, say the address when it answers, leave quietly when told to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Final

from assistant.errors import BadSetting
from assistant.web import cycles
from assistant.web.security import LOOPBACK

if TYPE_CHECKING:
    from assistant.keeping.database import Database
    from assistant.keeping.users import Users
    from assistant.shelf import Shelf
    from assistant.watching import FolderWatch
    from assistant.web.hints import Hints
    from assistant.web.served import Served

DEFAULT_PORT: Final = 7860
_TRIES: Final = 20
_SWITCH_SECONDS: Final = 0.0005
_PATIENCE: Final = 2
"""Seconds that open connections get to finish when the server is told to stop."""


@dataclass(frozen=True)
class Page:
    """What is served besides the chat itself; see `app.create_app`."""

    hints: Hints | None = None
    watch: FolderWatch | None = None
    shelf: Shelf | None = None
    database: Database | None = None
    users: Users | None = None
    names: frozenset[str] = frozenset()
    """Host names that the page is called by, besides this machine's own."""
    hasten: Callable[[], None] = lambda: None
    """Called when the server is told to stop, so that nobody waits for a model any more."""


def serve(
    assistant: Served,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = False,
    page: Page = Page(),
) -> None:
    """Serve the chat until the process is told to stop (Ctrl-C or SIGTERM), then return.

    ``port`` ``None`` means the usual one, or the next free one after it; ``0`` any free one; another number that one
    only. One line with the address goes to standard output once the page answers.

    Raises:
        BadSetting: ``host`` is not this machine's own address and there are no users, or the port is not free.
    """
    if host not in LOOPBACK and not (page.users and page.users.names()):
        reason = (
            f"without users the chat serves this machine only (127.0.0.1), not {host}; "
            "name a file of users with --users, see 'isnad users add'"
        )
        raise BadSetting(name="host", reason=reason)
    # Answers are made in threads. The loop that serves everybody waits for the interpreter at each step of a request, by default
    # up to 5 ms for each thread before it.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # Ctrl-C while the page is still being built: nothing to finish, nothing to say.
    with contextlib.suppress(KeyboardInterrupt), cycles.seldom(), contextlib.ExitStack() as stack:
        listener = stack.enter_context(contextlib.closing(_listen(host, port)))
        os.environ["GRADIO_TEMP_DIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="isnad-"))
        bound = listener.getsockname()[1]
        if port is None and bound != DEFAULT_PORT:
            print(f"Port {DEFAULT_PORT} is in use; using {bound} instead.", file=sys.stderr, flush=True)
        if page.watch:
            page.watch.start()
            stack.callback(page.watch.stop, _PATIENCE / 2)
        if page.hints:
            stack.callback(page.hints.stop, _PATIENCE / 2)
        if page.database:
            stack.callback(page.database.close)
        _run(assistant, listener, f"http://{f'[{host}]' if ':' in host else host}:{bound}", host, open_browser, page)


def _listen(host: str, port: int | None) -> socket.socket:
    wanted = range(DEFAULT_PORT, DEFAULT_PORT + _TRIES) if port is None else (port,)
    for number in wanted:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, number))
            listener.listen(128)
        except OSError as error:
            listener.close()
            reason = f"{number} cannot be used ({error.strerror or error}); choose another, or 0 for any free one"
        except OverflowError:
            listener.close()
            reason = f"{number} is not a port number; choose one from 0 to 65535"
        else:
            return listener
    if port is None:
        reason = f"ports {wanted[0]} to {wanted[-1]} are all in use; choose another, or 0 for any free one"
    raise BadSetting(name="port", reason=reason)


def _run(assistant: Served, listener: socket.socket, address: str, host: str, open_browser: bool, page: Page) -> None:
    # Here and not above: these imports take seconds, and a port that is taken should be said at once.
    import uvicorn

    from assistant.web.app import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            cycles.settle()
            if self.started:
                print(address, flush=True)
                if open_browser:
                    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            page.hasten()
            await super().shutdown(sockets)

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            # uvicorn raises the signal again after its own shutdown, which would end in a traceback.
            if threading.current_thread() is not threading.main_thread():
                yield
                return

            def stop(number: int, frame: FrameType | None) -> None:
                self.force_exit = self.should_exit
                self.should_exit = True

            before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    config = uvicorn.Config(
        create_app(
            assistant,
            hints=page.hints,
            watched=page.watch,
            shelf=page.shelf,
            database=page.database,
            users=page.users,
            hosts=LOOPBACK | page.names | {host},
        ),
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_PATIENCE,
    )
    Server(config).run(sockets=[listener])
