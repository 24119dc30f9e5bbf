"""Behind a proxy that ends TLS. What is not given in the environment stops the start."""

from zhida.service.config.settings.base import *
from zhida.service.config.settings.base import env

SECRET_KEY = env.str("SECRET_KEY")
ZHIDA_KEYS = env.list("ZHIDA_KEYS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

ZHIDA_PROXIES = env.int("ZHIDA_PROXIES", default=1)
if ZHIDA_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
# Whether browsers are shipped with the name is for the owner of the whole domain to say.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
