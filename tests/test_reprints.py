"""A sentence that copies of an article share is quoted once, and the quote says where else it stands."""

from __future__ import annotations

import numpy as np
import pytest
from collection import document

from assistant import Assistant, reprints
from assistant.catalogue import StoredPassage
from assistant.citations import Citation
from assistant.language.sentences import Span
from assistant.retrieval import Hit
from assistant.scope import Scope
from assistant.settings import Settings

STORY = (
    "Workers closed the old bridge of Marbury on Friday. It carried 4,000 cars a day until a crack was found in its second pier. "
    "The mayor, Theodora Finch, said that the bridge would stay closed for nine weeks. Buses go by way of the northern road. "
    "Traders of the old town fear for their summer, for most of their customers come over the bridge."
)
ARABIC = (
    "أغلق العمال جسر ماربوري القديم يوم الجمعة بعد اكتشاف شق في دعامته الثانية. وكان الجسر يحمل أربعة آلاف سيارة في اليوم. "
    "وقالت رئيسة البلدية ثيودورا فينش إن الجسر سيبقى مغلقا تسعة أسابيع. وتسلك الحافلات الطريق الشمالي إلى المدينة القديمة."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge was closed on Friday.", "The bridge was closed on Friday."),
        ("The bridge was closed on Friday", "“The bridge was closed, on Friday.”"),
        ("أُغلِقَ الجسر يوم الجمعة", "أغلق الجسر يوم الجمعه."),
        (
            "أغلق العمال الجسر القديم يوم الجمعة بعد اكتشاف شق في دعامته الثانية وبعد سنوات من الشكاوى والجدل حول الصيانة",
            "وأغلق العمال الجسر القديم يوم الجمعة بعد اكتشاف شق في دعامته الثانية وبعد سنوات من الشكاوى والجدل حول الصيانة",
        ),
        (
            "Workers closed the old bridge of Marbury on Friday after a crack was found in the second pier, the city council said.",
            "Workers closed the old bridge of Marbury on Friday after a crack was found in the second pier, the council said.",
        ),
        ("The bridge in the old town was closed on Friday.", "The bridge of the old town had been closed on Friday."),
    ],
)
def test_spelling_and_small_words_change_nothing(one: str, other: str) -> None:
    assert reprints.same(one, other)
    assert reprints.same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("At least 49 soldiers were killed on the border.", "At least 50 soldiers were killed on the border."),
        ("The bridge was closed on Friday.", "The bridge was not closed on Friday."),
        ("قُتل 49 جنديا على الحدود", "قُتل 105 جنود على الحدود"),
        ("لم يُغلق الجسر يوم الجمعة", "أُغلق الجسر يوم الجمعة"),
        ("Armenia accused its neighbour of firing first at the border posts.", "Azerbaijan accused its neighbour of firing first at the border posts."),
        ("The bridge was closed on Friday.", "The harbour was dredged in spring."),
        ("", "The harbour was dredged in spring."),
    ],
)  # fmt: skip
def test_what_differs_in_a_number_a_name_or_a_negation_is_not_the_same(one: str, other: str) -> None:
    assert not reprints.same(one, other)
    assert not reprints.same(other, one)


@pytest.mark.parametrize(
    ("sentence", "said", "opposite"),
    [
        ("The ministry of trade said that exports of grain, oil, cotton and timber to the neighbouring countries {} sharply in the first months of the year.",
         "rose", "fell"),
        ("Witnesses told reporters that dozens of people, among them farmers, drivers and traders, were {} when shells hit the market in the morning.",
         "killed", "wounded"),
        ("قالت وزارة التجارة إن صادرات الحبوب والنفط والقطن والخشب إلى الدول المجاورة {} بشكل حاد خلال الأشهر الأولى من العام الجاري",
         "ارتفعت", "انخفضت"),
        ("قال محامي المتهمين إن المحكمة العليا في العاصمة {} خمسة موظفين كبار في قضية الرشوة والتزوير التي شغلت الصحافة طوال الصيف",
         "أدانت", "برأت"),
    ],
)  # fmt: skip
def test_an_exchanged_word_may_be_the_opposite_in_however_long_a_sentence(
    sentence: str, said: str, opposite: str
) -> None:
    one, other = sentence.format(said), sentence.format(opposite)
    assert not reprints.same(one, other)
    assert not reprints.same(other, one)
    assert not reprints.same(f"{one} {other}", f"{one} {one}")  # as often as it is said
    assert reprints.same(one, sentence.format(""))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("copies")
    articles = folder / "articles"
    articles.mkdir()
    texts = {
        "a.txt": f"Old bridge closed\n\n{STORY}\n",
        "b.txt": f"Marbury: a crack in the pier\n\n2 May 2021\n\n{STORY}\n\nShare on Facebook\n",
        "c.txt": f"Nine weeks without the bridge\n\n{STORY.replace('4,000', '6,000')}\n",
        "ar.txt": f"إغلاق الجسر\n\n{ARABIC}\n",
        "ar2.txt": f"جسر ماربوري\n\n{ARABIC}\n",
        "other.txt": "Harbour to be dredged\n\nThe council will dredge the harbour in spring. Fishermen fear for their nets.\n",
    }
    for file, text in texts.items():
        (articles / file).write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, corpus=articles, index=folder / "index", reserve_mb=1, gloss=False)
    with Assistant.open(settings=settings) as opened:
        yield opened


