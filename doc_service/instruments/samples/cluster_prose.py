"""Running text of the sample programme and map: paragraphs about each organisation, worded in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from doc_service.domain.azerbaijani_cases import ablative, dative, genitive
from doc_service.domain.figures import figure, percent
from doc_service.instruments.samples.cluster_facts import DELIVERIES, FACTS, INFRASTRUCTURE, PRODUCERS, Facts

Words = Callable[[Facts], str]


def money(value: str) -> str:
    return f"{figure(Decimal(value))} milyon manat"


def share(part: str, whole: str) -> str:
    found = percent(Decimal(part), Decimal(whole))
    return f"{figure(found or Decimal(0), 1)} faiz"


def turn(choices: tuple[str, ...], facts: Facts) -> str:
    """One of several wordings, by the organisation's place."""
    return choices[facts.place % len(choices)]


def joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def potential(f: Facts) -> str:
    """The industrial potential of a producer today."""
    volume, _, export, added, purchases, imports, jobs, productive = f.figures  # type: ignore[misc]
    opening = turn(
        (
            f"{f.name} klasterdə {f.product} istehsalı üzrə ixtisaslaşır; müəssisənin istehsal sahəsi {f.town} "
            "ərazisində yerləşir.",
            f"{genitive(f.name)} əsas fəaliyyəti {f.product} istehsalıdır. İstehsal {f.town} ərazisindəki sahədə "
            "təşkil edilib.",
            f"{f.town} ərazisində fəaliyyət göstərən {f.name} klasteri {f.product} ilə təmin edir.",
        ),
        f,
    )
    process = turn(
        (
            f"Texnoloji proses {f.process} mərhələlərini əhatə edir və bütün mərhələlərdə ölçmə vasitələri dövri "
            "yoxlamadan keçir.",
            f"Müəssisədə {f.process} əməliyyatları vahid istehsal xətti üzrə ardıcıl yerinə yetirilir.",
            f"İstehsal {f.process} ardıcıllığı ilə qurulub, hər əməliyyat üzrə texnoloji xəritələr təsdiq edilib.",
        ),
        f,
    )
    numbers = turn(
        (
            f"2025-ci ildə göndərilən məhsulun həcmi {money(volume)}, yaradılan əlavə dəyər {money(added)} olub ki, bu "
            f"da ümumi həcmin {share(added, volume)} təşkil edir.",
            f"2025-ci ilin anketinə görə müəssisə {money(volume)} həcmində məhsul göndərib; əlavə dəyərin həcmi "
            f"{money(added)}, onun payı isə {share(added, volume)} olub.",
        ),
        f,
    )
    staff = turn(
        (
            f"İlin sonuna {jobs} iş yeri olub, onlardan {productive} iş yeri yüksək məhsuldar iş yerlərinə aiddir.",
            f"Müəssisədə {jobs} nəfər çalışır; yüksək məhsuldar iş yerlərinin sayı {productive} təşkil edir.",
        ),
        f,
    )
    costs = (
        f"Xammal, material və komplektləşdirici məmulatların alınmasına {money(purchases)} xərclənib, idxalın bu "
        f"xərclərdə payı {share(imports, purchases)} olub."
    )
    ends = (
        f"Müəssisənin üstün cəhəti {f.strength}, aradan qaldırılmalı olan məsələ isə {f.weakness} kimi "
        f"qiymətləndirilir. Məhsulun {share(export, volume)} xarici bazarlara göndərilib."
    )
    return " ".join((opening, process, numbers, staff, costs, ends))


def provision(f: Facts) -> str:
    """What an organisation of the infrastructure does today."""
    return " ".join(
        (
            f"{f.name} klaster iştirakçılarına {f.product} üzrə xidmət göstərir.",
            f"Xidmətlər {f.process} istiqamətlərini əhatə edir; onlardan əsasən {f.customers} istifadə edir.",
            turn(
                (
                    f"Təşkilatın güclü tərəfi {f.strength} sayılır.",
                    f"Təşkilatın klaster üçün əsas dəyəri {f.strength} ilə bağlıdır.",
                ),
                f,
            ),
            f"Eyni zamanda {f.weakness} iştirakçıların artan tələbatının tam ödənilməsinə mane olur. Xidmətlərin "
            "göstərilməsi qaydası ixtisaslaşdırılmış təşkilatla bağlanmış sazişlə müəyyən edilir, xidmətin keyfiyyəti "
            "barədə iştirakçıların rəyi ildə iki dəfə sorğu yolu ilə toplanır və ümumi yığıncağa təqdim edilir.",
        )
    )


