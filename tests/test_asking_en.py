from __future__ import annotations

from assistant.language.asking_en import draft
from tests.drafted import gives, keeps_silent

MADE = {
    "The Suez Canal was opened in 1869 after ten years of work.": ["When was the Suez Canal opened?"],
    "In 1901, the Forth Bridge was repainted, and later sold.": ["When was the Forth Bridge repainted?"],
    "Amina Haddad was born in Tripoli, Lebanon.": ["Where was Amina Haddad born?"],
    "The Battle of Navarino began on 20 October 1827 near Pylos.": ["When did the Battle of Navarino begin?"],
    "The Copacabana promenade was designed by Roberto Burle Marx.": ["Who designed the Copacabana promenade?"],
    "Giuseppe Verdi composed the opera Aida in 1871.": [
        "Who composed the opera Aida?",
        "When did Giuseppe Verdi compose the opera Aida?",
    ],
    "Benghazi is the second largest city in Libya, with a population of 700,000.": ["What is the second largest city in Libya?"],
    "Naguib Mahfouz was an Egyptian writer who won the Nobel Prize.": ["Who was Naguib Mahfouz?"],
    "Adigrat is a city in the Tigray Region of Ethiopia.": ["What is Adigrat?"],
    "A canton is a type of administrative division.": ["What is a canton?"],
    "The talks with German chancellor Angela Merkel were short.": ["Who is the German chancellor?"],
    "Dmitry Peskov, the spokesman for the Kremlin, declined to comment.": ["Who is the spokesman for the Kremlin?"],
    "Police said 12 Syrian soldiers were killed in Aleppo.": ["How many Syrian soldiers were killed in Aleppo?"],
}  # fmt: skip

SILENT = [
    "He was born in 1950.",
    "It was opened in 1869.",
    "The city was founded in 1869.",
    "This bridge was designed by Roberto Burle Marx.",
    "Nominations were announced on January 21, 2009.",
    "The other Forth Bridge was opened in 1964.",
    "Talks with South Korean president Park Geun were short.",
    "Awards were presented by John Wilson.",
    "Twelve people were killed.",
    "",
]


test_a_sentence_gives_its_questions = gives(draft, MADE)
test_what_leans_on_another_sentence_gives_none = keeps_silent(draft, SILENT)
