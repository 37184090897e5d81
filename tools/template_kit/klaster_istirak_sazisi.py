"""Template of ``klaster-istirak-sazisi`` (003 §4.15, Əlavə 4): the form's provisions, numbered as there."""

from __future__ import annotations

from template_kit.accession_table import accession_table
from template_kit.blocks import heading
from template_kit.cluster import place_and_date, sections, spacer
from template_kit.manifest import Template
from template_kit.page import PageProfile, add_footer, blank

PROFILE = PageProfile(text=12, table=10)

_SECTIONS = (
    (
        "1. Sazişin predmeti",
        (
            "1.1. Bu Sazişin predmeti onun 5-ci bəndində göstərilən təşkilatların (bundan sonra – İştirakçılar) "
            "{{ cluster.genitive }} (bundan sonra – Klaster) sənaye fəaliyyətində iştirak etmək öhdəliyidir.",
            "1.2. Klasterin məqsədi: {{ purpose }}.",
            "1.3. Klasterin vəzifələri aşağıdakılardır:",
            "%for task in tasks",
            "– {{ task }};",
            "%endfor",
            "1.4. Bu Saziş nə İştirakçılara, nə də Sazişdə nəzərdə tutulmayan şəxslərə münasibətdə rəqabətin "
            "məhdudlaşdırılmasına, habelə Azərbaycan Respublikasının antiinhisar qanunvericiliyinin və rəqabətin "
            "qorunması ilə bağlı digər normativ hüquqi aktların pozulmasına yönəlmişdir.",
        ),
    ),
    (
        "2. Klaster iştirakçılarının vəzifələri",
        (
            "2.1. İştirakçılar Klasterin sənaye məhsulunun istehsalında iştirak etməyi, son sənaye məhsulunun "
            "yaradılması zamanı istehsal-texnoloji zəncir çərçivəsində bir-biri ilə qarşılıqlı fəaliyyət göstərməyi "
            "və birgə layihələrini həyata keçirməyi öhdələrinə götürürlər.",
            "2.2. İştirakçılar Klasterin funksional xəritəsinin formalaşdırılmasında və inkişaf proqramının "
            "hazırlanmasında iştirak etməyi öhdələrinə götürürlər.",
            "2.3. İştirakçılar Klasterin inkişaf proqramının həyata keçirilməsində və həmin proqramın səmərəliliyinin "
            "əsas göstəricilərinə nail olunmasında iştirak etməyi, Klasterin inkişafının məqsəd və vəzifələrinə zidd "
            "olan hərəkətlərdən çəkinməyi öhdələrinə götürürlər.",
            "2.4. İştirakçılar {{ nco.genitive }} (bundan sonra – Klasterin ixtisaslaşdırılmış təşkilatı) üzvlərinin "
            "ümumi yığıncağında, habelə birinci şəxslərin iştirakını tələb edən digər idarəetmə orqanlarında "
            "təmsilçiliyin təmin edilməsi məqsədilə təşkilatın birinci şəxsini və ya vəzifəsi rəhbər müavinindən "
            "aşağı olmayan, etibarnamə ilə səlahiyyət verilmiş nümayəndəsini göndərməyi öhdələrinə götürürlər.",
            "2.5. İştirakçılar öz strukturlarında Klasterin ixtisaslaşdırılmış təşkilatı və digər idarəetmə orqanları "
            "ilə operativ qarşılıqlı fəaliyyəti təmin edən, habelə birinci şəxsin iştirakını tələb etməyən, Klasterin "
            "inkişafı məsələləri üzrə işgüzar görüş və müşavirələrdə iştirak edən əməkdaş (əməkdaşlar) ayırmağı "
            "öhdələrinə götürürlər.",
            "2.6. İştirakçılar həyata keçirdikləri iqtisadi fəaliyyətin əsas göstəriciləri, o cümlədən təsərrüfat "
            "fəaliyyəti zamanı dövlət büdcəsinə faktiki vergi və gömrük ödəmələri barədə məlumatları Klasterin "
            "ixtisaslaşdırılmış təşkilatına, Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə və ərazilərində "
            "Klasterin infrastrukturu yerləşən icra hakimiyyəti orqanlarına təqdim etməyi öhdələrinə götürürlər.",
        ),
    ),
    (
        "3. Klaster iştirakçılarının hüquqları",
        (
            "3.1. İştirakçılar irəli sürdükləri birgə layihələrin Klasterin inkişaf proqramına daxil edilməsi barədə "
            "təklifləri, səlahiyyətləri çərçivəsində baxılması üçün, Klasterin idarəetmə orqanlarına təqdim etmək "
            "hüququna malikdirlər.",
            "3.2. İştirakçılar göstərilən xidmətlərdən istifadə etmək üçün Klasterin ixtisaslaşdırılmış təşkilatına "
            "müraciət etmək hüququna malikdirlər.",
            "3.3. İştirakçılar Klasterin inkişafına aid məsələlər üzrə Klasterin ixtisaslaşdırılmış təşkilatından "
            "məlumat almaq hüququna malikdirlər.",
            "3.4. İştirakçılar Klasterin ixtisaslaşdırılmış təşkilatına onun fəaliyyətinin təmin edilməsi məqsədilə "
            "ötürdükləri məlumatların açıqlanmasına məhdudiyyət qoymaq hüququna malikdirlər.",
            "3.5. Bu Sazişi bilavasitə imzalayan şəxslər və iştirakçılar tərkibinə daxil olması "
            "{{ nco.genitive }} üzvlərinin ümumi yığıncağı tərəfindən təsdiq edilmiş, bu Sazişə qoşulma haqqında "
            "ərizəni (bu Sazişin 1 nömrəli əlavəsi) imzalayan şəxslər İştirakçı kimi bərabər hüquqa malikdirlər. "
            "Hər bir qoşulma ayrıca qoşulma vərəqəsi ilə rəsmiləşdirilir; vərəqədə bu Sazişin və ondan əvvəlki "
            "vərəqənin nömrəsi, tarixi və nəzarət cəmi göstərilir, əvvəlki imzalar dəyişməz qalır.",
            "3.6. İştirakçılar öz təşəbbüsləri ilə bu Sazişin İştirakçıları tərkibindən çıxmaq hüququna malikdirlər; "
            "bu halda onlar Klaster iştirakçısı statusunu itirirlər.",
        ),
    ),
    (
        "4. Yekun müddəalar",
        (
            "4.1. Bu Saziş maliyyə sənədi deyil; İştirakçılar və Klasterin ixtisaslaşdırılmış təşkilatı bu Sazişə "
            "əsasən birbaşa maliyyə öhdəlikləri daşımırlar.",
            "4.2. Bu Saziş qeyri-müəyyən müddətə bağlanır və hər bir İştirakçı üçün onun və Klasterin "
            "ixtisaslaşdırılmış təşkilatının Sazişi imzaladığı gündən qüvvəyə minir.",
            "4.3. Bu Sazişin şərtləri məxfi məlumat deyil.",
            "4.4. Bu Sazişin icrası zamanı İştirakçılarla Klasterin ixtisaslaşdırılmış təşkilatı arasında yaranan "
            "mübahisə və anlaşılmazlıqlar danışıqlar yolu ilə həll edilir.",
            "4.5. Bu Sazişlə tənzimlənməyən məsələlərin həllində İştirakçılar və Klasterin ixtisaslaşdırılmış "
            "təşkilatı Azərbaycan Respublikasının qüvvədə olan qanunvericiliyini rəhbər tuturlar.",
        ),
    ),
)


def build() -> Template:
    """The template with its manifest."""
    document = blank(PROFILE)
    add_footer(document, PROFILE, "№ {{ line.number }}")
    heading(document, "{{ cluster.genitive }} sənaye fəaliyyətində iştirakı haqqında SAZİŞ", 1)
    spacer(document)
    place_and_date(document, PROFILE)
    sections(document, _SECTIONS)
    heading(document, "5. {{ cluster.genitive }} sənaye fəaliyyətində iştirakı haqqında Sazişə qoşulmaq barədə qeyd", 2)
    accession_table(document, "for p in parties")
    return Template(
        name="klaster-istirak-sazisi.v1",
        title="Klasterin sənaye fəaliyyətində iştirak haqqında saziş",
        sources=("003 §4.15", "003 Əlavə 4"),
        variables=("line", "cluster", "nco", "purpose", "tasks", "parties"),
        profile=PROFILE,
        document=document,
        reconstructed=(
            "number 5 of the accession table: §1.1 of the form refers to a clause 5 that the source text has not",
            "second sentence of §3.5: accession sheets instead of pages added to a signed file",
            "accession table in two lines a party: the seven columns with signature fields are wider than the page",
        ),
    )
