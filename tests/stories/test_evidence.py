"""Proof from the building site: photos from a phone's camera, no network for a while, the draft found again, the pictures in the row's files."""

import struct
import zlib

from playwright.sync_api import Page, expect

from tests.stories.conftest import Enter

LANDED = "/registers/major_projects.projects/?state=landed"


def picture(shade: int) -> bytes:
    """A PNG of one shade, eight points square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([shade, 90, 40]) * 8) * 8
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def photographed(page: Page, *names: str) -> None:
    """One photo after the other, as a phone's camera hands them over."""
    for shade, name in enumerate(names, start=60):
        page.set_input_files("[data-camera]", {"name": name, "mimeType": "image/png", "buffer": picture(shade)})


def starting(page: Page, place: int) -> str:
    """The form that starts a project that has its land; gives the project's address."""
    page.goto(LANDED)
    row = str(page.locator("#rows a[href*='/rows/']").nth(place).get_attribute("href"))
    page.goto(f"{row}move/start/")
    return row


def test_photos_from_the_camera_go_with_a_move_and_are_seen_in_the_files(enter: Enter) -> None:
    page = enter("干部", width=390)
    row = starting(page, 0)
    expect(page.get_by_text("拍照")).to_be_visible()
    photographed(page, "东门.png", "塔吊.png", "看错了.png")
    expect(page.locator("[data-chosen]")).to_have_count(3)
    page.get_by_role("button", name="去掉 看错了.png").click()
    expect(page.locator("[data-chosen]")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="开工", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("开工")
    page.goto(f"{row}?tab=files")
    pictures = page.locator(".files-thumb img")
    expect(pictures).to_have_count(2)
    for number in range(2):
        pictures.nth(number).scroll_into_view_if_needed()
        page.wait_for_function("number => document.querySelectorAll('.files-thumb img')[number].naturalWidth === 8", arg=number)


def test_a_file_that_is_no_picture_is_refused_in_plain_words_and_the_good_one_is_kept(enter: Enter) -> None:
    page = enter("干部", width=390)
    starting(page, 1)
    photographed(page, "现场.png")
    page.set_input_files("[data-picker]", {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\0"})
    page.get_by_role("button", name="开工", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("照片.jpg")
    expect(page.locator(".files-one")).to_contain_text("现场.png")
    page.get_by_role("button", name="开工", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("开工")


def test_without_a_network_the_photos_stay_and_are_sent_later(enter: Enter) -> None:
    page = enter("干部", width=390)
    starting(page, 2)
    photographed(page, "工地.png")
    page.locator("textarea[name=reason]").fill("现场已开工")
    expect(page.locator("main [data-kept]")).to_contain_text("草稿已存")
    page.context.set_offline(True)
    page.get_by_role("button", name="开工", exact=True).click()
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("[data-chosen]")).to_have_count(1)
    page.context.set_offline(False)
    page.get_by_role("button", name="开工", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("开工")


def test_a_long_form_is_found_again_after_a_closed_tab(enter: Enter) -> None:
    page = enter("干部")
    row = starting(page, 3)
    page.locator("textarea[name=reason]").fill("等施工许可")
    expect(page.locator("main [data-kept]")).to_contain_text("草稿已存")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"{row}move/start/")
    expect(again.locator("textarea[name=reason]")).to_have_value("等施工许可")
    again.get_by_role("button", name="放弃草稿").click()
    expect(again.locator("textarea[name=reason]")).to_have_value("")
    expect(again.locator("[data-draft-bar]")).to_be_hidden()
