"""Every setting a site may give, declared once: its name, its default, what it does, and how its text is read.

A wrong value is refused when Bihuan starts, in both languages, with a correct example; docs/settings.md is written
from this table. Nothing here needs Django.
"""

import difflib
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from bihuan.geometry import wrong_with

T = TypeVar("T")

ENGINES = ("local", "cluster")
"""Where plans may run."""


class SettingRefused(ValueError):
    """A setting has a value Bihuan will not start with. The text says which, why, and gives a correct example."""


class _Wrong(ValueError):
    """Why a text cannot be read, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: `read` gives its value from the environment, or raises `SettingRefused`."""

    name: str
    default: str
    parse: Callable[[str], T]
    zh: str
    en: str
    example: str
    shown: Callable[[str], str] = repr
    """How a refused value is repeated: what is secret in it is left out."""

    def read(self, environ: Mapping[str, str]) -> T:
        """The value in `environ`, or the default where it is absent or empty."""
        text = environ.get(self.name, "").strip() or self.default
        try:
            return self.parse(text)
        except _Wrong as wrong:
            raise SettingRefused(
                f"环境变量 {self.name}={self.shown(text)} {wrong.zh}\n  用途：{self.zh}\n  例：{self.name}={self.example}\n"
                f"Environment variable {self.name}={self.shown(text)} {wrong.en}\n  What it does: {self.en}\n  Example: {self.name}={self.example}"
            ) from wrong


@dataclass(frozen=True)
class PostgresAddress:
    """Where a PostgreSQL is, taken apart from its URL."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...]


def _unseen(_text: str) -> str:
    return "……"


def _without_password(text: str) -> str:
    return repr(_PASSWORD.sub(r"\1……@", text))


_PASSWORD = re.compile(r"(://[^:/@\s]*:).*@")
_ADDRESS_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service", "application_name", "connect_timeout")


def _flag(text: str) -> bool:
    if text.lower() in {"1", "on", "yes", "true", "是"}:
        return True
    if text.lower() in {"0", "off", "no", "false", "否"}:
        return False
    raise _Wrong("不是开关值：请写 on 或 off。", "is not a switch: write on or off.")


def _text(text: str) -> str:
    return text


def _folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise _Wrong("是一个文件，不是目录。", "is a file, not a folder.")
    return path


def _optional_folder(text: str) -> Path | None:
    return _folder(text) if text else None


def _map(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().resolve()
    if path.is_dir():
        raise _Wrong("是一个目录，不是文件。", "is a folder, not a file.")
    wrong = wrong_with(path.read_text("utf-8", errors="replace")) if path.exists() else ""
    if wrong:
        raise _Wrong(f"不是可用的地图：每个面要有 properties.name（{wrong}）。", f"is no usable map: {wrong}.")
    return path


def _area(text: str) -> str:
    if not text.isdecimal() or len(text) not in (4, 6):
        raise _Wrong("不是行政区划代码：写市的前 4 位或县的 6 位数字。", "is no division code: write the first 4 digits of a city, or all 6 of a county.")
    return text


def _database(text: str) -> PostgresAddress | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise _Wrong("不是 PostgreSQL 地址；留空则用内嵌的 SQLite。", "is not a PostgreSQL URL; leave it empty for the embedded SQLite.")
    options = parse_qsl(parts.query, keep_blank_values=True)
    unknown = [name for name, _ in options if name not in _ADDRESS_OPTIONS and name != "host"]
    if unknown:
        raise _Wrong(
            f"带有不认识的参数 {unknown[0]}；可用：{'、'.join(_ADDRESS_OPTIONS)}。",
            f"has an unknown parameter {unknown[0]}; known are {', '.join(_ADDRESS_OPTIONS)}.",
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise _Wrong("没有写数据库名。", "does not name a database.")
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise _Wrong("的端口不是数字。", "has a port that is not a number.") from error
    return PostgresAddress(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=dict(options).get("host") or parts.hostname or "",
        port=port,
        options=tuple((key, value) for key, value in options if key != "host"),
    )


def _secret(text: str) -> str:
    if text and len(text) < 32:
        raise _Wrong("太短：至少 32 个字符。", "is too short: at least 32 characters.")
    return text


def _hosts(text: str) -> list[str]:
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    for host in hosts:
        if host == "*" or "/" in host or " " in host:
            raise _Wrong(
                f"里的 {host!r} 不是主机名：只写名字，用逗号隔开，不写协议，不用通配。",
                f"holds {host!r}, which is not a host name: names only, parted by commas, no scheme, no wildcard.",
            )
    return hosts


def _hash(text: str) -> str:
    if text not in {"sha256", "sm3"}:
        raise _Wrong("不是可选的哈希算法：sha256 或 sm3。", "is not one of the digests sha256 and sm3.")
    if text not in hashlib.algorithms_available:
        raise _Wrong("在本机的 OpenSSL 里没有。", "is missing from this machine's OpenSSL.")
    return text


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _Wrong("不是日期：请写 年-月-日。", "is not a date: write year-month-day.") from error


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 24 * 60:
        raise _Wrong("不是 1 到 1440 之间的分钟数。", "is not a number of minutes from 1 to 1440.")
    return int(text)


def _language(text: str) -> str:
    if text not in {"", "zh", "en"}:
        raise _Wrong("不是可选的语言：zh 或 en。", "is not one of the languages zh and en.")
    return text


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise _Wrong("不是可选的引擎：local 或 cluster。", "is not one of the engines local and cluster.")
    return text


def _cluster(text: str) -> str:
    parts = urlsplit(text)
    try:
        whole = parts.scheme == "sc" and parts.hostname and parts.port
    except ValueError:
        whole = False
    if not whole:
        raise _Wrong("不是集群地址：写 sc://主机:端口。", "is not the address of a cluster: write sc://host:port.")
    return text


def _model_address(text: str) -> str:
    """The address of a model: https, or http only where the key and the text stay in one's own network."""
    if not text:
        return ""
    parts = urlsplit(text)
    host = parts.hostname or ""
    try:
        whole = parts.scheme in ("http", "https") and host and not parts.username and not parts.query and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise _Wrong("不是模型的地址：写到 /v1 为止，不带账号和参数。", "is not the address of a model: write it up to /v1, without account or query.")
    if parts.scheme == "http" and not _own_network(host):
        raise _Wrong("不在本机或内网，要用 https。", "is outside one's own network: use https.")
    return text.rstrip("/")


