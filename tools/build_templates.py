"""Builds templates/docx: the first version of each instrument's DOCX, its manifest and its sample.

The files are committed, and a secretariat may edit them in a word processor afterwards; until then this program is
their source. It gives the same bytes each time. Usage: ``python tools/build_templates.py [--out DIR]``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from template_kit import erize_paketi, kq_akt, kq_bildiris, kq_gundelik, kq_protokol, sened_siyahisi, suret
from template_kit.development import development_templates
from template_kit.founding import application_templates, founding_templates, membership_templates
from template_kit.group import group_templates, nomenclature_templates
from template_kit.manifest import Template, write
from template_kit.participation import participation_templates

from doc_service.instruments.registry import default_registry

ROOT = Path(__file__).resolve().parent.parent


def templates() -> tuple[Template, ...]:
    """Every template, in the order of the catalogue."""
    return (
        kq_bildiris.build(),
        kq_gundelik.build(),
        kq_protokol.build(),
        kq_akt.build("kq-qerar", "Qərar", "QƏRAR"),
        kq_akt.build("kq-teklif", "Təklif", "TƏKLİF"),
        kq_akt.build("kq-tovsiye", "Tövsiyə", "TÖVSİYƏ"),
        *group_templates(),
        *founding_templates(),
        *participation_templates(),
        *membership_templates(),
        *development_templates(),
        *application_templates(),
        erize_paketi.build(),
        suret.build(),
        sened_siyahisi.build(),
        *nomenclature_templates(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "templates" / "docx")
    out = parser.parse_args().out
    samples = {i.template: i.sample() for i in default_registry().all()}
    for template in templates():
        write(template, samples[template.name], out)
        print(out / f"{template.name}.docx")


if __name__ == "__main__":
    main()
