"""The secretariat's own templates: uploaded, checked, compared, used from a day on; documents keep theirs."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Docx
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from doc_service.domain.civil_time import baku_date
from doc_service.domain.errors import ConflictError, DomainError, NotFoundError
from doc_service.domain.templates import (
    TEMPLATE_TRANSITIONS,
    TemplateAction,
    TemplateCheck,
    TemplateHistory,
    TemplateMove,
    TemplateState,
    TemplateVersion,
    in_use,
)
from doc_service.ports_templates import Candidate
from doc_service.rendering.fill import TemplateFiller
from doc_service.rendering.template_judge import DocxTemplateJudge, variables_of

ROOT = Path(__file__).resolve().parents[2]
CLERK = "katiblik"
PACKAGED = (ROOT / "templates/docx/kq-protokol.v1.docx").read_bytes()
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def changed(change: Callable[[Any], Any], content: bytes = PACKAGED) -> bytes:
    document, out = Docx(io.BytesIO(content)), io.BytesIO()
    change(document)
    document.save(out)
    return out.getvalue()


def reworded(document: Any) -> None:
    """Another caption, as a secretariat would word it."""
    caption = next(p for p in document.paragraphs if p.text == "İCLASIN PROTOKOLU")
    caption.runs[0].text = "KOORDİNASİYA QRUPUNUN İCLASININ PROTOKOLU"


@pytest.fixture
def templates(shared_service: Any) -> Any:
    return shared_service.container.use_cases.templates


def test_a_version_is_checked_compared_and_used_from_a_day_on(shared_service: Any, templates: Any) -> None:
    """A document remembers the version it was made from; what was drafted before stays as it was."""
    today = baku_date(shared_service.container.work.clock.now())
    before = shared_service.document(shared_service.drafted())
    content = changed(reworded)
    found = templates.upload("kq-protokol", content, "yeni başlıq", CLERK)
    assert [c for c in found.checks if not c.ok] == []
    assert (found.version.name, found.state) == ("kq-protokol.v2", TemplateState.CHECKED)
    assert {str(c.part) for c in found.checks} == {"package", "variables", "fonts", "page", "sample", "pdfa"}
    assert templates.upload("kq-protokol", content, "yenə", CLERK).version == found.version
    compared = templates.compare("kq-protokol.v2")
    assert (compared.old, compared.new) == ("kq-protokol.v1", "kq-protokol.v2")
    assert 0 < compared.pages[0].share < 0.2
    width, height = Image.open(io.BytesIO(compared.pages[0].png)).size
    assert width > 2 * height
    with pytest.raises(DomainError, match=r"template\.since_past"):
        templates.activate("kq-protokol.v2", today - timedelta(days=1), CLERK)
    assert shared_service.document(shared_service.drafted()).template.name == "kq-protokol.v1"
    templates.activate("kq-protokol.v2", today, CLERK)
    after = shared_service.document(shared_service.registered())
    assert (after.template.name, after.template.sha256) == ("kq-protokol.v2", found.version.sha256)
    assert shared_service.document(before.id).template == before.template
    shared_service.container.runner.run_until_idle(timedelta(seconds=60))
    assert shared_service.document(after.id).head is not None
    with pytest.raises(DomainError, match=r"template\.reason_required"):
        templates.withdraw("kq-protokol.v2", "", CLERK)
    templates.withdraw("kq-protokol.v2", "səhv", CLERK)
    assert shared_service.document(shared_service.drafted()).template.name == "kq-protokol.v1"
    with shared_service.container.work.uow.reading() as uow:
        events = [str(e.action) for e in uow.audit.of_subject("template", "kq-protokol.v2")]
    assert events == ["template.uploaded", "template.checked", "template.activated", "template.withdrawn"]


def strange_font(document: Any) -> None:
    document.paragraphs[0].runs[0].font.name = "Comic Sans MS"


def other_paper(document: Any, section: int = 0) -> None:
    document.sections[section].page_width = Mm(200)


def narrow(document: Any, section: int = 0) -> None:
    document.sections[section].left_margin = Mm(2)


def unknown_variable(document: Any) -> None:
    document.add_paragraph("{% if meeting.number == 77777 %}{{ salary }}{% endif %}")


def code(document: Any) -> None:
    document.add_paragraph("{{ meeting.__class__ }}")


def no_place(document: Any) -> None:
    """Without the signature table, nobody can sign."""
    table = document.tables[-1]._tbl
    table.getparent().remove(table)


def page_check(content: bytes) -> tuple[bool, str]:
    (found,) = (c for c in judged(content) if str(c.part) == "page")
    return found.ok, found.detail


def judged(content: bytes) -> tuple[TemplateCheck, ...]:
    return DocxTemplateJudge(TemplateFiller()).judge(Candidate("t.v2", content, "", {}))


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (other_paper, "1: size"),
        (lambda document: narrow(document, 1), "2: left"),
        (lambda document: other_paper(document, 1), "2: size"),
    ],
)
def test_every_section_has_to_fit_its_page(change: Callable[[Any], None], detail: str) -> None:
    """The functional map's sheets are A3 across, its note is A4: both are looked at, wherever the fault is."""
    content = (ROOT / "templates/docx/klaster-funksional-xerite.v1.docx").read_bytes()
    assert page_check(content) == (True, "A3, landscape, 20/20/15/15 mm; A4, 30/10/20/20 mm")
    assert page_check(changed(change, content)) == (False, detail)


