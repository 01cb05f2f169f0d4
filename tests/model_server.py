"""A chat model as far as anybody outside can tell: an OpenAI-compatible server on this machine that answers what a test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answer = Callable[[BaseHTTPRequestHandler], None]


class Model:
    """An OpenAI-compatible server on this machine; ``answer`` does what the test wants, ``asked`` keeps what came in."""

    def __init__(self, findings: list[Any]) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answer: Answer = self.says(findings)
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append((self.path, dict(self.headers), body))
                model.answer(self)

            def log_message(self, *said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def says(self, findings: list[Any]) -> Answer:
        return self.words(json.dumps({"findings": findings}, ensure_ascii=False))

    def words(self, content: str) -> Answer:
        return self.sends(json.dumps({"choices": [{"message": {"content": content}}]}).encode())

    def sends(self, body: bytes, status: int = 200, **headers: str) -> Answer:
        def send(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        return send


@contextmanager
def serving(findings: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """Such a server, set up as the site's model."""
    running = Model(findings)
    monkeypatch.setenv("BIHUAN_MODEL_ADDRESS", running.address)
    monkeypatch.setenv("BIHUAN_MODEL", "测试模型")
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
