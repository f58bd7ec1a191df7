"""One polite, bounded request: its whole body, or a `RemoteError` that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from assetmap.errors import RemoteError
from assetmap.sources.page_text import is_page, page_words
from assetmap.sources.remote.patience import AskAgainError, RemoteSettings, ask_until_whole, retry_after_s

__all__ = ["MAX_BYTES", "Expected", "explain_failure", "fetch_bytes", "receive"]

Expected = Literal["json", "csv"]

MAX_BYTES = 512 * 1024 * 1024
_CHUNK = 1 << 16
_MOST_MOVES = 3
_BUSY = {429, 502, 503, 504}
_MOVED = {301, 302, 303, 307, 308}
_ANY_DATA = {"", "text/plain", "application/octet-stream", "binary/octet-stream"}
_TYPES: dict[Expected, set[str]] = {
    "json": {"application/json", "text/json", "application/geo+json", "application/vnd.geo+json"},
    "csv": {"text/csv", "application/csv", "text/comma-separated-values", "application/vnd.ms-excel"},
}
_OFFLINE = "check the network, or add files that you have (`assetmap add`)"


def fetch_bytes(
    url: str,
    settings: RemoteSettings,
    *,
    expects: Expected,
    params: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
) -> bytes:
    """Fetch one whole body.

    Asked again only after 429, 502, 503 and 504, a broken connection or silence; a Retry-After is kept to.

    Parameters
    ----------
    url
        What to ask.
    settings
        Who asks, and the bounds.
    expects
        The kind of data; a web page or another kind is refused.
    params
        Goes into the address (GET).
    form
        Goes into the body, and makes it a POST: for lists too long for an address.
    max_bytes
        Largest body to accept, unpacked.

    Raises
    ------
    RemoteError
        If no whole body of that kind came within the bounds.
    """

    def attempt(ends: float) -> bytes:
        at, question = url, params
        for _ in range(_MOST_MOVES + 1):
            caught: list[bytes] = []

            def guard(response: requests.Response, _caught: list[bytes] = caught, **__: object) -> None:
                _caught.append(receive(response, expects=expects, ends=ends, settings=settings, max_bytes=max_bytes))

            try:
                _send(at, guard, settings, ends=ends, params=question, form=form)
                return caught[0]
            except _MovedError as moved:
                at, question = _follow(moved, at, post=form is not None), None
        raise RemoteError(f"{_host(url)} sends us on without end: check the address.")

    return ask_until_whole(attempt, settings)


def _send(
    url: str,
    guard: Callable[..., None],
    settings: RemoteSettings,
    *,
    ends: float,
    params: Mapping[str, str] | None,
    form: Mapping[str, str] | None,
) -> None:
    """Send one request whose answer the guard reads, before requests would."""
    patience = settings.patience
    allowed = max(ends - patience.clock(), 0.1)
    try:
        requests.request(
            "GET" if form is None else "POST",
            url,
            params=params,
            data=form,
            headers={"User-Agent": settings.user_agent},
            timeout=(min(patience.connect_s, allowed), min(patience.read_s, allowed)),
            hooks={"response": guard},
            allow_redirects=False,
            stream=True,
        )
    except requests.RequestException as error:
        raise explain_failure(error, url) from error


class _MovedError(RemoteError):
    """An answer that sends us to another address."""

    def __init__(self, message: str, to: str) -> None:
        super().__init__(message)
        self.to = to


def _follow(moved: _MovedError, url: str, *, post: bool) -> str:
    """Return where an answer sends us, if we may go there: never with a POST, never out of encryption."""
    try:
        to = urljoin(url, moved.to)
        allowed = urlsplit(to).scheme in ("https", urlsplit(url).scheme)
    except ValueError:
        allowed = False
    if post or not moved.to or not allowed:
        raise moved
    return to


def receive(
    response: requests.Response,
    *,
    expects: Expected,
    ends: float,
    settings: RemoteSettings,
    max_bytes: int = MAX_BYTES,
) -> bytes:
    """Return the whole body of a response that was asked for with ``stream=True``, and close it.

    Parameters
    ----------
    response
        What the server began to answer.
    expects
        The kind of data.
    ends
        The moment of `Patience.clock` by which the last byte must be there.
    settings
        Holds the clock.
    max_bytes
        Largest body to accept, unpacked.

    Raises
    ------
    AskAgainError
        If the server is busy or the connection broke.
    RemoteError
        If the answer is an error, moved, too large, too slow, or not the kind of data expected.
    """
    host = _host(response.url)

    def read(limit: int) -> bytes:
        return _read_body(response, host, limit=limit, ends=ends, clock=settings.patience.clock)

    try:
        _check_status(response, host, lambda: _words_of(read))
        body = read(max_bytes)
    finally:
        response.close()
    if len(body) > max_bytes:
        raise RemoteError(
            f"{host} sends more than {max_bytes // 2**20} MiB: ask for a smaller area, or use a downloaded file."
        )
    if is_page(body):
        raise RemoteError(f"{host} sent a web page, not {expects.upper()} ({page_words(body)}): try again later.")
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in _TYPES[expects] | _ANY_DATA:
        raise RemoteError(f"{host} sent {page_words(kind, 60)}, not {expects.upper()}: check the address.")
    if not body.strip():
        raise RemoteError(f"{host} sent an empty answer, not {expects.upper()}: try again later.")
    return body


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or url
    except ValueError:  # an address that is none
        return url


def _words_of(read: Callable[[int], bytes]) -> str:
    """Return what an error's body says; an unreadable one says nothing."""
    try:
        words = page_words(read(_CHUNK))
    except (RemoteError, AskAgainError):
        words = ""
    return f" ({words})" if words else ""


