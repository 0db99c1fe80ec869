"""A receiver that accepts every connection, resets it at once, and counts them."""

import socket
import struct
import threading
import time


class ResettingReceiver:
    def __init__(self):
        self.connections: list[float] = []
        """time.monotonic() of each."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._reset_all, name="resetting receiver", daemon=True).start()

    def _reset_all(self):
        linger = struct.pack("ii", 1, 0)
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # Closed.
            self.connections.append(time.monotonic())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()

    def close(self):
        # Closing alone does not wake a thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def between(self, begin: float, end: float) -> int:
        return sum(begin <= at < end for at in self.connections)
