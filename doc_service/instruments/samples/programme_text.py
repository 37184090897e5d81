"""Texts of the sample programme that are not about one organisation alone."""

from __future__ import annotations

from typing import Any

from doc_service.domain.azerbaijani_cases import genitive
from doc_service.domain.azerbaijani_numbers import ordinal
from doc_service.instruments.samples.cluster import full_name, specialised
from doc_service.instruments.samples.cluster_prose import joined

_KINDS = (
    ("Proses tədbiri", "istehsalın planlaşdırılması və keyfiyyət sisteminin qurulması",
     "Tədbir çərçivəsində istehsalın planlaşdırılması, partiyaların uçotu və qəbul meyarları vahid qaydaya salınır. "
     "Texnoloji xəritələr yenilənir, hər partiya üçün elektron pasport tətbiq edilir, reklamasiyaların səbəbləri "
     "rüblük "
     "təhlil olunur. Heyət üçün iki mərhələli təlim keçirilir: birinci mərhələdə növbə rəhbərləri, ikinci mərhələdə "
     "operatorlar hazırlanır. Tədbirin sonunda daxili audit aparılır və nəticələr kollegial orqana təqdim edilir."),
    ("Texnoloji tədbir", "əsas avadanlığın alınması, quraşdırılması və işə salınması",
     "Tədbir əsas texnoloji avadanlığın seçilməsini, sifarişini, quraşdırılmasını və sınaq istehsalını əhatə edir. "
     "Avadanlığın texniki tapşırığı Polimer Materialları İnstitutunun iştirakı ilə hazırlanır, təchizatçı açıq "
     "müqayisə "
     "əsasında seçilir. Quraşdırma mövcud istehsal dayandırılmadan, mərhələlərlə aparılır. İlk altı ayda avadanlıq "
     "layihə gücünün 60 faizində işləyir, bu müddətdə məhsuldarlıq, enerji sərfi və tullantı faizi gündəlik ölçülür."),
    ("İnfrastruktur tədbiri", "sahənin, enerji təchizatının və anbarın hazırlanması",
     "Tədbir istehsal sahəsinin tikintisi və ya yenidən qurulmasını, elektrik və su xətlərinin çəkilməsini, anbarın və "
     "daxili yolların hazırlanmasını nəzərdə tutur. Layihə-smeta sənədləri dövlət ekspertizasından keçirilir, texniki "
     "şərtlər əvvəlcədən alınır. İşlər Sumqayıt Texnologiya Parkı ilə razılaşdırılmış qrafik üzrə görülür, qonşu "
     "iştirakçılar üçün fasilələr bir ay əvvəldən elan edilir."),
)  # fmt: skip
_BARRIERS = (
    "keyfiyyəti sabit olan ikincili xammalın çatışmazlığı və idxal olunan ilkin xammalın bahalığı",
    "iri diametrli boruların və fitinqlərin yalnız idxal hesabına təmin edilməsi",
    "yanğına davamlı kompaundlar üzrə yerli resepturanın və sınaq bazasının olmaması",
)


