"""The language of templates: what it refuses, what it names, and that every value arrives as it is."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from doc_service.domain.errors import DomainError
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.plain import clean
from doc_service.rendering.sandbox_filters import lower, upper

FILLER = TemplateFiller()
CONTEXT: dict[str, Any] = {
    "name": "Əli",
    "count": 3,
    "flag": True,
    "nothing": None,
    "items": [{"post": "sədr", "kids": ["a", "b"]}, {"post": "üzv", "kids": []}],
    "nested": {"items": "mapping key", "keys": {"deep": "dərin"}},
}


def fill(kit: Any, *paragraphs: str, context: dict[str, Any] | None = None) -> list[str]:
    docx = FILLER.fill(
        kit.text_template(*paragraphs), context or CONTEXT, (), title="T", language="az-Latn-AZ", issued_at=kit.issued
    )
    return [paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs]


def fault(kit: Any, *paragraphs: str, context: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    with pytest.raises(DomainError) as caught:
        fill(kit, *paragraphs, context=context)
    return caught.value.code, dict(caught.value.faults[0].params)


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("{{ name.__class__ }}", "name.__class__"),
        ("{{ name['__class__'] }}", "name['__class__']"),
        ("{{ items[0].__class__.__mro__ }}", "items[0].__class__.__mro__"),
        ("{{ name|attr('__class__') }}", "name|attr"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "''.__class__.__mro__[1].__subclasses__(…)"),
        ("{{ name.upper() }}", "name.upper(…)"),
        ("{{ range(10) }}", "range(…)"),
        ("{{ self }}", "self"),
        ("{{ self._TemplateReference__context }}", "self._TemplateReference__context"),
        ("{{ _x }}", "_x"),
        ("{{ '%s'|format(name) }}", "'%s'|format"),
        ("{{ name|safe }}", "name|safe"),
        ("{{ 2 ** 99999999 }}", "pow"),
        ("{{ 1 / 2 }}", "div"),
        ("{{ [name, name] }}", "list"),
        ("{{ {'a': 1} }}", "dict"),
        ("{{ name[0:1] }}", "name[slice]"),
        ("{% import 'x' as y %}", "import"),
        ("{% from 'x' import y %}", "fromimport"),
        ("{% include '/etc/hostname' %}", "include"),
        ("{% extends 'x' %}", "extends"),
        ("{% macro m() %}{% endmacro %}", "macro"),
        ("{% set x = 1 %}", "assign"),
        ("{% with x = 1 %}{% endwith %}", "with"),
        ("{% block b %}{% endblock %}", "block"),
        ("{% filter upper %}a{% endfilter %}", "filterblock"),
        ("{% for x in items recursive %}{% endfor %}", "for"),
        ("{% for x in items %}{{ loop.cycle('a') }}{% endfor %}", "loop.cycle(…)"),
        ("{{ name is callable }}", "name is callable"),
    ],
)
def test_forbidden_expressions_are_named(kit: Any, expression: str, named: str) -> None:
    code, params = fault(kit, expression)
    assert code == "template.forbidden"
    assert named in params["expression"] or params["expression"] in named


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("{{ absent }}", "absent"),
        ("{{ absent.more }}", "absent"),
        ("{{ items[1].foo }}", "items[1].foo"),
        ("{% for x in items %}{% if loop.last %}{{ x.foo }}{% endif %}{% endfor %}", "items[1].foo"),
        ("{{ items[7].post }}", "items[7]"),
        ("{{ nested.keys.foo }}", "nested.keys.foo"),
        ("{% if absent %}x{% endif %}", "absent"),
        ("{% for x in absent %}x{% endfor %}", "absent"),
        ("{{ absent|upper }}", "absent"),
        ("{{ 'a' ~ nested.foo }}", "nested.foo"),
        ("{{ absent + 1 }}", "absent"),
        ("{% if nested.foo == 'x' %}{% endif %}", "nested.foo"),
        ("{{ items[1].kids|first }}", "items[1].kids[0]"),
        ("{{ nothing }}", "nothing"),
        ("{{ nothing.more }}", "nothing"),
    ],
)
def test_unknown_variables_are_named(kit: Any, expression: str, name: str) -> None:
    assert fault(kit, expression) == ("template.unknown_variable", {"name": name})


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("{{ nested.items }}", "mapping key"),
        ("{{ nested.keys.deep|capitalize }}", "Dərin"),
        ("{{ items[0]['post']|upper }}", "SƏDR"),
        ("{{ items|length }} {{ items[0].kids|join(', ') }}", "2 a, b"),
        ("{% if not nothing and nothing is none and flag %}hə{% endif %}", "hə"),
        ("{{ absent|default('yox') }} {{ nothing|d('boş') }} {{ absent is defined or 'x' }}", "yox boş x"),
        ("{{ count * 2 + 1 }} {{ count % 2 }} {{ -count }}", "7 1 -3"),
        ("{% for x in items if x.kids %}{{ loop.index }}/{{ loop.length }} {{ x.post }}{% endfor %}", "1/1 sədr"),
        ("{% for x in items[1].kids %}a{% else %}heç kim{% endfor %}", "heç kim"),
        ("{{ 'a' if name in ('Əli', 'Vəli') else 'b' }}", "a"),
    ],
)
def test_what_templates_can_say(kit: Any, expression: str, text: str) -> None:
    assert fill(kit, expression) == [text]


@pytest.mark.parametrize(
    "expression",
    [
        "{{ flag }}",
        "{{ items }}",
        "{{ nested }}",
        "{{ name * 1000 }}",
        "{{ count // 0 }}",
        "{{ name % 1 }}",
        "{% for c in name %}{% endfor %}",
        "{% for k in nested %}{% endfor %}",
        "{{ name.upper }}",
        "{{ items.append }}",
        "{{ name|anchor }}",
        "{{ items[0].kids|join('aaaaaaaaaaaaaaaaaaaaaaaaaaa') }}",
    ],
)
def test_forbidden_while_filling(kit: Any, expression: str) -> None:
    code, params = fault(kit, expression)
    assert (code, params["place"]) == ("template.forbidden", "filling")


def test_loops_end(kit: Any) -> None:
    many = {"x": list(range(200))}
    loops = "".join(f"{{% for a{n} in x %}}" for n in range(8)) + "{% endfor %}" * 8
    assert fault(kit, loops, context=many)[1]["expression"] == "more loop steps than allowed"


def test_output_is_bounded(kit: Any) -> None:
    context = {"x": list(range(900)), "t": "a" * 100_000}
    code, params = fault(kit, "{% for a in x %}{{ t }}{% endfor %}", context=context)
    assert (code, params["expression"]) == ("template.forbidden", "more output than allowed")


@pytest.mark.parametrize(
    "wrong", ["{{ name", "{% if name %}", "{{ name + }}", "{% endfor %}", "{% foo %}", "{{ a b }}"]
)
def test_syntax_errors_have_a_place(kit: Any, wrong: str) -> None:
    code, params = fault(kit, "Birinci", "İkinci " + wrong)
    assert code == "template.syntax"
    assert "word/document.xml" in params["place"]


def test_the_place_quotes_the_paragraph(kit: Any) -> None:
    assert "paragraph 2: «İkinci" in fault(kit, "Birinci", "İkinci {{ name + }}")[1]["place"]


@pytest.mark.parametrize("value", [1.5, date(2026, 1, 1), object(), b"x", {1: "a"}, {"a": {"b": {2}}}])
def test_only_plain_data(kit: Any, value: object) -> None:
    with pytest.raises(TypeError):
        fill(kit, "x", context={"value": value})


def test_an_object_gives_nothing_away(kit: Any) -> None:
    class Sly(str):
        secret = "açar"

    code, _ = fault(kit, "{{ value.secret }}", context={"value": Sly("x")})
    assert code == "template.forbidden"


VALUES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_values_arrive_as_they_are(value: str) -> None:
    """Whatever a name holds, it cannot end its run, and reads back the same but for control characters."""
    kit_document = Document()
    kit_document.add_paragraph("[{{ value }}]")
    target = io.BytesIO()
    kit_document.save(target)
    docx = FILLER.fill(
        target.getvalue(), {"value": value}, (), title=value, language="az", issued_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert [p.text for p in Document(io.BytesIO(docx)).paragraphs] == [f"[{clean(value)}]"]


@pytest.mark.parametrize(
    "value",
    ["<w:br/>", "&amp;", "\"'", "{{ 7*7 }}", "{_{ x }_}", "{% x %}", "\u200fعلي\u202e", "]]>", "<!--", "a\nb\tc"],
)
def test_values_are_text_only(kit: Any, value: str) -> None:
    assert fill(kit, "{{ value }}", context={"value": value}) == [value]


def test_control_characters_are_removed(kit: Any) -> None:
    assert fill(kit, "{{ v }}", context={"v": "a\x00b\x07c\x0cd\x1be\ufdd0f\u2028g"}) == ["abcdef\ng"]


def test_azerbaijani_letters() -> None:
    assert upper("iclas qızıl") == "İCLAS QIZIL"
    assert lower("İCLAS QIZIL") == "iclas qızıl"


@given(st.text(st.sampled_from("abcçdeəfgğhxıijkqlmnoöprsştuüvyz ")))
def test_case_is_reversible(text: str) -> None:
    assert lower(upper(text)) == text
