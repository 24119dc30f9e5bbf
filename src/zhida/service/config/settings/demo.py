"""The demonstration: plain HTTP on this machine, keys of its own in its folder, a day held still."""

from datetime import date

from zhida.service.config.demo_accounts import ACCOUNTS
from zhida.service.config.logs import logging_at
from zhida.service.config.settings.base import *
from zhida.service.config.settings.base import env

env.read_env(DATA / "secrets.env")
SECRET_KEY = env.str("SECRET_KEY")
ZHIDA_KEYS = env.list("ZHIDA_KEYS")
ZHIDA_DEMO_ACCOUNTS = ACCOUNTS
# The documents are of 2022: on any later day nearly all of them have run out.
ZHIDA_TODAY = ZHIDA_TODAY or date(2022, 10, 10)
# Never the database that the environment names: invented people do not belong there.
DATABASES = {"default": sqlite(DATA / "zhida.sqlite3")}
ALLOWED_HOSTS = ALLOWED_HOSTS or ["*"]
ZHIDA_PROXIES = 0
# Static files come from where they are installed.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_at(env.str("ZHIDA_LOG_LEVEL", default="WARNING"))
