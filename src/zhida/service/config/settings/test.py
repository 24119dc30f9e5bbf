"""The tests': quick passwords, a fixed day, keys that are no secret."""

import tempfile
from datetime import date
from pathlib import Path

from zhida.service.config.settings.base import *

SECRET_KEY = "test"
ZHIDA_KEYS = ["t1:" + "dGVz" * 10 + "dHM="]
ZHIDA_TODAY = date(2022, 10, 10)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATA = Path(tempfile.mkdtemp(prefix="zhida-test-"))
MEDIA_ROOT = DATA / "files"
STATIC_ROOT = DATA / "static"
# A file, not memory: the threads of a live server share it.
DATABASES["default"]["TEST"] = {"NAME": None if "DATABASE_URL" in env else str(DATA / "test.sqlite3")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
