"""The same tasks as `eval.bench_isnad`, done by LlamaIndex's SentenceSplitter and BM25Retriever.

A script that imports nothing of ours, for the peer has an environment of its own (``requirements-bench.txt``): its
stemmer is an older one than the assistant's.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

PASSAGE_WORDS = 120
"""At most; the assistant's passages aim at this length."""


def index(task: dict[str, Any]) -> dict[str, Any]:
    """Split all files, index the pieces and save the retriever; ``seconds`` are those of all three."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.retrievers.bm25 import BM25Retriever

    begin = time.perf_counter()
    folder = Path(task["corpus"])
    documents = [
        Document(id_=path.relative_to(folder).as_posix(), text=path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(folder.rglob("*.txt"))
    ]
    splitter = SentenceSplitter(chunk_size=PASSAGE_WORDS, chunk_overlap=0, tokenizer=str.split)
    nodes = splitter.get_nodes_from_documents(documents)
    retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10)
    retriever.persist(task["index"])
    return {"seconds": time.perf_counter() - begin, "passages": len(nodes)}


def ask(task: dict[str, Any]) -> dict[str, Any]:
    """Load the retriever and search."""
    from llama_index.retrievers.bm25 import BM25Retriever

    retriever = BM25Retriever.from_persist_dir(task["index"])
    retriever.retrieve(task["first"])
    cold = time.time() - task["started"]
    for question in task["warming"]:
        retriever.retrieve(question)
    times, found = [], []
    for question in task["questions"]:
        begin = time.perf_counter()
        nodes = retriever.retrieve(question["text"])
        times.append(1000 * (time.perf_counter() - begin))
        found.append(any(scored.node.ref_doc_id == question["file"] for scored in nodes))
    return {"cold": cold, "times": times, "found": found}


def peak() -> int:
    """Peak resident bytes of this process; 0 where there is no ``/proc``."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    task = json.load(sys.stdin)
    answer = {"index": index, "ask": ask}[task["do"]](task)
    json.dump(answer | {"peak": peak()}, sys.stdout)