def links(f: Facts) -> str:
    """Deliveries of a producer inside the cluster."""
    names = {x.place: x.name for x in FACTS}
    sold = [f"{names[b]} üçün {goods} ({money(v)})" for s, b, goods, v in DELIVERIES if s == f.place]
    bought = [f"{ablative(names[s])} {goods} ({money(v)})" for s, b, goods, v in DELIVERIES if b == f.place]
    texts = []
    if sold:
        texts.append(f"{f.name} klaster daxilində {', '.join(sold)} göndərir.")
    if bought:
        texts.append(f"Müəssisə klaster daxilində {', '.join(bought)} alır.")
    if not texts:
        texts.append(f"{genitive(f.name)} məhsulu hazırda klasterdən kənar alıcılara göndərilir.")
    return " ".join(texts)


def products(f: Facts) -> str:
    """What a producer makes and who uses it."""
    volume, used, *_ = f.figures  # type: ignore[misc]
    return " ".join(
        (
            f"{genitive(f.name)} əsas məhsul növü: {f.product}.",
            f"Xammal kimi {f.inputs} istifadə olunur.",
            f"Klasterin digər iştirakçıları tərəfindən istifadə edilən həcm {money(used)}, ümumi həcmdə payı "
            f"{share(used, volume)} təşkil edir.",
            links(f),
        )
    )


def market(f: Facts) -> str:
    """Where a producer sells today."""
    volume, _, export, *_ = f.figures  # type: ignore[misc]
    return " ".join(
        (
            turn(
                (
                    f"{genitive(f.name)} yerli bazarda əsas istehlakçıları {f.customers} hesab olunur.",
                    f"Yerli bazarda {f.name} məhsulunu əsasən {f.customers} alır.",
                    f"{f.name} üçün daxili tələbatı {f.customers} formalaşdırır.",
                ),
                f,
            ),
            f"Xarici bazarlar üzrə göndərişlər {f.foreign} istiqamətlərində həyata keçirilir və {money(export)} təşkil "
            f"edir (ümumi həcmin {share(export, volume)}).",
            "Rəqabət əsasən çatdırılma müddəti, partiyaların sabit keyfiyyəti və texniki müşayiət üzrə gedir; qiymət "
            "üstünlüyü xammalın klaster daxilində alınması və daşıma məsafəsinin qısalığı hesabına təmin edilir.",
        )
    )


def growth(f: Facts) -> str:
    """Plans of a producer."""
    volume, _, _, added, *_, jobs, productive = f.figures  # type: ignore[misc]
    planned = figure(Decimal(volume) * Decimal("1.35"), 1)
    value = figure(Decimal(added) * Decimal("1.5"), 1)
    return " ".join(
        (
            f"{f.name} 2027–2031-ci illərdə {f.plan} istiqamətində investisiya nəzərdə tutur.",
            turn(
                (
                    f"Tədbirlərin nəticəsində illik göndərişin {planned} milyon manata, əlavə dəyərin isə {value} "
                    "milyon manata çatacağı gözlənilir.",
                    f"2031-ci ildə göndərilən məhsulun həcmi {planned} milyon manat, əlavə dəyər {value} milyon manat "
                    "səviyyəsində proqnozlaşdırılır.",
                ),
                f,
            ),
            f"İş yerlərinin sayı {ablative(str(jobs))} {dative(str(int(jobs * 1.2)))}, yüksək məhsuldar iş yerlərinin "
            f"sayı isə {ablative(str(productive))} {dative(str(int(productive * 1.8)))} yüksələcək.",
            f"Hazırda müşahidə olunan çətinlik – {f.weakness} – mərhələlərlə aradan qaldırılacaq: birinci mərhələdə "
            "texnoloji audit və layihələndirmə aparılır, ikinci mərhələdə avadanlıq quraşdırılır və heyət hazırlanır, "
            "üçüncü mərhələdə istehsal layihə gücünə çatdırılır və nəticələr müstəqil sınaqla təsdiq edilir.",
        )
    )