def passport() -> dict[str, Any]:
    """The programme's passport (003 §5.7.1)."""
    return {
        "name": "Abşeron polimer sənaye klasterinin 2027–2031-ci illər üzrə inkişaf proqramı",
        "developers": [
            f"{specialised()['organisation']['name']} Assosiasiyası (ixtisaslaşdırılmış təşkilat)",
            full_name(10),
            full_name(9),
            "klaster iştirakçılarının işçi qrupu",
        ],
        "goals": [
            "polimer xammalından son məhsula qədər istehsal zəncirinin dərinləşdirilməsi",
            "klaster müəssisələrinin daxili və xarici bazarlarda rəqabət qabiliyyətinin artırılması",
            "idxal olunan xammal və komponentlərin yerli məhsulla əvəz edilməsi",
        ],
        "tasks": [
            "birgə layihələrin hazırlanması və həyata keçirilməsi",
            "ikincili polimer xammalının istehsal dövriyyəsinə cəlb edilməsi",
            "sınaq, sertifikatlaşdırma və kadr hazırlığı infrastrukturunun gücləndirilməsi",
            "klaster daxilində çoxillik çərçivə müqavilələrinin bağlanması",
            "ixracın birgə təşviqi və yeni bazarlara çıxış",
        ],
        "stages": [
            {"term": "2027–2028-ci illər", "content": "birgə layihələrin layihələndirilməsi və ilk xətlərin qurulması"},
            {"term": "2029–2030-cu illər", "content": "güclərin işə salınması, sertifikatlaşdırma, çeşidin "
             "genişləndirilməsi"},
            {"term": "2031-ci il", "content": "layihə gücünə çatdırılma və nəticələrin qiymətləndirilməsi"},
        ],
        "targets": [
            "göndərilən məhsulun həcmi – 2031-ci ildə 196 mln. manat",
            "əlavə dəyərin həcmi – 68 mln. manat",
            "yüksək məhsuldar iş yerləri – 817",
            "xammal xərclərində idxalın payı – 21 faiz",
        ],
        "results": [
            "üç birgə layihənin başa çatdırılması və üç yeni istehsal xəttinin işə salınması",
            "klasterdaxili istifadə həcminin 54 mln. manata çatması",
            "azı 300 yeni iş yerinin, o cümlədən 360-dan artıq yüksək məhsuldar iş yerinin yaradılması",
            "ildə 12 min ton polimer tullantısının təkrar emalı",
        ],
    }  # fmt: skip


