"""Names in both scripts, and words of which none is the other."""

from __future__ import annotations

import re

ALIKE = """Pashinyan باشينيان|Aliyev علييف|Putin بوتين|Erdogan أردوغان|Erdoğan أردوغان|Biden بايدن|Trump ترامب|Netanyahu نتنياهو
Macron ماكرون|Zelensky زيلينسكي|Merkel ميركل|Yerevan يريفان|Baku باكو|Moscow موسكو|Washington واشنطن|London لندن
Berlin برلين|Paris باريس|Karabakh كاراباخ|Stepanakert ستيباناكيرت|Mohammed محمد|Ahmed أحمد|Hussein حسين|Khalid خالد
Sharif شريف|Qatar قطر|Baghdad بغداد|Ghannouchi الغنوشي|Khashoggi خاشقجي|Jolani الجولاني|Guterres غوتيريش|Lavrov لافروف
Johnson جونسون|George جورج|Schumacher شوماخر|Shakespeare شكسبير|Einstein أينشتاين|Google غوغل|Google جوجل|Facebook فيسبوك
Microsoft مايكروسوفت|Valve فالف|Beyoncé بيونسيه|Vladimir فلاديمير|Azerbaijan أذربيجان|Georgia جورجيا|Pelosi بيلوسي
Hariri الحريري|Ronaldo رونالدو|Messi ميسي|Zidane زيدان|Gaza غزة|Armenia أرمينيا|Armenian's أرمينيان|Sarkisian سركيسيان
Khamenei خامنئي|Rouhani روحاني|Dostoevsky دوستويفسكي|Marx ماركس|Alexander ألكسندر|Mexico المكسيك|Lenin لينين
Stalin وستالين|Hitler لهتلر|Putin لبوتين|Karabakh وكاراباخ|Houthi الحوثي|Houthi الحوثيين
Gorbachev غورباتشوف|Gorbachev جورباتشوف|Chapman تشابمان|Chavez تشافيز|Chaikovski تشايكوفسكي|Tchaikovsky تشايكوفسكي|Qaddafi القذافي|Khadafy القذافي
Jermuk جيرموك|Jermouk جيرموك|Abdalfattah عبدالفتاح|Abdalrahman عبدالرحمن|Huguenot هوغونوت|Pashinian باشنيان"""
DIFFERENT = """war حرب|peace سلام|house بيت|book كتاب|water ماء|army جيش|president رئيس|minister وزير|company شركة
school مدرسة|energy طاقة|language لغة|Putin أردوغان|Biden ترامب|Armenia أذربيجان|Baku يريفان|London باريس|Macron ميركل
Obama بوش|Ronaldo ميسي|Iran العراق|Russia أوروبا|Europe أفريقيا|Cuba كندا|Lavrov لبنان|Pashinyan باكستان|Karabakh كارتر
Sudan السعودية|x كس|- محمد|Kuwait كويكب"""


def pairs(rows: str) -> list[tuple[str, str]]:
    return [(latin, arabic) for row in re.split(r"[|\n]", rows) for latin, arabic in [row.split()]]
