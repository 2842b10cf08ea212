"""The code of docs/webhooks.md accepts the messages of webhooks, and no others."""

import re
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.core.security.webhooks import new_secret, secret_text, signature, signed_headers
from app.db.models.fields import now
from app.db.models.webhook_audiences import AUDIENCES
from app.db.models.webhooks import RETRIES
from tests.server import BACKEND

PAGE = (BACKEND / "docs" / "webhooks.md").read_text()
BODY = b'{"type": "offer.created"}'
SECRET, OTHER = new_secret(), new_secret()


def is_genuine() -> Callable[[str, Mapping[str, str], bytes], bool]:
    """The function of the page."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 (a page of our own)
    found: Callable[[str, Mapping[str, str], bytes], bool] = names["is_genuine"]
    return found


def headers(*secrets: bytes, age: float = 0) -> dict[str, str]:
    return signed_headers(secrets, "evt_1", now() - timedelta(seconds=age), BODY)


class TestVerifying:
    def test_accepts_messages(self) -> None:
        assert is_genuine()(secret_text(SECRET), headers(SECRET), BODY)
        assert is_genuine()(secret_text(SECRET), headers(OTHER, SECRET), BODY)

    def test_refuses_others(self) -> None:
        verify, secret = is_genuine(), secret_text(SECRET)
        assert not verify(secret, headers(OTHER), BODY)
        assert not verify(secret, headers(SECRET), BODY + b" ")
        assert not verify(secret, headers(SECRET) | {"webhook-id": "evt_2"}, BODY)
        assert not verify(secret, headers(SECRET, age=600), BODY)
        later = {"webhook-timestamp": str(int(time.time()) + 1)}
        assert not verify(secret, headers(SECRET) | later, BODY)


def test_follows_the_example_of_the_standard() -> None:
    # https://github.com/standard-webhooks/standard-webhooks: the example of its libraries
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestThePage:
    def test_names_each_subject(self) -> None:
        table = PAGE.partition("Users who get its events")[2].partition("\n\n")[0]
        named = set(re.findall(r"`(\w+)`", table))
        assert named == {audience.kinds.subject for audience in AUDIENCES}

    def test_names_the_retries(self) -> None:
        seconds, *minutes = (int(delay.total_seconds()) for delay in RETRIES[:3])
        hours = [int(delay.total_seconds() / 3600) for delay in RETRIES[3:]]
        listed = ", ".join(map(str, hours[:-1]))
        assert f"after {seconds} seconds, {minutes[0] // 60} minutes, 30 minutes, {listed} and" in (
            PAGE.replace("\n  ", " ")
        )