def goals() -> dict[str, Any]:
    """Section 2."""
    return {
        "strengths": [
            "xammaldan son məhsula qədər bir ərazidə yerləşən istehsal zənciri",
            "fasiləsiz işləyən iri qranul istehsalı",
            "akkreditə olunmuş tədqiqat laboratoriyası",
            "dəniz limanına və dəmir yoluna yaxınlıq",
        ],
        "weaknesses": [
            "əlavələrin, katalizatorların və qəliblərin idxal edilməsi",
            "kiçik müəssisələrdə dövriyyə vəsaitinin azlığı",
            "avadanlığın bir hissəsinin fiziki köhnəlməsi",
            "birgə marketinqin zəif təşkili",
        ],
        "opportunities": [
            "su təchizatı və meliorasiya layihələrində boruya tələbatın artması",
            "tullantıların təkrar emalına dair tələblərin sərtləşməsi",
            "Mərkəzi Asiya bazarlarına nəqliyyat dəhlizinin inkişafı",
            "lizinq və zəmanət alətlərinin genişlənməsi",
        ],
        "threats": [
            "xammal qiymətlərinin dünya bazarında kəskin dəyişməsi",
            "ucuz idxal məhsulunun daxil olması",
            "ixtisaslı operatorların başqa sahələrə axını",
            "enerji güclərinin gecikməsi",
        ],
        "analysis": joined(
            (
                "Məhsulun bazara çıxarılmasında əsas məhdudiyyət idxal olunan əlavələrdən asılılıqdır. Əlavələrin "
                "qiyməti və çatdırılma müddəti kompaund və boru istehsalının ritminə birbaşa təsir edir. Bu "
                "məhdudiyyət əlavələrin iştirakçılar adından birgə alınması, ehtiyatın Sumqayıt Texnologiya Parkının "
                "anbarında saxlanılması və resepturalarda yerli komponentlərin payının artırılması ilə kompensasiya "
                "edilir.",
                "İkinci maneə sertifikatlaşdırma müddətinin uzunluğudur. Xarici bazarların tələb etdiyi uzunmüddətli "
                "təzyiq sınaqları indiyədək xaricdə aparılır və bir il çəkir. Polimer Materialları İnstitutunda sınaq "
                "hovuzlarının qurulması bu müddəti üç aya endirir və xərcləri azaldır.",
                "Üçüncü maneə kadrlarla bağlıdır. Ekstruziya və tökmə operatorları üzrə tələbat ildə təqribən 180 "
                "nəfərdir, hazırlanan kadrların sayı isə 70 nəfərdən artıq deyil. Dual təhsil qrupunun təşkili və "
                "müəssisələrdə ödənişli təcrübə bu fərqi 2029-cu ilə qədər aradan qaldıracaq.",
                "Qlobal miqyasda rəqabət qabiliyyətini artıran amillər sırasında xammala yaxınlıq, enerji "
                "daşıyıcılarının əlçatanlığı və Orta Dəhliz üzrə daşımaların inkişafı göstərilir. Klasterin yeni "
                "istehsallar üçün cəlbediciliyi hazır sahələr, vahid laboratoriya xidməti və tərəfdaşların bir ərazidə "
                "olması ilə izah edilir. Yeni gələn istehsalçı xammalı, resepturanı, sınağı və kadr hazırlığını bir "
                "yerdən ala bilir.",
                "Klasterin bazalaşma ərazisində infrastrukturun inkişafı yeni yarımstansiyanın, ümumi anbarın və "
                "tullantıların qəbul məntəqəsinin tikintisini əhatə edir. Yerli və xarici mütəxəssislərin cəlb "
                "edilməsi üçün birgə tədqiqat mərkəzində qısamüddətli müqavilələr, xarici mütəxəssislərin "
                "müəssisələrdə təlim aparması və gənc mühəndislər üçün mənzil kirayəsinə dəstək nəzərdə tutulur.",
            )
        ),
        "goals": joined(
            (
                "Proqramın məqsədi klaster iştirakçılarının birgə fəaliyyəti əsasında polimer məhsullarının əlavə "
                "dəyərini artırmaq, idxaldan asılılığı azaltmaq və ixracı genişləndirməkdir. Məqsəd ölçülə bilən "
                "göstəricilərlə ifadə olunub və hər il ümumi yığıncaqda yoxlanılır.",
                "Birinci vəzifə istehsal zəncirinin boş həlqələrini doldurmaqdır: ikincili qranulat, iri diametrli "
                "boru, fitinq və yanğına davamlı kompaund klaster daxilində istehsal olunmalıdır. İkinci vəzifə ortaq "
                "infrastrukturu gücləndirmək, üçüncü vəzifə kadr hazırlığını istehsalın ehtiyacına uyğunlaşdırmaqdır.",
                "Dördüncü vəzifə klasterdaxili ticarəti sabit əsasa keçirməkdir. Bunun üçün qranul, kompaund və fitinq "
                "üzrə çoxillik çərçivə müqavilələri bağlanır, qiymətin hesablanma qaydası və keyfiyyət meyarları "
                "əvvəlcədən razılaşdırılır. Beşinci vəzifə bazarların şaxələndirilməsidir: ixracın coğrafiyası "
                "genişləndirilir, sərgilərdə vahid stend təşkil edilir və texniki sənədlər hədəf ölkələrin dillərində "
                "hazırlanır.",
                "Vəzifələrin yerinə yetirilməsinə görə cavabdehlik ixtisaslaşdırılmış təşkilatın, birgə layihələrin "
                "təşəbbüskarlarının və infrastruktur təşkilatlarının arasında bölünür. Hər vəzifə üzrə məsul şəxs, "
                "müddət və nəticə göstəricisi müəyyən edilib, gecikmə olduqda düzəldici tədbirlər kollegial orqanda "
                "qəbul edilir.",
            )
        ),
    }


