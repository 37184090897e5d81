"""Template of ``klaster-qosulma-vereqesi`` (003 Əlavə 4, §3.5)."""

from __future__ import annotations

from template_kit.accession_table import accession_table
from template_kit.blocks import form, heading, paragraph
from template_kit.cluster import place_and_date, spacer
from template_kit.klaster_istirak_sazisi import PROFILE
from template_kit.manifest import Template
from template_kit.page import add_footer, blank


def build() -> Template:
    """The template with its manifest."""
    document = blank(PROFILE)
    add_footer(document, PROFILE, "№ {{ line.number }}")
    heading(
        document,
        "{{ cluster }} sənaye fəaliyyətində iştirakı haqqında Sazişə {{ sheet }} nömrəli QOŞULMA VƏRƏQƏSİ",
        1,
    )
    spacer(document)
    place_and_date(document, PROFILE)
    spacer(document)
    for text in (
        "1. {{ newcomer }} (bundan sonra – İştirakçı) {{ agreement.text }} Sazişin (bundan sonra – Saziş) müddəaları "
        "ilə tanış olaraq ona qoşulur və Sazişdə nəzərdə tutulan bütün vəzifələri öz öhdəsinə götürür.",
        "2. İştirakçının klasterin iştirakçıları tərkibinə daxil olması {{ nco }} üzvlərinin ümumi yığıncağının "
        "{{ decision }} qərarı ilə təsdiq edilmişdir (Sazişin 3.5-ci bəndi).",
        "3. İştirakçı Sazişi bilavasitə imzalamış şəxslərlə bərabər hüquqa malikdir. Saziş İştirakçı üçün bu vərəqənin "
        "hər iki tərəf tərəfindən imzalandığı gündən qüvvəyə minir (Sazişin 3.5-ci və 4.2-ci bəndləri).",
        "4. Bu vərəqə Sazişin və ondan əvvəlki qoşulma vərəqələrinin mətninə, imzalarına və möhürlərinə toxunmur və "
        "aşağıdakı sənədlərlə nəzarət cəmi üzrə bağlıdır:",
    ):
        made = paragraph(document, text)
    made.paragraph_format.keep_with_next = True
    form(
        document,
        (
            ("Saziş", ("{{ agreement.text }}", "SHA-256: {{ agreement.sha256 }}"), ""),
            (
                "Əvvəlki qoşulma vərəqəsi",
                ("{{ previous.sheet }} nömrəli vərəqə, {{ previous.text }}", "SHA-256: {{ previous.sha256 }}"),
                "previous",
            ),
            ("Əvvəlki qoşulma vərəqəsi", "yoxdur: bu, Saziş üzrə birinci vərəqədir", "not previous"),
            ("Qoşulma haqqında ərizə", ("{{ application.text }}", "SHA-256: {{ application.sha256 }}"), ""),
            ("Ümumi yığıncaq", "{{ decision }} qərar", ""),
        ),
        34,
        PROFILE,
    )
    heading(document, "{{ cluster }} sənaye fəaliyyətində iştirakı haqqında Sazişə qoşulmaq barədə qeyd", 2)
    accession_table(document, "for p in parties")
    return Template(
        name="klaster-qosulma-vereqesi.v1",
        title="Klasterin sənaye fəaliyyətində iştirak haqqında sazişə qoşulma vərəqəsi",
        sources=("003 §4.15", "003 Əlavə 4, §3.5", "003 Əlavə 4, §4.2"),
        variables=(
            "line", "cluster", "sheet", "nco", "newcomer", "agreement", "previous", "application", "decision",
            "parties",
        ),
        profile=PROFILE,
        document=document,
        reconstructed=(
            "whole text: Əlavə 4 has the accession table only; the sheet binds it to the signed agreement by digest",
        ),
    )  # fmt: skip
