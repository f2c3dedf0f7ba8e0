//! What the pages of one's own account say.

use crate::web::console::tongue::words;

words! {
    /// What the pages say.
    pub Words {
        title: "Your account", "Su cuenta", "Ваша учётная запись";
        signed_in_as: "You sign in as {email}.", "Usted entra como {email}.", "Вы входите как {email}.";
        times: "Time", "Hora", "Время";
        zone: "Time zone", "Zona horaria", "Часовой пояс";
        zone_hint: "Its international name, such as America/Chicago or Europe/Moscow.", "Su nombre internacional, por ejemplo America/Chicago o Europe/Moscow.", "Международное название, например Europe/Moscow или America/Chicago.";
        no_zone: "There is no zone of this name.", "No hay ninguna zona con este nombre.", "Пояса с таким названием нет.";
        save: "Save", "Guardar", "Сохранить";
        saved: "Saved.", "Guardado.", "Сохранено.";
        password: "Password", "Contraseña", "Пароль";
        present: "Current password", "Contraseña actual", "Текущий пароль";
        wrong_present: "This is not your current password.", "Esta no es su contraseña actual.", "Это не ваш текущий пароль.";
        change: "Change the password", "Cambiar la contraseña", "Сменить пароль";
        password_changed: "Your password is changed. Everywhere else you are signed out.", "Su contraseña ha cambiado. En los demás lugares se cerró su sesión.", "Пароль изменён. На других устройствах вы вышли.";
        codes: "Codes from your phone", "Códigos de su teléfono", "Коды с телефона";
        codes_what: "With codes, somebody who knows your password still cannot sign in: each time a code from an app on your phone is asked for too.", "Con códigos, quien conozca su contraseña sigue sin poder entrar: cada vez se pide también un código de una aplicación de su teléfono.", "С кодами одного пароля для входа мало: каждый раз нужен ещё и код из приложения на вашем телефоне.";
        codes_on: "Codes are asked for.", "Se piden códigos.", "Коды запрашиваются.";
        turn_on: "Turn codes on", "Activar los códigos", "Включить коды";
        turn_off: "Turn codes off", "Desactivar los códigos", "Выключить коды";
        scan: "Scan this with an app for one-time codes, or type the secret into it. Then give the code that it shows.", "Escanee esto con una aplicación de códigos de un solo uso o escriba en ella la clave. Después, dé el código que muestra.", "Отсканируйте это приложением для одноразовых кодов или введите в него ключ. Затем укажите код, который оно покажет.";
        qr: "QR code of the secret", "Código QR de la clave", "QR-код ключа";
        secret: "Secret", "Clave", "Ключ";
        code: "Code", "Código", "Код";
        wrong_code: "The code is wrong. Is the clock of your phone right?", "El código no es correcto. ¿Está bien el reloj de su teléfono?", "Код неверен. Правильно ли идут часы на вашем телефоне?";
        confirm: "Turn codes on", "Activar los códigos", "Включить коды";
        are_on: "From now on a code is asked for.", "Desde ahora se pide un código.", "Теперь при входе запрашивается код.";
        are_off: "Codes are not asked for any more.", "Ya no se piden códigos.", "Коды больше не запрашиваются.";
        cancel: "Cancel", "Cancelar", "Отмена";
        sessions: "Where you are signed in", "Dónde ha iniciado sesión", "Где выполнен вход";
        browser: "Browser", "Navegador", "Браузер";
        address: "IP address", "Dirección IP", "IP-адрес";
        began: "Signed in", "Inicio de sesión", "Вход";
        seen: "Last used", "Último uso", "Последняя активность";
        here: "this device", "este dispositivo", "это устройство";
        end: "Sign out there", "Cerrar esa sesión", "Завершить сеанс";
        end_all: "Sign out everywhere else", "Cerrar todas las demás", "Завершить все остальные";
        ended: "Signed out there.", "Se cerró la sesión.", "Сеанс завершён.";
        unknown: "an unknown browser", "un navegador desconocido", "неизвестный браузер";
    }
}