def project(passport_data: dict[str, Any], place: int) -> dict[str, Any]:
    """A joint project with subsections a) to ə); ``place``: 0, 1 or 2."""
    own, others = passport_data["initiators"], passport_data["participants"]
    first = passport_data["financing"]["first_year"]
    targets = passport_data["targets"]
    return {
        "passport": passport_data,
        "effect": _effect(passport_data, place),
        "measures": [
            {
                "name": f"{kind}: {name}",
                "content": content,
                "responsible": f"{own[n % len(own)]}; iştirakçılar: {others[n % len(others)]}",
                "term": f"{ordinal(first + (n + 1) // 2)} il",
                "resources": "təşəbbüskarların vəsaitləri, lizinq və büdcə vəsaitləri birgə layihənin pasportundakı "
                "illik bölgü daxilində",
                "result": f"birgə layihənin {('keyfiyyət', 'istehsal gücü', 'infrastruktur')[n]} üzrə hazırlığı təsdiq "
                "edilir və sonrakı mərhələ başlanır",
            }
            for n, (kind, name, content) in enumerate(_KINDS)
        ],
        "initiators": joined(
            f"{name} layihənin təşəbbüskarı kimi istehsal sahəsini, heyəti və dövriyyə vəsaitini təmin edir. Onun "
            "funksiyalarına texniki tapşırığın hazırlanması, avadanlığın seçilməsi, quraşdırmanın təşkili və "
            "istehsalın "
            "idarə edilməsi daxildir. Xərclərin həcmi pasportun maliyyələşdirmə cədvəlində göstərilib; xərclər əsas "
            "vəsaitlərin alınmasına, tikinti-quraşdırma işlərinə, təlimə və sertifikatlaşdırmaya yönəldilir. "
            "Maliyyələşdirmə forması kredit, lizinq və kapitalda iştirakın birləşməsidir: öz vəsaiti layihənin bütün "
            "mərhələlərində, borc vəsaiti isə yalnız texniki hazırlıq təsdiq edildikdən sonra istifadə olunur."
            for name in own
        ),
        "participants": joined(
            (
                *(
                    f"{name} layihə çərçivəsində istehsal edilən məhsulun alınması üzrə niyyət protokolu imzalayıb. "
                    "Tərəflər illik həcmi, keyfiyyət meyarlarını, sınaq qaydasını və qiymətin yenilənməsi düsturunu "
                    "razılaşdırıb. Sınaq partiyaları qəbul edildikdən sonra protokol üçillik müqavilə ilə əvəz olunur."
                    for name in others
                ),
                "İştirakçılar layihənin gedişi barədə rüblük məlumat alır, texnoloji dəyişikliklər onlarla əvvəlcədən "
                "razılaşdırılır. Öhdəliklərin icrası ixtisaslaşdırılmış təşkilatın hesabatında ayrıca sətirlə "
                "göstərilir.",
            )
        ),
        "management": joined(
            (
                "İxtisaslaşdırılmış təşkilat layihənin pasportunu yeniləyir, tərəflər arasında razılaşmaları "
                "hazırlayır, "
                "maliyyə təşkilatları və icra orqanları ilə danışıqları təşkil edir. Layihə ofisi təqvim planının "
                "icrasını həftəlik izləyir, risklərin reyestrini aparır və kənarlaşma on gündən artıq olduqda "
                "kollegial "
                "orqana məlumat verir.",
                "Kollegial idarəetmə orqanı mərhələlərin qəbulu, büdcənin maddələr arasında dəyişdirilməsi və "
                "iştirakçıların tərkibi barədə qərar verir. Üzvlərin ümumi yığıncağı ildə bir dəfə layihənin "
                "nəticələrini "
                "müzakirə edir və növbəti ilin göstəricilərini təsdiq edir. Məşvərət orqanları texniki həllərə dair "
                "rəy "
                "bildirir.",
            )
        ),
        "support": joined(
            (
                "Sumqayıt Şəhər və Abşeron Rayon İcra Hakimiyyəti layihə üçün torpaq sahəsinin ayrılmasına, mühəndis "
                "şəbəkələrinə qoşulmaya və yerli yolların bərpasına dəstək verir. Dəstəyin həcmi pasportun regional və "
                "yerli büdcə sətirlərində göstərilib: regional büdcədən "
                f"{passport_data['financing']['regional']['total']} "
                f"min manat, yerli büdcədən {passport_data['financing']['local']['total']} min manat.",
                "İcra orqanları klasterin yaradılması haqqında saziş çərçivəsində iştirakçıların fəaliyyətinin "
                "monitorinqini aparır, məşğulluq xidmətləri ilə birgə yeni iş yerlərinə namizədlərin seçilməsinə kömək "
                f"edir. Layihənin sonunda təşəbbüskarlarda işçilərin orta sayı {targets['workers']['end']} nəfərə "
                "çatacaq.",
            )
        ),
    }


