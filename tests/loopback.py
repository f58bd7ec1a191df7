"""A server on 127.0.0.1 that plays recorded replies, well-behaved or not, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer: what is said, and how it goes wrong."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    """Silence before the first byte."""
    cut_at: int | None = None
    """Send only so many bytes of the body, under the length of all of it, and hang up."""
    trickle_s: float = 0.0
    """Silence after each tenth of the body."""
    hang_up: bool = False
    """Close the connection without a word."""


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


class Loopback:
    """The server; use it as a context manager. Replies are given by path, one after another, the last for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._open = 0
        self._replies: dict[str, list[Reply]] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with loopback._counted():
                    loopback._answer(self)

            do_POST = do_GET  # noqa: N815 - the names are http.server's

            def log_message(self, *_: Any) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] - clients hang up on purpose
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()  # joins the handlers' threads
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def play(self, path: str, *replies: Reply) -> None:
        """Answer every path that ends so with these replies in turn."""
        with self._lock:
            self._replies[path] = list(replies)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def _next(self, path: str) -> Reply:
        with self._lock:
            for ending, replies in self._replies.items():
                if path.endswith(ending):
                    return replies.pop(0) if len(replies) > 1 else replies[0]
        return Reply(b"nothing here", 404, "text/plain")

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        with self._lock:
            self.asked.append(
                Asked(
                    handler.command,
                    parts.path,
                    {key: values[0] for key, values in parse_qs(parts.query).items()},
                    {key: values[0] for key, values in parse_qs(body).items()},
                    dict(handler.headers.items()),
                )
            )
        reply = self._next(parts.path)
        self._closing.wait(reply.delay_s)
        if reply.hang_up:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        handler.send_header("Content-Length", str(len(reply.body)))
        if reply.kind:
            handler.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        self._send(handler, reply)

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        whole = reply.body[: reply.cut_at]
        step = max(len(whole) // 10, 1) if reply.trickle_s else max(len(whole), 1)
        for start in range(0, len(whole), step):
            handler.wfile.write(whole[start : start + step])
            handler.wfile.flush()
            if self._closing.wait(reply.trickle_s):
                break
        handler.close_connection = True


def pages(features: Sequence[Mapping[str, Any]], size: int) -> list[list[Mapping[str, Any]]]:
    """Cut features into pages of at most `size`."""
    return [list(features[start : start + size]) for start in range(0, len(features), size)] or [[]]
