"""Folders in the format of BEIR (Thakur et al. 2021), read as they are: ``corpus.jsonl`` (``_id``, ``title``, ``text``),
``queries.jsonl`` (``_id``, ``text``) and judgements in ``qrels/*.tsv`` (query, document, score; the first line is a heading).

Documents keep their names, so that the exported runs can be held against the set's own judgements: a file is called after its
``_id``, with what no file name may hold written as ``%20`` and the like. A document counts as relevant with a score above 0;
queries without a relevant document are not asked, as is usual with these sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from eval.questions import Language, script_of
from eval.sets import SetInvalid, rows

SPLITS = ("test", "dev", "validation", "train")
_LONGEST = 200  # bytes of a file's name; more than that some systems do not take


class Query(NamedTuple):
    """What is asked, and the files that are relevant to it."""

    text: str
    relevant: tuple[str, ...]


class Folder(NamedTuple):
    """``texts`` by file name, ``queries`` by id."""

    texts: Mapping[str, str]
    queries: Mapping[str, Query]


def read(folder: Path) -> Folder:
    """The documents, and the queries that the first of `SPLITS` judges.

    Raises:
        SetInvalid: naming file, line and field.
    """
    texts: dict[str, str] = {}
    for number, row in rows(folder / "corpus.jsonl"):
        place = f"{folder / 'corpus.jsonl'}, line {number}"
        file = _file(_text(row, "_id", place), place)
        if file in texts:
            raise SetInvalid(f"{place}: _id: {row['_id']!r} was used before")
        title = row.get("title") or ""
        texts[file] = f"{title}\n\n{_text(row, 'text', place, True)}".strip()
    asked: dict[str, str] = {}
    for number, row in rows(folder / "queries.jsonl"):
        place = f"{folder / 'queries.jsonl'}, line {number}"
        asked[_text(row, "_id", place)] = _text(row, "text", place)
    relevant: dict[str, list[str]] = {}
    judgements = _judgements(folder)
    for number, query, document, score in _scores(judgements):
        place = f"{judgements}, line {number}"
        if query not in asked:
            raise SetInvalid(f"{place}: there is no query {query!r} in queries.jsonl")
        file = _file(document, place)
        if score > 0 and file not in texts:
            raise SetInvalid(f"{place}: there is no document {document!r} in corpus.jsonl")
        if score > 0 and file not in relevant.setdefault(query, []):
            relevant[query].append(file)
    queries = {key: Query(asked[key], tuple(files)) for key, files in relevant.items() if files}
    if not queries:
        raise SetInvalid(f"{judgements} judges no document relevant")
    return Folder(texts, queries)


def language(texts: Iterable[str]) -> Language:
    """The one that most of the first hundred texts are written in."""
    scripts = [script_of(text) for _, text in zip(range(100), texts, strict=False)]
    return "ar" if scripts.count("ar") > scripts.count("en") else "en"


def _judgements(folder: Path) -> Path:
    there = {path.stem: path for path in sorted((folder / "qrels").glob("*.tsv"))}
    for name in (*SPLITS, *there):
        if name in there:
            return there[name]
    raise SetInvalid(f"{folder / 'qrels'} holds no .tsv file of judgements")


def _scores(path: Path) -> Iterator[tuple[int, str, str, float]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise SetInvalid(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        columns = line.split("\t")
        try:
            query, document, score = columns
            yield number, query, document, float(score)
        except ValueError:
            if number == 1 and len(columns) == 3:  # the heading
                continue
            raise SetInvalid(f"{path}, line {number}: not query, document and score between tabs") from None


def _text(row: Mapping[str, object], field: str, place: str, empty: bool = False) -> str:
    value = row.get(field)
    if field == "_id" and isinstance(value, int):
        value = str(value)
    if not isinstance(value, str) or not (empty or value.strip()):
        raise SetInvalid(f"{place}: {field}: must be a text{'' if empty else ' that is not empty'}")
    return value


def _file(key: str, place: str) -> str:
    name = quote(key, safe=" +,=@()") + ".txt"
    if len(name) > _LONGEST:
        raise SetInvalid(f"{place}: _id: {key!r} is too long for the name of a file")
    return name
