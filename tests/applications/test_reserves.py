"""The reserve rule on the city's own plan for 2024: 200 reserves against 165 starts are 1.21 times, and three times were promised."""

import pytest

from bihuan.computing.examples import run_example
from bihuan.foundation.grammar.examples import Example, Worked
from tests.applications.test_packs import linked, shipped

RESERVES, STARTS = 200, 165


def planned() -> Worked:
    reserves = {
        f"P-2024-{number:04d}": {"项目名称": f"储备{number}", "所在县区": "范县", "状态": "谋划"} for number in range(1, RESERVES + 1)
    }
    starts = {
        f"P-2024-{number:04d}": {"项目名称": f"开工{number}", "所在县区": "范县", "状态": "开工", "开工日期": "2024-03-01"}
        for number in range(1001, 1001 + STARTS)
    }
    papers = {
        f"QD-2024-{number:05d}": {
            "所属项目": f"P-2024-{number:04d}",
            "事项": "立项",
            "事项类别": "手续",
            "应完成日期": "2024-02-01",
            "完成日期": "2024-01-10",
        }
        for number in range(1, RESERVES + 1)
    }
    example = Example.model_validate({
        "example": "二〇二四年计划储备二百个、新开工一百六十五个，达不到三倍",
        "mechanism": "reserve_rule",
        "day": "2024-12-31",
        "given": {**reserves, **starts},
        "given_in": {"checklist": papers},
        "expect": {
            "全部": {"合格储备数": "200 个", "储备对比数": "165 个", "储备倍率": "1.21 倍", "储备缺口": "295 个", "targets": {"three_times": "no"}},
            "范县": {"县区储备缺口": "295 个"},
        },
    })  # fmt: skip
    some = next(pack for pack in shipped() if pack.key == "major_projects").examples[0]
    return Worked(example, some.lines, some.path)


@pytest.mark.django_db
def test_the_published_plan_of_2024_fails_the_three_times_rule() -> None:
    assert run_example(linked(), "major_projects", planned()).wrong == ()
