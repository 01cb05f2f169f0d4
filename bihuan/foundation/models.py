"""The tables, fixed for ever: a pack never changes them.

Every row but those of the exempt tables (see `projections.EXEMPT`) is what the ledger says and can be built again from
it. Rows carry ids given by the projection, not by the database, so that a rebuilt table has the same ids.
"""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from bihuan.foundation.apart_table import Apart as Apart
from bihuan.foundation.invited import Invitation as Invitation
from bihuan.foundation.paper_tables import Paper as Paper
from bihuan.foundation.payment_tables import PayList as PayList
from bihuan.foundation.payment_tables import Payment as Payment
from bihuan.foundation.quota_tables import Allocation as Allocation
from bihuan.foundation.quota_tables import Balance as Balance
from bihuan.foundation.quota_tables import Grant as Grant
from bihuan.foundation.quota_tables import Posting as Posting
from bihuan.foundation.sizes import KEY, LARGEST, NAME


class Office(models.Model):
    """A unit of the city. `code` is its Chinese name, unique in the city, as data and sheets write it."""

    code = models.CharField(max_length=KEY, primary_key=True)
    name = models.CharField(max_length=NAME)
    name_en = models.CharField(max_length=NAME, blank=True)
    kind = models.CharField(max_length=30)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=1000, db_index=True)  # "/濮阳市/濮阳县/": an office's subtree is one prefix
    closed = models.BooleanField(default=False)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.name


class Member(AbstractBaseUser):
    """A person with an account. There is no superuser: what a person may do is `roles`, and nobody holds them all."""

    username = models.CharField(max_length=KEY, primary_key=True)
    name = models.CharField(max_length=NAME, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    enterprise = models.CharField(max_length=KEY, blank=True)
    roles = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    session_round = models.IntegerField(default=0)  # raised to end every session of this account
    seq = models.BigIntegerField()
    last_login = None  # sign-ins are in the ledger; a page view writes nothing

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering: ClassVar = ["username"]
        indexes: ClassVar = [models.Index(fields=["office", "is_active"], name="member_office")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: a new password, role, office or round ends the sessions opened before."""
        bound = [self.username, self.password, *sorted(self.roles), self.office_id or "", str(self.session_round)]
        return salted_hmac("bihuan.session", "\n".join(bound), algorithm="sha256").hexdigest()


class PackVersion(models.Model):
    """A pack as adopted: its files word for word, and the day from which it counts."""

    id = models.BigIntegerField(primary_key=True)
    pack = models.CharField(max_length=60)
    number = models.IntegerField()
    numbers_fingerprint = models.CharField(max_length=64)
    words_fingerprint = models.CharField(max_length=64)
    files = models.JSONField()
    in_force_from = models.DateField()
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["pack", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "number"], name="packversion_number")]

    def __str__(self) -> str:
        return f"{self.pack} {self.number}"


class Entry(models.Model):
    """A row of a register. `register` is "pack.mechanism"; `data` maps field keys to stored values."""

    id = models.BigIntegerField(primary_key=True)
    register = models.CharField(max_length=KEY)
    key = models.CharField(max_length=KEY)
    title = models.CharField(max_length=NAME, blank=True)
    office = models.CharField(max_length=KEY, blank=True)
    enterprise = models.CharField(max_length=KEY, blank=True)
    state = models.CharField(max_length=60, blank=True)
    state_since = models.DateField(null=True)
    data = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    recorded_seq = models.BigIntegerField()
    changed_seq = models.BigIntegerField()
    withdrawn = models.BooleanField(default=False)  # taken out of its register, or merged into another row
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name_plural = "entries"
        constraints: ClassVar = [models.UniqueConstraint(fields=["register", "key"], name="entry_key")]
        indexes: ClassVar = [
            models.Index(fields=["register", "office", "state"], name="entry_office"),
            models.Index(fields=["register", "state", "state_since"], name="entry_state"),
            models.Index(fields=["register", "enterprise"], name="entry_enterprise", condition=~Q(enterprise="")),
            models.Index(fields=["changed_seq"], name="entry_changed"),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Figure(models.Model):
    """One value of one row for one period, in smallest units. `source` says which upload, sheet and cell it came from."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="figures")
    field = models.CharField(max_length=60)
    period = models.CharField(max_length=12)
    value = models.BigIntegerField(null=True)
    source = models.JSONField(default=dict)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "field", "period"], name="figure_period"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__range=(-LARGEST, LARGEST)), name="figure_bound"),
        ]
        indexes: ClassVar = [models.Index(fields=["period", "field"], name="figure_by_period")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field} {self.period}"


