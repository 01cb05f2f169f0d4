"""English is complete: no text outside translation in Python or in scripts, and no Chinese on an English page but what people wrote.

What people wrote is data and stays as it is: names of rows, offices, persons and enterprises, choices of fields, papers (which are issued in
Chinese), bases that cite Chinese documents, reasons in the words of a pack that has no English, and examples of what to type.
Everything else of an English page is English.
"""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from bihuan import portal
from bihuan.foundation.access import mask
from bihuan.foundation.models import Entry, Member, Office, Paper, Upload
from tests.portal import matrix, town
from tests.portal.conftest import SignIn

PORTAL = Path(portal.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
HAN = re.compile(r"[\u3400-\u9fff]")

PAPERS = {"official.py", "printed.py", "wordml.py", "word_tables.py", "layout.py", "fonts.py", "pdf.py", "cited.py", "open_data.py"}
"""They write official papers, which are Chinese whatever the reader's language, and open data: one file for all, whose columns programs know."""

STORED = {"是", "否", "年", "他", "我", "你", "（", "）", "、", "亿元"}
"""Values as they are stored or typed, parts of a period's label, and the three words that are the product's own."""

TRANSLATED = {"_", "gettext", "ngettext", "gettext_lazy", "pgettext", "Refused", "Said", "Decision"}
"""Calls that hold a text in both languages."""


def python() -> Iterator[Path]:
    yield from (path for path in sorted(PORTAL.rglob("*.py")) if "styleguide" not in path.parts and path.name not in PAPERS)


def bare(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The Chinese texts of a module that no translation holds; docstrings are not texts."""
    held = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            held.add(id(node.value))
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            held |= {id(inner) for inner in ast.walk(node)} if name in TRANSLATED else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in held and CHINESE.search(node.value):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", list(python()), ids=lambda path: path.relative_to(PORTAL).as_posix())
def test_every_text_in_python_can_be_translated(path: Path) -> None:
    assert [found for found in bare(ast.parse(path.read_text("utf-8"))) if found[1] not in STORED] == []


@pytest.mark.parametrize("path", sorted((PORTAL / "static/portal/js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_words(path: Path) -> None:
    assert HAN.findall(re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)) == []


# --- every page, in English


PAGES = (
    "/desk/", "/desk/today/", "/notices/", "/search/?q=gc", "/search/?q=zzzz", "/words/", "/registers/", f"/registers/{town.WORKS}/", f"/registers/{town.MEETINGS}/",
    f"/registers/{town.WORKS}/new/", f"/registers/{town.WORKS}/?light.works.progress=red&state=building", "/uploads/", "/papers/", "/board/", f"/board/{town.WORKS}/",
    f"/scores/{town.WORKS}/works.county_rank/", "/mine/", "/ledger/", "/nowhere/", "/login/",
)  # fmt: skip
ABOUT_ROWS = (
    "", "?tab=figures", "?tab=duties", "?tab=people", "?tab=files", "?tab=children", "?tab=history", "edit/", "move/", "figures/", "assign/works.leader/",
    "lights/works.progress/", "lights/works.plate/",
)  # fmt: skip


def written_by_people() -> list[str]:
    """Every text that is data, the longest first."""
    words = {"北方公司", "闭环市", *town.CANARY.values(), *re.findall(r"[\u3400-\u9fff]+", "制造 交通 省重点 市重点 解决 未果")}
    for entry in Entry.objects.all():
        words |= {str(value) for value in entry.data.values() if value} | {entry.title, entry.key, entry.office}
    words |= set(Office.objects.values_list("pk", flat=True)) | set(Member.objects.values_list("name", flat=True))
    words |= set(Upload.objects.values_list("name", flat=True))
    words |= set(Paper.objects.values_list("title", flat=True)) | set(Paper.objects.values_list("recipient", flat=True))
    pack = "\n".join(town.FILES.values())  # bases and sentences a pack wrote in Chinese only; tests/applications holds those that ship to more
    words |= {found.strip("'\" ") for found in re.findall(r"(?:basis|because|formula|where|pattern|help|text): *('[^']*'|[^,}\n]*)", pack)}
    reasons = {re.sub(r"\{[^{}]*\}", "1", found) for found in re.findall(r"because: '([^']*)'", pack)}
    words |= reasons | {"市发改委", "的督办函", "开工照片", *re.findall(r"[\u3400-\u9fff]+", " ".join(re.findall(r"evidence: *(\[[^]]*\]|[^,}\n]*)", pack)))}
    words |= {mask(value) for value in words if isinstance(value, str)}
    return sorted(filter(None, words), key=len, reverse=True)


def chinese_of(client: Client, address: str, data: list[str]) -> list[str]:
    """The Chinese an English page shows that nobody wrote."""
    answer = client.get(address, headers={"Accept-Language": "en"})
    if answer.status_code in (302, 403, 405) or (answer.status_code == 404 and address != "/nowhere/"):
        return []
    text = re.sub(r'</?mark>|<span class="avatar".*?</span>', "", answer.content.decode())
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>', " ", text, flags=re.DOTALL)
    text = re.sub(r'<(cite|blockquote|article)\b.*?</\1>', " ", text, flags=re.DOTALL)
    text = html.unescape(re.sub(r'\b(?:href|value|action|hx-\w+|data-\w+|name|id|for)="[^"]*"', " ", text))
    text = re.sub(r"\(for example: [^()]*\)", " ", text)
    for word in data:
        text = text.replace(word, " ")
    return sorted(set(re.findall(r"[^<>\"\n]*[\u3400-\u9fff][^<>\"\n]*", text)))


@pytest.mark.parametrize("username", ["wei", "du", "ling", "qi", "shen"])
def test_an_english_page_is_english(sign_in: SignIn, username: str) -> None:
    client, data = sign_in(username), written_by_people()
    held = matrix.things()
    pages = [*PAGES, *(f"/rows/{held.row}/{rest}" for rest in ABOUT_ROWS), f"/duties/{held.duty}/", f"/ledger/{held.seq}/"]
    found = {address: left for address in pages if (left := chinese_of(client, address, data))}
    assert found == {}


@pytest.mark.parametrize("username", ["wei", "ling", "qi"])
def test_a_chinese_page_has_no_english_sentence(sign_in: SignIn, username: str) -> None:
    client = sign_in(username)
    for address in PAGES:
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        text = re.sub(r"<script.*?</script>|<[^>]+>", "\n", answer.content.decode(), flags=re.DOTALL)
        assert [line for line in text.split("\n") if re.search(r"\b[a-z]+ [a-z]+ [a-z]+\b", line) and "Switch to English" not in line] == [], address
