"""How good is the assistant on a folder of articles? Questions with known answers, measures, gates.

``python -m eval`` asks a bilingual question set and prints what came back; ``python -m eval rank`` ranks the
paragraphs of SQuAD-format files. Nothing here is imported by ``assistant``, and nothing needs a model to judge.

Import order: questions · measures · wording · records · values · run · summary · gates · manifest · sets · rank · ablate · report
· failures · arguments · progress · rankings · __main__; for whole runs, beir · suites · asking · endpoint · baselines · citing · given · journal · parallel · running
· selective · statistics · compare · trec · judge · results · labels · plots · panels · page · commands; for question sets,
plain · drafting · fetch; and, for fitting, recipe · choice · confidence · risk · fit.
"""
