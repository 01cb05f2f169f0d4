"""Every address of the portal with who may ask for it: the one table the permission matrix is tested against."""

from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from bihuan.foundation.access import AUDITOR, CITIZEN, ENTERPRISE, OFFICER, OUTSIDE, STAFF, SYSADMIN
from bihuan.portal import (
    accounts,
    allocations,
    archive,
    board_why,
    bulk,
    drafts,
    duplicates,
    duties,
    duty_lists,
    enterprises,
    entries,
    errands,
    figures,
    filling,
    glossary,
    invitations,
    kept,
    leaders,
    ledgers,
    maps,
    meeting_acts,
    meetings,
    moves,
    notices,
    officers,
    open_data,
    opened,
    paper_steps,
    papers,
    payments,
    policies,
    quotas,
    reading,
    reading_acts,
    reading_proposals,
    registers,
    rehearsing,
    rows,
    searching,
    tasks,
    traces,
    uploads,
)  # fmt: skip
from bihuan.portal.visits import EVERYBODY, Address

GET, BOTH, POST = ("GET",), ("GET", "POST"), ("POST",)

READERS = STAFF | {ENTERPRISE, CITIZEN}
"""Who reads rows, as far as they are theirs to read or public."""

WRITERS = STAFF | {ENTERPRISE, CITIZEN}
"""Who may be named by a register or a rule as somebody who writes; which of them may, the action decides."""

SENDERS = tasks.SENDERS
INVITERS = frozenset({OFFICER, SYSADMIN})
TRACERS = READERS | {AUDITOR}

