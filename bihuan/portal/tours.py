"""The first-run tour of each face: a few sentences, each beside the thing it speaks of."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation import access
from bihuan.portal.visits import Shaped, Visit

OFFICER, LEADER, ENTERPRISE = "officer", "leader", "enterprise"
FACES = (OFFICER, LEADER, ENTERPRISE)


def face_of(visit: Visit) -> str:
    """Which tour is this person's; none for visitors, citizens and the administrators."""
    roles = visit.actor.roles
    if roles & {access.OFFICER, access.SUPERVISOR}:
        return OFFICER
    if access.LEADER in roles:
        return LEADER
    return ENTERPRISE if access.ENTERPRISE in roles else ""


def begins(visit: Visit) -> str:
    """The page on which this person begins, where the tour shows itself for the first time."""
    return {OFFICER: reverse("workbench"), LEADER: reverse("board"), ENTERPRISE: reverse("mine")}.get(face_of(visit), "")


def tour(face: str) -> list[Shaped]:
    """The steps of a face's tour: `at` names a thing of the page (`data-tour`); a step whose thing is not there stands in the middle."""
    begin = {
        OFFICER: [
            step("", _("您的一天从这里开始"), _("工作台把您要办的事按期限排好，最急的在最上面。每一行右边的按钮就是它的下一步，点开就地办完，不用离开这一页。")),
            step("strip", _("六个数，看一眼"), _("待办、今日到期、已逾期、待审核，点数字就只看那一类。")),
            step("duties", _("办一件，少一件"), _("办完一行，这一行和上面的数会马上变，不用刷新。")),
        ],
        LEADER: [
            step("", _("一屏看全市"), _("看板按县区列出灯态和排名。红的先看，点进去是哪些项目。")),
            step("main", _("每个颜色都能问为什么"), _("点“为什么”，从颜色一直查到规则、算式和报表里的那一格。")),
        ],
        ENTERPRISE: [
            step("", _("您企业的事都在这里"), _("要您填报的、您的项目走到哪一步、您提的诉求谁在办，都只有您企业自己看得到。")),
            step("actions", _("有事就提"), _("提交之后有人接、有时限，办到哪一步这里都看得见。")),
        ],
    }.get(face, [])
    shared = [
        step("search", _("找什么都从这里"), _("按 Ctrl K 或 /，输入名称、编号或拼音首字母。")),
        step("bell", _("有新情况，铃会响"), _("指定给您的、快到期的、退回的、变灯的，都在铃里。")),
        step("user", _("字看不清？"), _("在这里换大字、换深色、换英文；这份导览也可以随时再看一遍。按 ? 看全部快捷键。")),
    ]
    return [*begin, *shared] if begin else []


def step(at: str, title: str, text: str) -> Shaped:
    """One step."""
    return {"at": at, "title": title, "text": text}
