#!/usr/bin/env python3
"""Receives Runbell's web hooks and answers 401 to everything that Runbell did not sign.

WEBHOOK_SECRET=whsec_… PORT=9000 python3 receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ.get("WEBHOOK_SECRET", "").removeprefix("whsec_"), validate=True)
if not KEY:
    raise SystemExit("WEBHOOK_SECRET is missing or not a signing secret")
TOLERANCE = 5 * 60
"""Seconds that the two clocks may differ. Older requests are refused, so that nobody can replay them."""
LARGEST_BODY = 1 << 20


def is_signed(headers, body: bytes) -> bool:
    """Whether one of the signatures covers exactly these bytes: during a rotation there are two of them."""
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False
    content = f"{identifier}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(KEY, content, hashlib.sha256))
    given = headers.get("webhook-signature", "").split(" ")
    # Takes the same time wherever the difference is.
    return any(hmac.compare_digest(expected, signature.encode()) for signature in given)


class Handler(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,9}", length) or int(length) > LARGEST_BODY:
            return self.answer(413)
        # The signature is over the bytes as they came: parsing and writing the JSON again would change them.
        body = self.rfile.read(int(length))
        if not is_signed(self.headers, body):
            return self.answer(401)
        event = json.loads(body)
        # Runbell sends at least once. Skip a webhook-id that you have already handled.
        print(self.headers["webhook-id"], event["event"], flush=True)
        return self.answer(204)

    def answer(self, status: int):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing for each request: the line above is enough."""


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Handler)
print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