def _check_status(response: requests.Response, host: str, words: Callable[[], str]) -> None:
    status, path = response.status_code, urlsplit(response.url).path
    if status == 200:
        return
    if status in _BUSY:
        raise AskAgainError(f"{host} is busy (HTTP {status})", retry_after_s(response.headers.get("Retry-After")))
    if status in _MOVED:
        to = response.headers.get("Location", "")
        message = f"{host} says that {path} has moved to {page_words(to) or 'elsewhere'}: change the address."
        raise _MovedError(message, to)
    if status == 404:
        raise RemoteError(f"{host} has nothing at {path} (HTTP 404): the address may have moved.")
    raise RemoteError(f"{host} refuses the request with HTTP {status}{words()}: check the address and settings.")


def _read_body(response: requests.Response, host: str, *, limit: int, ends: float, clock: Callable[[], float]) -> bytes:
    """Read to the end, or to just past `limit`; a body shorter than announced is torn."""
    body = bytearray()
    while chunk := _read_chunk(response, host, len(body)):
        body += chunk
        if len(body) > limit:
            break
        if clock() > ends:
            raise RemoteError(f"{host} was too slow, {len(body)} bytes in the time allowed: try again later.")
    return bytes(body)


def _read_chunk(response: requests.Response, host: str, so_far: int) -> bytes:
    try:
        # read1 hands over what has come, so that a trickle meets the deadline too.
        return bytes(response.raw.read1(_CHUNK, decode_content=True))
    except ReadTimeoutError as error:
        raise AskAgainError(f"{host} fell silent after {so_far} bytes") from error
    except DecodeError as error:
        raise AskAgainError(f"{host} sent a body that can't be unpacked") from error
    except (HTTPError, OSError) as error:
        raise AskAgainError(f"{host} broke off after {so_far} bytes") from error


def explain_failure(error: requests.RequestException, url: str) -> RemoteError | AskAgainError:
    """Return what to raise for a request that got no answer.

    Parameters
    ----------
    error
        What requests raised.
    url
        What was asked.
    """
    host = _host(url)
    if isinstance(error, requests.exceptions.SSLError):
        return RemoteError(
            f"no secure connection to {host} ({page_words(str(_reason(error)), 90)}): check this computer's clock "
            "and, behind a proxy, its certificates (REQUESTS_CA_BUNDLE)."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return RemoteError(f"the proxy does not let us through to {host}: check HTTPS_PROXY, or {_OFFLINE}.")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return AskAgainError(f"{host} did not answer in time")
    cause = _reason(error)
    if isinstance(cause, NameResolutionError):
        return RemoteError(f"{host} can't be found: {_OFFLINE}.")
    if isinstance(cause, NewConnectionError) or isinstance(error, requests.exceptions.ConnectTimeout):
        return RemoteError(f"{host} can't be reached: {_OFFLINE}.")
    if isinstance(error, requests.exceptions.ConnectionError):
        return AskAgainError(f"{host} broke the connection off before it answered")
    return RemoteError(f"{url} can't be asked ({page_words(str(error), 90)}): check the address.")


def _reason(error: BaseException) -> object:
    """Return urllib3's own reason, which requests wraps once or twice."""
    cause: object = error.args[0] if error.args else error
    return getattr(cause, "reason", None) or cause
