"""The look of the portal: every template is held to its contract, its language, its colours and the browser floor.

The style guide's samples are the contracts in data: each page is rendered from its sample with missing variables made loud.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import polib
import pytest
from django.template import Context, Template
from django.template.base import Lexer, TokenType
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation.template import templatize
from pytest_django import Settings

from bihuan import assets, portal
from bihuan.foundation.grammar.registers import Icon
from bihuan.portal.styleguide import views
from bihuan.portal.styleguide.samples import AT, PAGES
from bihuan.portal.templatetags.shapes import light_word, loop, percent, progress, sparkline
from bihuan.portal.templatetags.wording import due, moment, time_left

PORTAL = Path(portal.__file__).parent
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
STYLES = sorted((PORTAL / "static/portal/css").glob("*.css"))
SCRIPTS = sorted((PORTAL / "static/portal/js").glob("*.js"))
TAGS = sorted((PORTAL / "templatetags").glob("*.py"))
PYTHON = sorted(path for path in PORTAL.rglob("*.py") if "styleguide" not in path.parts)
CATALOGUE = PORTAL / "locale/en/LC_MESSAGES/django.po"

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
BY_THEIR_OWN_NAME = {"中文", "切换为中文"}  # the way into Chinese is written in Chinese whatever the page's language

CITY = ZoneInfo("Asia/Shanghai")
MISSING = "‹missing %s›"


def name_of(path: Path) -> str:
    return path.relative_to(PORTAL).as_posix()


# --- contracts


@pytest.fixture
def strict(settings: Settings) -> None:
    """Templates that show a marker where a variable of their contract is absent."""
    engine = dict(settings.TEMPLATES[0])
    engine["OPTIONS"] = {**engine["OPTIONS"], "string_if_invalid": MISSING}
    settings.TEMPLATES = [engine]
    settings.ROOT_URLCONF = "bihuan.portal.styleguide.urls"


def rendered(name: str, **headers: str) -> str:
    request = RequestFactory().get(f"/{name}/", headers=headers)
    return views.page(request, name).content.decode()


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_asks_for_nothing_its_contract_does_not_name(name: str) -> None:
    html = rendered(name)
    assert "‹missing" not in html
    assert html.count("<h1") == 1


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", sorted(name for name, sample in PAGES.items() if sample.drawer))
def test_a_page_that_opens_in_the_drawer_brings_its_title_and_no_shell(name: str) -> None:
    html = rendered(name, HX_Request="true")
    assert "‹missing" not in html
    assert re.search(r'<div data-title="[^"]+">', html)
    assert "<nav" not in html.replace('<nav class="chips"', "")


@pytest.mark.usefixtures("strict")
def test_rows_and_counts_come_back_together_when_htmx_asks_for_them() -> None:
    html = rendered("register", HX_Request="true", HX_Target="rows")
    assert "<html" not in html
    assert "共 <b>28</b> 条" in html
    assert "年产10万吨电子级碳酸酯项目" in html


@pytest.mark.usefixtures("strict")
def test_the_style_guide_shows_every_component() -> None:
    html = views.components(RequestFactory().get("/")).content.decode()
    assert "‹missing" not in html
    assert all(sample.title in html for sample in PAGES.values())


# --- language


def spoken(template: Path) -> Iterator[str]:
    """Every stretch of Chinese in a template that no translation tag holds."""
    inside = False
    for token in Lexer(template.read_text("utf-8")).tokenize():
        word = token.contents.split(maxsplit=1)[0] if token.contents.split() else ""
        if token.token_type is TokenType.BLOCK and word in {"blocktranslate", "comment"}:
            inside = True
        elif token.token_type is TokenType.BLOCK and word in {"endblocktranslate", "endcomment"}:
            inside = False
        elif inside or token.token_type is TokenType.COMMENT or (token.token_type is TokenType.BLOCK and word == "translate"):
            continue
        else:
            text = re.sub(r'_\((["\']).*?\1\)', "", token.contents)
            yield from (piece for piece in re.findall(r"[^<>{}\"]*", text) if CHINESE.search(piece))


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_chinese_word_of_a_template_can_be_translated(template: Path) -> None:
    assert [words for words in spoken(template) if words.strip() not in BY_THEIR_OWN_NAME] == []


def calls(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """The message ids a parsed source asks for, and whether it counts something by them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        asked = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first = node.args[0]
        if asked in {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"} and isinstance(first, ast.Constant):
            yield str(first.value), asked.startswith("ng")


def asked_by_template(path: Path) -> Iterator[tuple[str, bool]]:
    """The message ids of a template, read from what Django hands to xgettext."""
    source = templatize(path.read_text("utf-8"), origin=str(path))
    for found in re.finditer(r"\b(?:_|n?gettext)\((?=u?['\"])", source):
        ends = (at for at in range(found.end(), len(source)) if source[at] == ")")
        for end in ends:
            try:
                tree = ast.parse(source[found.start() : end + 1], mode="eval")
            except SyntaxError:
                continue
            yield from calls(tree)
            break


def asked() -> set[tuple[str, bool]]:
    from_templates = {one for path in TEMPLATES for one in asked_by_template(path)}
    return from_templates | {one for path in PYTHON for one in calls(ast.parse(path.read_text("utf-8")))}


def test_every_text_has_its_english_and_nothing_else_does() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    translated = {(entry.msgid, bool(entry.msgid_plural)) for entry in catalogue if entry.msgstr or all(entry.msgstr_plural.values())}
    assert sorted(asked() - translated) == []
    assert sorted({(entry.msgid, bool(entry.msgid_plural)) for entry in catalogue} - asked()) == []


def test_english_is_english_and_keeps_the_places_of_the_chinese() -> None:
    places = re.compile(r"%\(\w+\)s")
    for entry in polib.pofile(str(CATALOGUE)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert not CHINESE.search(text), entry.msgid
                assert set(places.findall(text)) == set(places.findall(entry.msgid)), entry.msgid


# --- colours, scripts, icons, the browser floor


def without_comments(style: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", style.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("style", [style for style in STYLES if style.name != "tokens.css"], ids=name_of)
def test_no_colour_is_named_outside_the_tokens(style: Path) -> None:
    text = without_comments(style)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b", text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_scripts_take_their_colours_from_the_tokens(script: Path) -> None:
    assert re.findall(r"[\"']#[0-9a-fA-F]{3,8}[\"']|rgba?\(", script.read_text("utf-8")) == []


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"(--[\w-]+)\s*:", "".join(without_comments(style) for style in STYLES)))
    set_by_pages = set(re.findall(r"(--[\w-]+):", "".join(path.read_text("utf-8") for path in TEMPLATES + TAGS)))
    used = set(re.findall(r"var\((--[\w-]+)", "".join(without_comments(style) for style in STYLES)))
    used |= set(re.findall(r"\"(--[\w-]+)\"", "".join(script.read_text("utf-8") for script in SCRIPTS)))
    assert sorted(used - declared - set_by_pages) == []


@pytest.mark.parametrize("style", STYLES, ids=name_of)
def test_styles_keep_to_the_browsers_that_offices_have(style: Path) -> None:
    too_new = r":has\(|color-mix\(|@container|oklch\(|light-dark\(|@layer|@scope|^\s*&|\bdvh\b|@property"
    assert re.findall(too_new, without_comments(style), flags=re.MULTILINE) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_pages_hold_no_script_and_no_style_of_their_own(template: Path) -> None:
    text = template.read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"<style|\son[a-z]+=|\bhx-on|\bhx-vals=.?js:", text) == []
    assert [one for one in re.findall(r'style="([^"]*)"', text) if not one.startswith("--")] == []


