"""A chat model behind any OpenAI-compatible address, asked once: no redirect is followed, no proxy is used, no answer is waited for long.

Nothing here decides anything: what comes back is text from outside, which `bihuan.computing.reading.proposing` checks word by word.
"""

import json
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from bihuan import environment

LONGEST_ANSWER = 1_000_000
"""Bytes of the longest answer that is read."""


class NoAnswer(Exception):
    """The endpoint did not answer as it should. `zh` and `en` say what happened."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked, which one, with which key (empty for none), and how many seconds it may take."""

    address: str
    model: str
    key: str
    seconds: int


def configured(environ: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The endpoint of the settings; None where none is set. Raises SettingRefused for a wrong setting."""
    address = environment.MODEL_ADDRESS.read(environ)
    if not address:
        return None
    key = environment.MODEL_KEY.read(environ) or environment.MODEL_KEY_FILE.read(environ)
    return Endpoint(address, environment.MODEL.read(environ), key, environment.MODEL_SECONDS.read(environ))


def ask(endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> str:
    """What the model says to these messages. Raises NoAnswer."""
    parts = urlsplit(endpoint.address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=endpoint.seconds)
    body = json.dumps({"model": endpoint.model, "messages": list(messages), "temperature": 0, "stream": False}, ensure_ascii=False)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    late = threading.Event()
    watch: threading.Timer | None = None
    try:
        connection.connect()
        watch = threading.Timer(endpoint.seconds, _cut, (connection.sock, late))
        watch.daemon = True
        watch.start()
        connection.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body.encode(), headers)
        answer = _read(connection.getresponse())
        if late.is_set():  # cut off, the answer ends early
            raise TimeoutError
        return _content(answer)
    except (OSError, HTTPException) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise NoAnswer(f"模型 {endpoint.seconds} 秒内没有答完", f"the model did not finish within {endpoint.seconds} seconds") from error
        raise NoAnswer(f"连不上模型：{error}", f"the model cannot be reached: {error}") from error
    finally:
        if watch is not None:
            watch.cancel()
        connection.close()


def _cut(sock: socket.socket, late: threading.Event) -> None:
    """Cut a connection off when its time is over, in whatever state it is: a server that sends a byte now and then never times out."""
    late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse) -> bytes:
    if response.status != 200:
        raise NoAnswer(f"模型答复了 HTTP {response.status}", f"the model answered HTTP {response.status}")
    answer = response.read(LONGEST_ANSWER + 1)
    if len(answer) > LONGEST_ANSWER:
        raise NoAnswer(f"模型的答复超过 {LONGEST_ANSWER} 字节", f"the model's answer is longer than {LONGEST_ANSWER} bytes")
    return answer


def _content(answer: bytes) -> str:
    """The words of the first choice."""
    try:
        content = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise NoAnswer("模型的答复不是约定的 JSON", "the model's answer is not the JSON agreed on") from error
    if not isinstance(content, str):
        raise NoAnswer("模型的答复里没有文字", "the model's answer holds no words")
    return content
