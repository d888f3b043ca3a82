"""The two schemes of proof, and everything that is not one."""

import base64
import hashlib
import hmac

import pytest

from payments.signatures import BadSignature, Proof, prove, sign

NOW = 1_767_225_600
BODY, SECRET, OLD = b'{"order_id":"A"}', "s-new", "s-old"


def stripe(header: str, *, body: bytes = BODY, now: float = NOW, secrets: tuple[str, ...] = (SECRET, OLD)) -> Proof:
    return prove({"X-Signature": header}, body, secrets, now=now)


def standard(
    *, name: str = "msg_1", moment: str = str(NOW), secret: str = SECRET, body: bytes = BODY
) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    digest = base64.b64encode(hmac.new(key, f"{name}.{moment}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": moment, "webhook-signature": f"v1,{digest}"}


def test_a_signature_over_the_raw_bytes_holds_within_the_window() -> None:
    header = sign(BODY, SECRET, moment=NOW)
    assert stripe(header).once == stripe(header, now=NOW + 300).once
    assert stripe(header, now=NOW - 300)


def test_several_signatures_and_the_secret_before_hold_while_it_is_changed() -> None:
    new, old = sign(BODY, SECRET, moment=NOW), sign(BODY, OLD, moment=NOW)
    both = f"{old},{new.split(',')[1]}"
    assert stripe(old).once == stripe(both).once == stripe(both, secrets=(SECRET,)).once


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=zz",
        f"t={NOW}",
        "v1=aa",
        f"t={NOW},t={NOW},v1=aa",
        f"t={NOW}.0,v1=aa",
        f"t=-{NOW},v1=aa",
        f"t={NOW},v1=",
        f"t={NOW},v1=яяя",
        f"t={NOW},v0=aa",
        sign(b"other", SECRET, moment=NOW),
        sign(BODY, "guess", moment=NOW),
        sign(BODY, SECRET, moment=NOW - 301),
        sign(BODY, SECRET, moment=NOW + 301),
    ],
)
def test_what_does_not_prove_the_sender_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        stripe(header)


def test_without_secrets_nothing_is_proven() -> None:
    with pytest.raises(BadSignature):
        stripe(sign(BODY, "", moment=NOW), secrets=())
    with pytest.raises(BadSignature, match="no signature"):
        prove({}, BODY, (SECRET,), now=NOW)


@pytest.mark.parametrize("secret", [SECRET, "whsec_" + base64.b64encode(b"k" * 32).decode()])
def test_standard_webhooks_hold_and_their_id_is_what_repeats(secret: str) -> None:
    first = prove(standard(secret=secret), BODY, (secret,), now=NOW)
    later = prove(standard(secret=secret, moment=str(NOW + 60)), BODY, (secret,), now=NOW + 60)
    assert first == later
    assert first.is_retry_id


@pytest.mark.parametrize(
    "headers",
    [
        standard(secret="guess"),
        standard(body=b"other"),
        standard(moment=str(NOW - 301)),
        standard(name=""),
        {**standard(), "webhook-id": "msg_2"},
        {**standard(), "webhook-signature": "v2,aaaa"},
    ],
)
def test_standard_webhooks_that_do_not_fit_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        prove(headers, BODY, (SECRET, "whsec_not base64"), now=NOW)