def support_plan(f: Facts) -> str:
    """Plans of the infrastructure."""
    return " ".join(
        (
            f"{genitive(f.name)} inkişafı {f.plan} ilə bağlıdır.",
            f"Bu tədbir {f.customers} üçün xidmətlərin həcmini artıracaq və hazırkı məhdudiyyəti – {f.weakness} – "
            "aradan qaldıracaq.",
            "İş üç mərhələdə görülür: tələbatın dəqiqləşdirilməsi və texniki tapşırıq, maliyyələşdirmənin "
            "razılaşdırılması və tikinti-quraşdırma, xidmətin sınaq rejimində göstərilməsi və tariflərin ümumi "
            "yığıncaqda müzakirəsi. İxtisaslaşdırılmış təşkilat mərhələlərin icrasını rüblük hesabatla izləyir.",
        )
    )


def assortment(f: Facts) -> str:
    """How a producer's assortment grows."""
    _, used, *_ = f.figures  # type: ignore[misc]
    more = figure(Decimal(used) * Decimal("1.6"), 1)
    return " ".join(
        (
            f"{f.name} üzrə çeşidin genişləndirilməsi {f.plan} ilə əlaqədardır.",
            f"Klasterin digər iştirakçılarının istifadə etdiyi həcmin {money(used)} səviyyəsindən {more} milyon manata "
            "çatdırılması planlaşdırılır.",
            turn(
                (
                    "Yeni məhsulun texniki şərtləri Polimer Materialları İnstitutu ilə birgə hazırlanır, ilk "
                    "partiyalar "
                    "klaster daxilində sınaqdan keçirilir.",
                    "Yeni növlər əvvəlcə klasterin son istehsalçılarında sınaq istehsalından keçir, yalnız bundan "
                    "sonra "
                    "kənar bazara çıxarılır.",
                    "Çeşidin hər yeni mövqeyi üzrə xammal tərkibi, sınaq proqramı və qəbul meyarları əvvəlcədən "
                    "alıcılarla razılaşdırılır.",
                ),
                f,
            ),
            f"Bu zaman {f.inputs} üzrə tədarük müqavilələri uzunmüddətli əsasla yenilənəcək.",
        )
    )


def outlook(f: Facts) -> str:
    """Markets that a producer aims at."""
    return " ".join(
        (
            f"{f.name} üçün perspektiv bazarlar {f.foreign} ilə yanaşı Mərkəzi Asiya və Şərqi Avropa istiqamətləridir.",
            turn(
                (
                    f"Daxili bazarda {f.customers} ilə çoxillik çərçivə müqavilələrinin bağlanması nəzərdə tutulur.",
                    f"Yerli istehlakçılar – {f.customers} – üçün anbar ehtiyatından çatdırılma sistemi qurulacaq.",
                ),
                f,
            ),
            "Bazara çıxışı asanlaşdırmaq üçün məhsul sertifikatlaşdırılır, texniki kataloqlar üç dildə hazırlanır və "
            "klaster sərgilərdə vahid stendlə iştirak edir; hər sərgidən sonra danışıqların nəticələri barədə "
            "ixtisaslaşdırılmış təşkilata məlumat verilir.",
        )
    )


def each(words: Words, facts: Iterable[Facts]) -> str:
    return joined(words(f) for f in facts)


