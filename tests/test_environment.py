"""Settings from the environment: read once, refused when wrong, with a correct example in both languages."""

import os
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bihuan import environment
from bihuan.environment import SETTINGS, SettingRefused

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_reads_its_own_default_and_says_what_it_is_for(setting: environment.Setting[object]) -> None:
    setting.read({})
    assert setting.zh
    assert setting.en
    assert setting.example


ELSEWHERE = (environment.SECRET_KEY, environment.MODEL_KEY_FILE)
"""What stands for their examples is made by each site: 64 random characters, a file of its own."""


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one not in ELSEWHERE], ids=lambda setting: setting.name)
def test_every_example_is_one_that_is_accepted(setting: environment.Setting[object]) -> None:
    setting.read({setting.name: setting.example})


@pytest.mark.parametrize(
    ("name", "text", "because"),
    [
        ("BIHUAN_DEMO", "maybe", "write on or off"),
        ("BIHUAN_DATABASE", "mysql://db/bihuan", "not a PostgreSQL URL"),
        ("BIHUAN_DATABASE", "postgres://db.example/", "does not name a database"),
        ("BIHUAN_DATABASE", "postgres://db.example/bihuan?sllmode=require", "unknown parameter sllmode"),
        ("BIHUAN_DATABASE", "postgres://db.example:many/bihuan", "port that is not a number"),
        ("BIHUAN_SECRET_KEY", "short", "at least 32 characters"),
        ("BIHUAN_HOSTS", "*", "no wildcard"),
        ("BIHUAN_HOSTS", "https://bihuan.example", "no scheme"),
        ("BIHUAN_HASH", "md5", "sha256 and sm3"),
        ("BIHUAN_TODAY", "2026-02-30", "not a date"),
        ("BIHUAN_IDLE_MINUTES", "0", "from 1 to 1440"),
        ("BIHUAN_LANGUAGE", "fr", "zh and en"),
        ("BIHUAN_ENGINE", "spark", "local and cluster"),
        ("BIHUAN_CLUSTER", "https://spark.example:15002", "write sc://host:port"),
        ("BIHUAN_CLUSTER", "sc://spark.example", "write sc://host:port"),
        ("BIHUAN_CLUSTER", "sc://spark.example:many", "write sc://host:port"),
    ],
)
def test_a_wrong_value_is_refused_with_an_example(name: str, text: str, because: str) -> None:
    setting = next(setting for setting in SETTINGS if setting.name == name)
    with pytest.raises(SettingRefused) as refusal:
        setting.read({name: text})
    assert because in str(refusal.value)
    assert f"例：{name}={setting.example}" in str(refusal.value)


def test_the_token_of_a_cluster_is_not_shown() -> None:
    address = environment.CLUSTER.read({"BIHUAN_CLUSTER": "sc://spark.example:15002/;token=s3cret;use_ssl=true"})
    assert environment.where_of(address) == "sc://spark.example:15002"


def test_the_secret_of_a_database_address_may_hold_any_character() -> None:
    address = environment.DATABASE.read({"BIHUAN_DATABASE": "postgresql://li%40wei:p%2Fw%3A1@db.example:6432/city?sslmode=require"})
    assert address == environment.PostgresAddress("city", "li@wei", "p/w:1", "db.example", "6432", (("sslmode", "require"),))


def test_a_socket_folder_is_named_by_the_host_parameter() -> None:
    address = environment.DATABASE.read({"BIHUAN_DATABASE": "postgres:///city?host=/var/run/postgresql"})
    assert address is not None
    assert (address.host, address.options) == ("/var/run/postgresql", ())


def test_a_misspelt_name_is_refused_and_a_strange_one_is_left_alone() -> None:
    with pytest.raises(SettingRefused, match="Did you mean BIHUAN_DATABASE"):
        environment.refuse_misspelt({"BIHUAN_DATABSE": "postgres://db/bihuan"})
    environment.refuse_misspelt({"BIHUAN_SHARED": "../shared", "BIHUAN_TEST_DATABASE": "", "HOME": "/"})


def test_today_is_a_day() -> None:
    assert environment.TODAY.read({"BIHUAN_TODAY": "2026-07-08"}) == date(2026, 7, 8)


def settings_in(home: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of their own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN", "DJANGO"))}
    program = "from bihuan import settings as s; print(s.SECRET_KEY, s.SESSION_COOKIE_AGE, s.SESSION_COOKIE_SECURE)"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**clean, "BIHUAN_HOME": str(home), **given}, capture_output=True, text=True, check=False
    )


def test_a_secret_key_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    home = tmp_path / "data"
    first, second = settings_in(home), settings_in(home)
    assert first.stdout == second.stdout != ""
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_a_secret_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x" * 64)
    (tmp_path / "secret-key").chmod(0o644)
    refused = settings_in(tmp_path)
    assert refused.returncode != 0
    assert "chmod 600" in refused.stderr


def test_the_clock_of_a_real_city_cannot_be_moved(tmp_path: Path) -> None:
    assert "needs BIHUAN_DEMO=on" in settings_in(tmp_path, BIHUAN_TODAY="2026-07-08").stderr
    assert settings_in(tmp_path, BIHUAN_TODAY="2026-07-08", BIHUAN_DEMO="on").returncode == 0


def test_a_real_city_signs_out_after_fifteen_minutes_and_the_demo_after_eight_hours(tmp_path: Path) -> None:
    assert settings_in(tmp_path).stdout.split()[1:] == ["900", "False"]
    assert settings_in(tmp_path, BIHUAN_DEMO="on", BIHUAN_HTTPS="on").stdout.split()[1:] == ["28800", "True"]


@pytest.mark.parametrize(
    ("setting", "text", "secret"),
    [
        (environment.SECRET_KEY, "too-short-Zq7", "Zq7"), (environment.MODEL_KEY, "sk 有空格 Zq7", "Zq7"),
        (environment.DATABASE, "postgres://bihuan:Zq7@@db.example:port/bihuan", "Zq7"), (environment.DATABASE, "mysql://bihuan:Zq7@db.example/bihuan", "Zq7"),
    ],
)  # fmt: skip
def test_a_refused_secret_is_not_repeated(setting: environment.Setting[object], text: str, secret: str) -> None:
    with pytest.raises(environment.SettingRefused) as refused:
        setting.read({setting.name: text})
    assert secret not in str(refused.value)
    assert setting.name in str(refused.value)
