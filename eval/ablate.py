"""What each part of retrieval is worth: the rankings of `eval.rank` by the engine with one part left out at a time.

Every row of the table is the whole engine but for the part it names (`assistant.ablation`), over the same questions as the
first row, which is the whole engine. Each collection is indexed once; only a part that also decides what an index
holds has it indexed anew.

The assistant's own retrieval is used without its folder-watching shell, in one process, for what is left out is known
to this process only; the whole engine's row is what ``python -m eval rank`` prints.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant import corpus, generation
from assistant.ablation import LeftOut, leave_out
from assistant.building import Job, build
from assistant.catalogue import Catalogue
from assistant.language import glossary, terms
from assistant.retrieval import Searcher
from assistant.settings import Settings
from assistant.store.edge import EdgeStore
from eval import measures
from eval.rank import folder
from eval.run import HITS
from eval.sets import Collection, Query, cell_name
from eval.summary import average, fraction

WHOLE = "the whole engine"


class UnknownPart(Exception):
    """``--only`` names no part."""


class Part(NamedTuple):
    """A row: what is left out. ``mixed``: a part of collections of both languages only, and measured on these only."""

    group: str
    name: str
    left_out: LeftOut
    mixed: bool = False


_WHOLE = Part("", WHOLE, LeftOut())


def parts() -> list[Part]:
    """All rows but the first."""
    tables = (terms.ENGLISH_FAMILIES, terms.ARABIC_FAMILIES, terms.NUMBER_FAMILIES, terms.ACRONYM_FAMILIES)
    families = dict.fromkeys(family.name for table in tables for family in table)
    numbers = frozenset(["number", "number word"])
    files = [name for name, _ in glossary.sources()]
    kinds = {
        "general dictionary": frozenset(name for name in files if name.startswith("dictionary")),
        "terms": frozenset(["terms.tsv"]),
        "institutions": frozenset(["institutions.tsv"]),
        "countries": frozenset(["countries.tsv"]),
        "names listed": frozenset(["currencies.tsv", "peoples.tsv", "places.tsv"]),
    }
    kinds = {"press glossary": frozenset(files).difference(*kinds.values()), **kinds}
    return [
        *(Part("Families", name, LeftOut(families=frozenset([name]))) for name in families if name not in numbers),
        Part("Families", "numbers as words", LeftOut(families=numbers)),
        Part("Names", "names across scripts", LeftOut(names=True)),
        Part("Names", "spelling of unknown names", LeftOut(spelling=True)),
        Part("Names", "dates of articles", LeftOut(dates=True)),
        Part("Glossary", "all glossaries", LeftOut(glossaries=frozenset(files))),
        *(Part("Glossary", name, LeftOut(glossaries=kind)) for name, kind in kinds.items()),
        Part("Glossary", "thesaurus", LeftOut(thesaurus=True)),
        Part("Glossary", "phrases", LeftOut(phrases=True)),
        Part("Weights", "stop words", LeftOut(stop_words=True)),
        Part("Weights", "expected rarity", LeftOut(prior=True)),
        Part("Weights", "words of publishing", LeftOut(publishing=True)),
        Part("Order", "S best sentence", LeftOut(score=frozenset("S"))),
        Part("Order", "N neighbours", LeftOut(score=frozenset("N"))),
        Part("Order", "W window", LeftOut(score=frozenset("W"))),
        Part("Order", "S, N and W", LeftOut(score=frozenset("SNW"))),
        Part("Order", "re-ranking", LeftOut(ranking=True)),
        Part("Order", "order of evidence", LeftOut(evidence=True)),
        Part("Order", "re-ranking and evidence", LeftOut(ranking=True, evidence=True)),
        Part("Order", "merging by mass", LeftOut(merging=True), mixed=True),
    ]


def chosen(names: Sequence[str]) -> list[Part]:
    """The rows of these names, all when there are none.

    Raises:
        UnknownPart: with the names there are.
    """
    known = parts()
    if unknown := [name for name in names if name not in {part.name for part in known}]:
        raise UnknownPart(f"no part is called {unknown[0]!r}; known: {', '.join(part.name for part in known)}")
    return [part for part in known if part.name in names] if names else known


def sample(collection: Collection, size: int, seed: int = measures.SEED) -> Collection:
    """The same collection asked a random sample of its questions: the same ids in every cell, all if there are fewer."""
    ids = sorted({query.id for query in collection.queries})
    kept = set(random.Random(seed).sample(ids, min(size, len(ids))))
    return collection._replace(queries=[query for query in collection.queries if query.id in kept])


@dataclass(frozen=True, slots=True)
class Result:
    """A row: by cell, for each question in order, the rank of its gold file (0 is the first), or None."""

    part: Part
    seconds: float
    ranks: dict[str, list[int | None]]

    def gains(self, cell: str) -> list[float]:
        """What a cell is judged by, a value for each question: nDCG@10, or for parallel articles R@1."""
        depth = 1 if cell.endswith(" ntrex") else HITS
        return [measures.ndcg(range(HITS), [rank], depth) if rank is not None else 0.0 for rank in self.ranks[cell]]

    def mean(self, cell: str) -> float:
        return measures.mean(self.gains(cell)) or 0.0

    def to_dict(self, whole: Result) -> dict[str, Any]:
        """Plain JSON values; the differences with paired bootstrap intervals."""
        cells: dict[str, Any] = {}
        for cell, ranks in self.ranks.items():
            found = {
                f"recall_at_{k}": fraction(sum(r is not None and r < k for r in ranks), len(ranks)) for k in (1, 5)
            }
            if not cell.endswith(" ntrex"):
                found["ndcg_at_10"] = average(self.gains(cell))
            pairs = zip(self.gains(cell), whole.gains(cell), strict=True)
            found["difference"] = average([mine - all_of_it for mine, all_of_it in pairs])
            cells[cell] = {name: value.to_dict() for name, value in found.items()}
        return cells


def ablate(
    collections: Sequence[Collection],
    rows: Sequence[Part],
    everywhere: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Result]:
    """The whole engine, then each row, as soon as it is measured.

    Mixed collections are asked by the whole engine and by the rows that are about them, or ``everywhere`` by all.
    """
    done = 0
    with ExitStack() as stack:
        opened = [stack.enter_context(indexed(collection)) for collection in collections]
        for part in (_WHOLE, *rows):
            begin = time.perf_counter()
            ranks: dict[str, list[int | None]] = {}
            with leave_out(part.left_out):
                for collection, ready in zip(collections, opened, strict=True):
                    if not _asks(part, collection, everywhere):
                        continue
                    with indexed(collection) if part.left_out.stop_words else nullcontext(ready) as searcher:
                        for query in collection.queries:
                            cell = cell_name(query.asked, query.documents, collection.label)
                            ranks.setdefault(cell, []).append(rank(searcher, query))
                            done += 1
                            progress(done)
            yield Result(part, time.perf_counter() - begin, ranks)


def rank(searcher: Searcher, query: Query) -> int | None:
    """Where the gold file is among the files found; 0 is the first."""
    files = measures.distinct(item.passage.file for item in searcher.search(query.text, HITS))
    return files.index(query.gold) if query.gold in files else None


def asked_of(collections: Sequence[Collection], rows: Sequence[Part], everywhere: bool = False) -> int:
    """How many questions `ablate` will ask."""
    return sum(len(c.queries) for part in (_WHOLE, *rows) for c in collections if _asks(part, c, everywhere))


def _asks(part: Part, collection: Collection, everywhere: bool) -> bool:
    if part is _WHOLE:
        return True
    if collection.label == "mixed":
        return part.mixed or everywhere
    return not part.mixed


@contextmanager
def indexed(collection: Collection) -> Iterator[Searcher]:
    """The collection indexed in a temporary folder."""
    settings = Settings.load()
    with folder(collection.texts) as (articles, index):
        index.mkdir()
        files, _ = corpus.scan(articles)
        job = Job(
            corpus=str(articles),
            target=str(index),
            base=None,
            signature="",
            started_ns=time.time_ns(),
            passage_words=settings.passage_words,
            passage_max_words=settings.passage_max_words,
            reserve_mb=settings.reserve_mb,
            read=tuple(files),
            removed=(),
            touched=(),
            skipped=(),
        )
        for _ in build(job):
            pass
        with (
            EdgeStore.open(index / generation.ENGINE) as store,
            closing(Catalogue(index / generation.CATALOGUE)) as catalogue,
        ):
            yield Searcher(catalogue, store)
