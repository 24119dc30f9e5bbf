"""Measures found by words, as people type them: full-width or not, in any case, in their own terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zhida.library import Library
from zhida.library.model import MeasureDef

EVERYDAY = {
    "招聘": "招人",
    "招工": "招人",
    "雇人": "招人",
    "雇工": "招人",
    "用工": "招人",
    "开店": "创业",
    "开公司": "创业",
    "做生意": "创业",
    "下岗": "失业",
    "离职": "失业",
    "被裁": "失业",
    "没工作": "失业",
    "裁员": "稳岗",
    "证书": "考证",
    "技能证": "考证",
    "职业资格": "考证",
    "借钱": "融资",
    "应届生": "毕业",
    "大学生": "毕业",
    "求职": "找工作",
    "实习": "见习",
    "打工": "外出务工",
    "自由职业": "灵活就业",
    "零工": "灵活就业",
    "回乡": "返乡",
    "物价": "生活困难",
}
"""What people say, and the occasion that measures are filed under (`life_events`)."""

SEPARATORS = re.compile(r"[\s,、;/|+]+")
WEIGHTS = (9, 6, 5, 3, 2, 1)
"""What a hit counts in the name, an alias, an occasion, the audience, the summary, the key and English."""
WHOLE = 2
"""A text that is the word and nothing else counts so many times."""


def search(library: Library, words: str) -> tuple[str, ...]:
    """The keys of the measures that all the words fit, best first; all measures where there are none."""
    parts = words_of(words)
    if not parts:
        return tuple(library.measures)
    scores = {key: _score(measure.definition, parts) for key, measure in library.measures.items()}
    return tuple(sorted((key for key in scores if scores[key]), key=lambda key: -scores[key]))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a query, each once."""
    return tuple(dict.fromkeys(part for part in SEPARATORS.split(folded(text)) if part))


def folded(text: str) -> str:
    """Half-width and without case: ＡＢＣ and abc are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def _score(measure: MeasureDef, words: tuple[str, ...]) -> int:
    """How well all words fit; 0 where one of them does not."""
    fields = tuple(tuple(map(folded, texts)) for texts in _fields(measure))
    each = [max(_weight(fields, variant) for variant in _variants(word)) for word in words]
    return sum(each) if all(each) else 0


def _fields(measure: MeasureDef) -> tuple[tuple[str, ...], ...]:
    """What is searched, in the order of the weights."""
    return (
        (measure.name,),
        measure.aliases,
        measure.life_events,
        (measure.audience,),
        (measure.summary,),
        (measure.measure, measure.english, measure.summary_en),
    )


def _weight(fields: tuple[tuple[str, ...], ...], word: str) -> int:
    pairs = zip(WEIGHTS, fields, strict=True)
    hits = ((weight, text) for weight, texts in pairs for text in texts if word in text)
    return max((weight * WHOLE if text == word else weight for weight, text in hits), default=0)


def _variants(word: str) -> Iterator[str]:
    """The word itself, and with what people say in place of how measures are filed."""
    yield word
    for said, filed in EVERYDAY.items():
        if said in word:
            yield word.replace(said, filed)
