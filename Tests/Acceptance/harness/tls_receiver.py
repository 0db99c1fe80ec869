"""A receiver of web hooks over TLS, by Python's ssl module: it may require client certificates."""

import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .authority import Authority, Identity


@dataclass(frozen=True)
class TLSArrival:
    path: str
    client: str | None
    """The common name in the client's certificate."""
    connection: int
    """The client's port."""


class TLSReceiver:
    def __init__(
        self,
        folder: Path,
        identity: Identity,
        clients: Authority | None = None,
        verify: ssl.VerifyMode = ssl.CERT_REQUIRED,
        newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    ):
        """`clients` is the authority of the client certificates that are asked for; without one, none are."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = newest
        context.load_cert_chain(identity.write(folder))
        if clients:
            context.verify_mode = verify
            context.load_verify_locations(cadata=clients.pem)
        self.arrivals: list[TLSArrival] = []
        self._server = _Server(context, self.arrivals)
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, arrivals: list[TLSArrival]):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context = context
        self.arrivals = arrivals

    def get_request(self):
        # The handshake is left to the connection's thread.
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        """Refused handshakes are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        subject = (self.connection.getpeercert() or {}).get("subject", ())
        names = dict(part for group in subject for part in group)
        self.server.arrivals.append(TLSArrival(self.path, names.get("commonName"), self.client_address[1]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass
