"""All that the machine may set, in one typed class. Documented in `.env.example`; checked at start by `config/checks.py`."""

import os
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
    bitrix24_verify_tls: bool = True  # off only for an emulator with its own certificate


@cache
def load_env() -> Env:
    """Return the settings of this process, read once."""
    return Env()
