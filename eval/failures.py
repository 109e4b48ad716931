"""What went wrong, question by question, as paragraphs to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval import values
from eval.records import AnyRow, Asked, Failed


def paragraphs(rows: Iterable[AnyRow]) -> list[str]:
    """Each row that went wrong, as a paragraph to read: what was asked, what was right, what came back."""
    return [_paragraph(row, faults) for row in rows if (faults := faults_of(row))]


FAULTS: Mapping[str, str] = {
    "other_first": "another article came first",
    "no_evidence": "no evidence in the first 3 quotes",
    "abstained": "abstained from an answerable question",
    "hallucinated": "answered a question the articles do not answer",
    "invalid": "a quote is not the text at its place",
    "language": "not in the question's language",
}


def faults_of(row: AnyRow) -> list[str]:
    """What is wrong with a row, in words; empty when it is as it should be."""
    return [row.error] if isinstance(row, Failed) else [FAULTS[name] for name in values.faults(row)]


def _paragraph(row: AnyRow, faults: Sequence[str]) -> str:
    question = row.question
    lines = [f"{question.id} · {row.language} · {question.kind} · {'; '.join(faults)}"]
    lines.append(f"  asked     {question.text[row.language]}")
    lines += [f"  gold      {span.file}:{span.start}  {_flat(span.quote)}" for span in question.gold]
    if isinstance(row, Asked):
        if question.answerable and not row.gold_first:
            lines.append(f"  found     {', '.join(dict.fromkeys(hit.file for hit in row.hits)) or 'nothing'}")
        lines.append(f"  came back {row.status}, confidence {row.confidence:.2f}")
        for number, quote in enumerate(row.quotes, 1):
            mark = "✓" if quote.holds(question.gold) else " "
            lines.append(f"  quote {number} {mark} {quote.file}:{quote.start}  {_flat(quote.text)}")
        lines += [f"  invalid   {place.file}:{place.start}  {_flat(place.text)}" for place in row.invalid]
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())
