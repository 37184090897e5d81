"""Serves the development PKI over HTTP on the loopback interface, in a thread of the embedded default."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from signing.api import SigningError
from signing.devpki.pki import DevelopmentPki
from signing.devpki.services import PkiServices

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REQUEST_LIMIT = 64 * 1024


class _Handler(WSGIRequestHandler):
    """Silent: requests of a development PKI do not belong on anyone's terminal."""

    timeout = 10

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        return


class PkiApplication:
    """WSGI: POST /ocsp, POST /tsa, GET /crl/{issuing,root}.crl, GET /certs/{issuing,root}.crt."""

    def __init__(self, pki: DevelopmentPki) -> None:
        self._services = PkiServices(pki.authority, pki.register)
        self._clock = pki.clock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = _REQUEST_LIMIT
        response = self._post(request) if request.method == "POST" else self._get(request)
        return response(environ, start_response)

    def _post(self, request: Request) -> Response:
        now = self._clock.now()
        answers: dict[str, tuple[Callable[[], bytes], str]] = {
            "/ocsp": (
                lambda: self._services.answer_ocsp(request.get_data(), now),
                "application/ocsp-response",
            ),
            "/tsa": (
                lambda: self._services.answer_tsa(request.get_data(), now),
                "application/timestamp-reply",
            ),
        }
        found = answers.get(request.path)
        if found is None:
            return Response(status=404)
        answer, kind = found
        try:
            return Response(answer(), mimetype=kind)
        except RequestEntityTooLarge:
            return Response(status=413)
        except (ValueError, TypeError, KeyError) as error:
            return Response(f"unreadable request: {error}", status=400, mimetype="text/plain")

    def _get(self, request: Request) -> Response:
        now = self._clock.now()
        if request.path == "/crl/issuing.crl":
            return Response(self._services.issuing_crl(now), mimetype="application/pkix-crl")
        if request.path == "/crl/root.crl":
            return Response(self._services.root_crl(now), mimetype="application/pkix-crl")
        if request.path.startswith("/certs/") and request.path.endswith(".crt"):
            found = self._services.certificate(request.path.removeprefix("/certs/").removesuffix(".crt"))
            if found is not None:
                return Response(found, mimetype="application/pkix-cert")
        return Response(status=404)


def _same(application: WSGIApplication) -> WSGIApplication:
    return application


class PkiServer:
    """The PKI's services at the port that its certificates name. Use as a context manager, or ``start``/``stop``."""

    def __init__(self, pki: DevelopmentPki, *, wrap: Callable[[WSGIApplication], WSGIApplication] = _same) -> None:
        """``wrap`` puts WSGI middleware around the application (counters, faults in tests)."""
        self._pki = pki
        self._wrap = wrap
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listens when it returns. Raises ``signing.devpki_port_taken`` (port): certificates already issued name this
        port, so no other can stand in for it."""
        if self._server is not None:
            return
        listener = socket.socket()
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self._pki.port))
            listener.listen(128)
            application = self._wrap(PkiApplication(self._pki))
            self._server = make_server(
                "127.0.0.1",
                self._pki.port,
                application,
                threaded=True,
                request_handler=_Handler,
                fd=listener.fileno(),
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise SigningError("signing.devpki_port_taken", port=self._pki.port) from error
        finally:
            listener.close()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="devpki", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stops listening; safe to call twice."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