def used_classes() -> str:
    return "".join(path.read_text("utf-8") for path in TEMPLATES + TAGS + SCRIPTS)


def test_no_style_is_left_for_a_class_nobody_uses() -> None:
    colours = "red|yellow|green|blue|grey"
    composed = re.compile(
        rf"(lamp|shape|tag|tone|tally|progress|because|gantt|of)-({colours})|(tag|tone)-line|due-(over|today)"
        r"|(mark|found-dot)-(target|actual|rule|task)"
        r"|notice-(success|warning|error)|cell-(wrong|odd|changed|lamp|name|key|text|number|date|tag)|icon-(s|l|xl)|swatch-(1|2|3|low|none)|tabulator[\w-]*"
    )
    text = used_classes()
    styled = {one for style in STYLES for one in re.findall(r"\.(-?[a-zA-Z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", without_comments(style)))}
    unused = {one for one in styled if not re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text) and not composed.fullmatch(one)}
    assert sorted(unused - {"htmx-request"}) == []


def test_the_sprite_holds_the_icons_that_pages_show_and_no_others() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES)
    shown = set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'empty_state [^%]*?(?:hint |name=)"([\w-]+)"', text)) | {"inbox"}
    listed = set(assets.icon_names())
    assert sorted(shown - listed) == []
    given_by_packs = set(get_args(Icon)) - {""}
    assert sorted(given_by_packs - listed) == []
    given_by_views = {one for path in sorted(PORTAL.rglob("*.py")) for one in listed if f'"{one}"' in path.read_text("utf-8")}
    assert sorted(listed - shown - given_by_views - given_by_packs) == []


