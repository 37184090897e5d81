"""The explanatory note of the sample map (003 §5.3.3): who works with whom now, and what is to change."""

from __future__ import annotations

from typing import Any

from doc_service.instruments.samples import cluster_prose as prose
from doc_service.instruments.samples.cluster_facts import INFRASTRUCTURE, PRODUCERS, Facts
from doc_service.instruments.samples.cluster_prose import joined


def _role(f: Facts) -> str:
    """An enterprise in the chain."""
    kind = "son məhsul istehsalçısı kimi əsas iştirakçıdır" if f.final else "zəncirin əvvəlki mərhələlərini təmin edir"
    return (
        f"{f.name} {kind}. Müəssisənin zəncirdəki məhsulu {f.product}, texnoloji əməliyyatları isə {f.process} təşkil "
        f"edir. Zəncirə daxil olan əsas resurslar {f.inputs} hesab olunur; çıxan məhsulu {f.customers} istifadə edir. "
        f"Kooperasiya baxımından müəssisənin güclü cəhəti {f.strength}, riskli cəhəti isə {f.weakness} sayılır."
    )


def _target(f: Facts) -> str:
    """Planned changes one or two years after the cluster is created."""
    return (
        f"{f.name} üzrə növbəti iki ildə {f.plan} nəzərdə tutulur. Dəyişiklik iki addımla gedir: birinci ildə mövcud "
        "təchizatçılarla müqavilələr çoxillik əsasa keçirilir və sınaq partiyaları qəbul edilir, ikinci ildə yeni "
        "əlaqələr üzrə müntəzəm çatdırılma başlanır. Hədəflənmiş əlaqənin həcmi, keyfiyyət meyarları və qəbul qaydası "
        "tərəflərin protokolunda göstərilir, protokolun surəti ixtisaslaşdırılmış təşkilatda saxlanılır."
    )


def _reading(f: Facts) -> str:
    """What the figures of an enterprise say."""
    volume, used, _, added, purchases, imports, *_ = f.figures  # type: ignore[misc]
    inside = (
        "Son məhsul istehsalçısı olduğundan B göstəricisi hesablanmır, kooperasiyanın səviyyəsi əmsal üzrə "
        "qiymətləndirilir."
        if f.final
        else f"Məhsulun {prose.share(used, volume)} klaster daxilində istifadə olunur (B göstəricisi)."
    )
    return (
        f"{f.name} üzrə əlavə dəyərin payı (A) {prose.share(added, volume)} təşkil edir. {inside} Alınan resursların "
        f"{prose.share(imports, purchases)} idxal hesabına təmin edilir (C); idxalın məbləği (E) "
        f"{prose.money(imports)} "
        "olub. Göstəricilərin dinamikasını qiymətləndirmək üçün növbəti ilin anketi eyni qayda ilə hesablanacaq və "
        "kənarlaşmanın səbəbi müəssisə ilə birgə araşdırılacaq."
    )


