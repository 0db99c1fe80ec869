"""A client of the API that knows nothing of the service's own code."""

import json

import requests

REQUEST_TIMEOUT = 15


class Client:
    def __init__(self, url: str, key: str | None):
        self.url = url
        self.key = key
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method: str, path: str, body=None, headers: dict | None = None, **more) -> requests.Response:
        """Sends one request; a body is sent as JSON, bytes as they are."""
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        more.setdefault("timeout", REQUEST_TIMEOUT)
        return self.session.request(method, self.url + path, data=body, headers=sent | (headers or {}), **more)

    def get(self, path: str, **more):
        return self.call("GET", path, **more)

    def post(self, path: str, body=None, **more):
        return self.call("POST", path, body, **more)

    def put(self, path: str, body=None, **more):
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body=None, **more):
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more):
        return self.call("DELETE", path, **more)

    def every(self, path: str, limit: int = 250) -> list[dict]:
        """All items of a list, page by page."""
        items, cursor = [], None
        glue = "&" if "?" in path else "?"
        while True:
            answer = self.get(f"{path}{glue}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            page = expect(answer, 200)
            items += page["data"]
            cursor = page.get("next_cursor")
            if not cursor:
                return items


def expect(answer: requests.Response, status: int):
    """The answer's JSON if it has the expected status; otherwise a failure that shows the whole answer."""
    request = answer.request
    story = f"{request.method} {request.path_url} answered {answer.status_code}, not {status}: {answer.text[:2000]}"
    assert answer.status_code == status, story
    return answer.json() if answer.content else None
