"""A plain caller for tests: no retries, no judgement, only what the portal said."""

from typing import Any

import httpx

from tests.emulators.bitrix24.portal_server import PortalServer


class Calls:
    """Calls a portal's webhook with JSON posts."""

    def __init__(self, portal: PortalServer) -> None:
        self._portal = portal
        self._http = httpx.Client(trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def body(self, method: str, **params: Any) -> Any:
        """Return the whole JSON body."""
        return self.response(method, **params).json()

    def ok(self, method: str, **params: Any) -> Any:
        """Return `result`; fails when the answer is an error."""
        body = self.body(method, **params)
        assert "error" not in body, body
        return body["result"]

    def error(self, method: str, **params: Any) -> tuple[int, str]:
        """Return the HTTP status and the error code (its words when the code is empty)."""
        response = self.response(method, **params)
        body = response.json()
        return response.status_code, body["error"] or body["error_description"]

    def response(self, method: str, **params: Any) -> httpx.Response:
        """Return the raw answer."""
        return self._http.post(self._portal.webhook_url + method, json=params)

    def raw(self, verb: str, path: str, **options: Any) -> httpx.Response:
        """Send anything to any path of the portal."""
        return self._http.request(verb, self._portal.url + path, **options)