def places(citation: Citation) -> list[str]:
    return [citation.file, *(each.file for each in citation.also)]


def test_copies_are_known(assistant: Assistant) -> None:
    assert assistant.copies("a.txt") == ("b.txt", "c.txt")
    assert assistant.copies("ar2.txt") == ("ar.txt",)
    assert assistant.copies("other.txt") == ()


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Who said that the bridge would stay closed?", {"a.txt", "b.txt", "c.txt"}),
        ("من قالت إن الجسر سيبقى مغلقا؟", {"ar.txt", "ar2.txt"}),
    ],
)
def test_a_sentence_is_cited_once_with_its_other_places(assistant: Assistant, question: str, held: set[str]) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    first = answer.citations[0]
    assert set(places(first)) == held
    assert sum(reprints.same(first.quote, each.quote) for each in answer.citations) == 1
    for also in first.also:
        assert assistant.document(also.file).text[also.start : also.end] == first.quote
        assert assistant.document(also.file).text.split("\n")[also.line - 1].count(first.quote) == 1
    assert type(answer).from_dict(answer.to_dict()).citations == answer.citations


def test_copies_that_disagree_in_a_number_are_both_cited(assistant: Assistant) -> None:
    answer = assistant.ask(
        "How many cars a day did the bridge carry?", scope=Scope(files=frozenset({"a.txt", "b.txt", "c.txt"}))
    )
    told = {number: each for each in answer.citations for number in ("4,000", "6,000") if number in each.quote}
    assert places(told["4,000"]) in (["a.txt", "b.txt"], ["b.txt", "a.txt"])
    assert places(told["6,000"]) == ["c.txt"]


def test_articles_that_are_not_asked_are_not_named(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Who said that the bridge would stay closed?", scope=Scope(files=frozenset({"a.txt", "b.txt"}))
    )
    assert set(places(answer.citations[0])) == {"a.txt", "b.txt"}


def test_hits_of_copies_are_marked_and_none_is_left_out(assistant: Assistant) -> None:
    hits = assistant.search("old bridge closed on Friday")
    assert {hit.file for hit in hits} >= {"a.txt", "b.txt", "c.txt"}
    by_file = {hit.file: hit for hit in hits}
    first = min(("a.txt", "b.txt"), key=[hit.file for hit in hits].index)
    assert by_file[first].same_as is None
    assert by_file[{"a.txt": "b.txt", "b.txt": "a.txt"}[first]].same_as == first
    assert by_file["c.txt"].same_as is None  # it says another number
    assert by_file[first].to_dict()["same_as"] is None


def test_hits_of_articles_without_copies_are_not_looked_at() -> None:
    hits = [Hit(file, 0, 5, "The bridge was closed on Friday.", 1.0, "", None) for file in ("a.txt", "b.txt")]
    assert reprints.marked(hits, lambda file: (), dict[str, list[StoredPassage]]().__getitem__) == hits


def test_a_hit_is_compared_only_with_one_of_a_copy_before_it() -> None:
    hits = [Hit(file, 0, 5, "The bridge was closed on Friday.", 1.0, "", None) for file in ("a.txt", "b.txt", "c.txt")]
    copies = {"a.txt": ("d.txt",), "b.txt": (), "c.txt": ("d.txt", "e.txt")}
    assert reprints.marked(hits, copies.__getitem__, dict[str, list[StoredPassage]]().__getitem__) == hits


def test_passages_that_hold_nothing_of_their_article_are_not_the_same() -> None:
    """Two lines of advertisement say nothing, be they ever so equal."""
    none, line = np.zeros(0, np.int32), "Read our newsletter."
    frames, articles = (
        {
            file: [StoredPassage(number, file, 0, 20, "en", "", None, line, (Span(0, 20),), none, none, none, framing)]
            for number, file in enumerate(("a.txt", "b.txt"))
        }
        for framing in (frozenset({0}), frozenset[int]())
    )
    hits = [Hit(file, 0, 20, line, 1.0, "", None) for file in ("a.txt", "b.txt")]

    def marks(passages: dict[str, list[StoredPassage]]) -> list[str | None]:
        return [hit.same_as for hit in reprints.marked(hits, lambda file: ("a.txt", "b.txt"), passages.__getitem__)]

    assert marks(frames) == [None, None]
    assert marks(articles) == [None, "a.txt"]


def test_what_a_citation_without_copies_says_is_unchanged() -> None:
    held = document("a.txt", "The bridge was closed on Friday.")
    citation = Citation(1, "a.txt", "", None, 0, 32, 1, held.text)
    assert reprints.noted([citation], lambda file: (), lambda file: [], lambda file: held) == (citation,)
