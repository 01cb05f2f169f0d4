"""Django's settings, from the environment. What a site may set is declared in `bihuan.environment`."""

import os
import secrets
from pathlib import Path
from typing import Any

from bihuan import demonstration, environment, sqlite

sqlite.use_shipped_library()
environment.refuse_misspelt(os.environ)
_given = demonstration.with_mark(os.environ)

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

BIHUAN_HOME = environment.HOME.read(_given)
BIHUAN_MAP = environment.MAP.read(_given)
BIHUAN_DEMO = environment.DEMO.read(_given)
BIHUAN_TODAY = environment.TODAY.read(_given)
BIHUAN_CITY = environment.CITY.read(_given)
BIHUAN_HASH = environment.HASH.read(_given)
BIHUAN_ENGINE = environment.ENGINE.read(_given)
BIHUAN_CLUSTER = environment.CLUSTER.read(_given)
BIHUAN_COLUMNS = environment.COLUMNS.read(_given) or BIHUAN_HOME / "columns"
BIHUAN_HTTPS = environment.HTTPS.read(_given)

if BIHUAN_TODAY and not BIHUAN_DEMO:
    raise environment.SettingRefused(
        "BIHUAN_TODAY 只能和 BIHUAN_DEMO=on 一起用：真实城市的时钟不能拨动。\n"
        "BIHUAN_TODAY needs BIHUAN_DEMO=on: the clock of a real city cannot be moved."
    )

BIHUAN_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)


def _stored_secret(path: Path) -> str:
    """The secret key kept at `path`, made on first use. Two processes starting at once end with the same key."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_mode & 0o077:
        raise environment.SettingRefused(
            f"密钥文件 {path} 别人也能读。请执行：chmod 600 {path}\nOthers may read the key file {path}. Run: chmod 600 {path}"
        )
    return path.read_text("ascii")


SECRET_KEY = environment.SECRET_KEY.read(_given) or _stored_secret(BIHUAN_HOME / "secret-key")
DEBUG = environment.DEBUG.read(_given)
ALLOWED_HOSTS = environment.HOSTS.read(_given)

# --- what is installed

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "bihuan.foundation.apps.FoundationConfig",
    "bihuan.portal.apps.PortalConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bihuan.portal.security.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.portal.gate.limit_requests",
    "bihuan.portal.lending.lend_connection",
    "django.middleware.gzip.GZipMiddleware",  # pages to a fifth of their size; it pads them, and form tokens change with every answer
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bihuan.portal.idle.renew_session",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "bihuan.urls"
WSGI_APPLICATION = "bihuan.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- the database

_postgres = environment.DATABASE.read(_given)

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BIHUAN_HOME / "bihuan.sqlite3",
        # Closing the last connection copies the whole log back; a connection kept open makes a request five times faster.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and writes later fails at once on SQLite, whatever the timeout; IMMEDIATE waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": sqlite.OPENING,
        },
    }
    if _postgres is None
    else {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _postgres.name,
        "USER": _postgres.user,
        "PASSWORD": _postgres.password,
        "HOST": _postgres.host,
        "PORT": _postgres.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            **dict(_postgres.options),
            # A request that waits longer than this for a lock or an answer is told so; it does not hold the others up.
            "options": "-c lock_timeout=20s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and sessions

AUTH_USER_MODEL = "foundation.Member"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * (environment.IDLE_MINUTES.read(_given) or (480 if BIHUAN_DEMO else 15))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BIHUAN_HTTPS
CSRF_FAILURE_VIEW = "bihuan.portal.errors.stale_form"
CSRF_COOKIE_SECURE = BIHUAN_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"

# --- what browsers are told

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if BIHUAN_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BIHUAN_HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if BIHUAN_HTTPS else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a form; uploaded files have their own bound where they are read
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- static files

STATIC_URL = "static/"
STATIC_ROOT = BUILD / "static"
STATICFILES_DIRS = [BUILD / "vendor"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": BIHUAN_HOME / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- what is written to standard error

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
