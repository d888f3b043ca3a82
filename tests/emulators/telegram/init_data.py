"""The launch data Telegram signs for a Mini App. https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app"""

import hashlib
import hmac
import json
from urllib.parse import urlencode

from .world import Json


def sign_init_data(token: str, user: Json, *, auth_date: int, **more: str) -> str:
    """Return the query string with its `hash`; `signature` is present but is not a real Ed25519 one."""
    pairs = {
        "auth_date": str(auth_date),
        "query_id": "AAEmulated",
        "signature": "not-a-real-signature",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        **more,
    }
    check = "\n".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**pairs, "hash": hmac.new(secret, check.encode(), hashlib.sha256).hexdigest()})
