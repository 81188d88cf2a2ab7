#include "portal/engine/texts.hpp"

#include "rules/bcp47.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace lineside {

namespace {

constexpr std::string_view languages[] = {"en", "de", "es", "fr", "pt", "ru", "uk", "ar", "zh", "hi", "ja"};

struct row {
    text id;
    std::array<std::string_view, std::size(languages)> in; ///< each of the languages, in their order
};

// One language a line.
// clang-format off
constexpr row table[] = {
    {text::credit_exhausted,
     {"The credit is used up: {amount} available.",
      "Das Guthaben ist aufgebraucht: {amount} verfügbar.",
      "El crédito se ha agotado: {amount} disponibles.",
      "Le crédit est épuisé : {amount} disponibles.",
      "O crédito acabou: {amount} disponíveis.",
      "Средства исчерпаны: доступно {amount}.",
      "Кошти вичерпано: доступно {amount}.",
      "نفد الرصيد: المتاح {amount}.",
      "额度已用完：可用 {amount}。",
      "क्रेडिट समाप्त हो गया है: उपलब्ध {amount}।",
      "利用可能額がなくなりました：残り {amount}。"}},
    {text::credit_exhausted_remedy,
     {"Make a payment. Until then new calls may be refused.",
      "Leisten Sie eine Zahlung. Bis dahin können neue Anrufe abgelehnt werden.",
      "Realice un pago. Hasta entonces pueden rechazarse las llamadas nuevas.",
      "Effectuez un paiement. D’ici là, les nouveaux appels peuvent être refusés.",
      "Faça um pagamento. Até lá, novas chamadas podem ser recusadas.",
      "Внесите платёж. До этого новые вызовы могут отклоняться.",
      "Внесіть платіж. До того нові виклики можуть відхилятися.",
      "سدِّد دفعة. وحتى ذلك الحين قد تُرفض المكالمات الجديدة.",
      "请付款。在此之前，新呼叫可能会被拒绝。",
      "भुगतान करें। तब तक नई कॉल अस्वीकार की जा सकती हैं।",
      "お支払いください。それまで新しい通話は拒否されることがあります。"}},
    {text::alerts_fired,
     {"Alerts that fired: {count}.",
      "Ausgelöste Alarme: {count}.",
      "Alertas activadas: {count}.",
      "Alertes déclenchées : {count}.",
      "Alertas disparados: {count}.",
      "Сработавшие оповещения: {count}.",
      "Спрацювали сповіщення: {count}.",
      "التنبيهات المُطلَقة: {count}.",
      "已触发的告警：{count}。",
      "सक्रिय हुए अलर्ट: {count}।",
      "発生中のアラート：{count} 件。"}},
    {text::alerts_fired_remedy,
     {"Look at the alert history; an alert clears once its value is back beyond the reset threshold.",
      "Sehen Sie den Alarmverlauf an; ein Alarm endet, sobald sein Wert wieder jenseits der Rücksetzschwelle liegt.",
      "Consulte el historial de alertas; una alerta termina cuando su valor vuelve a superar el umbral de restablecimiento.",
      "Consultez l’historique des alertes ; une alerte prend fin dès que sa valeur repasse le seuil de réarmement.",
      "Veja o histórico de alertas; um alerta termina quando o valor volta a passar do limite de rearme.",
      "Посмотрите историю оповещений; оповещение снимается, когда значение возвращается за порог сброса.",
      "Перегляньте історію сповіщень; сповіщення знімається, коли значення повертається за поріг скидання.",
      "راجع سجل التنبيهات؛ ينتهي التنبيه عندما تعود قيمته إلى ما بعد حد إعادة الضبط.",
      "请查看告警历史；数值恢复到复位阈值以外后，告警即解除。",
      "अलर्ट का इतिहास देखें; मान रीसेट सीमा के पार लौटने पर अलर्ट समाप्त हो जाता है।",
      "アラート履歴をご確認ください。値がリセットしきい値を越えて戻るとアラートは解除されます。"}},
    {text::balance_low,
     {"The credit is running low: {amount} available.",
      "Das Guthaben geht zur Neige: {amount} verfügbar.",
      "El crédito se está agotando: {amount} disponibles.",
      "Le crédit sera bientôt épuisé : {amount} disponibles.",
      "O crédito está acabando: {amount} disponíveis.",
      "Средства заканчиваются: доступно {amount}.",
      "Кошти закінчуються: доступно {amount}.",
      "الرصيد يوشك على النفاد: المتاح {amount}.",
      "额度即将用完：可用 {amount}。",
      "क्रेडिट कम हो रहा है: उपलब्ध {amount}।",
      "利用可能額が少なくなっています：残り {amount}。"}},
    {text::balance_low_remedy,
     {"Make a payment in good time.",
      "Leisten Sie rechtzeitig eine Zahlung.",
      "Realice un pago a tiempo.",
      "Effectuez un paiement à temps.",
      "Faça um pagamento a tempo.",
      "Внесите платёж заблаговременно.",
      "Внесіть платіж завчасно.",
      "سدِّد دفعة في الوقت المناسب.",
      "请及时付款。",
      "समय रहते भुगतान करें।",
      "お早めにお支払いください。"}},
    {text::verify_email,
     {"The e-mail address {address} is not verified.",
      "Die E-Mail-Adresse {address} ist nicht bestätigt.",
      "La dirección de correo {address} no está verificada.",
      "L’adresse e-mail {address} n’est pas vérifiée.",
      "O endereço de e-mail {address} não foi verificado.",
      "Адрес электронной почты {address} не подтверждён.",
      "Адресу електронної пошти {address} не підтверджено.",
      "لم يتم التحقق من عنوان البريد الإلكتروني {address}.",
      "电子邮箱 {address} 尚未验证。",
      "ईमेल पता {address} सत्यापित नहीं है।",
      "メールアドレス {address} は未確認です。"}},
    {text::verify_email_remedy,
     {"Have a code sent to it and enter the code.",
      "Lassen Sie sich einen Code dorthin senden und geben Sie ihn ein.",
      "Solicite que se envíe un código a esa dirección e introdúzcalo.",
      "Faites-y envoyer un code, puis saisissez-le.",
      "Peça o envio de um código para esse endereço e digite-o.",
      "Запросите код на этот адрес и введите его.",
      "Замовте код на цю адресу та введіть його.",
      "اطلب إرسال رمز إليه ثم أدخِل الرمز.",
      "请获取发送到该邮箱的验证码并输入。",
      "उस पर कोड भिजवाएँ और कोड दर्ज करें।",
      "このアドレスにコードを送信し、そのコードを入力してください。"}},
    {text::confirm_new_email,
     {"The new e-mail address {address} waits to be confirmed.",
      "Die neue E-Mail-Adresse {address} wartet auf Bestätigung.",
      "La nueva dirección de correo {address} está pendiente de confirmación.",
      "La nouvelle adresse e-mail {address} est en attente de confirmation.",
      "O novo endereço de e-mail {address} aguarda confirmação.",
      "Новый адрес электронной почты {address} ожидает подтверждения.",
      "Нова адреса електронної пошти {address} очікує підтвердження.",
      "عنوان البريد الإلكتروني الجديد {address} في انتظار التأكيد.",
      "新电子邮箱 {address} 等待确认。",
      "नया ईमेल पता {address} पुष्टि की प्रतीक्षा में है।",
      "新しいメールアドレス {address} は確認待ちです。"}},
    {text::confirm_new_email_remedy,
     {"Enter the code that was sent to it, or have another one sent; until then you sign in with the old address.",
      "Geben Sie den dorthin gesendeten Code ein oder fordern Sie einen neuen an; bis dahin melden Sie sich mit der "
      "alten Adresse an.",
      "Introduzca el código enviado a esa dirección o solicite otro; hasta entonces inicie sesión con la dirección anterior.",
      "Saisissez le code qui y a été envoyé ou demandez-en un autre ; d’ici là, connectez-vous avec l’ancienne adresse.",
      "Digite o código enviado para esse endereço ou peça outro; até lá, entre com o endereço antigo.",
      "Введите отправленный на него код или запросите новый; до этого входите со старым адресом.",
      "Введіть надісланий на неї код або замовте новий; до того входьте зі старою адресою.",
      "أدخِل الرمز المُرسَل إليه أو اطلب رمزًا آخر؛ وحتى ذلك الحين سجِّل الدخول بالعنوان القديم.",
      "请输入发送到该邮箱的验证码，或重新获取；在此之前请使用旧邮箱登录。",
      "उस पर भेजा गया कोड दर्ज करें या दूसरा कोड मँगाएँ; तब तक पुराने पते से साइन इन करें।",
      "送信されたコードを入力するか、再送信してください。それまでは以前のアドレスでサインインします。"}},
    {text::verify_mobile,
     {"The mobile number {address} is not verified.",
      "Die Mobilnummer {address} ist nicht bestätigt.",
      "El número de móvil {address} no está verificado.",
      "Le numéro de mobile {address} n’est pas vérifié.",
      "O número de celular {address} não foi verificado.",
      "Номер мобильного телефона {address} не подтверждён.",
      "Номер мобільного телефону {address} не підтверджено.",
      "لم يتم التحقق من رقم الجوال {address}.",
      "手机号码 {address} 尚未验证。",
      "मोबाइल नंबर {address} सत्यापित नहीं है।",
      "携帯電話番号 {address} は未確認です。"}},
    {text::verify_mobile_remedy,
     {"Have a code sent to it by text message and enter the code.",
      "Lassen Sie sich per SMS einen Code dorthin senden und geben Sie ihn ein.",
      "Solicite que se envíe un código por SMS a ese número e introdúzcalo.",
      "Faites-y envoyer un code par SMS, puis saisissez-le.",
      "Peça o envio de um código por SMS para esse número e digite-o.",
      "Запросите код в SMS на этот номер и введите его.",
      "Замовте код у SMS на цей номер та введіть його.",
      "اطلب إرسال رمز إليه في رسالة نصية ثم أدخِل الرمز.",
      "请获取发送到该号码的短信验证码并输入。",
      "उस पर SMS से कोड भिजवाएँ और कोड दर्ज करें।",
      "この番号に SMS でコードを送信し、そのコードを入力してください。"}},
    {text::two_factor_off,
     {"Two-factor sign-in is off.",
      "Die Zwei-Faktor-Anmeldung ist ausgeschaltet.",
      "El inicio de sesión en dos pasos está desactivado.",
      "La connexion à deux facteurs est désactivée.",
      "O acesso em duas etapas está desativado.",
      "Двухфакторный вход выключен.",
      "Двофакторний вхід вимкнено.",
      "تسجيل الدخول بخطوتين متوقف.",
      "双重验证登录未开启。",
      "दो-चरणीय साइन-इन बंद है।",
      "2 要素サインインがオフです。"}},
    {text::two_factor_off_remedy,
     {"Turn it on in your profile; you need an authenticator app.",
      "Schalten Sie sie in Ihrem Profil ein; Sie brauchen dazu eine Authenticator-App.",
      "Actívelo en su perfil; necesita una aplicación de autenticación.",
      "Activez-la dans votre profil ; il vous faut une application d’authentification.",
      "Ative-o no seu perfil; é preciso um aplicativo autenticador.",
      "Включите его в профиле; понадобится приложение-аутентификатор.",
      "Увімкніть його у профілі; знадобиться застосунок-автентифікатор.",
      "فعِّله في ملفك الشخصي؛ ستحتاج إلى تطبيق مصادقة.",
      "请在个人资料中开启；需要一款身份验证器应用。",
      "इसे अपनी प्रोफ़ाइल में चालू करें; इसके लिए एक ऑथेंटिकेटर ऐप चाहिए।",
      "プロフィールでオンにしてください。認証アプリが必要です。"}},
    {text::recovery_codes_low,
     {"Recovery codes left: {count}.",
      "Verbleibende Wiederherstellungscodes: {count}.",
      "Códigos de recuperación restantes: {count}.",
      "Codes de récupération restants : {count}.",
      "Códigos de recuperação restantes: {count}.",
      "Осталось кодов восстановления: {count}.",
      "Залишилося кодів відновлення: {count}.",
      "رموز الاسترداد المتبقية: {count}.",
      "剩余恢复码：{count}。",
      "शेष रिकवरी कोड: {count}।",
      "残りのリカバリーコード：{count} 個。"}},
    {text::recovery_codes_low_remedy,
     {"Make new ones in your profile; the old ones become void.",
      "Erzeugen Sie in Ihrem Profil neue; die alten werden ungültig.",
      "Genere otros nuevos en su perfil; los anteriores dejan de valer.",
      "Créez-en de nouveaux dans votre profil ; les anciens ne seront plus valables.",
      "Gere novos códigos no seu perfil; os antigos perdem a validade.",
      "Создайте новые в профиле; прежние станут недействительны.",
      "Створіть нові у профілі; попередні стануть недійсними.",
      "أنشئ رموزًا جديدة في ملفك الشخصي؛ وتصبح القديمة لاغية.",
      "请在个人资料中生成新的恢复码；旧的将失效。",
      "अपनी प्रोफ़ाइल में नए कोड बनाएँ; पुराने अमान्य हो जाएँगे।",
      "プロフィールで新しいコードを作成してください。以前のものは無効になります。"}},
    {text::key_expiring,
     {"The API key {name} expires on {date}.",
      "Der API-Schlüssel {name} läuft am {date} ab.",
      "La clave de API {name} caduca el {date}.",
      "La clé d’API {name} expire le {date}.",
      "A chave de API {name} expira em {date}.",
      "Срок действия ключа API {name} истекает {date}.",
      "Термін дії ключа API {name} спливає {date}.",
      "تنتهي صلاحية مفتاح API ‏{name} في {date}.",
      "API 密钥 {name} 将于 {date} 到期。",
      "API कुंजी {name} की वैधता {date} को समाप्त होगी।",
      "API キー {name} は {date} に期限切れになります。"}},
    {text::key_expiring_remedy,
     {"Create a new key and give it to the programs that use this one.",
      "Erstellen Sie einen neuen Schlüssel und geben Sie ihn den Programmen, die diesen benutzen.",
      "Cree una clave nueva y póngala en los programas que usan esta.",
      "Créez une nouvelle clé et donnez-la aux programmes qui utilisent celle-ci.",
      "Crie uma nova chave e coloque-a nos programas que usam esta.",
      "Создайте новый ключ и передайте его программам, которые используют этот.",
      "Створіть новий ключ і передайте його програмам, які використовують цей.",
      "أنشئ مفتاحًا جديدًا وضعه في البرامج التي تستخدم هذا المفتاح.",
      "请创建新密钥，并更新使用此密钥的程序。",
      "नई कुंजी बनाएँ और उसे इस कुंजी का उपयोग करने वाले प्रोग्रामों में डालें।",
      "新しいキーを作成し、このキーを使うプログラムに設定してください。"}},
    {text::payment_pending,
     {"Pending payments: {count}.",
      "Ausstehende Zahlungen: {count}.",
      "Pagos pendientes: {count}.",
      "Paiements en attente : {count}.",
      "Pagamentos pendentes: {count}.",
      "Платежи в обработке: {count}.",
      "Платежі в обробці: {count}.",
      "المدفوعات المعلَّقة: {count}.",
      "待处理的付款：{count}。",
      "लंबित भुगतान: {count}।",
      "処理待ちの支払い：{count} 件。"}},
    {text::payment_pending_remedy,
     {"It counts in the balance once it is completed; there is nothing to do unless it takes long.",
      "Sie zählt zum Guthaben, sobald sie abgeschlossen ist; nur wenn es lange dauert, ist etwas zu tun.",
      "Contará en el saldo cuando se complete; no hay nada que hacer salvo que tarde mucho.",
      "Il comptera dans le solde une fois terminé ; rien à faire, sauf si cela tarde.",
      "Entra no saldo quando for concluído; não há nada a fazer, a menos que demore.",
      "Учитывается в балансе после завершения; делать ничего не нужно, если это не затянулось.",
      "Враховується в балансі після завершення; робити нічого не потрібно, якщо це не затягнулося.",
      "تُحتسب في الرصيد بعد اكتمالها؛ لا يلزم فعل شيء ما لم تتأخر.",
      "完成后计入余额；除非耗时过长，否则无需操作。",
      "पूरा होने पर यह शेष राशि में जुड़ता है; बहुत देर न हो तो कुछ करने की ज़रूरत नहीं।",
      "完了すると残高に反映されます。長くかかる場合を除き、操作は不要です。"}},
    {text::no_number_block,
     {"The company has no block of internal numbers.",
      "Die Firma hat keinen Block interner Nummern.",
      "La empresa no tiene ningún bloque de números internos.",
      "L’entreprise n’a aucun bloc de numéros internes.",
      "A empresa não tem nenhum bloco de números internos.",
      "У компании нет блока внутренних номеров.",
      "Компанія не має блоку внутрішніх номерів.",
      "ليس لدى الشركة نطاق من الأرقام الداخلية.",
      "公司没有内部号码段。",
      "कंपनी के पास आंतरिक नंबरों का कोई ब्लॉक नहीं है।",
      "会社に内線番号ブロックがありません。"}},
    {text::no_number_block_remedy,
     {"Add a block, so that extensions come from a range of your own.",
      "Fügen Sie einen Block hinzu, damit Nebenstellen aus einem eigenen Bereich kommen.",
      "Añada un bloque para que las extensiones salgan de un rango propio.",
      "Ajoutez un bloc pour que les postes proviennent d’une plage à vous.",
      "Adicione um bloco para que os ramais venham de uma faixa própria.",
      "Добавьте блок, чтобы добавочные номера брались из собственного диапазона.",
      "Додайте блок, щоб внутрішні номери бралися з власного діапазону.",
      "أضِف نطاقًا لتكون الأرقام الفرعية من نطاق خاص بك.",
      "请添加号码段，使分机来自自己的号段。",
      "एक ब्लॉक जोड़ें, ताकि एक्सटेंशन आपकी अपनी श्रेणी से आएँ।",
      "ブロックを追加すると、内線が自社の範囲から割り当てられます。"}},
    {text::verification_subject,
     {"Your confirmation code",
      "Ihr Bestätigungscode",
      "Su código de confirmación",
      "Votre code de confirmation",
      "O seu código de confirmação",
      "Ваш код подтверждения",
      "Ваш код підтвердження",
      "رمز التأكيد الخاص بك",
      "您的确认码",
      "आपका पुष्टि कोड",
      "確認コード"}},
    {text::verification_mail,
     {"Hello {name},\n\nthe code that confirms this e-mail address is {code}. It is valid for {minutes} minutes.\n\nIf you "
      "did not ask for it, ignore this mail and tell nobody the code.\n",
      "Guten Tag {name},\n\nder Code, mit dem Sie diese E-Mail-Adresse bestätigen, lautet {code}. Er gilt {minutes} "
      "Minuten.\n\nFalls Sie ihn nicht angefordert haben, beachten Sie diese Mail nicht und geben Sie den Code niemandem.\n",
      "Hola, {name}:\n\nEl código para confirmar esta dirección de correo es {code}. Es válido durante {minutes} "
      "minutos.\n\nSi no lo ha solicitado, ignore este mensaje y no comunique el código a nadie.\n",
      "Bonjour {name},\n\nLe code qui confirme cette adresse e-mail est {code}. Il est valable {minutes} minutes.\n\nSi "
      "vous ne l’avez pas demandé, ignorez ce message et ne communiquez le code à personne.\n",
      "Olá, {name}!\n\nO código para confirmar este endereço de e-mail é {code}. Ele vale por {minutes} minutos.\n\nSe "
      "você não o pediu, ignore esta mensagem e não informe o código a ninguém.\n",
      "Здравствуйте, {name}!\n\nКод для подтверждения этого адреса: {code}. Он действует {minutes} минут.\n\nЕсли вы его "
      "не запрашивали, не обращайте внимания на это письмо и никому не сообщайте код.\n",
      "Вітаємо, {name}!\n\nКод для підтвердження цієї адреси: {code}. Він діє {minutes} хвилин.\n\nЯкщо ви його не "
      "замовляли, не зважайте на цей лист і нікому не повідомляйте код.\n",
      "مرحبًا {name}،\n\nرمز تأكيد عنوان البريد الإلكتروني هذا هو {code}. مدة صلاحيته بالدقائق: {minutes}.\n\nإذا لم "
      "تطلبه فتجاهل هذه الرسالة ولا تُطلع أحدًا على الرمز.\n",
      "{name}，您好：\n\n用于确认此电子邮箱的验证码是 {code}，{minutes} 分钟内有效。\n\n"
      "如果不是您本人的请求，请忽略此邮件，且不要将验证码告诉任何人。\n",
      "नमस्ते {name},\n\nइस ईमेल पते की पुष्टि का कोड {code} है। यह {minutes} मिनट तक मान्य है।\n\nयदि आपने इसे नहीं माँगा है, "
      "तो इस मेल को अनदेखा करें और कोड किसी को न बताएँ।\n",
      "{name} 様\n\nこのメールアドレスの確認コードは {code} です。{minutes} 分間有効です。\n\n"
      "お心当たりがない場合は、このメールを無視し、コードを誰にも教えないでください。\n"}},
    {text::verification_message,
     {"Your code is {code}, valid for {minutes} minutes. Tell nobody.",
      "Ihr Code: {code}, gültig {minutes} Minuten. Geben Sie ihn niemandem.",
      "Su código es {code}, válido {minutes} minutos. No lo comparta.",
      "Votre code : {code}, valable {minutes} minutes. Ne le donnez à personne.",
      "Seu código é {code}, válido por {minutes} minutos. Não o informe a ninguém.",
      "Ваш код: {code}, действует {minutes} минут. Никому его не сообщайте.",
      "Ваш код: {code}, діє {minutes} хвилин. Нікому його не кажіть.",
      "رمزك هو {code}، صالح {minutes} دقائق. لا تُطلع عليه أحدًا.",
      "您的验证码是 {code}，{minutes} 分钟内有效。请勿告诉他人。",
      "आपका कोड {code} है, {minutes} मिनट तक मान्य। किसी को न बताएँ।",
      "確認コードは {code} です（{minutes} 分間有効）。誰にも教えないでください。"}},
    {text::email_changed_subject,
     {"Your sign-in address was changed",
      "Ihre Anmeldeadresse wurde geändert",
      "Se ha cambiado su dirección de inicio de sesión",
      "Votre adresse de connexion a été modifiée",
      "O seu endereço de acesso foi alterado",
      "Адрес для входа изменён",
      "Адресу для входу змінено",
      "تم تغيير عنوان تسجيل الدخول الخاص بك",
      "您的登录邮箱已更改",
      "आपका साइन-इन पता बदल दिया गया है",
      "サインイン用アドレスが変更されました"}},
    {text::email_changed_mail,
     {"Hello {name},\n\nfrom now on you sign in with {address} instead of this address.\n\nIf you did not change it, call "
      "your provider at once.\n",
      "Guten Tag {name},\n\nab jetzt melden Sie sich mit {address} statt mit dieser Adresse an.\n\nFalls Sie das nicht "
      "geändert haben, rufen Sie sofort Ihren Anbieter an.\n",
      "Hola, {name}:\n\nA partir de ahora inicia sesión con {address} en lugar de esta dirección.\n\nSi usted no la ha "
      "cambiado, llame de inmediato a su proveedor.\n",
      "Bonjour {name},\n\nVous vous connectez désormais avec {address} au lieu de cette adresse.\n\nSi ce n’est pas vous "
      "qui l’avez modifiée, appelez immédiatement votre fournisseur.\n",
      "Olá, {name}!\n\nA partir de agora você entra com {address} em vez deste endereço.\n\nSe não foi você que o "
      "alterou, ligue imediatamente para o seu fornecedor.\n",
      "Здравствуйте, {name}!\n\nТеперь для входа используется адрес {address} вместо этого.\n\nЕсли вы его не меняли, "
      "немедленно позвоните своему оператору.\n",
      "Вітаємо, {name}!\n\nВідтепер для входу використовується адреса {address} замість цієї.\n\nЯкщо ви її не "
      "змінювали, негайно зателефонуйте своєму оператору.\n",
      "مرحبًا {name}،\n\nمن الآن فصاعدًا تسجِّل الدخول بالعنوان {address} بدلًا من هذا العنوان.\n\nإذا لم تغيِّره أنت "
      "فاتصل بمزوِّدك فورًا.\n",
      "{name}，您好：\n\n从现在起，您使用 {address} 登录，不再使用此邮箱。\n\n如果不是您本人更改的，请立即致电您的服务商。\n",
      "नमस्ते {name},\n\nअब से आप इस पते के बजाय {address} से साइन इन करेंगे।\n\nयदि आपने इसे नहीं बदला है, तो तुरंत अपने "
      "सेवा प्रदाता को कॉल करें।\n",
      "{name} 様\n\n今後はこのアドレスではなく {address} でサインインします。\n\n"
      "お心当たりがない場合は、すぐにご契約の事業者へお電話ください。\n"}},
    {text::reset_subject,
     {"Choose a new password",
      "Neues Passwort wählen",
      "Elija una contraseña nueva",
      "Choisissez un nouveau mot de passe",
      "Escolha uma nova senha",
      "Выберите новый пароль",
      "Виберіть новий пароль",
      "اختر كلمة مرور جديدة",
      "设置新密码",
      "नया पासवर्ड चुनें",
      "新しいパスワードの設定"}},
    {text::reset_mail,
     {"Hello {name},\n\nwith this you choose a new password within {minutes} minutes:\n\n{link}\n\nIf you did not ask for "
      "it, ignore this mail; nothing has changed.\n",
      "Guten Tag {name},\n\nhiermit wählen Sie innerhalb von {minutes} Minuten ein neues Passwort:\n\n{link}\n\nFalls Sie "
      "das nicht angefordert haben, beachten Sie diese Mail nicht; es hat sich nichts geändert.\n",
      "Hola, {name}:\n\nCon esto puede elegir una contraseña nueva en los próximos {minutes} minutos:\n\n{link}\n\nSi no "
      "lo ha solicitado, ignore este mensaje; nada ha cambiado.\n",
      "Bonjour {name},\n\nVoici de quoi choisir un nouveau mot de passe dans les {minutes} minutes :\n\n{link}\n\nSi vous "
      "ne l’avez pas demandé, ignorez ce message ; rien n’a changé.\n",
      "Olá, {name}!\n\nCom isto você escolhe uma nova senha nos próximos {minutes} minutos:\n\n{link}\n\nSe você não "
      "pediu, ignore esta mensagem; nada mudou.\n",
      "Здравствуйте, {name}!\n\nС помощью этого выберите новый пароль в течение {minutes} минут:\n\n{link}\n\nЕсли вы "
      "этого не запрашивали, не обращайте внимания на это письмо: ничего не изменилось.\n",
      "Вітаємо, {name}!\n\nЗа допомогою цього виберіть новий пароль протягом {minutes} хвилин:\n\n{link}\n\nЯкщо ви "
      "цього не замовляли, не зважайте на цей лист: нічого не змінилося.\n",
      "مرحبًا {name}،\n\nبهذا تختار كلمة مرور جديدة. المهلة بالدقائق: {minutes}.\n\n{link}\n\nإذا لم تطلب ذلك فتجاهل هذه "
      "الرسالة؛ لم يتغير شيء.\n",
      "{name}，您好：\n\n请在 {minutes} 分钟内用以下内容设置新密码：\n\n{link}\n\n如果不是您本人的请求，请忽略此邮件；没有任何更改。\n",
      "नमस्ते {name},\n\nइससे {minutes} मिनट के भीतर नया पासवर्ड चुनें:\n\n{link}\n\nयदि आपने यह नहीं माँगा है, तो इस मेल को "
      "अनदेखा करें; कुछ नहीं बदला है।\n",
      "{name} 様\n\n{minutes} 分以内に次のものを使って新しいパスワードを設定してください。\n\n{link}\n\n"
      "お心当たりがない場合は、このメールを無視してください。何も変更されていません。\n"}},
    {text::password_changed_subject,
     {"Your password was changed",
      "Ihr Passwort wurde geändert",
      "Se ha cambiado su contraseña",
      "Votre mot de passe a été modifié",
      "A sua senha foi alterada",
      "Ваш пароль изменён",
      "Ваш пароль змінено",
      "تم تغيير كلمة المرور الخاصة بك",
      "您的密码已更改",
      "आपका पासवर्ड बदल दिया गया है",
      "パスワードが変更されました"}},
    {text::password_changed_mail,
     {"Hello {name},\n\nyour password was changed.\n\nIf it was not you, choose a new one at once and call your provider.\n",
      "Guten Tag {name},\n\nIhr Passwort wurde geändert.\n\nFalls Sie das nicht waren, wählen Sie sofort ein neues und "
      "rufen Sie Ihren Anbieter an.\n",
      "Hola, {name}:\n\nSe ha cambiado su contraseña.\n\nSi no ha sido usted, elija otra de inmediato y llame a su "
      "proveedor.\n",
      "Bonjour {name},\n\nVotre mot de passe a été modifié.\n\nSi ce n’était pas vous, choisissez-en un autre "
      "immédiatement et appelez votre fournisseur.\n",
      "Olá, {name}!\n\nA sua senha foi alterada.\n\nSe não foi você, escolha outra imediatamente e ligue para o seu "
      "fornecedor.\n",
      "Здравствуйте, {name}!\n\nВаш пароль изменён.\n\nЕсли это сделали не вы, немедленно выберите новый и позвоните "
      "своему оператору.\n",
      "Вітаємо, {name}!\n\nВаш пароль змінено.\n\nЯкщо це зробили не ви, негайно виберіть новий і зателефонуйте своєму "
      "оператору.\n",
      "مرحبًا {name}،\n\nتم تغيير كلمة المرور الخاصة بك.\n\nإذا لم تكن أنت من غيَّرها فاختر كلمة جديدة فورًا واتصل "
      "بمزوِّدك.\n",
      "{name}，您好：\n\n您的密码已更改。\n\n如果不是您本人操作，请立即设置新密码并致电您的服务商。\n",
      "नमस्ते {name},\n\nआपका पासवर्ड बदल दिया गया है।\n\nयदि यह आपने नहीं किया, तो तुरंत नया चुनें और अपने सेवा प्रदाता को "
      "कॉल करें।\n",
      "{name} 様\n\nパスワードが変更されました。\n\nお心当たりがない場合は、すぐに新しいパスワードを設定し、ご契約の事業者へ"
      "お電話ください。\n"}},
};
// clang-format on
static_assert(std::size(table) == text_count);

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (table[i].id != static_cast<text>(i))
            return false;
    return true;
}
static_assert(in_order());

} // namespace

std::span<const std::string_view> text_languages() noexcept { return languages; }

std::string_view text_language(std::string_view wanted) {
    const auto best = rules::best_language(wanted, languages);
    return best.empty() ? languages[0] : best;
}

std::string_view raw_text(text t, std::string_view language) {
    const auto found = std::find(std::begin(languages), std::end(languages), language);
    const auto column = found == std::end(languages) ? 0 : found - std::begin(languages);
    return table[static_cast<std::size_t>(t)].in[static_cast<std::size_t>(column)];
}

std::string write(text t, std::string_view language, std::initializer_list<blank> blanks) {
    return fill(raw_text(t, language), blanks);
}

std::string fill(std::string_view pattern, std::initializer_list<blank> blanks) {
    std::string out;
    for (auto rest = pattern; !rest.empty();) {
        const auto open = rest.find('{');
        out += rest.substr(0, open);
        if (open == std::string_view::npos)
            break;
        const auto close = rest.find('}', open);
        const auto name = rest.substr(open + 1, close - open - 1);
        for (const auto& b : blanks)
            if (b.name == name)
                out += b.value;
        rest.remove_prefix(close + 1);
    }
    return out;
}

} // namespace lineside