def _effect(data: dict[str, Any], place: int) -> str:
    targets = data["targets"]
    return joined(
        (
            f"«{data['name']}» birgə layihəsi proqramın istehsal zəncirinin dərinləşdirilməsi və idxalın əvəzlənməsi "
            f"vəzifələrinə xidmət edir. Layihənin aradan qaldırdığı əsas maneə {_BARRIERS[place]} sayılır.",
            "Layihənin klasterin istehsal-texnoloji kooperasiyasına təsiri yeni istehsal əlaqələrinin yaranması ilə "
            f"ölçülür: iştirakçıların layihə məhsulunun alınmasına xərcləri {targets['inside_purchases']['start']} min "
            f"manatdan {targets['inside_purchases']['end']} min manata yüksəlir, klasterdən kənar təchizatçılara "
            f"ödənişlər isə {targets['outside_purchases']['start']} min manatdan {targets['outside_purchases']['end']} "
            "min manata enir.",
            f"Əlavə dəyərin həcmi {targets['added_value']['start']} min manatdan {targets['added_value']['end']} min "
            "manata çatır. Hesablama təşəbbüskarların anketləri əsasında aparılıb: məhsulun planlaşdırılan həcmi "
            "müqavilə niyyətləri ilə, qiymətlər son üç ilin orta göstəricisi ilə, xərclər isə texniki tapşırıqdakı "
            "sərfiyyat normaları ilə müəyyən edilib. Riskli ssenaridə həcm iyirmi faiz azaldıqda da layihə özünü "
            "ödəyir, yalnız ödəmə müddəti bir il uzanır.",
            f"Sənaye klasterinin iştirakçısı olmayan təşkilatlara satışdan gəlir {targets['outside_income']['start']} "
            "min "
            f"manatdan {targets['outside_income']['end']} min manata qədər artır. {genitive(data['initiators'][0])} "
            "istehsal etdiyi məhsul klasterin digər iştirakçıları üçün xammal olduğundan layihənin səmərəsi təkcə "
            "təşəbbüskarlarda deyil, zəncirin sonrakı həlqələrində də yaranır.",
        )
    )


def resources() -> dict[str, str]:
    """Section 5."""
    return {
        "off_budget": joined(
            (
                "Proqramın ehtiyat təminatının əsasını büdcədənkənar mənbələr təşkil edir. Klaster iştirakçılarının və "
                "infrastrukturunun vəsaitləri beş ildə 22 000 min manat, şəxsi investisiyalar 8 000 min manat, "
                "maliyyə-kredit təşkilatlarının və inkişaf institutlarının vəsaitləri 20 500 min manat planlaşdırılıb. "
                "İllər üzrə bölgü Əlavə 2-də verilir.",
                "Borc kapitalının cəlb edilməsi sxemi üç pillədən ibarətdir. Birinci pillədə təşəbbüskar layihənin azı "
                "otuz faizini öz vəsaiti hesabına təmin edir. İkinci pillədə avadanlıq “Sənaye Lizinq” Açıq Səhmdar "
                "Cəmiyyətinin proqramı üzrə lizinqə götürülür. Üçüncü pillədə dövriyyə vəsaiti üçün qısamüddətli "
                "kredit "
                "xətti açılır və klaster daxilində bağlanmış çoxillik müqavilələr təminat kimi qəbul edilir.",
                "Vəsaitlərin istifadəsi layihə ofisi tərəfindən aylıq izlənilir. Plandan kənarlaşma on beş faizi "
                "keçdikdə kollegial orqan maliyyələşdirmə qrafikinə yenidən baxır. İştirakçıların öz vəsaitlərinin "
                "ödənilməsi təsdiqedici bank sənədləri ilə, natura şəklində payın dəyəri isə müstəqil qiymətləndirmə "
                "hesabatı ilə təsdiq edilir.",
            )
        ),
        "state": joined(
            (
                "Dövlət dəstəyi maliyyə və qeyri-maliyyə tədbirlərindən ibarətdir. Maliyyə tədbirləri dövlət "
                "büdcəsindən "
                "4 500 min manat, regional büdcədən 3 300 min manat və yerli büdcədən 1 000 min manat həcmində nəzərdə "
                "tutulub; vəsait infrastruktur obyektlərinə, sınaq avadanlığına və kadr hazırlığına yönəldilir.",
                "Büdcə vəsaitlərinin cəlb edilməsi sxemi layihənin reyestrə daxil edilməsindən, müvafiq dəstək "
                "tədbirinə "
                "müraciətdən və sazişin bağlanmasından ibarətdir. Vəsait yalnız təsdiqlənmiş mərhələ üzrə və "
                "iştirakçının öz payı ödənildikdən sonra istifadə olunur. İstifadə barədə hesabat ərazi icra "
                "orqanlarına "
                "və Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə təqdim edilir.",
                "Qeyri-maliyyə dəstəyi torpaq və mühəndis şəbəkələri üzrə məsələlərin həllini, ixrac təşviqini, "
                "standartların hazırlanmasında iştirakı və dövlət satınalmaları barədə vaxtında məlumatlandırmanı "
                "əhatə "
                "edir. Hər tədbir üzrə məsul qurum və müddət klasterin yaradılması haqqında sazişin əlavəsində "
                "göstərilir.",
            )
        ),
    }


