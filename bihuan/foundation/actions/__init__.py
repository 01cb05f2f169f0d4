"""Every write, and nothing else writes: each function validates, then appends one entry to the ledger and applies it, or does nothing.

All take who acts and when. What they raise: `Forbidden` (not allowed, and why), `Rejected` (every reason at once), `Conflict`
(somebody else was quicker; both versions).
"""

from bihuan.foundation.actions.allocations import (
    AllocationDraft,
    GrantLine,
    confirm_allocation,
    draft_allocation,
    drop_allocation,
    review_allocation,
)
from bihuan.foundation.actions.assigning import Charge, assign
from bihuan.foundation.actions.bulk import carry_out, preview
from bihuan.foundation.actions.changing import change_entries
from bihuan.foundation.actions.duties import close_duty, extend, pause, recount, resume
from bihuan.foundation.actions.entries import Edit, change_entry, record_entries, withdraw_entry
from bihuan.foundation.actions.figures import UNSEEN, FigureGiven, frozen_on, record_figures
from bihuan.foundation.actions.foreseen import Foreseen, foresee
from bihuan.foundation.actions.house import (
    arrange,
    choose_type,
    declare_invented,
    forget_view,
    is_invented,
    put_tour_away,
    read_notices,
    save_view,
    seal,
)
from bihuan.foundation.actions.invitations import InvitationGiven, accept_invitation, invite, open_invitation, revoke_invitation
from bihuan.foundation.actions.lights import HandSet, override, restore
from bihuan.foundation.actions.members import (
    MemberGiven,
    OfficeGiven,
    end_sessions,
    locked_out,
    set_member,
    set_office,
    set_password,
    set_roles,
    signed_in,
)
from bihuan.foundation.actions.merging import merge, reconsider, tell_apart, unmerge
from bihuan.foundation.actions.moves import Made, Step, move, possible_moves
from bihuan.foundation.actions.packs import adopt
from bihuan.foundation.actions.papers import (
    RETENTIONS,
    Draft,
    archive_paper,
    check_paper,
    differences,
    draft_paper,
    drop_paper,
    issue_paper,
    keep_figures,
    renew_paper,
    return_paper,
    sign_paper,
)
from bihuan.foundation.actions.past import Past, record_past
from bihuan.foundation.actions.payments import (
    PayDraft,
    PayLine,
    confirm_payments,
    digest_of,
    draft_payments,
    drop_payments,
    lines_of,
    review_payments,
)
from bihuan.foundation.actions.privacy import erase_entry, erase_member, reveal
from bihuan.foundation.actions.quotas import PostingGiven, post_quota
from bihuan.foundation.actions.unsent import drop_unsent, keep_unsent
from bihuan.foundation.actions.uploads import content_of, receive_document, receive_upload, settle_upload
from bihuan.foundation.actions.writing import Conflict, Forbidden, Source, record
from bihuan.foundation.checking import Incoming, Rejected

__all__ = [
    "RETENTIONS", "UNSEEN", "AllocationDraft", "Charge", "Conflict", "Draft", "Edit", "FigureGiven", "Forbidden", "Foreseen", "GrantLine", "HandSet",
    "Incoming", "InvitationGiven", "Made", "MemberGiven", "OfficeGiven", "Past", "PayDraft", "PayLine", "PostingGiven", "Rejected", "Source", "Step",
    "accept_invitation", "adopt", "archive_paper", "arrange", "assign", "carry_out", "change_entries", "change_entry", "check_paper", "choose_type",
    "close_duty", "confirm_allocation", "confirm_payments", "content_of", "declare_invented", "differences", "digest_of", "draft_allocation",
    "draft_paper", "draft_payments", "drop_allocation", "drop_paper", "drop_payments", "drop_unsent", "end_sessions", "erase_entry", "erase_member",
    "extend", "foresee", "forget_view", "frozen_on", "invite", "is_invented", "issue_paper", "keep_figures", "keep_unsent", "lines_of", "locked_out",
    "merge", "move", "open_invitation", "override", "pause", "possible_moves", "post_quota", "preview", "put_tour_away", "read_notices",
    "receive_document", "receive_upload", "reconsider", "record", "record_entries", "record_figures", "record_past", "recount", "renew_paper",
    "restore", "resume", "return_paper", "reveal", "review_allocation", "review_payments", "revoke_invitation", "save_view", "seal", "set_member",
    "set_office", "set_password", "set_roles", "settle_upload", "sign_paper", "signed_in", "tell_apart", "unmerge", "withdraw_entry",
]  # fmt: skip
