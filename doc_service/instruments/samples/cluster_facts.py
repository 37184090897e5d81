"""What the invented organisations of the polymer cluster make, for the samples of map, programme and passport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from doc_service.instruments.samples.cluster import full_name


@dataclass(frozen=True)
class Facts:
    """An organisation's profile. Texts are parts of sentences; ``figures``: volume, used, export, added value,
    purchases, imports (million manat), jobs and productive jobs; empty for the infrastructure."""

    place: int
    kind: str
    town: str
    product: str
    process: str
    inputs: str
    customers: str
    foreign: str
    strength: str
    weakness: str
    plan: str
    figures: tuple[str, str, str, str, str, str, int, int] | tuple[()] = ()
    stage: int = 0
    final: bool = False

    @property
    def name(self) -> str:
        return full_name(self.place)

    @property
    def identifier(self) -> str:
        return f"kl-t{self.place:02d}"


FACTS: Final = (
    Facts(1, "large", "Sumqayıt şəhəri", "polietilen və polipropilen qranulları",
          "etilen və propilenin polimerləşdirilməsi, qranullaşdırma və markalara ayırma",
          "pirolizin etilen və propilen fraksiyaları, katalizatorlar, sabitləşdirici əlavələr",
          "boru, qablaşdırma və kabel materialları istehsalçıları", "Türkiyə, Gürcüstan və Ukrayna",
          "fasiləsiz işləyən iri güclər və öz sınaq laboratoriyası",
          "boru markalarının seçimində məhdudluq və katalizatorların xaricdən alınması",
          "boru üçün nəzərdə tutulmuş PE100 markasının buraxılışının iki dəfə artırılması",
          ("62", "25", "21", "19.5", "31", "9", 640, 210), 1),
    Facts(2, "medium", "Xırdalan şəhəri", "təzyiqli polietilen borular və drenaj boruları",
          "ekstruziya, kalibrləmə, hidravlik sınaq və markalanma",
          "boru markalı polietilen, qara kompaund, fitinqlər",
          "su təchizatı və qaz paylayıcı idarələr, tikinti şirkətləri", "Gürcüstan və Qazaxıstan",
          "diametri 630 millimetrədək borular üzrə sertifikatlaşdırılmış istehsal",
          "iri diametrli borular üçün xəttin köhnəlməsi və xammalın qiymətindən asılılıq",
          "800 millimetrədək diametrli boru xəttinin quraşdırılması",
          ("28.4", "0.9", "9.1", "8.3", "16.2", "3.8", 214, 58), 3, True),
    Facts(3, "medium", "Sumqayıt şəhəri", "qida və kənd təsərrüfatı üçün çoxqatlı qablaşdırma plyonkaları",
          "üfürmə ekstruziyası, fleksoqrafik çap və laminasiya",
          "plyonka markalı polietilen, boya və yapışqan materialları",
          "konserv, süd və çörək məhsulları müəssisələri", "Türkmənistan və Özbəkistan",
          "qida ilə təmas üçün uyğunluq sertifikatları və çevik sifariş qəbulu",
          "çap formalarının xaricdə hazırlanması və maneə qatlı plyonkaların olmaması",
          "beşqatlı maneə plyonkası xəttinin işə salınması",
          ("14.9", "0.6", "3", "4.4", "8.8", "1.7", 168, 37), 3, True),
    Facts(4, "small", "Masazır qəsəbəsi", "təzyiqli və elektroqaynaq fitinqləri",
          "təzyiq altında tökmə, mexaniki emal və yığma",
          "boru markalı polietilen, mis naqil, qəliblər",
          "boru istehsalçıları və quraşdırma şirkətləri", "Gürcüstan",
          "kiçik seriyaların tez hazırlanması və geniş çeşid",
          "qəliblərin yerli bazarda hazırlanmaması və sınaq avadanlığının çatışmazlığı",
          "qəlib sexinin yaradılması və diametri 315 millimetrədək fitinqlərin mənimsənilməsi",
          ("9.6", "1.3", "2.4", "3.1", "5.6", "1.5", 88, 25), 3, True),
    Facts(5, "small", "Sumqayıt şəhəri", "boyaq konsentratları, dolğulu kompaundlar və texniki xidmət",
          "ikişnekli kompaundlaşdırma, rəngölçmə və resepturanın seçilməsi",
          "daşıyıcı polimerlər, his, pigmentlər və ikincili qranulat",
          "klasterin boru, fitinq və plyonka istehsalçıları", "Gürcüstan və Dağıstan",
          "resepturaların sifarişçi ilə birgə hazırlanması",
          "hisin və pigmentlərin tam həcmdə idxal edilməsi",
          "ikincili xammal əsasında kompaund resepturalarının genişləndirilməsi",
          ("6.8", "3.1", "0.9", "2.3", "3.6", "1.5", 74, 30), 2),
    Facts(6, "medium", "Xırdalan şəhəri", "kabel izolyasiyası və örtüyü üçün kompaundlar",
          "silanlı tikmə üçün kompaundlaşdırma və qranullaşdırma",
          "polietilen qranulları, antioksidantlar və tikici əlavələr",
          "kabel zavodları və elektrik şəbəkəsi podratçıları", "Türkiyə və İraq",
          "orta gərginlikli kabellər üçün sınaqdan keçmiş resepturalar",
          "əlavələrin idxalından asılılıq və təmiz otaq sahəsinin kiçikliyi",
          "yanğına davamlı, halogensiz kompaundların buraxılışı",
          ("8.2", "1", "2.2", "2.6", "4.9", "2.4", 132, 41), 2),
    Facts(7, "small", "Sumqayıt şəhəri", "geomembranlar və hidroizolyasiya vərəqləri",
          "yastı başlıqlı ekstruziya, səthin naxışlanması və rulonlama",
          "yüksək sıxlıqlı polietilen, his konsentratı",
          "meliorasiya, poliqon və hovuz tikən şirkətlər", "Qazaxıstan və Özbəkistan",
          "eni 7 metrədək vərəqlərin fasiləsiz istehsalı",
          "mövsümi tələbat və dövriyyə vəsaitinin çatışmazlığı",
          "tərkibində ikincili qranulat olan drenaj geokompozitlərinin buraxılışı",
          ("11.3", "0.2", "5.1", "3.6", "6.1", "1.8", 92, 31), 3, True),
    Facts(8, "small", "Saray qəsəbəsi", "ikincili polietilen və polipropilen qranulatı",
          "yığım, çeşidləmə, yuma, xırdalama və qranullaşdırma",
          "klasterin istehsal tullantıları və məişət tullantılarından ayrılmış polimerlər",
          "kompaund və drenaj boruları istehsalçıları", "Gürcüstan",
          "tullantıların yığımı üzrə razılaşdırılmış marşrutlar",
          "yuma xəttinin gücünün azlığı və keyfiyyətin partiyadan partiyaya dəyişməsi",
          "ildə 12 min ton gücündə çeşidləmə, yuma və qranullaşdırma xəttinin qurulması",
          ("4.1", "1.5", "0.3", "1.4", "2", "0.4", 96, 22), 1),
    Facts(9, "technology", "Sumqayıt şəhəri", "istehsal sahələri, mühəndis şəbəkələri və birgə sınaq mərkəzi",
          "sahələrin icarəyə verilməsi, enerji və buxar təchizatı, logistika xidməti",
          "elektrik enerjisi, təbii qaz və texniki su", "klasterin bütün istehsal müəssisələri", "",
          "hazır mühəndis şəbəkələri və dəmir yolu çıxışı", "buxar şəbəkəsinin gücünün tam yüklənməsi",
          "yeni 20 megavatlıq yarımstansiyanın və ümumi anbarın tikilməsi"),
    Facts(10, "research", "Sumqayıt şəhəri", "polimer materiallarının tədqiqi, sınağı və resepturaların hazırlanması",
          "reologiya, spektroskopiya, qocalma və uzunmüddətli təzyiq sınaqları",
          "sınaq nümunələri və tədqiqat sifarişləri", "klaster müəssisələri və sertifikatlaşdırma orqanları", "",
          "akkreditə olunmuş laboratoriya və ixtisaslı kadrlar", "sənaye miqyaslı sınaq ekstruderinin olmaması",
          "tətbiqi tədqiqatlar üzrə birgə mərkəzin açılması"),
    Facts(11, "college", "Sumqayıt şəhəri", "operator, qəlibçi və laborant peşələri üzrə kadr hazırlığı",
          "dual təhsil, müəssisələrdə təcrübə və ixtisasartırma",
          "tədris avadanlığı və müəssisələrin sifarişləri", "klasterin bütün istehsal müəssisələri", "",
          "müəssisələrlə razılaşdırılmış tədris proqramları", "tədris ekstruderlərinin köhnəlməsi",
          "ildə 180 nəfərlik dual təhsil qrupunun təşkili"),
    Facts(12, "finance", "Bakı şəhəri", "avadanlıq lizinqi və layihələrin maliyyələşdirilməsi",
          "layihələrin qiymətləndirilməsi, lizinq və zəmanət müqavilələri",
          "öz kapitalı və beynəlxalq kredit xətləri", "investisiya edən klaster müəssisələri", "",
          "emal sənayesi üzrə ayrıca kredit xətti", "kiçik müəssisələr üçün girov tələblərinin yüksəkliyi",
          "klaster üçün ayrılmış 15 milyon manatlıq lizinq proqramı"),
)  # fmt: skip
"""Organisations 1 to 12 of ``samples.cluster``."""

PRODUCERS: Final = tuple(f for f in FACTS if f.figures)
INFRASTRUCTURE: Final = tuple(f for f in FACTS if not f.figures)
STAGES: Final = ("Xammal və ikincili xammal", "Kompaundlar və əlavələr", "Son sənaye məhsulları")

DELIVERIES: Final = (
    (1, 2, "PE100 qranulu", "9"), (1, 3, "plyonka markalı polietilen", "6"), (1, 7, "yüksək sıxlıqlı polietilen", "4"),
    (1, 4, "boru markalı polietilen", "3"), (1, 6, "kabel markalı polietilen", "2"),
    (8, 5, "ikincili qranulat", "1.2"), (5, 2, "qara kompaund", "1.5"), (5, 4, "boyaq konsentratı", "0.8"),
    (5, 3, "ağ konsentrat", "0.6"), (4, 2, "elektroqaynaq fitinqləri", "1.1"),
)  # fmt: skip


def questionnaire(figures: tuple[Any, ...]) -> dict[str, Any]:
    """The figures as ``QuestionnaireData``."""
    names = ("volume", "used", "export", "added", "purchases", "imports", "jobs", "productive")
    return dict(zip(names, figures, strict=True))


def delivery(supplier: int, buyer: int, goods: str, value: str) -> dict[str, str]:
    """A link as ``DeliveryData``."""
    return {"supplier_id": f"kl-t{supplier:02d}", "buyer_id": f"kl-t{buyer:02d}", "goods": goods, "value": value}
