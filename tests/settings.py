"""The site as the tests see it: a data folder of their own, a fast password hash, static files as they lie."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["BIHUAN_HOME"] = tempfile.mkdtemp(prefix=f"bihuan-test-{_WORKER}-")
atexit.register(shutil.rmtree, os.environ["BIHUAN_HOME"], ignore_errors=True)
os.environ["BIHUAN_DATABASE"] = os.environ.get("BIHUAN_TEST_DATABASE", "")
os.environ["BIHUAN_SECRET_KEY"] = "a-key-for-tests-only-that-signs-nothing-real"
for _name in ("BIHUAN_DEMO", "BIHUAN_TODAY", "BIHUAN_DEBUG", "BIHUAN_HTTPS", "BIHUAN_HASH", "BIHUAN_CITY"):
    os.environ.pop(_name, None)

from bihuan.settings import *  # noqa: E402, F403
from bihuan.settings import BIHUAN_HOME, DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATICFILES_DIRS: list[Path] = []
STATIC_ROOT = BIHUAN_HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, as in production: SQLite in memory locks differently, and tests of concurrent writers would prove nothing.
    DATABASES["default"]["TEST"] = {"NAME": BIHUAN_HOME / "test.sqlite3"}
