"""At a desk: plain HTTP, keys that are no secret."""

from zhida.service.config.settings.base import *

DEBUG = True
SECRET_KEY = SECRET_KEY or "development-only"
ZHIDA_KEYS = ZHIDA_KEYS or ["d1:" + "ZGV2" * 10 + "ZGU="]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