def tokens(mode: str) -> dict[str, str]:
    """The tokens that are plain colours, as `mode` (light or dark) has them."""
    text = (PORTAL / "static/portal/css/tokens.css").read_text("utf-8")
    at = ("light", "dark").index(mode) + 1
    return {found[0]: found[at] for found in re.findall(r"(--[\w-]+): var\(--light, (#\w{6})\) var\(--dark, (#\w{6})\);", text)}


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(mode: str) -> None:
    colour = tokens(mode)
    pairs = [(ink, ground) for ink in ("--ink", "--ink-2", "--ink-3") for ground in ("--surface", "--surface-2", "--hover", "--ground")]
    pairs += [(f"--{light}-ink", f"--{light}-soft") for light in ("red", "yellow", "green", "blue", "grey")]
    pairs += [("--brand", "--surface"), ("--brand", "--brand-soft"), ("--ink-on-fill", "--brand"), ("--bar-ink-2", "--bar")]
    assert {
        pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5
    } == {}


# --- tags


def test_a_light_is_named_by_a_shape_and_a_word_beside_its_colour() -> None:
    html = Template('{% load shapes %}{% lamp "red" %}').render(Context())
    assert "<path" in html
    assert light_word("red") in html


def test_a_light_set_by_hand_says_who_set_it() -> None:
    html = Template('{% load shapes %}{% lamp "green" by_hand=who %}').render(Context({"who": "王<b>"}))
    assert "王&lt;b&gt;" in html
    assert "绿灯*" in html


@pytest.mark.parametrize(
    ("value", "words"), [(Decimal("80.06"), "80.1%"), (80, "80%"), (100.45, "100.5%"), (0, "0%"), (100, "100%"), (-3.25, "-3.3%")]
)
def test_a_share_is_shown_with_at_most_one_decimal(value: Decimal, words: str) -> None:
    assert percent(value) == words


def test_a_bar_beyond_its_plan_is_full_and_says_how_far() -> None:
    html = progress(Decimal("104.2"), 88)
    assert "--actual:100.00%" in html
    assert "104.2%" in html
    assert "实际 104.2%，计划 88%" in html


def test_a_bar_without_a_value_says_so() -> None:
    assert "无数据" in progress(None)


def test_a_missing_month_breaks_the_line() -> None:
    assert sparkline([1, 2, None, 4]).count("M") == 2
    assert "无数据" in sparkline([None])


def test_the_loop_turns_green_when_it_closes() -> None:
    assert "loop-closed" in loop(5, 5)
    assert "loop-closed" not in loop(4, 5)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 11, 21), ("逾期 2 天", "over")),
        (date(2026, 11, 23), ("今日到期", "today")),
        (datetime(2026, 11, 23, 9, 0, tzinfo=CITY), ("已过时限", "over")),
        (datetime(2026, 11, 23, 17, 30, tzinfo=CITY), ("今日到期", "today")),
        (date(2026, 12, 3), ("剩 10 天", "open")),
    ],
)
def test_time_left_is_counted_in_days_of_the_city(when: date | datetime, words: tuple[str, str]) -> None:
    assert time_left(when, AT) == words


def test_a_moment_is_told_as_people_tell_it() -> None:
    assert moment(datetime(2026, 11, 23, 9, 5, tzinfo=CITY), AT) == "今天 09:05"
    assert moment(datetime(2026, 11, 22, 21, 40, tzinfo=CITY), AT) == "昨天 21:40"
    assert moment(date(2026, 3, 8), AT) == "3月8日"
    assert moment(date(2025, 3, 8), AT) == "2025年3月8日"


def test_a_duty_without_a_deadline_says_so() -> None:
    assert "无时限" in due(None, AT)


def test_english_readers_read_english() -> None:
    assets.compile_catalogues([CATALOGUE])
    with translation.override("en"):
        assert time_left(date(2026, 11, 22), AT)[0] == "1 day over"
        assert light_word("yellow") == "Yellow"
