"""What a worked example says a paper about a person tells, held against the draft."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.foundation.grammar.examples import Expected
from bihuan.foundation.models import Paper


def told_otherwise(member: str, expected: Expected) -> Iterator[str]:
    """Every figure that the papers about somebody do not have as an example says, and every document that was not drafted."""
    papers = list(Paper.objects.filter(member=member).exclude(state="dropped"))
    for word in expected.documents:
        if word.rpartition(".")[2] not in {paper.document for paper in papers}:
            yield f"没有起草文书 {word}"
    told = {
        str(source["name"]): str(source["value"])
        for paper in papers for part in paper.content["parts"] for source in part.get("sources", ()) if source.get("name")
    }  # fmt: skip
    for word, asked in expected.values.items():
        if word not in told:
            yield f"文书里没有“{word}”"
        elif told[word] != asked:
            yield f"{word} 应为 {asked}，文书写的是 {told[word]}"