def test_a_new_version_keeps_the_page_of_its_first_section() -> None:
    """As the manifests of all packaged templates have it."""
    judge = DocxTemplateJudge(TemplateFiller())
    for path in (ROOT / "templates/docx").glob("*.v1.docx"):
        before = path.with_suffix(".toml").read_text(encoding="utf-8")
        after = tomllib.loads(judge.manifest(before, path.read_bytes(), None))
        assert after["page"] == tomllib.loads(before)["page"], path.name


@pytest.mark.parametrize(
    ("change", "part", "reason"),
    [
        (strange_font, "fonts", "template.font_unknown"),
        (other_paper, "page", "template.page_unfit"),
        (narrow, "page", "template.page_unfit"),
        (unknown_variable, "variables", "template.unknown_variable"),
        (code, "package", "template.forbidden"),
        (no_place, "sample", "template.anchor_missing"),
    ],
)
def test_what_a_template_may_not_do_is_found_before_it_is_used(
    templates: Any, change: Callable[[Any], None], part: str, reason: str
) -> None:
    found = templates.upload("kq-protokol", changed(change), "", CLERK)
    failed = [(str(c.part), c.code) for c in found.checks if not c.ok]
    assert (found.state, failed) == (TemplateState.REFUSED, [(part, reason)])
    with pytest.raises(ConflictError, match=r"state\.not_allowed"):
        templates.activate(found.version.name, date(2100, 1, 1), CLERK)


def test_what_is_no_docx_or_too_large_is_not_kept(shared_service: Any, templates: Any) -> None:
    with shared_service.container.work.uow.reading() as uow:
        known = len(uow.templates.of_instrument("kq-qerar"))
    with pytest.raises(DomainError, match=r"template\.unreadable"):
        templates.upload("kq-qerar", b"%PDF-1.7", "", CLERK)
    with pytest.raises(DomainError, match=r"template\.too_large"):
        templates.upload("kq-qerar", b"x" * (5 * 1024 * 1024 + 1), "", CLERK)
    with pytest.raises(NotFoundError, match=r"instrument\.unknown"):
        templates.upload("kq-maas", PACKAGED, "", CLERK)
    with shared_service.container.work.uow.reading() as uow:
        assert len(uow.templates.of_instrument("kq-qerar")) == known


def test_variables_left_out_are_told_and_do_not_refuse() -> None:
    judge = DocxTemplateJudge(TemplateFiller())
    checks = judge.judge(Candidate("x.v2", PACKAGED, "", dict.fromkeys([*variables_of(PACKAGED), "extra"], "")))
    assert [(c.ok, c.code, c.detail) for c in checks if str(c.part) == "variables"] == [
        (True, "template.left_out", "extra")
    ]


def test_the_sample_is_judged_by_verapdf(templates: Any) -> None:
    """With the validator that the settings name; a file that is no PDF/A fails."""
    judge = DocxTemplateJudge(TemplateFiller(), [str(ROOT / "tools/verapdf/run.sh")])
    pdf = templates.sample("kq-qerar", "kq-qerar.v1")
    assert judge.pdfa(pdf).ok
    spoilt = judge.pdfa(pdf.replace(b"pdfaid:part", b"pdfaid:parx"))
    assert (spoilt.ok, spoilt.code) == (False, "template.not_pdfa")
    assert not DocxTemplateJudge(TemplateFiller()).pdfa(pdf.replace(b"pdfaid:part", b"pdfaid:parx")).ok


def version(number: int) -> TemplateVersion:
    return TemplateVersion("kq-qerar", number, f"kq-qerar.v{number}", "0" * 64, "", (), "", NOW, CLERK)


@given(st.lists(st.tuples(st.integers(1, 28), st.booleans()), max_size=6), st.integers(1, 28))
def test_the_latest_activation_that_has_begun_is_in_use(given_: list[tuple[int, bool]], today: int) -> None:
    histories = []
    for number, (day, withdrawn) in enumerate(given_, 2):
        since = date(2026, 11, day)
        moves = [TemplateMove("1", "x", TemplateAction.ACTIVATE, TemplateState.ACTIVATED, NOW, CLERK, since)]
        if withdrawn:
            moves.append(replace(moves[0], action=TemplateAction.WITHDRAW, state=TemplateState.WITHDRAWN))
        histories.append(TemplateHistory(version(number), tuple(moves)))
    chosen = in_use(histories, date(2026, 11, today))
    begun = [(d, n) for n, (d, gone) in enumerate(given_, 2) if d <= today and not gone]
    assert (chosen.number if chosen else None) == (max(begun)[1] if begun else None)


def test_only_what_passed_comes_into_use() -> None:
    ways = {s for s in TemplateState if TEMPLATE_TRANSITIONS.allows(s, TemplateAction.ACTIVATE)}
    assert ways == {TemplateState.CHECKED}
