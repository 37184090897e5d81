"""The provisions of the agreement on creating a cluster (003 §5.8 a)–c); sections after Əlavə 13 §8).

Texts in braces are docxtpl's; a text that begins with "%" is a tag of control flow.
"""

from __future__ import annotations

Section = tuple[str, tuple[str, ...]]

SECTIONS: tuple[Section, ...] = (
    (
        "1. Ümumi müddəalar",
        (
            "1.1. Bu Saziş Azərbaycan Respublikasının Mülki Məcəlləsinə, sənaye siyasəti sahəsində normativ hüquqi "
            "aktlara və Sənaye klasterlərinin yaradılması metodologiyasına (bundan sonra – Metodologiya) uyğun "
            "olaraq, Metodologiyanın 5.8-ci bəndi əsasında bağlanır.",
            "1.2. Bu Sazişdə istifadə olunan anlayışlar Metodologiyada müəyyən edilmiş mənaları ifadə edir. "
            "Klasterin üzvləri dedikdə, Klasterin iştirakçıları və onun infrastrukturunu təmsil edən təşkilatlar "
            "başa düşülür.",
            "1.3. Klasterin yerləşdirilmə ərazisi: {{ territory }}. Klasterin son sənaye məhsulu: {{ product }}.",
            "1.4. Klasterin funksional xəritəsi və inkişaf proqramı İxtisaslaşdırılmış təşkilatın üzvlərinin ümumi "
            "yığıncağının {{ approval }} protokolu ilə təsdiq edilmiş, bu Sazişin layihəsi Klasterin iştirakçıları "
            "ilə razılaşdırılmışdır ({{ consent }} protokol).",
            "1.5. Bu Saziş həm Klasterin üzvlərinə, həm də üçüncü şəxslərə münasibətdə rəqabətin "
            "məhdudlaşdırılmasına və ya rəqabət haqqında qanunvericiliyin pozulmasına yönəlməmişdir.",
        ),
    ),
    (
        "2. Sazişin predmeti",
        (
            "2.1. Bu Sazişin predmeti ərazi yaxınlığı və funksional asılılıq münasibətləri ilə bağlı olan sənaye "
            "sahəsində fəaliyyət subyektlərinin məcmusu kimi Klasterin yaradılması, onun inkişafına dəstək "
            "göstərilməsi və Tərəflərin bu məqsədlə qarşılıqlı fəaliyyət qaydasının müəyyən edilməsidir.",
            "2.2. Tərəflər bu Sazişlə üzərlərinə götürdükləri öhdəlikləri öz səlahiyyətləri daxilində və Azərbaycan "
            "Respublikasının qanunvericiliyinə uyğun icra edirlər.",
            "2.3. Bu Saziş Tərəflər üçün birbaşa maliyyə öhdəlikləri yaratmır. Maliyyələşdirmə məsələləri "
            "qanunvericiliklə müəyyən edilmiş qaydada və ayrıca müqavilələrlə həll edilir.",
        ),
    ),
    (
        "3. Klasterin yaradılmasının məqsədi, vəzifələri və gözlənilən nəticələr",
        (
            "3.1. Klasterin yaradılmasının məqsədi {{ goal }}.",
            "3.2. Bu məqsədə nail olmaq üçün Klasterin vəzifələri aşağıdakılardır:",
            "%for t in tasks",
            "{{ t }}",
            "%endfor",
            "3.3. Klasterin yaradılmasından aşağıdakı nəticələr gözlənilir:",
            "%for r in results",
            "{{ r }}",
            "%endfor",
        ),
    ),
    (
        "4. Klasterin iştirakçıları və infrastrukturu",
        (
            "4.1. Bu Sazişin bağlandığı günə Klasterin {{ participants }} iştirakçısı vardır və onun "
            "infrastrukturunu {{ infrastructure }} təşkilat təmsil edir. Onların siyahısı bu Sazişin 1 nömrəli "
            "əlavəsində verilir.",
            "4.2. İxtisaslaşdırılmış təşkilat Klasterin iştirakçılarının və infrastrukturunun reyestrini aparır, onu "
            "hər il və Klasterin üzvlərinin tərkibi dəyişdikdə yeniləyir.",
            "4.3. Klasterin üzvlərinin tərkibində sonrakı dəyişikliklər reyestrdə əks etdirilir və bu Sazişə düzəliş "
            "edilməsini tələb etmir. İxtisaslaşdırılmış təşkilat reyestrin hər yeni redaksiyasını təsdiq edildiyi "
            "gündən on iş günü müddətində İcra orqanlarına təqdim edir.",
        ),
    ),
    (
        "5. Klasterin üzvləri arasında qarşılıqlı əlaqə prinsipləri",
        (
            "5.1. Klasterin üzvləri arasında qarşılıqlı əlaqə aşağıdakı prinsiplərə əsaslanır:",
            "a) Klasterin üzvlərinin özünütəşkili və Klasterdə iştirakın könüllülüyü;",
            "b) Klasterin inkişafı və layihələri üzrə tədbirlərin iqtisadi cəhətdən əlverişliliyi;",
            "c) rəqabətqabiliyyətli məhsulun istehsalına yönəlmə;",
            "ç) Klasterin inkişafına qarşılıqlı maraq və Klaster daxilində əməkdaşlığın dərinləşdirilməsi;",
            "d) bütün üzvlərin Klasterin yaradılmasına və inkişafına cəlb edilməsi;",
            "e) Klasterin yeni iştirakçılar üçün açıqlığı;",
            "ə) idarəetmə strukturunun şəffaflığı;",
            "f) Klasterin və onun üzvlərinin məlumat açıqlığı, ötürülən məxfi məlumatın qorunması.",
            "5.2. Klasterin hər bir iştirakçısı İxtisaslaşdırılmış təşkilatla Klasterin sənaye fəaliyyətində iştirak "
            "haqqında saziş bağlayır və ya həmin sazişə qoşulur. Klasterin infrastrukturunu təmsil edən "
            "təşkilatların idarəetmə orqanları ilə qarşılıqlı əlaqəsi həmin sazişin şərtləri ilə tənzimlənir.",
            "5.3. Birgə layihələr onların təşəbbüskarları və iştirakçıları tərəfindən Klasterin inkişaf proqramına "
            "və birgə layihələrin pasportlarına uyğun həyata keçirilir.",
        ),
    ),
    (
        "6. Klasterin üzvlərinin qəbul edilməsi və Klasterin tərkibindən çıxması",
        (
            "6.1. Klasterin üzvü olmaq üçün təşkilat aşağıdakı meyarlara cavab verməlidir:",
            "a) Klasterin yerləşdirilmə ərazisində fəaliyyət göstərmək və ya Klasterin istehsal-texnoloji zəncirində "
            "iştirak etmək;",
            "b) Klasterin son sənaye məhsulunun yaradılmasında, birgə layihələrin həyata keçirilməsində və ya "
            "infrastruktur xidmətlərinin göstərilməsində iştirak etmək;",
            "c) Klasterin məqsəd və vəzifələrini qəbul etmək və onlara zidd hərəkətlərdən çəkinmək;",
            "ç) ləğvetmə və ya iflas prosedurunda olmamaq.",
            "6.2. Klasterə qoşulmaq istəyən təşkilat İxtisaslaşdırılmış təşkilata ərizə, tələb olunan sənədləri və "
            "anketi təqdim edir. Daxil edilmə barədə qərarı İxtisaslaşdırılmış təşkilatın təklifi ilə üzvlərin ümumi "
            "yığıncağı qəbul edir. Təşkilat iştirak haqqında sazişə qoşulduqdan sonra reyestrə daxil edilir.",
            "6.3. Klasterin üzvü öz təşəbbüsü ilə Klasterin tərkibindən çıxmaq hüququna malikdir. Bu barədə o, "
            "İxtisaslaşdırılmış təşkilata azı otuz gün əvvəl yazılı bildiriş göndərir.",
            "6.4. Klasterin üzvü 6.1-ci bənddə göstərilən meyarlara cavab vermədikdə və ya öhdəliklərini mütəmadi "
            "pozduqda, üzvlərin ümumi yığıncağının qərarı ilə Klasterin tərkibindən xaric edilir.",
            "6.5. Klasterin tərkibindən çıxma və xaric edilmə həmin günədək yaranmış öhdəliklərə xitam vermir.",
        ),
    ),
    (
        "7. Klasterin strukturu və idarə olunması qaydaları",
        (
            "7.1. Klasterin ali idarəetmə orqanı İxtisaslaşdırılmış təşkilatın üzvlərinin ümumi yığıncağıdır. O, "
            "İxtisaslaşdırılmış təşkilatın təklifi ilə aşağıdakı məsələlər üzrə qərarlar qəbul edir:",
            "a) Klasterin idarəetmə orqanları ilə bağlı qaydaların təsdiq edilməsi;",
            "b) Klasterin funksional xəritəsinin təsdiq edilməsi;",
            "c) Klasterin inkişaf proqramının təsdiq edilməsi;",
            "ç) birgə layihələrin siyahısının təsdiq edilməsi;",
            "d) İxtisaslaşdırılmış təşkilatın tədbirlər planının təsdiq edilməsi;",
            "e) yeni müəssisə və təşkilatların Klasterin tərkibinə daxil edilməsi;",
            "ə) müəssisə və təşkilatların Klasterin tərkibindən xaric edilməsi.",
            "7.2. Klasterin strateji idarə olunması kollegial idarəetmə orqanı ({{ organ }}) tərəfindən həyata "
            "keçirilir. Onun tərkibinin ən azı 50 faizini Klasterdə iştirak edən təşkilatların nümayəndələri təşkil "
            "edir, iclasları ildə ən azı bir dəfə keçirilir.",
            "7.3. Klasterin operativ idarə olunmasını İxtisaslaşdırılmış təşkilat həyata keçirir.",
            "7.4. Klasterin üzvlərinin qərarı ilə məsləhət orqanları yaradıla bilər. İcra orqanlarının nümayəndələri "
            "kollegial idarəetmə orqanının və məsləhət orqanlarının işində məşvərətçi səslə iştirak edə bilərlər.",
        ),
    ),
    (
        "8. İxtisaslaşdırılmış təşkilatın vəzifələri və hüquqları",
        (
            "8.1. İxtisaslaşdırılmış təşkilatın əsas vəzifəsi Azərbaycan Respublikasının ərazi inkişafı "
            "strategiyası, habelə ərazisində Klasterin infrastrukturu yerləşən ərazinin planlaşdırma sxemi ({{ "
            "scheme }}) nəzərə alınmaqla, Klasterin inkişafına dəstək olmaqdır.",
            "8.2. İxtisaslaşdırılmış təşkilat Klasterin inkişafının metodoloji, təşkilati, ekspert-analitik və "
            "informasiya dəstəyini həyata keçirir, o cümlədən:",
            "a) Klasterin inkişaf proqramının hazırlanmasını və həyata keçirilməsini təşkil edir;",
            "b) kadrların hazırlanmasını, ixtisasının artırılmasını və məsləhət xidmətlərinin göstərilməsini təşkil "
            "edir;",
            "c) ərazinin sənaye, elmi və maliyyə-iqtisadi potensialının monitorinqini aparır;",
            "ç) yeni məhsulların bazara çıxarılmasına və Klasterin üzvlərinin elmi-texniki əməkdaşlığına kömək edir;",
            "d) kredit və investisiya ehtiyatlarının cəlb edilməsinə kömək edir;",
            "e) Klasterin informasiya portalının fəaliyyətini və məlumatlarının yenilənməsini təmin edir.",
            "8.3. İxtisaslaşdırılmış təşkilat hər il hesabat ilindən sonrakı ilin 1 aprel tarixinədək Klasterin "
            "inkişaf proqramının və öz tədbirlər planının icrası barədə hesabatı İcra orqanlarına təqdim edir.",
            "8.4. İxtisaslaşdırılmış təşkilat İcra orqanlarından Klasterin inkişafı üçün zəruri olan, əldə edilməsi "
            "qanunla məhdudlaşdırılmayan məlumatları almaq və onlara təkliflər vermək hüququna malikdir.",
        ),
    ),
    (
        "9. Klasterin funksional xəritəsi",
        (
            "9.1. Klasterin funksional xəritəsi onun iştirakçılarının və infrastrukturunun ərazi yerləşdirilməsi "
            "sxemindən, təşkilati-funksional sxemdən, istehsal-texnoloji kooperasiya sxemindən, birgə layihələrin "
            "idarəetmə sxemindən və birgə layihələrin kooperasiyaya təsiri sxemindən ibarətdir.",
            "9.2. Bu Sazişin bağlandığı günə qüvvədə olan funksional xəritənin rekvizitləri bu Sazişin 2 nömrəli "
            "əlavəsində göstərilir; funksional xəritə bu Sazişin ayrılmaz hissəsidir.",
            "9.3. Tərəflər Klasterin yaradılması məqsədinə nail olmaq üçün öz fəaliyyətlərini funksional xəritəyə "
            "uyğun qururlar.",
            "9.4. Funksional xəritənin üzvlərin ümumi yığıncağı tərəfindən təsdiq edilmiş yeni redaksiyası İcra "
            "orqanlarına təqdim edildiyi gündən əvvəlki redaksiyanı əvəz edir.",
        ),
    ),
    (
        "10. İcra orqanlarının vəzifələri",
        (
            "10.1. Ərazisində Klasterin infrastrukturunun obyektləri yerləşən İcra orqanlarının rəhbərlərinin "
            "vəzifəsi Klasterin yaradılması məqsədinə nail olmaq üçün Klasterin iştirakçılarının fəaliyyətinin "
            "monitorinqini və koordinasiyasını yerinə yetirməkdir.",
            "10.2. Bu məqsədlə İcra orqanları öz əraziləri üzrə:",
            "a) Klasterin iştirakçılarının fəaliyyətinin funksional xəritəyə uyğunluğunun monitorinqini ildə ən azı "
            "bir dəfə aparır və nəticələri barədə İxtisaslaşdırılmış təşkilatı məlumatlandırırlar;",
            "b) Klasterin iştirakçılarının fəaliyyətini digər dövlət orqanlarının (qurumlarının) ərazidəki "
            "tədbirləri ilə əlaqələndirirlər;",
            "c) Klasterin infrastrukturunun inkişafı məsələlərinin ərazinin sosial-iqtisadi inkişaf tədbirlərində "
            "nəzərə alınmasına kömək edirlər;",
            "ç) sənaye fəaliyyətinin stimullaşdırılması tədbirləri barədə Klasterin üzvlərini məlumatlandırırlar.",
            "10.3. İcra orqanlarının rəhbərləri Klasterin tələblərə uyğunluğunun yoxlanılması zamanı Metodologiyanın "
            "6.5-ci bəndində nəzərdə tutulmuş məktubu İxtisaslaşdırılmış təşkilatın müraciəti daxil olduğu gündən on "
            "iş günü müddətində təqdim edirlər.",
            "10.4. Hər bir İcra orqanı bu Sazişin icrası üzrə məsul şəxsi müəyyən edir və onun əlaqə məlumatlarını "
            "digər Tərəflərə bildirir.",
        ),
    ),
    (
        "11. Məlumat mübadiləsi",
        (
            "11.1. Tərəflər bu Sazişin icrası üçün zəruri olan məlumatları bir-birinə yazılı sorğu daxil olduğu "
            "gündən on iş günü müddətində təqdim edirlər.",
            "11.2. Bu Sazişin şərtləri məxfi məlumat deyildir. Klasterin üzvlərinin məxfi saydığı və bu barədə "
            "xəbərdarlıq etdiyi məlumatlar yalnız onların razılığı ilə və ya qanunla nəzərdə tutulmuş hallarda "
            "açıqlanır.",
            "11.3. Fərdi məlumatlar fərdi məlumatlar haqqında qanunvericiliyə uyğun işlənilir.",
        ),
    ),
    (
        "12. Sazişin qüvvədə olması, dəyişdirilməsi və ona xitam verilməsi",
        (
            "12.1. Bu Saziş bütün Tərəflərin imzaladığı gündən qüvvəyə minir və {{ term }}.",
            "12.2. Bu Sazişə dəyişikliklər və əlavələr Tərəflərin imzaladığı yazılı əlavə sazişlə edilir.",
            "12.3. Klasterin infrastrukturu yeni əraziyə yayıldıqda, həmin ərazinin icra hakimiyyəti orqanı bu "
            "Sazişə əlavə saziş bağlamaqla qoşulur.",
            "12.4. Tərəf bu Sazişdən digər Tərəflərə azı üç ay əvvəl yazılı bildiriş göndərməklə imtina edə bilər. "
            "Saziş İxtisaslaşdırılmış təşkilat ləğv edildikdə və ya Klasterin fəaliyyətinə xitam verildikdə qüvvədən "
            "düşür.",
        ),
    ),
    (
        "13. Yekun müddəalar",
        (
            "13.1. Bu Sazişin icrası zamanı yaranan mübahisələr danışıqlar yolu ilə, razılıq əldə edilmədikdə isə "
            "Azərbaycan Respublikasının qanunvericiliyi ilə müəyyən edilmiş qaydada həll edilir.",
            "13.2. Bu Sazişlə tənzimlənməyən məsələlərdə Tərəflər Azərbaycan Respublikasının qanunvericiliyini və "
            "Metodologiyanı rəhbər tuturlar.",
            "13.3. Bu Saziş gücləndirilmiş elektron imza ilə imzalanmış elektron sənəd kimi bağlanır. Sənədin hər "
            "bir dəyişdirilməmiş nüsxəsi əslidir və Tərəflərin hamısı üçün eyni hüquqi qüvvəyə malikdir.",
            "13.4. 1 nömrəli əlavə (Klasterin iştirakçılarının və infrastrukturunun siyahısı) və 2 nömrəli əlavə "
            "(Klasterin funksional xəritəsi) bu Sazişin ayrılmaz hissəsidir.",
        ),
    ),
)
