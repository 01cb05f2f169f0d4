"""What kind of file some bytes are, told by the bytes and never by the name: what may be kept as evidence, and what is a picture.

A file is kept exactly as it came: nothing is converted, and nothing (such as where a photograph was taken) is taken out of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

HEAD = 64
"""So many bytes tell a picture."""

_PICTURES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("image/jpeg", lambda head: head.startswith(b"\xff\xd8\xff")),
    ("image/png", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/gif", lambda head: head[:6] in (b"GIF87a", b"GIF89a")),
    ("image/webp", lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
)
"""Pictures that every browser shows."""

_PHONE_PICTURES = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_MARKUP = (b"<", b"\xef\xbb\xbf<")
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument", b"OFD.xml")
_MACROS = b"vbaProject.bin"


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be kept: what it is called, and for a picture that browsers show its media type."""

    title: str
    title_en: str
    picture: str = ""


def picture_of(head: bytes) -> str:
    """The media type of a picture that browsers show, by its first HEAD bytes; empty for anything else."""
    return next((media for media, is_one in _PICTURES if is_one(head)), "")


def kind_of(content: bytes) -> Kind | None:
    """What some bytes are; None for what is not kept as evidence: programs, web pages, archives, documents with macros, anything unknown."""
    if media := picture_of(content[:HEAD]):
        return Kind("图片", "picture", media)
    if content[4:8] == b"ftyp" and content[8:12] in _PHONE_PICTURES:
        return Kind("手机照片", "phone picture")
    if content.startswith(b"%PDF-"):
        return Kind("PDF", "PDF")
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind("办公文档", "office document")
    if content.startswith(b"PK\x03\x04"):
        office = any(part in content for part in _OFFICE_PARTS) and _MACROS not in content
        return Kind("办公文档", "office document") if office else None
    return Kind("文字", "text") if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    """Plain text in UTF-8 or GB 18030, and no markup or script that something might run."""
    if b"\0" in content or content.lstrip()[:4].startswith(_MARKUP) or content.startswith((b"#!", b"MZ", b"\x7fELF")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
