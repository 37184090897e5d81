"""The provisions of the charter of a specialised organisation (003 §4.6 a)–h); sections after Əlavə 13 §8).

Texts in braces are docxtpl's; a text that begins with "%" is a tag of control flow.
"""

from __future__ import annotations

Section = tuple[str, tuple[str, ...]]

SECTIONS: tuple[Section, ...] = (
    (
        "1. Ümumi müddəalar",
        (
            "1.1. {{ name }} (bundan sonra – Təşkilat) {{ cluster.genitive }} (bundan sonra – Klaster) inkişafı üçün "
            "metodoloji, təşkilati, ekspert-analitik və informasiya dəstəyini həyata keçirən ixtisaslaşdırılmış "
            "təşkilatdır və qeyri-kommersiya təşkilatı kimi yaradılır.",
            "1.2. Təşkilat fəaliyyətində Azərbaycan Respublikasının Konstitusiyasını, Mülki Məcəlləsini, digər "
            "normativ hüquqi aktları, Sənaye klasterlərinin yaradılması metodologiyasını (bundan sonra – "
            "Metodologiya) və bu Nizamnaməni rəhbər tutur.",
            "1.3. Təşkilat dövlət qeydiyyatına alındığı gündən hüquqi şəxsdir, müstəqil balansa, bank hesablarına, "
            "üzərində adı yazılmış möhürə, ştampa və blanklara malikdir, öz adından hüquqlar əldə edə və vəzifələr "
            "daşıya, məhkəmədə iddiaçı və cavabdeh ola bilər.",
            "1.4. Təşkilatın tam adı: {{ name }}. Hüquqi ünvanı: {{ address }}.",
            "1.5. Təşkilatın fəaliyyət müddəti məhdudlaşdırılmır. Təşkilat əldə etdiyi gəliri təsisçiləri və üzvləri "
            "arasında bölüşdürmür.",
            "1.6. Klasterin yerləşdirilmə ərazisi: {{ territory }}. Klasterin son sənaye məhsulu: {{ product }}.",
        ),
    ),
    (
        "2. Təşkilatın məqsədi və fəaliyyətinin predmeti",
        (
            "2.1. Təşkilatın fəaliyyətinin məqsədi Klasterin iştirakçıları, təhsil və elm qurumları, "
            "qeyri-kommersiya təşkilatları, dövlət hakimiyyəti və yerli özünüidarəetmə orqanları, habelə Klasterin "
            "inkişaf proqramının həyata keçirilməsində maraqlı olan investorlar arasında səmərəli qarşılıqlı "
            "fəaliyyət üçün şərait yaratmaqdır.",
            "2.2. Təşkilatın fəaliyyətinin predmeti Klasterin inkişaf proqramının hazırlanması və həyata "
            "keçirilməsi, birgə layihələrin dəstəklənməsi və Klasterin üzvlərinə xidmətlərin göstərilməsidir.",
            "2.3. Təşkilat fəaliyyətində Klasterin inkişafına kompleks yanaşmanı, bütün üzvlərin ortaq marağını, "
            "inkişafın prioritet sahələri üzrə səylərin birləşdirilməsini və ötürülən məlumatın məxfiliyini təmin "
            "edir.",
        ),
    ),
    (
        "3. Təşkilatın fəaliyyət növləri",
        (
            "3.1. Təşkilatın əsas fəaliyyət növləri aşağıdakılardır:",
            "a) Klasterin inkişaf proqramının və digər əsas sənədlərinin hazırlanması və həyata keçirilməsinin "
            "təşkili;",
            "b) kadrların hazırlanması, yenidən hazırlanması, ixtisasının artırılması və təcrübə keçməsinin təşkili, "
            "məsləhət xidmətlərinin göstərilməsi;",
            "c) seminarların, konfransların, dəyirmi masaların və veb-seminarların təşkili;",
            "ç) ərazinin sənaye, elmi və maliyyə-iqtisadi potensialının monitorinqi və nəticələrinin Klasterin "
            "iştirakçılarına təqdim edilməsi;",
            "d) yeni məhsulların bazara çıxarılmasının təşkili və elmi-texniki əməkdaşlığın inkişafı;",
            "e) sərgi-yarmarkaların və kommunikasiya tədbirlərinin təşkili, xarici ölkələrdə keçirilən belə "
            "tədbirlərdə iştirakın təmin edilməsi;",
            "ə) bazarlarda marketinq araşdırmalarının aparılması, Klasterin məhsulunun hüquqi təminatı və tanıdılması;",
            "f) kredit və investisiya ehtiyatlarının cəlb edilməsinə kömək göstərilməsi;",
            "g) Klasterin informasiya portalının və iştirakçılarının reyestrinin aparılması.",
            "3.2. Təşkilat fiziki və hüquqi şəxslərlə bağlanan müqavilələr əsasında aşağıdakı ödənişli xidmətləri "
            "göstərə bilər:",
            "%for s in services",
            "{{ s }}",
            "%endfor",
            "3.3. Ödənişli xidmətlərin qiymətləri İdarə Heyəti tərəfindən təsdiq edilir. Təşkilatın sahibkarlıq "
            "fəaliyyətindən əldə etdiyi gəlir yalnız bu Nizamnamədə nəzərdə tutulmuş məqsədlərə yönəldilir.",
            "3.4. Xüsusi razılıq (lisenziya) tələb edən fəaliyyət növü ilə Təşkilat yalnız həmin razılığı aldıqdan "
            "sonra məşğul olur.",
        ),
    ),
    (
        "4. Təşkilatın təsisçiləri və üzvləri",
        (
            "4.1. Təşkilatın təsisçiləri bu Nizamnamənin əlavəsində göstərilən təşkilatlardır. Klasterin "
            "iştirakçılarının ən azı yarısı Təşkilatın təsisçisidir.",
            "4.2. Təsisçilər Təşkilat dövlət qeydiyyatına alındığı gündən onun üzvləridir. Klasterin iştirakçıları "
            "və infrastrukturunu təmsil edən təşkilatlar üzvlərin ümumi yığıncağının qərarı ilə üzvlüyə qəbul "
            "edilirlər.",
            "4.3. Üzv öz təşəbbüsü ilə, azı otuz gün əvvəl yazılı bildiriş göndərməklə Təşkilatdan çıxa bilər. Üzv "
            "bu Nizamnaməni mütəmadi pozduqda, üzvlərin ümumi yığıncağının qərarı ilə xaric edilir.",
            "4.4. Təsisçilər və üzvlər Təşkilatın öhdəlikləri üçün, Təşkilat isə onların öhdəlikləri üçün məsuliyyət "
            "daşımır.",
        ),
    ),
    (
        "5. Klasterin üzvlərinin və Təşkilatın qarşılıqlı hüquq və vəzifələri",
        (
            "5.1. Klasterin iştirakçıları və infrastrukturunu təmsil edən təşkilatlar aşağıdakı hüquqlara malikdirlər:",
            "a) üzvlərin ümumi yığıncağında birinci şəxsi və ya etibarnamə ilə rəhbərin müavinindən aşağı olmayan "
            "nümayəndəsi vasitəsilə iştirak etmək və bir səsə malik olmaq;",
            "b) Klasterin inkişaf proqramına birgə layihələrin daxil edilməsi üçün təkliflər vermək;",
            "c) Təşkilatın xidmətlərindən istifadə etmək və Klasterin inkişafına aid məlumatları almaq;",
            "ç) Təşkilata ötürülən məlumatların açıqlanmasına məhdudiyyət qoymaq.",
            "5.2. Klasterin iştirakçıları və infrastrukturunu təmsil edən təşkilatlar aşağıdakı vəzifələri daşıyırlar:",
            "a) Təşkilatla Klasterin sənaye fəaliyyətində iştirak haqqında saziş bağlamaq və onu icra etmək;",
            "b) funksional xəritənin və inkişaf proqramının hazırlanmasında iştirak etmək, anketdə nəzərdə tutulan "
            "məlumatları vaxtında təqdim etmək;",
            "c) üzvlük haqlarını müəyyən edilmiş məbləğdə və müddətdə ödəmək;",
            "ç) Klasterin məqsəd və vəzifələrinə zidd hərəkətlərdən çəkinmək.",
            "5.3. Təşkilat Klasterin bütün üzvlərinə bərabər münasibəti təmin edir, onların iştirakçılarının və "
            "infrastrukturunun reyestrini aparır, ödənişli xidmətləri ümumi şərtlərlə göstərir və fəaliyyəti barədə "
            "onlara hesabat verir.",
            "5.4. Təşkilat üzvlərdən yalnız bu Nizamnamədə, iştirak haqqında sazişdə və inkişaf proqramında nəzərdə "
            "tutulan öhdəliklərin icrasını tələb etmək hüququna malikdir.",
        ),
    ),
    (
        "6. Təşkilatın idarəetmə orqanları",
        (
            "6.1. Təşkilatın ali idarəetmə orqanı üzvlərin ümumi yığıncağıdır. O, ildə ən azı bir dəfə çağırılır. "
            "Növbədənkənar yığıncaq rəhbərin, İdarə Heyətinin və ya üzvlərin ən azı üçdə birinin tələbi ilə "
            "keçirilir.",
            "6.2. Yığıncağın vaxtı, yeri və gündəliyi üzvlərə azı {{ notice }} gün əvvəl bildirilir. Yığıncaq "
            "üzvlərin yarıdan çoxu iştirak etdikdə səlahiyyətlidir. Qərarlar iştirak edənlərin sadə səs çoxluğu ilə "
            "qəbul edilir; səslər bərabər olduqda sədrlik edənin səsi həlledicidir.",
            "6.3. Üzvlərin ümumi yığıncağı Təşkilatın təklifi ilə aşağıdakı məsələlər üzrə qərarlar qəbul edir:",
            "a) Klasterin idarəetmə orqanları ilə bağlı qaydaların təsdiq edilməsi;",
            "b) Klasterin funksional xəritəsinin təsdiq edilməsi;",
            "c) Klasterin inkişaf proqramının təsdiq edilməsi;",
            "ç) Klasterin iştirakçılarının birgə layihələrinin siyahısının təsdiq edilməsi;",
            "d) Təşkilatın tədbirlər planının təsdiq edilməsi;",
            "e) yeni müəssisə və təşkilatların Klasterin iştirakçıları və infrastrukturu tərkibinə daxil edilməsi;",
            "ə) müəssisə və təşkilatların Klasterin tərkibindən xaric edilməsi.",
            "6.4. Üzvlərin ümumi yığıncağının müstəsna səlahiyyətlərinə həmçinin Nizamnamənin təsdiqi və "
            "dəyişdirilməsi, rəhbərin təyin və azad edilməsi, illik hesabatın qəbulu, üzvlük haqlarının müəyyən "
            "edilməsi, Təşkilatın yenidən təşkili və ləğvi aiddir.",
            "6.5. Daimi fəaliyyət göstərən kollegial idarəetmə orqanı {{ board.members }} nəfərdən ibarət İdarə "
            "Heyətidir. Onun tərkibinin azı 50 faizini Klasterin iştirakçısı olan təşkilatların nümayəndələri ({{ "
            "board.participants }} nəfər) təşkil edir. İdarə Heyətinin iclası ildə ən azı bir dəfə keçirilir.",
            "6.6. İdarə Heyəti Klasterin əsas sənədlərinə ilkin baxır, onların icrasına strateji nəzarəti həyata "
            "keçirir, rəhbərin və onun müavinlərinin namizədliklərini razılaşdırır, ödənişli xidmətlərin "
            "qiymətlərini və ştat cədvəlini təsdiq edir.",
            "6.7. Üzvlərin qərarı ilə müşahidə şurası, ekspert şurası və digər məsləhət orqanları yaradıla bilər. "
            "Onların səlahiyyətləri üzvlərin ümumi yığıncağının təsdiq etdiyi əsasnamələrlə müəyyən edilir.",
        ),
    ),
    (
        "7. Təşkilatın rəhbəri",
        (
            "7.1. Təşkilatın vahid icra orqanı onun rəhbəridir. Rəhbər İdarə Heyəti ilə razılaşdırılmaqla "
            "üzvlərin ümumi yığıncağının qərarı ilə {{ head_term }} il müddətinə vəzifəyə təyin edilir; Klaster "
            "yaradılarkən rəhbəri təsisçilərin ümumi yığıncağı təyin edir.",
            "7.2. Rəhbərin səlahiyyət müddətinin uzadılması və ya səlahiyyətlərinə, o cümlədən vaxtından əvvəl, "
            "xitam verilməsi barədə qərar inkişaf proqramının və tədbirlər planının icrası üzrə hesabatın "
            "nəticələrinə əsasən üzvlərin ümumi yığıncağı tərəfindən qəbul edilir.",
            "7.3. Rəhbər:",
            "a) Təşkilatın fəaliyyətinə rəhbərlik edir, etibarnaməsiz onun adından çıxış edir, müqavilələr bağlayır "
            "və sənədləri imzalayır;",
            "b) üzvlərin ümumi yığıncağının və İdarə Heyətinin qərarlarının icrasını təmin edir;",
            "c) Klasterin inkişaf proqramının, tədbirlər planının və birgə layihələrin hazırlanmasını və həyata "
            "keçirilməsini təşkil edir;",
            "ç) işçiləri işə qəbul edir və işdən azad edir, onların vəzifələrini müəyyən edir;",
            "d) Təşkilatın əmlakının və vəsaitinin təyinatı üzrə istifadəsinə cavabdehdir;",
            "e) hər il üzvlərin ümumi yığıncağına ötən il üzrə hesabat təqdim edir.",
            "7.4. Rəhbər müvəqqəti olmadıqda, onun vəzifələrini əmrlə təyin edilmiş şəxs icra edir.",
        ),
    ),
    (
        "8. İnkişaf proqramının və birgə layihələrin təsdiqi, idarə edilməsi və monitorinqi",
        (
            "8.1. Təşkilat Klasterin üzvlərinin iştirakı ilə inkişaf proqramının layihəsini hazırlayır, onlarla "
            "razılaşdırır və üzvlərin ümumi yığıncağının təsdiqinə təqdim edir.",
            "8.2. Birgə layihənin təşəbbüskarı layihənin pasportunu Təşkilata təqdim edir. Təşkilat otuz gün "
            "müddətində onun funksional xəritəyə və inkişaf proqramına uyğunluğuna dair rəy verir və birgə "
            "layihələrin siyahısını üzvlərin ümumi yığıncağına təqdim edir.",
            "8.3. Təşkilat inkişaf proqramının tədbirlərini Klasterin iştirakçılarının inkişaf tədbirləri ilə "
            "əlaqələndirir, layihələrin idarə edilməsində metodoloji və ekspert dəstəyi göstərir.",
            "8.4. Təşkilat inkişaf proqramının və birgə layihələrin səmərəliliyinin monitorinqini ildə ən azı bir "
            "dəfə aparır, bunun üçün üzvlərdən məlumat almaq hüququna malikdir və monitorinqin nəticələrinə əsasən "
            "proqrama dəyişikliklər təklif edir.",
        ),
    ),
    (
        "9. Dövlət orqanları ilə qarşılıqlı əlaqə",
        (
            "9.1. Təşkilat ərazisində Klasterin infrastrukturu obyektləri yerləşən icra hakimiyyəti orqanları ilə "
            "Klasterin yaradılması haqqında saziş bağlayır, onlara reyestrin yeni redaksiyalarını və illik hesabatı "
            "təqdim edir, onların apardığı monitorinqin nəticələrini nəzərə alır.",
            "9.2. Klasterin inkişaf etdirilməsinə yönəldilmiş sənaye fəaliyyətinin stimullaşdırılması tədbirlərinin "
            "həyata keçirilməsi ilə əlaqədar Təşkilat Azərbaycan Respublikasının İqtisadiyyat Nazirliyinə "
            "müraciətlər, hesabatlar və tələblərə uyğunluğun yoxlanılması üçün sənədlər paketini təqdim edir.",
            "9.3. Təşkilat dövlət orqanlarının sorğularına qanunvericiliklə müəyyən edilmiş müddətdə cavab verir.",
        ),
    ),
    (
        "10. Maliyyə-kredit təşkilatları, dövlət şirkətləri və inkişaf institutları ilə qarşılıqlı əlaqə",
        (
            "10.1. Klasterin inkişafına yönəldilmiş maliyyə və qeyri-maliyyə dəstəyi tədbirlərinin həyata "
            "keçirilməsi üçün Təşkilat maliyyə-kredit təşkilatları, dövlət şirkətləri, dövlət payı olan şirkətlər və "
            "inkişaf institutları ilə əməkdaşlıq sazişləri bağlayır.",
            "10.2. Təşkilat Klasterin üzvlərinə tətbiqi mümkün olan dəstək vasitələrini müəyyən edir, onlar barədə "
            "üzvləri məlumatlandırır və müraciətlərin hazırlanmasına kömək göstərir.",
            "10.3. Təşkilat üzvlərin adından maliyyə öhdəliyi götürmür və onların öhdəliklərinə zamin durmur.",
        ),
    ),
    (
        "11. Təşkilatın əmlakı",
        (
            "11.1. Təşkilatın əmlakı təsisçilərin ödədiyi birdəfəlik üzvlük haqlarından, üzvlük haqlarından, "
            "göstərilən xidmətlərdən əldə edilən gəlirdən, qrantlardan, ianələrdən və qanunvericiliklə qadağan "
            "edilməyən digər mənbələrdən formalaşır.",
            "11.2. Hər bir təsisçi Təşkilatın dövlət qeydiyyatına alınmasınadək {{ fee }} məbləğində birdəfəlik "
            "üzvlük haqqı ödəyir.",
            "11.3. Təşkilat öz əmlakının mülkiyyətçisidir. Təsisçilərin və üzvlərin Təşkilata verdikləri əmlaka "
            "əmlak hüququ saxlanılmır.",
        ),
    ),
    (
        "12. Təşkilatın fəaliyyətinin maliyyələşdirilməsi",
        (
            "12.1. Təşkilatın fəaliyyəti Klasterin üzvlərinin maraqları çərçivəsində göstərilən xidmətlərin ödənişi "
            "və üzvlük haqları hesabına maliyyələşdirilir.",
            "12.2. Üzvlük haqlarının məbləği və ödənilmə müddəti üzvlərin ümumi yığıncağı tərəfindən müəyyən edilir "
            "və Klasterin müxtəlif növ iştirakçıları və infrastrukturu üçün fərqlənə bilər.",
            "12.3. Təşkilatın illik gəlirlər və xərclər smetası İdarə Heyətinin rəyi ilə üzvlərin ümumi yığıncağı "
            "tərəfindən təsdiq edilir. Maliyyə ili təqvim ilidir.",
            "12.4. İllik maliyyə hesabatı müstəqil auditor tərəfindən yoxlanılır və auditor rəyi ilə birlikdə "
            "Klasterin informasiya portalında yerləşdirilir.",
        ),
    ),
    (
        "13. İşçilər və onların əməyinin ödənilməsi",
        (
            "13.1. Təşkilatın ştat cədvəli rəhbərin təqdimatı ilə İdarə Heyəti tərəfindən təsdiq edilir. İşçilər "
            "Azərbaycan Respublikasının Əmək Məcəlləsinə uyğun olaraq əmək müqaviləsi əsasında işə qəbul edilirlər.",
            "13.2. Əməyin ödənilməsi sistemi təsdiq edilmiş smeta daxilində rəhbər tərəfindən müəyyən edilir. "
            "Rəhbərin əməkhaqqı üzvlərin ümumi yığıncağı tərəfindən müəyyən edilir.",
            "13.3. Təşkilat funksiyalarının icrası üçün müqavilə əsasında mütəxəssislər və kənar təşkilatlar cəlb "
            "edə bilər.",
        ),
    ),
    (
        "14. Fəaliyyətin monitorinqi və səmərəliliyinin qiymətləndirilməsi",
        (
            "14.1. Təşkilatın fəaliyyətinin monitorinqi tədbirlər planının icra göstəriciləri, inkişaf proqramının "
            "məqsəd göstəriciləri və Klasterin üzvlərinin xidmətlərin keyfiyyətindən məmnunluğu üzrə ildə ən azı bir "
            "dəfə aparılır.",
            "14.2. Monitorinqi İdarə Heyəti və ya üzvlərin ümumi yığıncağının seçdiyi təftiş komissiyası aparır. "
            "Onun nəticələri rəhbərin hesabatı ilə birlikdə üzvlərin ümumi yığıncağında müzakirə edilir.",
            "14.3. Üzvlərin ümumi yığıncağı Təşkilatın fəaliyyətini səmərəli və ya səmərəsiz hesab edir; səmərəsiz "
            "hesab edildikdə, nöqsanların aradan qaldırılması üçün müddət müəyyən edir və ya rəhbərin səlahiyyətləri "
            "barədə qərar qəbul edir.",
        ),
    ),
    (
        "15. Təşkilatın yenidən təşkili, növünün dəyişdirilməsi və ləğvi",
        (
            "15.1. Təşkilat üzvlərin ümumi yığıncağının azı üçdə iki səs çoxluğu ilə qəbul etdiyi qərara əsasən "
            "yenidən təşkil edilə, onun növü (təşkilati-hüquqi forması) dəyişdirilə və ya ləğv edilə bilər; "
            "məhkəmənin qərarı ilə ləğvetmə qanunvericiliklə müəyyən edilmiş hallarda həyata keçirilir.",
            "15.2. Yenidən təşkil və növün dəyişdirilməsi zamanı Təşkilatın hüquq və vəzifələri hüquqi varisə keçir; "
            "iştirak haqqında sazişlər qüvvədə qalır.",
            "15.3. Ləğvetmə üzvlərin ümumi yığıncağının təyin etdiyi ləğvetmə komissiyası tərəfindən aparılır. "
            "Kreditorların tələbləri ödənildikdən sonra qalan əmlak bu Nizamnamənin məqsədlərinə yönəldilir və "
            "üzvlər arasında bölüşdürülmür.",
            "15.4. Təşkilat ləğv edildikdə sənədləri müəyyən edilmiş qaydada arxivə verilir.",
        ),
    ),
    (
        "16. Yekun müddəalar",
        (
            "16.1. Bu Nizamnamə təsisçilərin ümumi yığıncağının {{ approval }} protokol qərarı ilə təsdiq edilmişdir "
            "və Təşkilatın dövlət qeydiyyatına alındığı gündən qüvvəyə minir.",
            "16.2. Nizamnaməyə dəyişikliklər üzvlərin ümumi yığıncağının qərarı ilə edilir və qanunvericiliklə "
            "müəyyən edilmiş qaydada dövlət qeydiyyatına alınır.",
            "16.3. Bu Nizamnamə ilə tənzimlənməyən məsələlər Azərbaycan Respublikasının qanunvericiliyi ilə həll "
            "edilir.",
        ),
    ),
)
