"""Numbers spelled out by rule, in both languages: what reading them is tested against."""

from __future__ import annotations

_ENGLISH = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen""".split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ENGLISH_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_MASCULINE = " واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split(" ")
_FEMININE = " واحدة اثنتان ثلاث أربع خمس ست سبع ثماني تسع عشر".split(" ")
_ARABIC_TENS = "عشر ثلاث أربع خمس ست سبع ثمان تسع".split()
_ARABIC_ORDINALS = " الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر".split(" ")


def _english_group(n: int, conjunction: str, hyphen: str) -> str:
    if n >= 100:
        rest = n % 100
        return f"{_ENGLISH[n // 100]} hundred" + (conjunction + _english_group(rest, "", hyphen) if rest else "")
    if n < 20:
        return _ENGLISH[n]
    return _ENGLISH_TENS[n // 10 - 2] + (hyphen + _ENGLISH[n % 10] if n % 10 else "")


def english(n: int, british: bool = True, hyphen: str = "-") -> str:
    """``0 <= n < 10**12`` in words: "two thousand and five", or without the "and"."""
    conjunction = " and " if british else " "
    if n == 0:
        return "zero"
    said = ""
    for scale, name in ((10**9, " billion"), (10**6, " million"), (1000, " thousand"), (1, "")):
        group, n = divmod(n, scale)
        if group:
            joint = conjunction if said and scale == 1 and group < 100 else " "
            said += (joint if said else "") + _english_group(group, conjunction, hyphen) + name
    return said


def english_ordinal(n: int) -> str:
    """``0 < n < 100`` in words."""
    if n < 20:
        return _ENGLISH_ORDINALS[n]
    if n % 10:
        return f"{_ENGLISH_TENS[n // 10 - 2]}-{_ENGLISH_ORDINALS[n % 10]}"
    return _ENGLISH_TENS[n // 10 - 2].removesuffix("y") + "ieth"


def _arabic_group(n: int, feminine: bool, genitive: bool, apart: bool) -> str:
    units = _FEMININE if feminine else _MASCULINE
    two = ("اثنت" if feminine else "اثن") + ("ين" if genitive else "ان")
    if n >= 100:
        hundreds, rest = divmod(n, 100)
        if hundreds == 1:
            said = "مئة"
        elif hundreds == 2:
            said = "مئتين" if genitive else "مئتان"
        else:
            said = _FEMININE[hundreds].removesuffix("ي" if apart is False and hundreds == 8 else "") + (
                " مئة" if apart else "مئة"
            )
        return said + (" و" + _arabic_group(rest, feminine, genitive, apart) if rest else "")
    if n <= 10:
        return two if n == 2 else units[n]
    if n < 20:
        first = {11: "إحدى" if feminine else "أحد", 12: two[:-1]}.get(n) or units[n - 10]
        return f"{first} {'عشرة' if feminine else 'عشر'}"
    tens = _ARABIC_TENS[n // 10 - 2] + ("ين" if genitive else "ون")
    unit = n % 10
    return (f"{two if unit == 2 else units[unit]} و" if unit else "") + tens


def arabic(n: int, feminine: bool = False, genitive: bool = False, apart: bool = False) -> str:
    """``0 < n < 10**12`` in words, counting a noun of a gender, in a case, with the hundreds written apart or not."""
    said: list[str] = []
    for scale, one, two, few in (
        (10**9, "مليار", "ملياران", "مليارات"), (10**6, "مليون", "مليونان", "ملايين"), (1000, "ألف", "ألفان", "آلاف"),
    ):  # fmt: skip
        group, n = divmod(n, scale)
        if group == 1:
            said.append(one)
        elif group == 2:
            said.append(two[:-2] + "ين" if genitive else two)
        elif group:
            noun = few if 3 <= group % 100 <= 10 else one
            said.append(f"{_arabic_group(group, False, genitive, apart)} {noun}")
    if n:
        said.append(_arabic_group(n, feminine, genitive, apart))
    return " و".join(said)


def arabic_ordinal(n: int) -> str:
    """``0 < n < 100`` in words, definite."""
    if n <= 10:
        return _ARABIC_ORDINALS[n]
    unit = "الحادي" if n % 10 == 1 else _ARABIC_ORDINALS[n % 10]
    if n < 20:
        return f"{unit} عشر"
    return (f"{unit} وال" if n % 10 else "ال") + _ARABIC_TENS[n // 10 - 2] + "ين"
