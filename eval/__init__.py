"""How good is the assistant on a folder of articles? Questions with known answers, measures, gates.

``python -m eval`` asks a bilingual question set and prints what came back; ``python -m eval rank`` ranks the
paragraphs of SQuAD-format files. Nothing here is imported by ``assistant``, and nothing needs a model to judge.

Import order: questions · measures · records · run · summary · gates · manifest · sets · rank · ablate · report · arguments
· __main__; for whole runs, suites · baselines · judged · journal · parallel · running · values · selective · statistics · compare ·
trec · results · labels · plots · panels · page · commands; for question sets, plain · drafting · fetch; and, for fitting,
recipe · choice · confidence · risk · fit.
"""
