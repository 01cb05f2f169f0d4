"""What the page of components shows."""

from bihuan.portal.styleguide.samples.frame import before, on

SAMPLE = {
    "colours": ["red", "yellow", "green", "blue", "grey"],
    "dues": [on(-2), before(0, 17, 30), on(3), on(60), None],
    "moments": [before(0, 9, 12), before(1, 21, 40), before(7, 15, 26), before(400, 8, 0)],
    "trend": [3.1, 3.4, None, 2.8, 4.0, 4.6],
    "loops": [1, 2, 3, 4, 5],
    "tones": ["", "line", "red", "yellow", "green", "blue"],
    "bars": [(71, 76.5, "yellow"), (48, 47, ""), (4, 16, "red"), (100.4, 88, ""), (0, 8, "red")],
    "steps": [
        {"title": "谋划", "note": "2024-03-06", "state": "done"},
        {"title": "签约", "note": "2024-06-28 · 114 天", "state": "done"},
        {"title": "前期手续", "note": "不需要", "state": "skipped"},
        {"title": "在建", "note": "第 615 天", "state": "now"},
        {"title": "达产", "note": "计划 2027-12", "state": "ahead"},
    ],
    "icons": [
        "layout-dashboard",
        "checklist",
        "building-factory-2",
        "file-text",
        "upload",
        "download",
        "traffic-lights",
        "calculator",
        "fingerprint",
        "gavel",
    ],
}