def _own_network(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


def _header_text(text: str) -> str:
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise _Wrong("不是密钥：只能有可见的英文字符。", "is not a key: only visible ASCII characters.")
    return text


def _key_file(text: str) -> str:
    """The key in a file that nobody else may read; empty where no file is named."""
    if not text:
        return ""
    path = Path(text).expanduser()
    try:
        if path.stat().st_mode & 0o077:
            raise _Wrong("别人也能读。请执行 chmod 600。", "may be read by others. Run chmod 600 on it.")
        return _header_text(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise _Wrong(f"读不了：{error}", f"cannot be read: {error}") from error


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 600:
        raise _Wrong("不是 1 到 600 之间的秒数。", "is not a number of seconds from 1 to 600.")
    return int(text)


HOME = Setting(
    "BIHUAN_HOME", "data", _folder,
    "存放数据的目录：数据库、上传的文件、密钥。", "The data folder: database, uploaded files, secret key.", "/srv/bihuan",
)
DATABASE = Setting(
    "BIHUAN_DATABASE", "", _database,
    "PostgreSQL 地址；留空则在数据目录里用内嵌的 SQLite。", "The URL of a PostgreSQL; empty means an embedded SQLite in the data folder.",
    "postgres://bihuan:secret@db.example/bihuan?sslmode=verify-full", _without_password,
)
SECRET_KEY = Setting(
    "BIHUAN_SECRET_KEY", "", _secret,
    "签名用的密钥，至少 32 个字符；留空则首次启动时生成并以 0600 权限存放在数据目录。",
    "The key that signs sessions, 32 characters or more; empty means one is made at first start and kept in the data folder with mode 0600.",
    "64-random-characters", _unseen,
)
HOSTS = Setting(
    "BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]", _hosts,
    "本系统以哪些主机名对外，用逗号隔开。", "The host names this site answers to, parted by commas.", "bihuan.example,10.0.0.8",
)
HTTPS = Setting(
    "BIHUAN_HTTPS", "off", _flag,
    "前面有 HTTPS 反向代理：Cookie 只走 HTTPS，启用 HSTS，信任代理的 X-Forwarded-Proto。",
    "A proxy speaks HTTPS in front: cookies over HTTPS only, HSTS on, the proxy's X-Forwarded-Proto is believed.", "on",
)
HASH = Setting(
    "BIHUAN_HASH", "sha256", _hash,
    "账本链的哈希算法：sha256 或国密 sm3。", "The digest of the ledger's chain: sha256 or SM3.", "sm3",
)
CITY = Setting("BIHUAN_CITY", "闭环市", _text, "城市名，显示在页头和文书里。", "The city's name, shown in page heads and papers.", "濮阳市")
MAP = Setting(
    "BIHUAN_MAP", "", _map,
    "本市批准使用的地图（GeoJSON，坐标系 CGCS2000 或 WGS-84，每个面的 properties.name 写单位代号）；留空则用安装时生成的示意图。",
    "The city's own approved map: GeoJSON in CGCS2000 or WGS-84, each area's `properties.name` an office's code; empty means the sketch of set-up.",
    "/srv/bihuan/map.json",
)
MAP_AREA = Setting(
    "BIHUAN_MAP_AREA", "4109", _area,
    "安装时按哪个行政区划代码取示意图的县区边界。", "The division code whose counties the sketch map made at set-up shows.", "4109",
)
DEMO = Setting(
    "BIHUAN_DEMO", "off", _flag,
    "演示城市：登录页出现一键登录的虚构人物。绝不可用于真实数据。",
    "The demo city: the sign-in page offers invented people at one click. Never for real data.", "on",
)
TODAY = Setting(
    "BIHUAN_TODAY", "", _day,
    "把“今天”定在某一天，只在演示城市里可用。", "Holds “today” at one day; only for the demo city.", "2026-07-08",
)
IDLE_MINUTES = Setting(
    "BIHUAN_IDLE_MINUTES", "", _minutes,
    "无操作多少分钟后退出登录；留空为 15，演示城市为 480。", "Minutes without a request before signing out; empty means 15, in the demo city 480.", "30",
)
LANGUAGE = Setting(
    "BIHUAN_LANGUAGE", "", _language,
    "命令行说的语言；留空则看 LC_ALL、LC_MESSAGES、LANG。", "The language of the command line; empty means LC_ALL, LC_MESSAGES and LANG decide.", "zh",
)
DEBUG = Setting(
    "BIHUAN_DEBUG", "off", _flag,
    "开发用：出错页显示源代码，静态文件不压缩。", "For developers: error pages show source code, static files are not compressed.", "on",
)

ENGINE = Setting(
    "BIHUAN_ENGINE", "local", _engine,
    "bihuan match 用哪个引擎算：local（本进程的 DuckDB）或 cluster（集群）；结果一样，--engine 可另写。",
    "The engine that `bihuan match` computes with: local (DuckDB, in process) or cluster; results are the same, --engine says otherwise for once.",
    "cluster",
)
CLUSTER = Setting(
    "BIHUAN_CLUSTER", "sc://127.0.0.1:50051", _cluster,
    "集群的地址（Spark Connect）：LakeSail Sail 或 Apache Spark；口令写作 /;token=…。",
    "The address of the cluster, by Spark Connect: LakeSail Sail or Apache Spark; a token is written /;token=….",
    "sc://spark.example:15002",
)
COLUMNS = Setting(
    "BIHUAN_COLUMNS", "", _optional_folder,
    "给集群读的列（Parquet）放在哪个目录，本机和集群要看到同一个路径；留空则在数据目录的 columns 里。",
    "The folder for the columns that a cluster reads (Parquet), which it must see under the same path; empty means `columns` in the data folder.",
    "/srv/lake/bihuan",
)
MODEL_ADDRESS = Setting(
    "BIHUAN_MODEL_ADDRESS", "", _model_address,
    "`bihuan read --propose` 和核对页上“请模型提议”问哪个模型：任何兼容 OpenAI 接口的地址，写到 /v1 为止；留空则不问，什么也不外传。",
    "The model that `bihuan read --propose` and the page of a document ask: any OpenAI-compatible address, up to /v1; empty means none is asked and nothing leaves the machine.",
    "http://127.0.0.1:8080/v1",
)
MODEL = Setting("BIHUAN_MODEL", "default", _text, "模型的名称，照模型服务那边的写法。", "The name of the model, as its server writes it.", "qwen3-32b")
MODEL_KEY = Setting("BIHUAN_MODEL_KEY", "", _header_text, "模型服务的密钥；没有则留空。", "The key of the model's server; empty for none.", "sk-0123456789", _unseen)
MODEL_KEY_FILE = Setting(
    "BIHUAN_MODEL_KEY_FILE", "", _key_file,
    "存放上述密钥的文件，权限 0600；两处都写时以 BIHUAN_MODEL_KEY 为准。",
    "A file that holds this key, mode 0600; where both are given, BIHUAN_MODEL_KEY counts.", "/srv/bihuan/model-key",
)
MODEL_SECONDS = Setting(
    "BIHUAN_MODEL_SECONDS", "60", _seconds,
    "每次最多等模型多少秒。", "Seconds that the model may take for each request.", "120",
)

SETTINGS: tuple[Setting[Any], ...] = (
    HOME, DATABASE, SECRET_KEY, HOSTS, HTTPS, HASH, CITY, MAP, MAP_AREA, DEMO, TODAY, IDLE_MINUTES, LANGUAGE, DEBUG, ENGINE,
    CLUSTER, COLUMNS, MODEL_ADDRESS, MODEL, MODEL_KEY, MODEL_KEY_FILE, MODEL_SECONDS,
)  # fmt: skip


def where_of(address: str) -> str:
    """Where a cluster is, for people to read: its address without the token that may stand in it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def refuse_misspelt(environ: Mapping[str, str]) -> None:
    """Raise `SettingRefused` for a name that is nearly one of ours: a misspelt database address must not mean SQLite."""
    names = [setting.name for setting in SETTINGS]
    for given in environ:
        if given.startswith("BIHUAN") and given not in names:
            near = difflib.get_close_matches(given, names, n=1, cutoff=0.88)
            if near:
                raise SettingRefused(f"没有环境变量 {given}，是否想写 {near[0]}？\nThere is no setting {given}. Did you mean {near[0]}?")
