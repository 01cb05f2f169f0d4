"""Look at the outside of a file before anything inside is read: what it is, and whether its table of contents is bearable."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.sheets.cells import MB, Limits, Unreadable

Kind = Literal["xlsx", "csv"]

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = struct.Struct("<4s4H2LH")  # the end of the table of contents: signature, disks, counts, size, offset, comment
_EXAMPLE = "月报.xlsx, 月报.csv"
_SMALL = 1 * MB  # a member no larger than this when unpacked does no harm, whatever its ratio


def kind_of(name: str, content: bytes, limits: Limits) -> Kind:
    """Whether a file is an xlsx or a csv, by its content and its name, which must agree. Raises Unreadable for anything else."""
    if not content:
        raise _refused("文件是空的", "the file is empty")
    if len(content) > limits.size:
        most = limits.size // MB
        raise _refused(f"文件超过 {most} MB，请分成几张表上传", f"the file is larger than {most} MB; split it into several sheets")
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix in ("xlsm", "xltm", "xlsb"):
        raise _refused(
            f".{suffix} 可以带宏，不接收；请另存为不带宏的 xlsx", f"a .{suffix} may carry macros and is not taken; save it as xlsx"
        )
    if content.startswith(_OLD_OFFICE):
        raise _old_office(content)
    if content.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise _refused(
            "内容是网页或 XML，只是改了后缀；请用电子表格软件打开，另存为 xlsx",
            "the content is a web page or XML under another name; open it in a spreadsheet and save it as xlsx",
        )
    if suffix not in ("xlsx", "csv"):
        raise _refused(
            f"不接收 .{suffix[:20]} 文件，只接收 xlsx 和 csv；请另存为 xlsx", f"a .{suffix[:20]} file is not taken, only xlsx and csv"
        )
    is_zip = content.startswith(_ZIP)
    if (suffix == "xlsx") != is_zip:
        what, what_en = ("xlsx", "an xlsx") if is_zip else ("文本", "plain text")
        raise _refused(
            f"后缀是 .{suffix}，内容却是{what}；请另存为 xlsx 再上传",
            f"the name ends in .{suffix} but the content is {what_en}; save it as xlsx",
        )
    return "xlsx" if is_zip else "csv"


@dataclass(frozen=True)
class Sort:
    """What sort of archive is expected, and how one that is not taken is put right; a sample of its name."""

    name: str
    again: str
    again_en: str
    smaller: str
    smaller_en: str
    example: str


XLSX = Sort("xlsx", "另存为 xlsx", "save it as xlsx", "分成几张表上传", "split it into several sheets", _EXAMPLE)


def inspect(content: bytes, limits: Limits) -> None:
    """Read only the table of contents of an xlsx. Raises Unreadable where it is no workbook, or would be too much to unpack."""
    names = [member.filename for member in contents(content, limits, XLSX)]
    if any(name.lower().endswith(("vbaproject.bin", "xlmacrosheets")) or "macrosheets/" in name.lower() for name in names):
        raise _refused(
            "文件带有宏，不接收；请另存为不带宏的 xlsx", "the file carries macros and is not taken; save it as xlsx without macros"
        )
    if "xl/workbook.xml" not in names:
        raise _refused(
            "这不是 xlsx 工作簿；请用电子表格软件打开，另存为 xlsx",
            "this is no xlsx workbook; open it in a spreadsheet and save it as xlsx",
        )


def contents(content: bytes, limits: Limits, sort: Sort) -> list[zipfile.ZipInfo]:
    """The members of an archive that may be unpacked. Raises Unreadable for one that is damaged, encrypted, a bomb, or holds odd names."""
    _refuse_long_contents(content, limits, sort)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
        raise damaged(sort) from error
    names = [member.filename for member in members]
    if any(_odd(name) for name in names) or len({name.lower() for name in names}) != len(names):
        raise _refused(
            f"压缩包里有越出目录或重名的文件，这不是正常的 {sort.name}",
            f"the archive holds names outside its folder, or twice the same; this is no normal {sort.name}", sort.example,
        )  # fmt: skip
    if any(member.flag_bits & 0x1 for member in members):
        raise _refused(f"文件加了密；请去掉密码后{sort.again}", f"the file is encrypted; remove the password and {sort.again_en}", sort.example)
    _refuse_bombs(members, len(content), limits, sort)
    return members


def _refuse_long_contents(content: bytes, limits: Limits, sort: Sort) -> None:
    """Refuse by the last bytes alone an archive whose table of contents would itself take long to read."""
    at = content.rfind(b"PK\x05\x06", -(2**16 + _END.size))
    if at < 0 or len(content) < at + _END.size:
        raise damaged(sort)
    _mark, _disk, _first, _here, count, size, _offset, _comment = _END.unpack_from(content, at)
    if count > limits.members or size > limits.members * 1024:
        raise _refused(
            f"压缩包里的文件超过 {limits.members} 个，这不是正常的 {sort.name}",
            f"the archive holds more than {limits.members} files; this is no normal {sort.name}", sort.example,
        )  # fmt: skip


def _refuse_bombs(members: list[zipfile.ZipInfo], packed: int, limits: Limits, sort: Sort) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        most = limits.unpacked // MB
        raise _refused(f"解压后超过 {most} MB，请{sort.smaller}", f"it unpacks to more than {most} MB; {sort.smaller_en}", sort.example)
    swollen = [m for m in members if m.file_size > _SMALL and m.file_size > limits.ratio * max(m.compress_size, 1)]
    if swollen or (unpacked > _SMALL and unpacked > limits.ratio * packed):
        raise _refused(
            f"压缩比超过 {limits.ratio}:1，像是压缩炸弹；请{sort.again}", f"it is packed more than {limits.ratio}:1, like a bomb; {sort.again_en}", sort.example,
        )  # fmt: skip


def _odd(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or ":" in name


def _old_office(content: bytes) -> Unreadable:
    if _ENCRYPTED in content:
        return _refused("文件加了密；请去掉密码后另存为 xlsx", "the file is encrypted; remove the password and save it as xlsx")
    return _refused("这是旧版 Office 文件（.xls）；请另存为 xlsx", "this is an old Office file (.xls); save it as xlsx")


def damaged(sort: Sort) -> Unreadable:
    """What is said of an archive that cannot be opened."""
    return _refused(f"文件已损坏，打不开；请打开检查，{sort.again}", f"the file is damaged; open it, look at it and {sort.again_en}", sort.example)


def _refused(what: str, what_en: str, example: str = _EXAMPLE) -> Unreadable:
    return Unreadable(Refused(what, what_en, example))
