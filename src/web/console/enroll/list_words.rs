//! What the pages of lists say.

use crate::flows::importing::{Column, Group, Verdict};
use crate::web::console::tongue::words;

words! {
    /// What the pages of lists say.
    pub Words {
        title: "Enroll from a spreadsheet", "Inscribir desde una hoja de cálculo", "Запись из таблицы";
        lead: "First every row is checked and shown. Nobody is enrolled before you say so.", "Primero se revisa y se muestra cada fila. No se inscribe a nadie hasta que usted lo diga.", "Сначала каждая строка проверяется и показывается. Пока вы не подтвердите, никого не записывают.";
        to_form: "Enroll one", "Inscribir a una", "Записать одну";
        template: "Template", "Plantilla", "Шаблон";
        template_xlsx: "Download the template (XLSX, with an explanation)", "Descargar la plantilla (XLSX, con explicación)", "Скачать шаблон (XLSX, с пояснением)";
        template_csv: "Download the template (CSV)", "Descargar la plantilla (CSV)", "Скачать шаблон (CSV)";
        program: "Program", "Programa", "Программа";
        language: "Language, if a row names none", "Idioma cuando la fila no lo indica", "Язык, если в строке он не указан";
        file: "Spreadsheet (XLSX or CSV)", "Hoja de cálculo (XLSX o CSV)", "Таблица (XLSX или CSV)";
        file_name: "File", "Archivo", "Файл";
        file_hint: "{rows} rows and {size} MB at most. Each row says when and how she agreed.", "Como máximo {rows} filas y {size} MB. Cada fila dice cuándo y cómo dio ella su consentimiento.", "Строк не больше {rows}, размер до {size} МБ. В каждой строке сказано, когда и как получено согласие.";
        check: "Check it", "Revisar", "Проверить";
        before: "Lists uploaded before", "Listas cargadas antes", "Загруженные ранее списки";
        none: "No list has been uploaded yet.", "Todavía no se ha cargado ninguna lista.", "Списков пока нет.";
        when: "Uploaded", "Cargada", "Загружен";
        by: "By", "Por", "Кем";
        rows: "Rows", "Filas", "Строк";
        state: "State", "Estado", "Состояние";
        checked: "checked, nobody enrolled", "revisada, sin inscribir a nadie", "проверен, никто не записан";
        enrolling: "enrolling now", "inscribiendo ahora", "идёт запись";
        done: "done", "terminada", "завершён";
        older: "Older", "Anteriores", "Раньше";

        unreadable: "The file cannot be read", "No se puede leer el archivo", "Файл не удаётся прочитать";
        no_file: "Choose a file.", "Elija un archivo.", "Выберите файл.";
        no_heading: "No row of headings was found: one column must be called “phone”. The template has them all.", "No se encontró una fila de títulos: una columna debe llamarse «teléfono». La plantilla los tiene todos.", "Строка с заголовками не найдена: один столбец должен называться «телефон». В шаблоне есть все.";
        missing: "These columns are missing: {columns}. Without them nobody can be enrolled.", "Faltan estas columnas: {columns}. Sin ellas no se puede inscribir a nadie.", "Не хватает столбцов: {columns}. Без них никого нельзя записать.";
        empty: "There is nobody in it.", "No hay nadie en ella.", "В нём никого нет.";
        too_many: "It has {rows} rows, and {most} are taken at most. Upload it in parts.", "Tiene {rows} filas y se admiten {most} como máximo. Cárguela por partes.", "Строк в нём {rows}, а принимается не больше {most}. Загрузите по частям.";
        twice: "“{0}” and “{1}” are headings of the same thing, and nobody knows which one is meant. Take one of the columns out, or give it another name, and upload the list again.", "«{0}» y «{1}» son títulos de lo mismo y no se sabe cuál vale. Quite una de las columnas, o póngale otro nombre, y cargue la lista de nuevo.", "«{0}» и «{1}» – заголовки одного и того же, и неясно, какой из них верный. Уберите один из столбцов или назовите его иначе и загрузите список снова.";
        language_unknown: "The program does not speak this language.", "El programa no habla este idioma.", "Программа не работает на этом языке.";

        phone: "phone", "teléfono", "телефон";
        col_language: "language", "idioma", "язык";
        due_date: "due date", "fecha de parto", "срок родов";
        birth_date: "birth date", "fecha de nacimiento", "день рождения";
        place: "place", "lugar", "место";
        reader: "reader", "quién lee", "кто читает";
        partner: "partner code", "código del socio", "код партнёра";
        consent_date: "consent date", "fecha del consentimiento", "дата согласия";
        consent_how: "consent how", "cómo dio su consentimiento", "как получено согласие";

        list: "List: {file}", "Lista: {file}", "Список: {file}";
        summary: "{program}, uploaded by {name}, {time}", "{program}, cargada por {name}, {time}", "{program}, загружен: {name}, {time}";
        ready: "{n} woman can be enrolled.|{n} women can be enrolled.", "Se puede inscribir a {n} mujer.|Se puede inscribir a {n} mujeres.", "Можно записать {n} женщину.|Можно записать {n} женщины.|Можно записать {n} женщин.";
        nothing: "Nobody of it can be enrolled.", "No se puede inscribir a nadie de ella.", "Никого из него записать нельзя.";
        enroll: "Enroll {n} woman|Enroll {n} women", "Inscribir a {n} mujer|Inscribir a {n} mujeres", "Записать {n} женщину|Записать {n} женщины|Записать {n} женщин";
        how: "Each woman’s first text goes out at an hour that suits her, after answers to mothers.", "Los primeros mensajes salen en el horario de cada una, después de las respuestas a las madres.", "Первые сообщения уходят в удобные для каждой часы, после ответов мамам.";
        forget: "Delete this list", "Borrar esta lista", "Удалить этот список";
        begun: "It has begun. You may leave this page.", "Ha comenzado. Puede salir de esta página.", "Началось. Эту страницу можно закрыть.";
        begun_before: "It was begun before: nobody is enrolled twice.", "Ya había comenzado: no se inscribe a nadie dos veces.", "Это уже было начато: дважды никого не записывают.";
        forgotten: "The list is deleted. Who was enrolled stays enrolled.", "La lista se ha borrado. Quien fue inscrita sigue inscrita.", "Список удалён. Записанные остаются записанными.";
        progress: "{done} of {all} gone through", "{done} de {all} revisadas", "Обработано {done} из {all}";
        all: "All", "Todas", "Все";
        row: "Row", "Fila", "Строка";
        typed: "In the file", "En el archivo", "В файле";
        number: "Number", "Número", "Номер";
        date: "Date", "Fecha", "Дата";
        verdict: "Result", "Resultado", "Результат";
        why: "Explanation", "Explicación", "Пояснение";
        her_page: "her page", "ficha de la madre", "её страница";
        due: "due {date}", "parto {date}", "роды {date}";
        born: "born {date}", "nacido {date}", "рождение {date}";
        sheets: "Only the sheet “{sheet}” was read. These look like lists too and were not read: {sheets}. Upload each as a file of its own.", "Solo se leyó la hoja «{sheet}». Estas también parecen listas y no se leyeron: {sheets}. Cargue cada una en un archivo aparte.", "Прочитан только лист «{sheet}». Эти тоже похожи на списки, но не прочитаны: {sheets}. Загрузите каждый отдельным файлом.";
        doubled: "“{other}” is not read: the list has “{read}” for the same.", "«{other}» no se lee: la lista ya tiene «{read}» para lo mismo.", "«{other}» не читается: для того же в списке есть «{read}».";
        unread: "Not read, and not kept: {columns}.", "No se lee ni se guarda: {columns}.", "Не читается и не хранится: {columns}.";
        kept: "The list is deleted by itself: after 7 days if nobody was enrolled from it, after 30 otherwise.", "La lista se borra sola: a los 7 días si no se inscribió a nadie; a los 30 si se inscribió a alguien.", "Список удаляется сам: через 7 дней, если по нему никого не записали, или через 30, если записали.";
        more: "More rows", "Más filas", "Следующие строки";
        csv: "All results (CSV)", "Todos los resultados (CSV)", "Все результаты (CSV)";
        xlsx: "All results (XLSX)", "Todos los resultados (XLSX)", "Все результаты (XLSX)";
        filters: "Results", "Resultados", "Результаты";

        v_good: "good", "válida", "подходит";
        v_repaired: "repaired", "reparada", "исправлена";
        v_enrolled: "enrolled", "inscrita", "записана";
        v_before: "enrolled already", "ya inscrita", "уже записана";
        v_twice: "twice in the list", "repetida en la lista", "повтор в списке";
        v_number: "wrong number", "número no válido", "неверный номер";
        v_country: "country not served", "país no atendido", "страна не обслуживается";
        v_never: "not to be enrolled", "no se inscribe", "не записывать";
        v_date: "wrong date", "fecha no válida", "неверная дата";
        v_other: "cannot be read", "no se puede leer", "не читается";
        v_consent: "consent missing or unclear", "falta el consentimiento o no está claro", "согласия нет или неясно";
        v_unsure: "unclear which", "dato ambiguo", "неоднозначно";

        n_before: "She gets the program’s texts already.", "Ya recibe los mensajes del programa.", "Она уже получает сообщения программы.";
        n_twice: "The same number stands in row {0}.", "El mismo número está en la fila {0}.", "Тот же номер в строке {0}.";
        n_number_missing: "There is no number.", "No hay número.", "Номера нет.";
        n_number_unread: "This is no phone number of a country of the program.", "No es un número de un país del programa.", "Это не номер телефона страны программы.";
        n_number_cut: "The spreadsheet has cut off the last figures. Format the column as text and type the number again.", "La hoja de cálculo cortó las últimas cifras. Ponga la columna como texto y escriba el número otra vez.", "Таблица отрезала последние цифры. Сделайте столбец текстовым и введите номер снова.";
        n_number_several: "There are two numbers here. Write one.", "Aquí hay dos números. Escriba uno.", "Здесь два номера. Напишите один.";
        n_number_unsure: "This can be {0} or {1}. Write it with its plus.", "Puede ser {0} o {1}. Escríbalo con el signo más.", "Это может быть {0} или {1}. Напишите с плюсом.";
        n_country: "The program does not serve the country of this number.", "El programa no atiende al país de este número.", "Программа не работает в стране этого номера.";
        n_no_sender: "No number of ours carries this program.", "Ningún número nuestro envía este programa.", "Ни один наш номер не отправляет эту программу.";
        n_not_listed: "This is a trial: only the listed test numbers are texted.", "Es una prueba: solo se escribe a los números de la lista.", "Это испытание: сообщения уходят только на номера из списка.";
        n_stopped: "She has said STOP. Only she can come back, by texting START.", "Dijo STOP. Solo ella puede volver, mandando START.", "Она отправила СТОП. Вернуться может только она, прислав START.";
        n_blocked: "The provider stops our texts. Only she can lift it, by texting START.", "El proveedor bloquea nuestros mensajes. Solo ella puede cambiarlo, mandando START.", "Провайдер не пропускает наши сообщения. Снять запрет может только она, прислав START.";
        n_lost: "She has told of a loss: nothing is begun anew for her.", "Contó una pérdida: no se empieza nada de nuevo para ella.", "Она сообщила о потере: заново для неё ничего не начинают.";
        n_closed: "This number takes no texts from here; only its owner can change that.", "Este número no recibe mensajes desde aquí; solo su dueña puede cambiarlo.", "На этот номер отсюда ничего не отправляют; изменить это может только владелица.";
        n_date_missing: "There is neither a due date nor a birth.", "No hay fecha de parto ni de nacimiento.", "Нет ни даты родов, ни дня рождения.";
        n_date_both: "There is a due date and a birth. Leave the one that holds now.", "Hay fecha de parto y de nacimiento. Deje la que vale ahora.", "Указаны и дата родов, и день рождения. Оставьте то, что верно сейчас.";
        n_date_unread: "No date can be read in “{0}”. Write it as 2027-04-12.", "No se puede leer una fecha en «{0}». Escríbala como 2027-04-12.", "В «{0}» не удаётся прочитать дату. Напишите её как 2027-04-12.";
        n_date_unsure: "This can be {0} or {1}. Write the one that is meant.", "Puede ser {0} o {1}. Escriba la que se quiere decir.", "Это может быть {0} или {1}. Напишите ту, что имеется в виду.";
        n_date_impossible: "{0} cannot be: too far ahead or too long ago.", "{0} no puede ser: demasiado lejos o hace demasiado tiempo.", "{0} не может быть: слишком далеко или слишком давно.";
        n_language_unknown: "“{0}” is no language of the program.", "«{0}» no es un idioma del programa.", "«{0}» – не язык программы.";
        n_reader_unknown: "“{0}” does not say who she is: mother, partner, grandparent or worker.", "«{0}» no dice quién es: madre, pareja, abuela o personal de salud.", "«{0}» не говорит, кто это: мама, партнёр, бабушка или медработник.";
        n_partner_unread: "“{0}” is no code: letters and figures only, 20 at most.", "«{0}» no es un código: solo letras y cifras, 20 como máximo.", "«{0}» – не код: только буквы и цифры, не больше 20.";
        n_partner_unlisted: "The code {0} is not in the program’s list; it is counted all the same.", "El código {0} no está en la lista del programa; se cuenta de todos modos.", "Кода {0} нет в списке программы, но записи по нему всё равно считаются.";
        n_consent_missing: "It does not say when and how she agreed.", "No dice cuándo y cómo dio su consentimiento.", "Не сказано, когда и как получено согласие.";
        n_consent_no: "She did not agree.", "No dio su consentimiento.", "Она не дала согласия.";
        n_consent_unclear: "“{0}” does not say that she agreed. Write yes, or how: on paper, aloud, on the phone. If she did not, take the row out.", "«{0}» no dice que ella dio su consentimiento. Escriba sí, o cómo: en papel, de palabra, por teléfono. Si no lo dio, quite la fila.", "Из «{0}» не следует, что она согласилась. Напишите «да» или как: на бумаге, устно, по телефону. Если согласия нет, уберите строку.";
        n_consent_date: "The day on which she agreed is still to come, too long ago, or cannot be read.", "El día del consentimiento no ha llegado, fue hace demasiado o no se puede leer.", "День согласия ещё не наступил, был слишком давно или не читается.";
        n_formula: "A cell is a formula. Copy it and paste its value.", "Una celda es una fórmula. Cópiela y pegue su valor.", "В ячейке формула. Скопируйте её и вставьте значение.";
        n_broke: "It could not be enrolled; whoever runs the service must look into it.", "No se pudo inscribir; quien lleva el servicio debe revisarlo.", "Записать не удалось; тот, кто обслуживает систему, должен разобраться.";
        n_erased: "She asked to be erased.", "Pidió que se borraran sus datos.", "Она попросила удалить свои данные.";
        n_number_mended: "Mended: the number had lost its plus or its zeros.", "Reparado: el número había perdido el signo más o los ceros.", "Исправлено: номер потерял плюс или нули.";
        n_date_serial: "Mended: the date had become the number {0}.", "Reparado: la fecha se había vuelto el número {0}.", "Исправлено: дата превратилась в число {0}.";
        n_date_order: "“{0}” is read as the whole column shows.", "«{0}» se lee como muestra toda la columna.", "«{0}» прочитано так, как показывает весь столбец.";
        n_date_only: "“{0}” can be only this day.", "«{0}» solo puede ser este día.", "«{0}» может быть только этим днём.";
        n_place_mended: "Mended: the ZIP code had lost its zeros: {0}.", "Reparado: el código postal había perdido los ceros: {0}.", "Исправлено: индекс потерял нули: {0}.";
        n_place_unread: "“{0}” is not known: she is enrolled without a place.", "«{0}» no se reconoce: se inscribe sin lugar.", "«{0}» не найдено: запись без места.";
    }
}