def note_sections() -> list[dict[str, Any]]:
    """The note's sections; its tables are made from the data."""
    return [
        {
            "title": "Ümumi məlumat",
            "text": joined(
                (
                    "Funksional xəritə Abşeron polimer sənaye klasteri iştirakçılarının ərazi üzrə yerləşməsini və "
                    "funksional asılılığını göstərir. Xəritə iştirakçıların və infrastruktur təşkilatlarının 2025-ci "
                    "il "
                    "üzrə anketləri əsasında hazırlanıb, göstəricilər vahid qayda ilə hesablanıb və hesablamalar bu "
                    "qeydin sonundakı cədvəllərdə verilib.",
                    "İstehsal-texnoloji zəncir üç mərhələdən ibarətdir: xammal və ikincili xammalın istehsalı, "
                    "kompaund "
                    "və əlavələrin hazırlanması, son sənaye məhsullarının buraxılışı. Son məhsullar təzyiqli borular, "
                    "fitinqlər, çoxqatlı plyonkalar və geomembranlardır. Sxemdə hər müəssisə üçün A, B, C, Ç, D və E "
                    "göstəriciləri, son məhsulun istehsalçıları üçün isə kooperativləşdirilmə əmsalı göstərilir.",
                    "Sxemlərdə oxlar məhsulun hərəkət istiqamətini bildirir, oxun üzərində məhsulun adı və illik həcmi "
                    "milyon manatla yazılır. Klasterə daxil olmayan təşkilatlardan alınan resurslar qırıq xətli oxla, "
                    "müəssisənin həcmindəki payı isə faizlə verilir.",
                )
            ),
        },
        {"title": "Zəncirin əsas və köməkçi iştirakçıları", "text": prose.each(_role, PRODUCERS)},
        {
            "title": "Mövcud kooperativ və funksional əlaqələr",
            "text": joined(
                (
                    "Klaster daxilində istehsal əlaqələri on daimi çatdırılma istiqamətini əhatə edir. Ən iri axın "
                    "PE100 "
                    "qranulunun boru istehsalına verilməsidir. Əlaqələrin əksəriyyəti birillik müqavilələrə əsaslanır, "
                    "qiymət rüblük olaraq yenilənir.",
                    prose.each(prose.links, PRODUCERS),
                    "Üfüqi əlaqələr birgə anbar, növbəli yükdaşıma və sınaq laboratoriyasından ortaq istifadə şəklində "
                    "mövcuddur. Texnoloji əlaqələr resepturaların birgə hazırlanması və qəliblərin qarşılıqlı icarəsi "
                    "ilə "
                    "ifadə olunur. Xarici təşkilatlarla əlaqələr katalizator, pigment və antioksidantların idxalını, "
                    "habelə hazır məhsulun qonşu ölkələrə göndərilməsini əhatə edir.",
                )
            ),
        },
        {"title": "Hədəflənmiş əlaqələr (bir-iki il ərzində)", "text": prose.each(_target, PRODUCERS)},
        {"title": "Bazarlar, yerli və xarici təşkilatlarla əlaqələr", "text": prose.each(prose.market, PRODUCERS)},
        {"title": "Göstəricilərin şərhi", "text": prose.each(_reading, PRODUCERS)},
        {
            "title": "İnfrastruktur və maliyyə-kredit təşkilatlarının rolu",
            "text": joined(
                (
                    prose.each(prose.provision, INFRASTRUCTURE),
                    "Maliyyə-kredit təşkilatlarının zəncirdəki əhəmiyyəti iki cəhətdən ibarətdir. Birincisi, lizinq "
                    "hesabına avadanlığın yenilənməsi kiçik müəssisələrin öz vəsaitindən asılılığını azaldır. "
                    "İkincisi, "
                    "klaster daxilindəki çoxillik müqavilələrin təminat kimi qəbul edilməsi dövriyyə vəsaitinin "
                    "qiymətini aşağı salır. Bu mexanizm “Sənaye Lizinq” Açıq Səhmdar Cəmiyyəti ilə razılaşdırılıb və "
                    "birgə layihədə ilk dəfə tətbiq edilir.",
                )
            ),
        },
        {
            "title": "Birgə layihənin idarə edilməsi və kooperasiyaya təsiri",
            "text": joined(
                (
                    "Birgə layihənin idarəetmə sxemi maliyyələşdirmə mənbələrini, təşəbbüskarların proses, texnoloji "
                    "və "
                    "infrastruktur tədbirlərinə xərclərini, infrastruktur təşkilatlarının dəstəyini, iştirakçıların "
                    "öhdəliklərini və hesabatların mübadiləsini göstərir. Təşəbbüskarlar ixtisaslaşdırılmış təşkilata "
                    "aylıq, ixtisaslaşdırılmış təşkilat isə icra orqanlarına rüblük məlumat təqdim edir.",
                    "Təsir sxemində layihənin toxunduğu müəssisələrin göstəriciləri iki dəfə – layihədən əvvəl və "
                    "sonra "
                    "verilir. İkincili qranulat istehsalının artması boru, geomembran və kabel kompaundu "
                    "istehsalçılarında "
                    "idxal olunan xammalın payını azaldır, yeni istehsal əlaqələri isə qalın qırmızı oxla göstərilir.",
                    "Hesablamada layihədən sonrakı göstəricilər təşəbbüskarların biznes planına və iştirakçıların "
                    "niyyət "
                    "protokollarına əsaslanır. Həcmlər sabit qiymətlərlə götürülüb, ona görə dəyişiklik yalnız "
                    "məhsulun "
                    "miqdarı və quruluşu ilə bağlıdır.",
                )
            ),
        },
    ]
