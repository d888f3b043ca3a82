"""Django settings. What the machine decides comes from `config.env`; what an admin changes daily is in the database."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab

from config import logs, sentry
from config.env import ROOT, load_env
from config.unfold import UNFOLD as UNFOLD

django_stubs_ext.monkeypatch()
env = load_env()

BASE_DIR: Path = ROOT
DEBUG = env.debug
SECRET_KEY = env.secret_key or "not-set"  # refused by the check otklik.E001
ENCRYPTION_KEYS = [key.strip() for key in env.encryption_keys.split(",") if key.strip()]
ALLOWED_HOSTS = [host.strip() for host in env.allowed_hosts.split(",") if host.strip()]
PUBLIC_URL = env.public_url.rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "import_export",
    "django_celery_beat",
    "config.apps.ConfigApp",
    "content",
    "bot",
    "crm",
    "payments",
    "campaigns",
    "dialogs",
]

MIDDLEWARE = [
    "config.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.StaffLookMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our widgets' templates live with the rest

# One engine everywhere: PostgreSQL through psycopg 3. A connection lives as long as its thread; no server-side
# prepared statements and no server-side cursors, so that PgBouncer and Neon's pooled address work unchanged.
_database = dj_database_url.parse(
    env.database_url or "postgres://otklik@127.0.0.1:5432/otklik", conn_max_age=600, conn_health_checks=True
)
_database["DISABLE_SERVER_SIDE_CURSORS"] = env.database_pooled
if env.database_pooled:
    _database.setdefault("OPTIONS", {})["prepare_threshold"] = None
_database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds; a dead host must not hold a request
DATABASES = {"default": _database}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

REDIS_URL = env.redis_url or "redis://127.0.0.1:6379/0"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")  # one socket, two spellings
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Turns, deliveries and the assistant have queues of their own: a slow portal or a slow LLM never delays an answer. So have the
# turns of channels with a free talk, and those that decide on its answers: they take more thought than plain ones.
CELERY_TASK_ROUTES = {
    "dialogs.tasks.take_turn": {"queue": "turns"},
    "dialogs.tasks.take_talk_turn": {"queue": "talks"},
    "dialogs.tasks.hear_answers": {"queue": "talks"},
    "bot.tasks.deliver": {"queue": "deliveries"},
    "dialogs.tasks.think": {"queue": "assistant"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# Seconds between two looks. Nudges make most of them find nothing; they are what a lost nudge or a lost event costs.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "bot.tasks.sweep_outbox": 10.0,
        "dialogs.tasks.sweep_inbox": 2.0,
        "dialogs.tasks.sweep_assistant": 5.0,
        "dialogs.tasks.write_briefings": 30.0,
        "crm.tasks.write_back": 5.0,
        "crm.tasks.review_leads": 5.0,
        "crm.tasks.assign_leads": 30.0,
        "crm.tasks.watch_desk": 30.0,
        "crm.tasks.poll_portals": 60.0,
        "crm.tasks.fetch_line_events": 5.0,
        "crm.tasks.look_for_failures": 60.0,
        "payments.tasks.create_links": 5.0,
        "payments.tasks.check_payments": 5.0,
        "payments.tasks.give_back": 5.0,
        "payments.tasks.reconcile": 60.0,
        "payments.tasks.watch_counter": 15.0,
        "content.tasks.tidy_stop_list": 600.0,
        "payments.tasks.tend_shop": 2.0,
        "crm.tasks.look_at_appointments": 10.0,
        "crm.tasks.run_calendar_tasks": 5.0,
        "config.tasks.heartbeat": 30.0,
    }.items()
}
CELERY_BEAT_SCHEDULE["config.tasks.back_up"] = {
    "task": "config.tasks.back_up",
    "schedule": crontab(hour=0, minute=30),  # UTC; 03:30 in Moscow
    "options": {"expires": 6 * 3600},
}

# The inbox wakes the mind through this path; nobody below `dialogs` imports it.
INBOX_READY_TASK = "dialogs.tasks.take_turn"
OUTBOX_READY_TASK = "bot.tasks.deliver"
# Who answers a channel's question before a payment, and writes down that money came; asked by the door itself.
TILL = "payments.telegram_till.till"
ASSISTANT_READY_TASK = "dialogs.tasks.think"
# What fails in the rooms above `crm`, which tells the owner of it.
ALERT_CAUSES = ("dialogs.troubles.causes",)
# What a channel or a portal may be given to say; the rooms below `dialogs` ask through this path.
SCENARIO_CHOICES = "dialogs.queries.scenario_choices"
# The page of ours that a channel's script sells from, for its menu button; "" when it sells from none.
CHANNEL_PAGE = "dialogs.queries.page_of"
# Hides names, numbers and addresses in free text from those who may not see personal data.
TEXT_VEIL = "dialogs.understanding.veil.hide"
# Kind -> the one class that speaks that channel. The next channel is one file and one line here.
CHANNELS = {
    "telegram": "bot.channels.telegram.TelegramAdapter",
    "webchat": "bot.channels.webchat.WebchatAdapter",
    "openline": "crm.bitrix24.openlines.OpenLineAdapter",
}
COALESCE_SECONDS = env.coalesce_seconds
COALESCE_CAP_SECONDS = env.coalesce_cap_seconds
EVENT_ATTEMPTS = env.event_attempts
BACKGROUND_NICENESS = env.background_niceness
TRUSTED_PROXIES = env.trusted_proxies
BITRIX24_VERIFY_TLS = env.bitrix24_verify_tls
DATABASE_DIRECT_URL = env.database_direct_url
BACKUP_DIR = env.backup_dir
BACKUP_KEEP = env.backup_keep
PROMPTS_DIR = env.prompts_dir
OPENAI_API_KEY = env.openai_api_key.strip()
OPENAI_BASE_URL = env.openai_base_url.strip()
OPENAI_MODEL = env.openai_model.strip()
OPENAI_TIMEOUT_SECONDS = env.openai_timeout_seconds
OPENAI_ATTEMPTS = env.openai_attempts
OPENAI_PRICES = env.openai_prices
OPENAI_UNKNOWN_PRICE = tuple(max(price[side] for price in env.openai_prices.values()) for side in (0, 1))
ASSISTANT_DEADLINE_SECONDS = env.assistant_deadline_seconds
ASSISTANT_DAY_LIMIT = env.assistant_day_limit
ASSISTANT_CONVERSATION_LIMIT = env.assistant_conversation_limit
ASSISTANT_CONTEXT_TOKENS = env.assistant_context_tokens
ASSISTANT_ANSWER_TOKENS = env.assistant_answer_tokens

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]  # dates as short as a table wants them
USE_TZ = True
TIME_ZONE = env.time_zone

# Who opens the login page itself, as after a logout, is not sent there from anywhere.
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC_URL.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = SECURE_HSTS_SECONDS > 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
sentry.start(dsn=env.sentry_dsn, release=env.release, environment="debug" if DEBUG else "production")
LOGGING = logs.configuration(level=env.log_level, stream=env.log_stream)
