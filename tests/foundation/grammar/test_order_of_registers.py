"""In which order packs and registers stand."""

from bihuan.foundation.grammar.catalogue import link
from bihuan.foundation.grammar.packs import read_pack

HEAD = "pack: {key}\ntitle: {key}\nversion: '1.0'\nowner: 市府办\nbasis: 《办法》\nin_force: 2020-01\nroles:\n  officer: {{title: 经办人}}\n"
OWN = "mechanism: {key}\ntitle: {key}\n{code}basis: 第一条\nregister:\n  title: {key}\n  key: code\n  fields:\n    code: {{title: 编码, kind: text}}\n"
ON = "mechanism: {key}\ntitle: {key}\ncode: {code}\nbasis: 第一条\non: {on}\nparameters:\n  days_{key}: {{title: 天数, unit: 天, since: {{2020-01: {{value: '1', basis: 约定}}}}}}\n"


def test_packs_and_registers_stand_by_their_smallest_code() -> None:
    first = {"pack.yaml": HEAD.format(key="aaa"), "late.yaml": OWN.format(key="late", code="code: A03-01\n"), "none.yaml": OWN.format(key="none", code="")}
    second = {
        "pack.yaml": HEAD.format(key="bbb"),
        "nine.yaml": OWN.format(key="nine", code="code: A02-9\n"),
        "early.yaml": OWN.format(key="early", code="code: A02-10\n"),
        "helps.yaml": ON.format(key="helps", code="A02-2", on="early"),
    }
    catalogue = link([read_pack(first), read_pack(second)])
    assert [pack.key for pack in catalogue.packs_in_order] == ["bbb", "aaa"]
    assert [view.name for view in catalogue.registers_in_order] == ["bbb.early", "bbb.nine", "aaa.late", "aaa.none"]