impl Words {
    /// A kind of verdict in a word or two.
    pub fn group(&self, group: Group) -> &'static str {
        match group {
            Group::Good => self.v_good,
            Group::Repaired => self.v_repaired,
            Group::Enrolled => self.v_enrolled,
            Group::Before => self.v_before,
            Group::Twice => self.v_twice,
            Group::Number => self.v_number,
            Group::Unsure => self.v_unsure,
            Group::Country => self.v_country,
            Group::Never => self.v_never,
            Group::Date => self.v_date,
            Group::Consent => self.v_consent,
            Group::Other => self.v_other,
        }
    }

    /// A column, as the template calls it.
    pub fn column(&self, column: Column) -> &'static str {
        match column {
            Column::Phone => self.phone,
            Column::Language => self.col_language,
            Column::Due => self.due_date,
            Column::Born => self.birth_date,
            Column::Place => self.place,
            Column::Reader => self.reader,
            Column::Partner => self.partner,
            Column::AgreedOn => self.consent_date,
            Column::AgreedHow => self.consent_how,
        }
    }

    /// What is said of a row; none: it says enough by itself.
    pub fn sentence(&self, verdict: Verdict) -> Option<&'static str> {
        Some(match verdict {
            Verdict::Good | Verdict::Repaired | Verdict::Enrolled => return None,
            Verdict::Before => self.n_before,
            Verdict::Twice => self.n_twice,
            Verdict::NumberMissing => self.n_number_missing,
            Verdict::NumberUnread => self.n_number_unread,
            Verdict::NumberCut => self.n_number_cut,
            Verdict::NumberSeveral => self.n_number_several,
            Verdict::NumberUnsure => self.n_number_unsure,
            Verdict::Country => self.n_country,
            Verdict::NoSender => self.n_no_sender,
            Verdict::NotListed => self.n_not_listed,
            Verdict::Stopped => self.n_stopped,
            Verdict::Blocked => self.n_blocked,
            Verdict::Lost => self.n_lost,
            Verdict::Closed => self.n_closed,
            Verdict::DateMissing => self.n_date_missing,
            Verdict::DateBoth => self.n_date_both,
            Verdict::DateUnread => self.n_date_unread,
            Verdict::DateUnsure => self.n_date_unsure,
            Verdict::DateImpossible => self.n_date_impossible,
            Verdict::LanguageUnknown => self.n_language_unknown,
            Verdict::ReaderUnknown => self.n_reader_unknown,
            Verdict::PartnerUnread => self.n_partner_unread,
            Verdict::ConsentMissing => self.n_consent_missing,
            Verdict::PartnerUnlisted => self.n_partner_unlisted,
            Verdict::ConsentNo => self.n_consent_no,
            Verdict::ConsentUnclear => self.n_consent_unclear,
            Verdict::ConsentDate => self.n_consent_date,
            Verdict::Formula => self.n_formula,
            Verdict::Broke => self.n_broke,
            Verdict::Erased => self.n_erased,
            Verdict::NumberMended => self.n_number_mended,
            Verdict::DateSerial => self.n_date_serial,
            Verdict::DateOrder => self.n_date_order,
            Verdict::DateOnly => self.n_date_only,
            Verdict::PlaceMended => self.n_place_mended,
            Verdict::PlaceUnread => self.n_place_unread,
        })
    }
}
