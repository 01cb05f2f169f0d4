"""Forms built for one request from a register. They decide nothing: what is typed goes as it is to the actions, which check it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access, actions
from bihuan.foundation.actions.uploads import LARGEST_FILE
from bihuan.foundation.checking import Refusal, Rejected
from bihuan.foundation.grammar.registers import FieldShape
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Entry
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit

ROW = "row."
"""Before the key of a register's field in the name of an input, so that no field is taken for the form's own version or reason."""

FEW = 200
"""Up to so many rows are offered to choose from; where there are more, the key is typed."""

ACCEPTED = "image/*,.heic,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.ofd,.odt,.ods,.txt,.csv"
"""What a file input offers to choose from; what is really taken, the bytes decide."""

ASKED = "asked"
"""In a form that shows all its fields: a choice of several with none taken then means none, where elsewhere it means not asked."""


def plain(name: str, title: str, kind: str, value: Any = "", **more: Any) -> Shaped:
    """One field of a form, with every key its template reads."""
    empty = {
        "required": False, "readonly": False, "help": "", "error": "", "unit": "", "options": [], "at_least": "", "at_most": "",
        "pattern": "", "accept": "", "autocomplete": "", "several": False, "kept": [],
    }  # fmt: skip
    return {**empty, "name": name, "title": title, "kind": kind, "value": value, **more}


@dataclass
class Form:
    """A form to show: what it asks, what was wrong with the last try."""

    action: str
    submit: str
    cancel_href: str
    fields: list[Shaped]
    hidden: dict[str, object] = field(default_factory=dict)
    refusals: Sequence[Refusal] = ()
    note: str = ""
    danger: bool = False
    draft: str = ""
    """The name under which what is typed is kept until it is sent; empty for a form too short to be worth it."""

    def shaped(self, language: str) -> Shaped:
        """As `components/form.html` reads it; each refusal stands at its field and on top."""
        names = {one["name"] for one in self.fields}
        by_name: dict[str, list[str]] = {}
        errors = []
        for refusal in self.refusals:
            name = next((name for name in (ROW + refusal.field, refusal.field) if name in names), "")
            by_name.setdefault(name, []).append(refusal.why.text(language))
            errors.append({"name": name, "text": refusal.text(language)})
        fields = [{**one, "error": words.clauses(by_name.get(one["name"], []))} for one in self.fields]
        return {
            "action": self.action, "submit": self.submit, "danger": self.danger, "cancel_href": self.cancel_href, "note": self.note,
            "errors": errors, "hidden": [{"name": name, "value": value} for name, value in self.hidden.items()], "fields": fields,
            "files": any(one["kind"] == "file" for one in self.fields), "draft": self.draft, "drafts_href": reverse("draft") if self.draft else "",
        }  # fmt: skip


# --- the fields of a row


@dataclass
class Asking:
    """Fields of a register as inputs: they hold what was posted, else what stands. What reference fields offer is looked up once a kind."""

    visit: Visit
    view: RegisterView
    entry: Entry | None = None
    posted: QueryDict | None = None
    _held: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def fields(self, keys: Iterable[str]) -> list[Shaped]:
        """The inputs of some fields, in order."""
        return [self.field(key) for key in keys]

    def field(self, key: str) -> Shaped:
        """One input. Personal data that stands is not shown: left empty, it stays."""
        shape = self.view.shape.fields[key]
        masked = self.entry is not None and key in access.hidden(self.visit.actor, self.view, self.entry)
        stands = None if self.entry is None or masked else self.entry.data.get(key)
        value = self._value(key, shape, stands)
        taken = value if isinstance(value, list) else [value]
        kept = _("已遮盖，留空则不改") if masked and self.entry and self.entry.data.get(key) else ""
        options = words.choices(self._offered(shape), taken)
        if shape.rated:
            options = [{**option, "stars": "★" * (place + 1)} for place, option in enumerate(options)]
        return plain(
            ROW + key, self.visit.title(shape), "stars" if shape.rated else shape.kind, value,
            required=shape.required and not (self.view.shape.numbered and key == self.view.shape.key),
            readonly=self.entry is not None and key == self.view.shape.key,
            help=words.clauses(filter(None, (words.help_text(shape), kept))), unit=words.unit_text(shape.unit), options=options,
            at_least=shape.at_least, at_most=shape.at_most, pattern=shape.pattern, accept=ACCEPTED if shape.kind == "file" else "",
            autocomplete="off" if shape.personal else "",
        )  # fmt: skip

    def _value(self, key: str, shape: FieldShape, stands: Any) -> Any:
        if self.posted is not None and (ROW + key in self.posted or shape.kind == "choices"):
            return self.posted.getlist(ROW + key) if shape.kind == "choices" else self.posted.get(ROW + key, "")
        if stands is None and self.entry is None and shape.default:
            stands = shape.default
            return [stands] if shape.kind == "choices" else stands
        if shape.kind == "choices":
            return stands or []
        if shape.kind == "yes_no":
            return "" if stands is None else ("是" if stands else "否")
        if shape.kind == "choice":
            return stands or ""
        return words.value_text(shape, stands) or ""

    def _offered(self, shape: FieldShape) -> list[tuple[str, str]]:
        """The values a field may take, each with its text; empty where it is typed."""
        match shape.kind:
            case "choice" | "choices":
                return words.choices_of(shape)
            case "yes_no":
                return [("是", _("是")), ("否", _("否"))]
            case "office":
                return self._once("office", lambda: [(code, code) for code in guarded.offices(self.visit)])
            case "person":
                return self._once("person", lambda: guarded.people_with(access.STAFF))
            case "entry":
                return self._once(f"entry {shape.of}", lambda: self._rows(shape.of))
        return []

    def _once(self, name: str, look: Callable[[], list[tuple[str, str]]]) -> list[tuple[str, str]]:
        if name not in self._held:
            self._held[name] = look()
        return self._held[name]

    def _rows(self, register: str) -> list[tuple[str, str]]:
        target = self.visit.catalogue.referred(register, self.view.pack)
        if target is None or not guarded.may_open(self.visit.actor, target):
            return []
        rows = list(guarded.rows_of(self.visit, target).values_list("key", "title")[: FEW + 1])
        return [(key, f"{key} {title}") for key, title in rows] if len(rows) <= FEW else []


def read_row(visit: Visit, view: RegisterView, keys: Iterable[str], entry: Entry | None = None) -> dict[str, object]:
    """What a form gave for some fields, unread: text, lists of text, and for files the digest of what was received.

    Fields the form did not send are left out, and so are masked ones left empty, which stay as they are.
    """
    posted, files = visit.request.POST, visit.request.FILES
    masked = access.hidden(visit.actor, view, entry) if entry else frozenset[str]()
    given: dict[str, object] = {}
    for key in keys:
        shape, name = view.shape.fields[key], ROW + key
        if shape.kind == "file":
            if name in files:
                given[key] = received(visit, view, name)
            elif name in posted:
                given[key] = posted[name]
        elif shape.kind == "choices" and ASKED in posted:
            given[key] = posted.getlist(name)
        elif name in posted and (posted[name] or key not in masked):
            given[key] = posted[name]
    return given


def received(visit: Visit, view: RegisterView, name: str) -> str:
    """Take the last file of an input in as a piece of evidence and give its digest. Raises Rejected for one that is not kept."""
    return _taken(visit, view, visit.request.FILES.getlist(name)[-1], name)


def received_all(visit: Visit, view: RegisterView, name: str) -> tuple[list[str], list[Refusal]]:
    """Take all files of an input in, with those it was sent before and kept: their digests, and what was refused of them."""
    digests, refusals = list(guarded.own_files(visit, visit.request.POST.getlist(name)) if name in visit.request.POST else ()), list[Refusal]()
    for file in visit.request.FILES.getlist(name):
        try:
            digests.append(_taken(visit, view, file, name))
        except Rejected as why:
            refusals += why.refusals
    return list(dict.fromkeys(digests)), refusals


def _taken(visit: Visit, view: RegisterView, file: Any, name: str) -> str:
    try:
        content = file.read(LARGEST_FILE + 1)
        return actions.receive_upload(visit.actor, view.name, "", file.name or "", content, visit.at).digest
    except Rejected as why:
        raise Rejected(replace(refusal, field=name, title=file.name or refusal.title) for refusal in why.refusals) from why


def kept_files(visit: Visit, digests: Sequence[str]) -> list[Shaped]:
    """Files taken in with a try that was refused: the next one need not send them again."""
    held = guarded.own_files(visit, digests)
    return [{"value": digest, "title": held[digest].name, "size": filesizeformat(held[digest].size)} for digest in digests if digest in held]


def version_of(posted: QueryDict) -> int:
    """The version of the row a form was made from; 0, which is always out of date, for a form without one."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