ADDRESSES: tuple[Address, ...] = (
    Address("", "home", accounts.home, EVERYBODY, GET, open=True),
    Address("login/", "login", accounts.sign_in, EVERYBODY, BOTH, open=True),
    Address("demo/", "demo", accounts.demo, EVERYBODY, POST, open=True),
    Address("join/<str:token>/", "join", invitations.join, EVERYBODY, BOTH, open=True),
    Address("invitations/", "invitations", invitations.invitations, INVITERS, BOTH),
    Address("invitations/<int:number>/revoke/", "invitation-revoke", invitations.revoke, INVITERS, POST),
    Address("logout/", "logout", accounts.sign_out, EVERYBODY, POST, open=True),
    Address("desk/", "workbench", officers.workbench, STAFF, GET),
    Address("desk/today/", "today", officers.today, STAFF, GET),
    Address("search/", "search", searching.search, READERS, GET),
    Address("notices/", "notices", notices.notices, SENDERS, GET),
    Address("notices/count/", "notices-count", notices.count, SENDERS, GET),
    Address("notices/read/", "notices-read", notices.read, SENDERS, POST),
    Address("moved/", "moved", notices.moved, EVERYBODY, GET),
    Address("alive/", "alive", notices.alive, EVERYBODY, GET),
    Address("words/", "words", glossary.words, EVERYBODY, GET, open=True),
    Address("preferences/", "preferences", notices.prefer, EVERYBODY, POST),
    Address("mine/", "mine", enterprises.mine, OUTSIDE, GET),
    Address("mine/new/<str:register>/", "hand-in", enterprises.hand_in, OUTSIDE, BOTH),
    Address("mine/papers/<int:number>/", "letter", enterprises.letter, OUTSIDE, GET),
    # what everybody may see
    Address("open/", "opened", opened.everybody, EVERYBODY, GET, open=True),
    Address("open/papers/<int:number>/", "bulletin", opened.bulletin, EVERYBODY, GET, open=True),
    Address("open/<str:register>/", "open-about", opened.about, EVERYBODY, GET, open=True),
    Address("open/<str:register>.<str:kind>", "open-data", open_data.download, EVERYBODY, GET, open=True),
    # registers and rows
    Address("registers/", "registers", registers.registers, EVERYBODY, GET, open=True),
    Address("registers/<str:register>/", "register", registers.register, READERS, GET, open=True),
    Address("registers/<str:register>/new/", "new", rows.new, WRITERS, BOTH),
    Address("registers/<str:register>/fill/", "fill", filling.fill, SENDERS, BOTH),
    Address("registers/<str:register>/view/", "keep-view", kept.keep_view, READERS, BOTH),
    Address("registers/<str:register>/arrange/", "arrange", registers.arrange, READERS, POST, open=True),
    Address("registers/<str:register>/bulk/", "bulk", bulk.change_many, STAFF, BOTH),
    Address("registers/<str:register>/bulk/<int:seq>/", "bulk-done", bulk.done, STAFF, GET),
    Address("registers/<str:register>/export/<str:sheet>.<str:kind>", "export", registers.export, SENDERS, GET),
    Address("rows/<int:number>/", "row", entries.row, READERS, GET, open=True),
    Address("rows/<int:number>/edit/", "edit", rows.edit, WRITERS, BOTH),
    Address("rows/<int:number>/withdraw/", "withdraw", rows.withdraw, WRITERS, BOTH),
    Address("rows/<int:number>/reveal/<str:field>/", "reveal", rows.reveal, STAFF, BOTH),
    Address("rows/<int:number>/move/", "move", moves.move, WRITERS, GET),
    Address("rows/<int:number>/move/<str:name>/", "move-by", moves.move, WRITERS, BOTH),
    Address("rows/<int:number>/assign/<str:role>/", "assign", moves.assign, STAFF, BOTH),
    Address("rows/<int:number>/evidence/<int:upload>/", "evidence", uploads.evidence, READERS, GET),
    Address("rows/<int:number>/figures/", "figures", figures.figures, SENDERS, BOTH),
    Address("rows/<int:number>/figures/<str:field>/<str:period>/", "figure-why", traces.figure, READERS, GET, open=True),
    Address("rows/<int:number>/lights/<str:light>/", "why", traces.light, READERS, GET, open=True),
    Address("rows/<int:number>/lights/<str:light>/override/", "override", figures.override, STAFF, BOTH),
    Address("drafts/", "draft", drafts.draft, WRITERS, BOTH),
    # meetings
    Address("meetings/", "meetings", meetings.meetings, STAFF, GET),
    Address("meetings/<int:number>/", "meeting", meetings.meeting, STAFF, GET),
    Address("meetings/<int:number>/<str:act>/", "meeting-act", meeting_acts.act, STAFF, BOTH),
    # duties
    Address("duties/<int:number>/", "duty", duties.duty, SENDERS, GET),
    Address("duties/<int:number>/<str:act>/", "duty-act", duties.duty, SENDERS, BOTH),
    # boards and league tables
    Address("board/", "board", leaders.board, STAFF, GET),
    Address("board/<str:register>/", "board-of", leaders.board, STAFF, GET),
    Address("board/<str:register>/why/<str:indicator>/", "indicator-why", board_why.indicator, STAFF, GET),
    Address("board/<str:register>/stood/<str:light>/", "stood", leaders.stood, STAFF, GET),
    Address("map/<str:digest>.json", "map", maps.geometry_file, EVERYBODY, GET, open=True),
    Address("policies/<str:register>/", "policies", policies.overview, STAFF, GET),
    Address("policies/<str:register>/rehearse/", "rehearse", rehearsing.rehearse, STAFF, BOTH),
    Address("policies/<str:register>/draft/", "draft-payments", payments.draft, STAFF, BOTH),
    Address("errands/<str:name>/", "errand", errands.errand, STAFF, GET),
    Address("payments/<int:number>/", "payments", payments.payments, STAFF, GET),
    Address("payments/<int:number>/<str:act>/", "payments-act", payments.act, STAFF, BOTH),
    Address("quotas/<str:register>/<str:quota>/", "quota", quotas.overview, STAFF, GET),
    Address("quotas/<str:register>/<str:quota>/post/", "quota-post", quotas.post, STAFF, BOTH),
    Address("quotas/<str:register>/<str:quota>/draft/", "allocate", quotas.draft, STAFF, BOTH),
    Address("allocations/<int:number>/", "allocation", allocations.allocation, STAFF, GET),
    Address("allocations/<int:number>/<str:act>/", "allocation-act", allocations.act, STAFF, BOTH),
    Address("payments/<int:number>/<str:file>.<str:suffix>", "payments-file", payments.as_file, STAFF, GET),
    Address("duplicates/<str:register>/", "duplicates", duplicates.overview, STAFF, GET),
    Address("duplicates/<str:register>/<str:deed>/", "duplicates-act", duplicates.act, STAFF, BOTH),
    Address("scores/<str:register>/<str:score>/", "league", leaders.league, STAFF, GET),
    Address("scores/<str:register>/<str:score>/why/", "explanation", board_why.explanation, STAFF, GET),
    Address("leaders/", "duty-lists", duty_lists.choose, STAFF, GET),
    Address("leaders/<str:username>/", "duty-list", duty_lists.duty_list, STAFF, GET),
    Address("leaders/<str:username>/draft/", "duty-list-draft", duty_lists.draft, STAFF, POST),
    # sheets
    Address("uploads/", "uploads", uploads.uploads, SENDERS, GET),
    Address("uploads/to/<str:register>/<str:sheet>/", "upload", uploads.upload, SENDERS, BOTH),
    Address("uploads/to/<str:register>/<str:sheet>/blank/", "blank", uploads.blank, SENDERS, GET),
    Address("uploads/<int:number>/", "check", uploads.checked, SENDERS, GET),
    Address("uploads/<int:number>/confirm/", "confirm", uploads.confirmed, SENDERS, POST),
    Address("uploads/<int:number>/done/", "uploaded", uploads.uploaded, SENDERS, GET),
    Address("uploads/<int:number>/original/", "original", uploads.original, READERS, GET),
    # documents that are read
    Address("reading/<str:register>/", "read", reading_acts.read, STAFF, BOTH),
    Address("reading/<str:register>/<int:number>/", "reading", reading.reading, STAFF, GET),
    Address("reading/<str:register>/<int:number>/ask/", "reading-ask", reading_proposals.ask, STAFF, POST),
    Address("reading/<str:register>/<int:number>/proposed/<str:proposal>/", "reading-take", reading_proposals.take, STAFF, BOTH),
    Address("reading/<str:register>/<int:number>/proposed/<str:proposal>/aside/", "reading-aside", reading_proposals.aside, STAFF, POST),
    Address("reading/<str:register>/<int:number>/<int:finding>/<str:act>/", "reading-act", reading_acts.act, STAFF, BOTH),
    # papers
    Address("archive/", "archive", archive.archive, STAFF, GET),
    Address("papers/", "papers", papers.papers, STAFF, GET),
    Address("papers/<int:number>/", "paper", papers.paper, STAFF, GET),
    Address("papers/<int:number>/word/", "paper-word", papers.as_word, STAFF, GET),
    Address("papers/<int:number>/pdf/", "paper-pdf", papers.as_pdf, STAFF, GET),
    Address("papers/<int:number>/fonts/", "paper-fonts", papers.with_fonts, STAFF, GET),
    Address("papers/<int:number>/check/", "paper-check", paper_steps.check, STAFF, POST),
    Address("papers/<int:number>/sign/", "paper-sign", paper_steps.sign, STAFF, POST),
    Address("papers/<int:number>/issue/", "paper-issue", paper_steps.issue, STAFF, POST),
    Address("papers/<int:number>/archive/", "paper-archive", paper_steps.archive, STAFF, BOTH),
    Address("papers/<int:number>/renew/", "paper-renew", paper_steps.renew, STAFF, POST),
    Address("papers/<int:number>/keep/", "paper-keep", paper_steps.keep, STAFF, BOTH),
    Address("papers/<int:number>/return/", "paper-return", paper_steps.send_back, STAFF, BOTH),
    Address("papers/<int:number>/drop/", "paper-drop", paper_steps.drop, STAFF, BOTH),
    # the ledger
    Address("ledger/", "ledger", ledgers.ledger, frozenset({AUDITOR}), GET),
    Address("ledger/verify/", "ledger-verify", ledgers.check, frozenset({AUDITOR}), POST),
    Address("ledger/<int:seq>/", "event", ledgers.event, TRACERS, GET),
)


def _patterns() -> list[URLPattern | URLResolver]:
    patterns: list[Any] = [path(address.route, address.answer(), name=address.name) for address in ADDRESSES]
    patterns.append(path("language/", set_language, name="language"))
    if settings.DEBUG or settings.BIHUAN_DEMO:
        patterns.append(path("styleguide/", include("bihuan.portal.styleguide.urls")))
    return patterns


urlpatterns = _patterns()