class Event(models.Model):
    """One entry of the ledger. The database refuses to change or delete it; `ledger.verify` finds out if it happened all the same."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=KEY)
    kind = models.CharField(max_length=60)
    register = models.CharField(max_length=KEY, blank=True)
    entry = models.CharField(max_length=KEY, blank=True)
    body = models.TextField()  # canonical JSON
    prev = models.CharField(max_length=64, unique=True)  # a fork of the chain is refused by the database itself
    hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10)

    class Meta:
        ordering: ClassVar = ["seq"]
        indexes: ClassVar = [
            models.Index(fields=["register", "entry", "seq"], name="event_entry"),
            models.Index(fields=["kind", "seq"], name="event_kind"),
            models.Index(fields=["actor", "seq"], name="event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Trace(models.Model):
    """Which events speak of which row: an event that changes five hundred rows has five hundred traces."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="traces")
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "seq"], name="trace_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.seq}"


class Verdict(models.Model):
    """A colour of a light from `from_day` until the day before `to_day`; `to_day` null is the current one.

    `facts` are the numbers the sentence is made of, integers and text.
    """

    id = models.BigIntegerField(primary_key=True)
    register = models.CharField(max_length=KEY)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="verdicts")
    office = models.CharField(max_length=KEY, blank=True)  # of a light that judges groups; empty where entry is given
    mechanism = models.CharField(max_length=KEY)
    light = models.CharField(max_length=60)
    colour = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)
    basis = models.CharField(max_length=NAME, blank=True)
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    look_again_on = models.DateField(null=True)  # the next day on which time alone may change it
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "mechanism", "light"],
                condition=Q(to_day__isnull=True, entry__isnull=False),
                name="verdict_current_entry",
            ),
            models.UniqueConstraint(
                fields=["register", "office", "mechanism", "light"],
                condition=Q(to_day__isnull=True, entry__isnull=True),
                name="verdict_current_office",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["register", "mechanism", "light", "colour"], name="verdict_colour", condition=Q(to_day__isnull=True)),
            models.Index(
                fields=["-from_day", "-seq", "-id"], name="verdict_lately", condition=Q(to_day__isnull=True, colour__in=["red", "yellow"])
            ),
            models.Index(fields=["look_again_on"], name="verdict_look_again", condition=Q(to_day__isnull=True)),
            models.Index(fields=["entry", "from_day"], name="verdict_history"),
        ]

    def __str__(self) -> str:
        return f"{self.mechanism}.{self.light} {self.colour}"


class Override(models.Model):
    """A colour set by hand, beside the rule's own, with its reason and its end."""

    id = models.BigIntegerField(primary_key=True)
    register = models.CharField(max_length=KEY)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="overrides")
    mechanism = models.CharField(max_length=KEY)
    light = models.CharField(max_length=60)
    colour = models.CharField(max_length=10)
    reason = models.TextField()
    by = models.CharField(max_length=KEY)
    from_day = models.DateField()
    until_day = models.DateField()  # the last day on which it stands
    ended_on = models.DateField(null=True)  # taken back early
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["entry", "mechanism", "light"], name="override_light")]

    def __str__(self) -> str:
        return f"{self.mechanism}.{self.light} {self.colour}"


class Duty(models.Model):
    """What somebody owes by a day: a clock's limit, a period's report, a document, a review of something handed over."""

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=400, unique=True)  # says what is owed, so that it cannot be owed twice
    kind = models.CharField(max_length=12)  # clock, cadence, document, handoff, review
    register = models.CharField(max_length=KEY)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="duties")
    mechanism = models.CharField(max_length=KEY)
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=NAME)
    period = models.CharField(max_length=12, blank=True)
    office = models.CharField(max_length=KEY, blank=True)
    member = models.CharField(max_length=KEY, blank=True)
    opened = models.DateField()
    due = models.DateField(null=True)  # null: beyond the table of holidays, not guessed; counted when the table is renewed
    counted_from = models.DateField(null=True)  # with `spans`, what the due day is counted from
    spans = models.JSONField(default=list)  # ["3 working_days", "5 working_days"]: the limit, then each extension
    calendar = models.CharField(max_length=60, blank=True)  # the version of the working-day calendar the due day rests on
    warn_on = models.DateField(null=True)
    paused_on = models.DateField(null=True)
    extended = models.IntegerField(default=0)
    asked = models.CharField(max_length=12, blank=True, default="")  # extend, pause: what somebody has asked for and nobody has answered
    request = models.JSONField(default=dict)  # {by, reason, person, on} of what is asked
    level = models.IntegerField(default=0)  # the rungs of the ladder already climbed
    escalate_on = models.DateField(null=True)  # the day of the next rung
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # met, late, missed, cancelled
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["due", "id"]
        verbose_name_plural = "duties"
        indexes: ClassVar = [
            models.Index(fields=["office", "due"], name="duty_office", condition=Q(closed_on__isnull=True)),
            models.Index(fields=["member", "due"], name="duty_member", condition=Q(closed_on__isnull=True)),
            models.Index(fields=["due"], name="duty_due", condition=Q(closed_on__isnull=True)),
            models.Index(fields=["escalate_on"], name="duty_escalate", condition=Q(closed_on__isnull=True)),
            models.Index(fields=["register", "name", "opened"], name="duty_name"),
            models.Index(fields=["asked"], name="duty_asked", condition=Q(closed_on__isnull=True) & ~Q(asked="")),
            models.Index(fields=["entry", "name"], name="duty_entry"),
        ]

    def __str__(self) -> str:
        return self.title


