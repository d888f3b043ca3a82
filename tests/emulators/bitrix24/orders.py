"""Faults with a portal's own bodies, ready to be ordered: `portal.faults.order(query_limit(times=2))`."""

from tests.emulators.server import Fault, FaultKind


def _error(status: int, code: str, words: str, times: int, match: str) -> Fault:
    body = {"error": code, "error_description": words}
    return Fault(FaultKind.STATUS, match=match, times=times, status=status, body=body)


def query_limit(times: int = 1, match: str = "") -> Fault:
    """503: too many requests; the call was not executed."""
    return _error(503, "QUERY_LIMIT_EXCEEDED", "Too many requests", times, match)


def overload(times: int = 1, match: str = "") -> Fault:
    """503: blocked by hand; hammering makes it worse."""
    return _error(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload.", times, match)


def operation_time_limit(times: int = 1, match: str = "") -> Fault:
    """429: this method has used up its execution time."""
    return _error(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", times, match)


def server_error(times: int = 1, match: str = "") -> Fault:
    """500 with a JSON body."""
    return _error(500, "INTERNAL_SERVER_ERROR", "Internal server error", times, match)


def bad_gateway(times: int = 1, match: str = "") -> Fault:
    """502 with nginx's page instead of JSON."""
    return Fault(FaultKind.HTML, match=match, times=times, status=502, body="<html><h1>502 Bad Gateway</h1></html>")


def moved(location: str, times: int = 1, match: str = "") -> Fault:
    """302 with an HTML body: the portal was renamed."""
    return Fault(FaultKind.REDIRECT, match=match, times=times, location=location)


def slow(seconds: float, times: int = 1, match: str = "") -> Fault:
    """Act, then answer late."""
    return Fault(FaultKind.DELAY, match=match, times=times, seconds=seconds)


def act_then_drop(times: int = 1, match: str = "") -> Fault:
    """Act, then close the connection without an answer: the caller cannot know."""
    return Fault(FaultKind.ACT_THEN_DROP, match=match, times=times)


def drop(times: int = 1, match: str = "") -> Fault:
    """Close the connection without acting."""
    return Fault(FaultKind.DROP, match=match, times=times)
