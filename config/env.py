"""All that the machine may set, in one typed class. Documented in `.env.example`; checked at start by `config/checks.py`."""

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("OTKLIK_DATA") or ROOT / ".data").resolve()  # where the demo keeps everything it has


class Env(BaseSettings):
    """Read from the process environment, then `.env`, then the demo's own `env` (`.data/env`)."""

    model_config = SettingsConfigDict(env_file=(DATA / "env", ROOT / ".env"), extra="ignore")

    debug: bool = False
    secret_key: str = ""
    encryption_keys: str = (
        ""  # Fernet keys, newest first, separated by commas; secrets at rest are sealed with the first
    )
    database_url: str = ""
    # The same database without a pooler in between; for backup, restore and migrations. Empty: DATABASE_URL.
    database_direct_url: str = ""
    redis_url: str = ""
    # Behind PgBouncer or Neon's pooled address: no server-side prepared statements, no session state.
    database_pooled: bool = True
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    public_url: str = "http://127.0.0.1:8000"
    sentry_dsn: str = ""
    release: str = ""  # shown with errors in Sentry: a version or a commit
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_stream: Literal["stdout", "stderr"] = "stdout"  # manage.py writes its log to stderr
    time_zone: str = "Europe/Moscow"
    backup_dir: Path = ROOT / "backups"
    backup_keep: int = Field(default=14, ge=1)
    prompts_dir: Path = ROOT / "prompts"
    trusted_proxies: int = Field(default=0, ge=0)  # how many proxies stand before us and append X-Forwarded-For
    coalesce_seconds: float = Field(default=1.5, ge=0)  # quick messages of one person are answered once
    coalesce_cap_seconds: float = Field(default=6.0, ge=0)
    event_attempts: int = Field(default=5, ge=1)  # a poison event is parked after this many
    # How far the workers of neither turns nor deliveries stand back from those: added to their own niceness.
    background_niceness: int = Field(default=10, ge=0, le=19)
    # The assistant. Without a key the scripted one answers.
    openai_api_key: str = ""
    openai_base_url: str = ""  # of anything that speaks the OpenAI API; empty: OpenAI itself
    openai_model: str = "gpt-4o-mini"
    openai_timeout_seconds: float = Field(default=15.0, gt=0)  # one call
    openai_attempts: int = Field(default=3, ge=1, le=10)
    # Dollars for a million tokens, in and out, by the beginning of the model's name; a model not named counts as the dearest.
    openai_prices: dict[str, tuple[Decimal, Decimal]] = {
        "gpt-4o-mini": (Decimal("0.15"), Decimal("0.60")),
        "gpt-4o": (Decimal("2.50"), Decimal("10")),
        "gpt-4.1-mini": (Decimal("0.40"), Decimal("1.60")),
        "gpt-4.1-nano": (Decimal("0.10"), Decimal("0.40")),
        "gpt-4.1": (Decimal("2"), Decimal("8")),
        "gpt-5-mini": (Decimal("0.25"), Decimal("2")),
        "gpt-5-nano": (Decimal("0.05"), Decimal("0.40")),
        "gpt-5": (Decimal("1.25"), Decimal("10")),
    }
    assistant_deadline_seconds: float = Field(
        default=25.0, gt=0
    )  # all attempts together; then the scripted one answers
    assistant_day_limit: Decimal = Field(default=Decimal(5), ge=0)  # dollars
    assistant_conversation_limit: Decimal = Field(default=Decimal("0.20"), ge=0)  # dollars
    assistant_context_tokens: int = Field(
        default=4000, ge=500
    )  # of messages, materials and the like; the prompt is on top
    assistant_answer_tokens: int = Field(default=700, ge=100)
    bitrix24_verify_tls: bool = True  # off only for an emulator with its own certificate


@cache
def load_env() -> Env:
    """Return the settings of this process, read once."""
    return Env()