def efficiency() -> dict[str, str]:
    """Section 6."""
    return {
        "planned": joined(
            (
                "Proqramın səmərəliliyi on üç əsas göstərici üzrə qiymətləndirilir. Göstəricilər iştirakçıların "
                "anketlərindəki statistik məlumatlara əsaslanır, baza ili kimi 2026-cı ilin qiymətləndirilmiş "
                "məlumatları götürülüb. Planlaşdırılmış dəyərlər illər üzrə Əlavə 3-də verilir.",
                "Göndərilən məhsulun həcmi 2031-ci ildə 196 milyon manata, klasterdaxili istifadə həcmi 54 milyon "
                "manata, ixrac 66 milyon manata, əlavə dəyər 68 milyon manata çatmalıdır. İş yerlərinin sayı 1 805-ə, "
                "yüksək məhsuldar iş yerlərinin sayı 817-yə yüksəlir.",
                "Göstəricilərin ölçülməsi üçün hər iştirakçı martın 1-dək əvvəlki ilin anketini təqdim edir. "
                "İxtisaslaşdırılmış təşkilat anketləri yoxlayır, yekun cədvəli hazırlayır və aprel ayında ümumi "
                "yığıncağa təqdim edir. Faktiki dəyər plandan on faizdən çox geri qaldıqda səbəblər təhlil edilir və "
                "düzəldici tədbirlər planlaşdırılır.",
            )
        ),
        "relation": joined(
            (
                "Tədbirlər bir-biri ilə zəncirvari bağlıdır. İkincili qranulat layihəsi kompaund və boru istehsalını "
                "xammalla təmin edir, iri diametrli boru layihəsi həmin qranulatın və PE100 markasının satışını "
                "artırır, "
                "kompaund layihəsi isə boyaq və dolğu resepturalarının inkişafına şərait yaradır.",
                "İnfrastruktur tədbirləri – yarımstansiya, ümumi anbar, sınaq hovuzları və dual təhsil qrupu – üç "
                "layihənin hamısı üçün ilkin şərtdir. Ona görə də bu tədbirlərin müddətləri layihələrin quraşdırma "
                "mərhələsindən əvvələ təyin edilib. İnfrastrukturun gecikməsi məhsulun həcmi, yüksək məhsuldar iş "
                "yerləri və idxalın payı göstəricilərinə eyni vaxtda təsir edir.",
                "Klasterdaxili istifadə həcmi və kooperativləşdirilmə əmsalı birgə layihələrin, ixrac və əlavə dəyər "
                "çeşidin genişləndirilməsi tədbirlərinin, tədqiqat xərcləri birgə mərkəzin nəticəsidir. Bu bağlılıq "
                "hər göstərici üçün cavabdeh tədbiri müəyyən etməyə və kənarlaşmanın səbəbini tapmağa imkan verir.",
            )
        ),
    }