PRESENT_POTENTIAL: Final = joined(
    (
        "Abşeron polimer sənaye klasteri Sumqayıt şəhəri və Abşeron rayonu ərazisində yerləşən, polimer xammalından "
        "son məhsula qədər ardıcıl istehsal zəncirini birləşdirən müəssisələri əhatə edir. Klasterin formalaşması "
        "ərazidə onilliklər ərzində toplanmış kimya sənayesi ənənəsinə, hazır mühəndis şəbəkələrinə və ixtisaslı "
        "kadrlara əsaslanır. İştirakçıların əksəriyyəti bir-birindən 25 kilometrdən uzaq olmayan məsafədə yerləşir, bu "
        "isə xammalın və yarımfabrikatların gündəlik çatdırılmasına imkan verir.",
        "Klasterdə səkkiz istehsal müəssisəsi və dörd infrastruktur təşkilatı birləşir. Müəssisələrdən biri iri, üçü "
        "orta, dördü kiçik müəssisədir. Müəssisələr arasında istehsal əlaqələri yazılı müqavilələr əsasında qurulub, "
        "onların həcmi və məzmunu klasterin funksional xəritəsində göstərilib.",
        each(potential, PRODUCERS),
        "Ümumilikdə klasterin sənaye potensialı xammal istehsalının iri miqyası, emal müəssisələrinin çevikliyi və "
        "tədqiqat bazasının mövcudluğu ilə səciyyələnir. Potensialın tam istifadəsinə mane olan amillər sırasında "
        "köhnəlmiş avadanlığın payı, əlavələrin idxalı və kiçik müəssisələrin dövriyyə vəsaitinin azlığı göstərilir.",
    )
)
PRESENT_INFRASTRUCTURE: Final = joined(
    (
        "Klasterin infrastrukturu texnoloji, elmi-təhsil və maliyyə təşkilatlarından ibarətdir. Onların xidmətləri "
        "istehsal müəssisələrinin gündəlik fəaliyyətinə və birgə layihələrə yönəldilib.",
        each(provision, INFRASTRUCTURE),
        "Nəqliyyat infrastrukturu dəmir yolu çıxışını, respublika əhəmiyyətli avtomobil yolunu və Bakı Beynəlxalq "
        "Dəniz "
        "Ticarət Limanına qədər 70 kilometrlik marşrutu əhatə edir. Energetika təminatında ehtiyat güc azdır, yeni "
        "xətlərin qoşulması texniki şərtlərin alınmasını tələb edir.",
    )
)
PRESENT_ORGANISATION: Final = joined(
    (
        "Klasterin ali idarəetmə orqanı üzvlərin ümumi yığıncağıdır. Yığıncaqda bütün iştirakçılar və infrastruktur "
        "təşkilatları təmsil olunur, hər təşkilatın bir səsi var. Yığıncaq klasterin funksional xəritəsini, inkişaf "
        "proqramını və ixtisaslaşdırılmış təşkilatın tədbirlər planını təsdiq edir, tərkibə dair qərarlar qəbul edir.",
        "Strateji idarəetmə kollegial idarəetmə orqanına, operativ idarəetmə ixtisaslaşdırılmış təşkilata həvalə "
        "olunub. İxtisaslaşdırılmış təşkilat iştirakçıların reyestrini aparır, birgə layihələri hazırlayır, icra "
        "orqanları ilə əlaqə saxlayır və klasterin informasiya portalını idarə edir.",
        "Qurumlar arasında məlumat mübadiləsi rüblük hesabatlar, aylıq iş görüşləri və portalın bağlı bölməsi "
        "vasitəsilə təmin edilir. Mübahisəli məsələlər əvvəlcə ixtisaslaşdırılmış təşkilatda, razılıq əldə edilmədikdə "
        "kollegial orqanda müzakirə olunur.",
    )
)
PROSPECT_POTENTIAL: Final = joined(
    (
        "Proqramın icrası dövründə klasterin sənaye potensialının inkişafı üç istiqamətdə gedəcək: xammal markalarının "
        "genişləndirilməsi, emal güclərinin yenilənməsi və ikincili xammalın istehsal dövriyyəsinə cəlb edilməsi.",
        each(growth, PRODUCERS),
        "Göstərilən tədbirlər nəticəsində klaster müəssisələrinin ümumi göndərişi 2031-ci ildə 2025-ci illə müqayisədə "
        "təqribən üçdə bir artacaq, əlavə dəyər isə daha sürətlə yüksələcək, çünki artımın əsas hissəsi son məhsul və "
        "klaster daxilində istehsal olunan komponentlər hesabına təmin edilir.",
    )
)
PROSPECT_INFRASTRUCTURE: Final = joined(
    (
        "İnfrastrukturun inkişafı istehsal güclərinin artımına uyğun planlaşdırılır: hər yeni xəttin işə salınmasından "
        "əvvəl sahə, enerji, laboratoriya və kadr təminatı təsdiq edilir.",
        each(support_plan, INFRASTRUCTURE),
    )
)
PROSPECT_ORGANISATION: Final = joined(
    (
        "Klasterin təşkilati inkişafı idarəetmə qurumlarının vəzifələrinin dəqiqləşdirilməsini və məşvərət "
        "orqanlarının "
        "yaradılmasını nəzərdə tutur. 2027-ci ildə elmi-texniki şura, 2028-ci ildə ixrac üzrə işçi qrup "
        "formalaşdırılır.",
        "İxtisaslaşdırılmış təşkilatda layihə ofisi yaradılır. Ofis birgə layihələrin pasportlarını yeniləyir, "
        "göstəricilərin icrasını izləyir və kənarlaşmalar barədə kollegial orqana məlumat verir. Hesabat forması bütün "
        "layihələr üçün vahiddir.",
        "Yeni iştirakçıların qoşulması açıq qalır: müraciət edən təşkilat anket təqdim edir, ümumi yığıncağın "
        "qərarından "
        "sonra sazişə qoşulur və reyestrin yeni nəşrinə daxil edilir.",
    )
)
