"""What is promised without a number, item by item."""

from bihuan.computing.reading.commitments import Task, tasks
from bihuan.computing.reading.passages import passages
from tests.computing.reading.samples import REPORT


def promised(text: str) -> list[Task]:
    return tasks(passages(text.split("\n")))


def test_a_report_promises_each_thing_it_lists() -> None:
    found = {(task.action, task.object, task.period) for task in promised(REPORT)}
    assert {
        ("建成", "临川大桥", "2021"), ("建成", "江北体育中心", "2021"), ("开工", "城西污水处理厂项目", "2021"), ("开工", "垃圾焚烧发电厂项目", "2021"),
        ("争创", "国家卫生城市", "2021"), ("推行", "容缺办理模式", "2021"), ("推行", "证照联办模式", "2021"),
    } <= found  # fmt: skip


def test_wishes_and_what_is_done_already_are_no_tasks() -> None:
    assert promised("二、2021年重点工作\n\n不断提升服务能力，激发市场活力，增强发展信心。") == []
    assert promised("一、2020年工作回顾\n\n建成江北体育中心，已开通临川大桥。") == []


def test_what_stands_after_deng_says_what_the_items_are() -> None:
    found = promised("二、重点任务\n\n加快建设甲江、乙山等实验室。")
    assert [task.object for task in found] == ["甲江、乙山实验室"]
    found = promised("二、重点任务\n\n加快建设甲江新材料、乙山新能源等实验室。")
    assert [task.object for task in found] == ["甲江新材料实验室", "乙山新能源实验室"]


def test_a_promised_state_is_a_task() -> None:
    (task,) = promised("三、2023年工作安排\n\n居民收入增速与经济增长同步。")
    assert (task.action, task.object, task.period) == ("保持", "居民收入增速与经济增长同步", "2023")


def test_a_row_has_exactly_the_agreed_keys() -> None:
    assert {frozenset(task.row()) for task in promised(REPORT)} == {frozenset({"line", "quote", "action", "object", "period", "org"})}


def test_headings_that_bid_numbers_and_dates_before_a_verb_and_lists_that_go_on_promise() -> None:
    listed = promised(
        "重点做好9个方面工作：\n\n（一）进一步扩大投资。1.加快推进洪岭高速、沙河至清岭公路，清岭长江大桥、煤炭储配基地等项目建设。"
        "5月底前建成客运枢纽。支持青岭县实施“主导产业培育工程”，推动青岭撤县设市。"
    )
    found = [task.object for task in listed]
    assert found == ["洪岭高速", "沙河至清岭公路", "清岭长江大桥项目", "煤炭储配基地项目", "客运枢纽", "“主导产业培育工程”", "青岭撤县设市"]
    assert promised("二、2024年工作安排\n\n在开放上实现新突破，培育对产业有主导力的领军企业。") == []
