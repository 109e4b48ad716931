"""Building an index in the process of the tests, which has everything loaded: a child takes longer to start than to build a few
articles. What is tested of the child (its progress, its death, its waiting for an answer) is marked ``apart``.
"""

from __future__ import annotations

import sqlite3
from contextvars import Context

from assistant import building
from assistant.builder import Consent, Progress, Watcher
from assistant.catalogue import SkippedFile
from assistant.errors import BuildFailed, NotAgreed
from assistant.passage_vectors import Plan


def run(job: building.Job, progress: Watcher | None, consent: Consent = lambda _: True) -> tuple[SkippedFile, ...]:
    """As `assistant.builder.run`; like a child it knows only what the job says."""
    return Context().run(_run, building.Job.from_json(job.to_json()), progress, consent)


def _run(job: building.Job, progress: Watcher | None, consent: Consent) -> tuple[SkippedFile, ...]:
    def agree(plan: Plan) -> None:
        if not consent(plan):
            raise NotAgreed(passages=plan.passages, tokens=plan.tokens, model=plan.model, place=plan.place)

    skipped: tuple[SkippedFile, ...] = ()
    try:
        for report in building.build(job, agree):
            skipped = report.skipped or skipped
            if progress is not None:
                progress(Progress(*report[:4]))
    except (OSError, sqlite3.Error) as error:
        raise BuildFailed(reason=" ".join(str(error).split())) from None
    return skipped
