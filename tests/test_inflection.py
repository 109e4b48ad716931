from __future__ import annotations

import pytest

from assistant.language import inflection


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("announce", "announced"), ("carry out", "carried out"), ("stop", "stopped"), ("admit", "admitted"),
        ("visit", "visited"), ("be killed", "was killed"), ("put", "put"), ("say", "said"), ("said", "said"),
        ("become", "became"), ("need", "needed"),
    ],
)  # fmt: skip
def test_past(base: str, form: str) -> None:
    assert inflection.past(base) == form


@pytest.mark.parametrize(
    ("base", "form"),
    [("carry out", "carries out"), ("be killed", "is killed"), ("reach", "reaches"), ("have", "has"), ("can", "can")],
)
def test_third_person(base: str, form: str) -> None:
    assert inflection.third_person(base) == form


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("country", "countries"), ("day", "days"), ("member of parliament", "members of parliament"), ("man", "men"),
        ("police", "police"), ("building", "buildings"), ("meeting", "meetings"), ("wounded", "wounded"),
        ("seed", "seeds"), ("residing", "residing"), ("family", "families"), ("crisis", "crises"), ("bus", "buses"),
    ],
)  # fmt: skip
def test_plural(one: str, several: str) -> None:
    assert inflection.plural(one) == several
    assert inflection.plural(several) == several


@pytest.mark.parametrize("phrase", ["issues", "members of parliament", "people", "men", "police forces"])
def test_what_is_plural(phrase: str) -> None:
    assert inflection.is_plural(phrase)


@pytest.mark.parametrize("phrase", ["issue", "crisis", "politics", "status", "loss", "member of parties", "news"])
def test_what_is_not_plural(phrase: str) -> None:
    assert not inflection.is_plural(phrase)


@pytest.mark.parametrize(
    ("adjective", "adverb"),
    [("significant", "significantly"), ("economic", "economically"), ("possible", "possibly"), ("happy", "happily"),
     ("full", "fully")],
)  # fmt: skip
def test_adverb(adjective: str, adverb: str) -> None:
    assert inflection.adverb(adjective) == adverb
