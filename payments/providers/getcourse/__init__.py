"""GetCourse: deals made through its API, notices through its "call URL" or a signing relay, truth read back."""

from payments.providers.getcourse.provider import GetCourse

__all__ = ["GetCourse"]
