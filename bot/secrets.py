"""Secrets at rest: sealed with Fernet (AES-128-CBC + HMAC) before they reach a table.

`ENCRYPTION_KEYS` holds the keys, newest first: a new key is put in front, old rows stay readable.
"""

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty: `manage.py doctor` prints a new key to put there.")
    return MultiFernet([Fernet(key) for key in keys])


def seal(value: Any) -> str:
    """Return `value` (JSON) encrypted as text."""
    return _box(tuple(settings.ENCRYPTION_KEYS)).encrypt(json.dumps(value).encode()).decode()


def unseal(text: str) -> Any:
    """Return what `seal` was given; raises `ImproperlyConfigured` when no key fits."""
    try:
        return json.loads(_box(tuple(settings.ENCRYPTION_KEYS)).decrypt(text.encode()))
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "A sealed value was written with a key that ENCRYPTION_KEYS no longer has."
        ) from error


def fingerprint(secret: str) -> str:
    """Return a hash by which a high-entropy secret can be looked up without being stored in the clear."""
    return hashlib.sha256(secret.encode()).hexdigest()


if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:  # Django's field classes take no parameters at run time
    _Field = models.Field


class SealedJSONField(_Field):
    """A JSON value that is cipher text in the database and plain in Python. Cannot be searched, by design."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return {} if not value else unseal(value)

    def get_prep_value(self, value: Any) -> str:
        return "" if value in (None, {}, "") else seal(value)

    def to_python(self, value: Any) -> Any:
        return value
