"""What every installation shares. Whatever differs or is secret comes from the environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from zhida.service.config.logs import logging_at
from zhida.service.config.settings.environment import Environment

env = Environment()
SERVICE = Path(__file__).parents[2]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


DATA = Path(env.str("ZHIDA_DATA", default=".")).resolve()
ZHIDA_LIBRARY = env.str("ZHIDA_LIBRARY", default="")
ZHIDA_KEYS: list[str] = env.list("ZHIDA_KEYS", default=[])
ZHIDA_TODAY = day(env.str("ZHIDA_TODAY", default=""))
ZHIDA_HOME_REGION = env.str("ZHIDA_HOME_REGION", default="621025")
# Accounts whose passwords the log-in page shows: none but the demonstration's.
ZHIDA_DEMO_ACCOUNTS: tuple[tuple[str, str, str], ...] = ()

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def sqlite(path: Path | str) -> dict[str, Any]:
    """One writer at a time: a writer waits its turn from its first statement, readers never wait."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def database(url: str) -> dict[str, Any]:
    """The database at an address; whoever waits is told so in time: for a server, a query, a lock."""
    found: dict[str, Any] = env.db_url_config(url)
    if found["ENGINE"].endswith("sqlite3"):
        return sqlite(found["NAME"])
    statement = env.int("ZHIDA_DATABASE_STATEMENT_SECONDS", default=30)
    options = {
        "connect_timeout": env.int("ZHIDA_DATABASE_CONNECT_SECONDS", default=5),
        "options": f"-c statement_timeout={statement}s -c lock_timeout=10s"
        " -c idle_in_transaction_session_timeout=60s",
    }
    return {
        **found,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**found.get("OPTIONS", {}), **options},
    }


DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{DATA / 'zhida.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "zhida.service.sheets",
    "zhida.service.surface",
    "zhida.service.audit",
    "zhida.service.work",
    "zhida.service.accounts",
    "zhida.service.registry",
    "zhida.service.cases",
    "zhida.service.applications",
    "zhida.service.portal",
    "zhida.service.casework",
    "zhida.service.notices",
    "zhida.service.proactive",
    "zhida.service.api",
    "django.forms",
    "zhida.service.payments",
]

MIDDLEWARE = [
    "zhida.service.config.requests.RequestMiddleware",
    "zhida.service.config.probes.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhida.service.api.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhida.service.surface.languages.LanguageMiddleware",
    "zhida.service.config.bodies.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhida.service.accounts.middleware.PermissionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhida.service.config.urls"
WSGI_APPLICATION = "zhida.service.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SERVICE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhida.service.surface.context.site",
            ],
            "builtins": ["zhida.service.surface.templatetags.surface", "django.templatetags.i18n"],
        },
    }
]

# Forms are drawn by templates of the app "surface".
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "zhida.service.accounts.passwords.VariedPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:account"
LOGOUT_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SERVICE / "config" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT: Path | None = DATA / "static"
MEDIA_ROOT = DATA / "files"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A log-in ends after a day's work, after half an hour without use, and when a newer one goes over the limit.
ZHIDA_SESSION_AGE = env.int("ZHIDA_SESSION_HOURS", default=10) * 3600
ZHIDA_SESSION_IDLE = env.int("ZHIDA_SESSION_IDLE_MINUTES", default=30) * 60
ZHIDA_SESSIONS_PER_USER = env.int("ZHIDA_SESSIONS_PER_USER", default=3)
SESSION_COOKIE_AGE = ZHIDA_SESSION_AGE
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# An account is locked, whoever knocks: to guess from many addresses is what an attacker does.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
# What is tried while it is locked does not make it longer: the page says for how long it is.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "zhida.service.accounts.lockout.locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# A provincial identity provider, by OpenID Connect; without an issuer there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_SCOPE = env.str("OIDC_SCOPE", default="openid profile")
OIDC_NAME = env.str("OIDC_NAME", default="统一身份认证")
# The claims that hold a name, and the numbers that the provider vouches for.
OIDC_CLAIM_NAME = env.str("OIDC_CLAIM_NAME", default="name")
OIDC_CLAIM_PERSON = env.str("OIDC_CLAIM_PERSON", default="")
OIDC_CLAIM_EMPLOYER = env.str("OIDC_CLAIM_EMPLOYER", default="")

# Where a new applicant says for whom they act.
ZHIDA_AFTER_REGISTRATION = "registry:represent"

# Files go to disk beyond 2 MB; a form's own fields, or a case as JSON, stay in memory.
ZHIDA_UPLOAD_MOST = env.int("ZHIDA_UPLOAD_MOST_MB", default=25) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# Files of one application: each, all together, how many; and what looks for malware in them, a command or a
# `module:function` (see applications/files/scanning.py).
ZHIDA_FILE_MOST = env.int("ZHIDA_FILE_MOST_MB", default=10) * 1024 * 1024
ZHIDA_FILES_MOST = env.int("ZHIDA_FILES_MOST_MB", default=100) * 1024 * 1024
ZHIDA_FILES_COUNT = env.int("ZHIDA_FILES_COUNT", default=60)
ZHIDA_SCAN = env.str("ZHIDA_SCAN", default="")

# How many proxies of ours stand before the site: that many addresses at the end of X-Forwarded-For are true.
ZHIDA_PROXIES = 0

# How often a minute one address may ask the API without a token.
ZHIDA_API_PER_MINUTE = env.int("ZHIDA_API_PER_MINUTE", default=120)

LOGGING = logging_at(env.str("ZHIDA_LOG_LEVEL", default="INFO"))