class Assignment(models.Model):
    """Who is accountable for a row, from `from_day` until the day before `to_day`; null means still."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assignments")
    mechanism = models.CharField(max_length=KEY)
    role = models.CharField(max_length=60)
    member = models.CharField(max_length=KEY)
    from_day = models.DateField()
    to_day = models.DateField(null=True)
    reason = models.TextField(blank=True)
    approver = models.CharField(max_length=KEY, blank=True)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "mechanism", "role"], condition=Q(to_day__isnull=True), name="assignment_one"),
            models.CheckConstraint(condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day")), name="assignment_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["member"], name="assignment_member", condition=Q(to_day__isnull=True))]

    def __str__(self) -> str:
        return f"{self.role} {self.member}"


class Upload(models.Model):
    """A file that came in: a sheet to be confirmed, or a piece of evidence. Its bytes lie under the digest in the data folder."""

    id = models.BigIntegerField(primary_key=True)
    purpose = models.CharField(max_length=10)  # sheet, evidence, document
    register = models.CharField(max_length=KEY, blank=True)
    exchange = models.CharField(max_length=KEY, blank=True)
    name = models.CharField(max_length=NAME)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    member = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    state = models.CharField(max_length=10)  # waiting, confirmed, dropped
    rows = models.IntegerField(default=0)
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """A checkpoint that was written down outside: the ledger's size and the hash of its head at that time."""

    size = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10)
    origin = models.CharField(max_length=NAME)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.hash[:12]}"


# --- tables that are not built from the ledger; the reason for each is in projections.EXEMPT


class Secret(models.Model):
    """A person's data, apart from the ledger, which only holds its commitment: the row may be emptied and the chain still verifies."""

    commitment = models.CharField(max_length=64, primary_key=True)
    salt = models.CharField(max_length=64, blank=True)
    value = models.TextField(blank=True)  # canonical JSON; empty once erased
    subject = models.CharField(max_length=260, db_index=True)  # "member 张三" or "pack.mechanism key"
    erased = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.subject


class Cursor(models.Model):
    """How far a follower of the ledger has come."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class SavedView(models.Model):
    """A list as somebody likes to see it, for themselves, for their office, or for everybody who may open the register."""

    SELF, OFFICE, EVERYBODY = "self", "office", "everybody"

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="views")
    register = models.CharField(max_length=KEY)
    name = models.CharField(max_length=NAME)
    query = models.JSONField()
    audience = models.CharField(max_length=10, default=SELF)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "register", "name"], name="savedview_name")]
        indexes: ClassVar = [models.Index(fields=["register", "audience"], name="savedview_audience")]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """How somebody likes to see things: how far they have read their notices, the tours they were shown, large type, how they arrange lists."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="preference")
    read_to = models.DateTimeField(null=True)
    tours = models.JSONField(default=list)
    large = models.BooleanField(default=False)
    lists = models.JSONField(default=dict)  # by register: the columns in order and the height of rows

    def __str__(self) -> str:
        return str(self.member_id)

    @classmethod
    def of(cls, member: Member | None) -> Self:
        """What somebody prefers; an unsaved one for who never chose anything."""
        found = cls.objects.filter(member=member).first() if member else None
        return found or cls(member=member)


class Attempt(models.Model):
    """A try at signing in, kept to lock out those who guess."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    username = models.CharField(max_length=KEY)
    source = models.CharField(max_length=64)
    succeeded = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["username", "at"], name="attempt_account"),
            models.Index(fields=["source", "at"], name="attempt_source"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M}"


class Unsent(models.Model):
    """What somebody has typed into a page and not sent yet, so that it outlives a closed tab and waits on another machine."""

    id = models.BigAutoField(primary_key=True)
    member = models.CharField(max_length=KEY)
    page = models.CharField(max_length=NAME)  # the address of the form, with its period where it has one
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "unsent"
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "page"], name="unsent_page")]
        indexes: ClassVar = [models.Index(fields=["at"], name="unsent_at")]

    def __str__(self) -> str:
        return f"{self.member} {self.page}"
