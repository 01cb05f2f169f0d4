"""Files that come in: sheets to be confirmed and pieces of evidence. Their bytes lie under their digest, outside the database."""

import hashlib
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

from django.core.files.storage import default_storage

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, record, view_of
from bihuan.foundation.checking import rejected
from bihuan.foundation.contents import HEAD, kind_of, picture_of
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.models import Upload
from bihuan.foundation.projections.ids import next_id
from bihuan.foundation.sizes import NAME

LARGEST_FILE = 20 * 1024 * 1024

Purpose = Literal["sheet", "evidence", "document"]


def receive_upload(actor: Actor, register: str, exchange: str, name: str, content: bytes, at: datetime) -> Upload:
    """Take a file in: with an exchange (``mechanism.monthly_sheet``) a sheet that waits to be confirmed, without one a piece of evidence.

    Rejected where it is empty or larger than LARGEST_FILE, and as evidence where its bytes are of no kind that is kept, whatever its name
    says. The same bytes are stored once.
    """
    allow(may(actor, "upload", view_of(register, at)))
    _measured(name, content)
    purpose: Purpose = "sheet" if exchange else "evidence"
    if purpose == "evidence" and kind_of(content) is None:
        why = Refused(
            "看内容不是可以作佐证的文件：收照片、PDF、Word、Excel、WPS、OFD 和文字，不收程序、网页、压缩包和带宏的文档",
            "by its content this is no file that serves as evidence: pictures, PDF, Word, Excel, WPS, OFD and text are taken; programs, web pages, "
            "archives and documents with macros are not",
            "现场照片.jpg",
        )
        raise rejected(why, "file", name[:80])
    return _received(New("upload.received", {"purpose": purpose, "exchange": exchange}, actor.username, at, register), name, content)


def receive_document(actor: Actor, register: str, name: str, content: bytes, at: datetime) -> Upload:
    """Keep a document whose text was read already, which is what tells that it is one. Rejected where it is empty or larger than LARGEST_FILE."""
    allow(may(actor, "upload", view_of(register, at)))
    _measured(name, content)
    return _received(New("upload.received", {"purpose": "document", "exchange": ""}, actor.username, at, register), name, content)


def _measured(name: str, content: bytes) -> None:
    if not 0 < len(content) <= LARGEST_FILE:
        most = LARGEST_FILE // 1024 // 1024
        raise rejected(Refused(f"文件须在 1 字节至 {most} MB 之间", f"a file has at least 1 byte and at most {most} MB", ""), "file", name[:80])


def _received(new: New, name: str, content: bytes) -> Upload:
    """Put the bytes in their place, then say so in the ledger."""
    digest = hashlib.sha256(content).hexdigest()
    _keep(digest, content)
    with writing():
        number = next_id(Upload, "default")
        record(replace(new, body={"id": number, **new.body, "name": _plain(name), "digest": digest, "size": len(content)}))
        return Upload.objects.get(pk=number)


def settle_upload(actor: Actor, number: int, rows: int, at: datetime) -> Upload:
    """A waiting sheet is done with: confirmed with so many rows written, or with 0 rows dropped. Its own sender, or the system, says so."""
    with writing():
        upload = Upload.objects.filter(pk=number, state="waiting").first()
        if upload is None:
            raise rejected(Refused("这张表已经处理过", "this sheet was dealt with already", ""))
        allow(may(actor, "upload", view_of(upload.register, at)))
        state = "confirmed" if rows else "dropped"
        record(New("upload.settled", {"id": number, "state": state, "rows": rows}, actor.username, at, upload.register))
        return Upload.objects.get(pk=number)


def content_of(upload: Upload) -> bytes:
    """The bytes of an upload. Raises FileNotFoundError where they are gone, ValueError where they are no longer the same."""
    with default_storage.open(path_of(upload.digest)) as file:
        content: bytes = file.read()
    if hashlib.sha256(content).hexdigest() != upload.digest:
        raise ValueError(f"文件 {upload.name} 已被改动。\nThe file {upload.name} was changed.")
    return content


def picture_type(upload: Upload) -> str:
    """The media type of an upload that is a picture browsers show, by its first bytes; empty for anything else, and where the file is gone."""
    try:
        with default_storage.open(path_of(upload.digest)) as file:
            return picture_of(file.read(HEAD))
    except FileNotFoundError:
        return ""


def path_of(digest: str) -> str:
    """Where the bytes of a digest lie in the data folder."""
    return f"{digest[:2]}/{digest}"


def _keep(digest: str, content: bytes) -> None:
    """Put the bytes under their digest, on the disk before the ledger speaks of them. A file is there whole or not at all."""
    place = Path(default_storage.path(path_of(digest)))
    if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _plain(name: str) -> str:
    """A file's name without folders and control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:NAME]
