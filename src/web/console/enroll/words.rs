//! What the form and its read-back say.

use crate::web::console::tongue::words;

words! {
    /// What the form and its read-back say.
    pub Words {
        title: "Enroll", "Inscribir", "Записать маму";
        lead: "For somebody who is with you. She gets the same texts as if she had texted the start word herself.", "Para una mujer que está con usted. Recibirá los mismos mensajes que si hubiera mandado ella la palabra de inicio.", "Для женщины, которая сейчас рядом с вами. Она будет получать те же сообщения, как если бы сама прислала слово для записи.";
        to_imports: "Enroll many from a spreadsheet", "Inscribir a muchas desde una hoja de cálculo", "Записать многих из таблицы";
        program: "Program", "Programa", "Программа";
        number: "Phone number", "Número de teléfono", "Номер телефона";
        number_hint: "As she says it. You are shown how it was understood before anything is done.", "Tal como ella lo dice. Se le mostrará para confirmar antes de hacer nada.", "Так, как она его называет. Прежде чем что-то сделать, мы покажем, как он прочитан.";
        language: "Her language", "El idioma de ella", "Её язык";
        what: "Which date", "Qué fecha", "Какая дата";
        due: "Due date", "Fecha probable de parto", "Предполагаемая дата родов";
        born: "Baby’s birth date", "Fecha de nacimiento del bebé", "День рождения малыша";
        lmp: "First day of her last period", "Primer día de su última regla", "Первый день последних месячных";
        date: "The date", "La fecha", "Дата";
        date_hint: "As you would write it: April 25, 2027 or 4/25/27.", "Como usted la escribe: 25 de abril de 2027 o 25/4/27.", "Как вы её обычно пишете: 25 апреля 2027 или 25.04.27.";
        day: "Or choose the day", "O elija el día", "Или выберите день";
        reading: "Which day is meant?", "¿Qué día es?", "Какой день имеется в виду?";
        choose: "Choose", "Elija", "Выберите";
        place_zip: "ZIP code or town", "Código postal o ciudad", "Почтовый индекс или город";
        place_postcode: "Postcode or town", "Código postal o ciudad", "Индекс или город";
        place_hint: "So that texts come at a good hour, with the help lines of her region.", "Para que los mensajes lleguen a buena hora y con los teléfonos de ayuda de su región.", "Чтобы сообщения приходили в удобный час и с телефонами помощи её региона.";
        reader: "Who gets the texts", "Quién recibe los mensajes", "Кто будет получать сообщения";
        mother: "The mother", "La madre", "Мама";
        partner_reader: "Her husband or partner", "Su pareja", "Её муж или партнёр";
        grandparent: "A grandparent or relative", "Una abuela, un abuelo u otro familiar", "Бабушка, дедушка или другой родственник";
        worker: "A health worker", "Personal de salud", "Медицинский работник";
        code: "Organization code", "Código de la organización", "Код организации";
        code_hint: "So that your clinic’s enrollments are counted.", "Para contar las inscripciones de su clínica.", "По нему считают записи вашей клиники.";
        check: "Check it", "Revisar", "Проверить";
        no_program: "No program can be joined from here.", "Desde aquí no se puede inscribir en ningún programa.", "Отсюда нельзя записать ни в одну программу.";

        back_title: "Is this right?", "¿Es correcto?", "Всё верно?";
        typed: "typed: {typed}", "escrito: {typed}", "введено: {typed}";
        today: "{stage} today", "hoy {stage}", "сегодня {stage}";
        weeks_pregnant: "{stage} weeks of pregnancy", "{stage} semanas de embarazo", "{stage} нед. беременности";
        weeks_old: "the baby is {stage} weeks old", "el bebé tiene {stage} semanas", "малышу {stage} нед.";
        not_yet: "the pregnancy has just begun", "el embarazo acaba de empezar", "беременность только началась";
        counted_due: "due on {date}", "fecha probable de parto: {date}", "дата родов: {date}";
        first_tip: "First tip", "Primer consejo", "Первый совет";
        about: "{day}, about {time} her time", "{day}, hacia las {time}, hora de ella", "{day}, около {time} по её времени";
        none_coming: "no tip is due any more", "ya no corresponde ningún consejo", "советов больше не предусмотрено";
        welcome: "Her first text, now", "Su primer mensaje, ahora", "Первое сообщение, сейчас";
        place: "Place", "Lugar", "Место";
        no_place: "not told: only hours that suit everywhere are used", "no lo dijo: solo se usan horas que sirven en todas partes", "не названо: используются только часы, удобные везде";
        unknown_code: "not in the program’s list: it is counted all the same", "no está en la lista del programa; se cuenta de todos modos", "нет в списке программы, но записи по нему всё равно считаются";
        consent_title: "Read this to her, word for word", "Léale esto, palabra por palabra", "Прочитайте ей это слово в слово";
        consent_why: "These words are kept with her answer, your name and the time.", "Estas palabras se guardan con su respuesta, el nombre de usted y la hora.", "Эти слова сохраняются вместе с её ответом, вашим именем и временем.";
        said_yes: "She has heard this and said yes", "Lo ha escuchado y ha dicho que sí", "Она это услышала и сказала «да»";
        witness: "Heard by {name}, {time}", "Escuchado por {name}, {time}", "Услышал(а): {name}, {time}";
        needs_yes: "Without her yes nobody is enrolled.", "Sin su sí no se inscribe a nadie.", "Без её согласия никого не записывают.";
        words_changed: "The words changed while this page was open. Read the new ones to her.", "Las palabras cambiaron mientras esta página estaba abierta. Léale las nuevas.", "Пока страница была открыта, слова изменились. Прочитайте ей новые.";
        enroll: "Enroll her", "Inscribirla", "Записать";
        change: "Change something", "Cambiar algo", "Что-то исправить";
        done: "She is enrolled, and her first text is on its way.", "Ya está inscrita y su primer mensaje va en camino.", "Она записана, первое сообщение уже отправляется.";
        her_page: "Her page", "Ficha de la madre", "Её страница";

        number_missing: "Write her number.", "Escriba su número.", "Напишите её номер.";
        number_unread: "This is no phone number of a country that the program serves. Write it whole, with the area code.", "No es un número de un país del programa. Escríbalo completo, con código de área.", "Это не номер телефона страны, где работает программа. Напишите его полностью, с кодом.";
        language_unknown: "The program does not speak this language.", "El programa no habla este idioma.", "Программа не работает на этом языке.";
        date_missing: "Write the date, or choose the day.", "Escriba la fecha o elija el día.", "Напишите дату или выберите день.";
        date_unread: "No date can be read here.", "Aquí no se puede leer ninguna fecha.", "Здесь не удаётся прочитать дату.";
        date_several: "There are two dates here. Write one.", "Aquí hay dos fechas. Escriba una.", "Здесь две даты. Напишите одну.";
        date_two: "This can be two days. Choose below which one she means.", "Puede ser dos días. Elija abajo cuál es.", "Это можно прочитать двояко. Ниже выберите, какой день она имеет в виду.";
        date_differs: "The date and the chosen day are not the same. Leave one of them empty.", "La fecha escrita y el día elegido no coinciden. Deje uno vacío.", "Написанная дата и выбранный день не совпадают. Оставьте что-то одно.";
        date_far: "{date} is too far ahead for a due date.", "{date} queda demasiado lejos para una fecha de parto.", "{date} – слишком далеко для даты родов.";
        date_old: "{date} is too long ago: the tips end on the baby’s first birthday.", "{date} fue hace demasiado tiempo: los consejos terminan cuando el bebé cumple un año.", "{date} – слишком давно: советы заканчиваются, когда малышу исполняется год.";
        date_future: "{date} is still to come: is it the due date?", "{date} todavía no ha llegado: ¿es la fecha de parto?", "{date} ещё не наступило: может быть, это срок родов?";
        date_lmp: "{date} cannot be the last period of this pregnancy.", "{date} no puede ser la última regla de este embarazo.", "{date} не может быть днём последних месячных этой беременности.";
        place_unread: "This place is not known. Leave it empty if she does not know it.", "Este lugar no se reconoce. Déjelo vacío si ella no lo sabe.", "Такое место не найдено. Если она не знает, оставьте поле пустым.";
        day_unread: "This is no day. Choose it, or write it as 2027-04-12.", "Esto no es un día. Elíjalo o escríbalo como 2027-04-12.", "Это не день. Выберите его или напишите так: 2027-04-12.";
        code_unread: "A code has letters and figures only, 20 at most.", "Un código solo tiene letras y cifras, 20 como máximo.", "В коде только буквы и цифры, не больше 20.";

        refused: "Not enrolled", "No se inscribió", "Не записана";
        no_sender: "No number of ours carries this program.", "Ningún número nuestro envía este programa.", "Ни один наш номер не отправляет эту программу.";
        country: "The program does not serve the country of this number.", "El programa no atiende al país de este número.", "Программа не работает в стране этого номера.";
        not_listed: "This is a trial: only the listed test numbers are texted.", "Es una prueba: solo se escribe a los números de prueba de la lista.", "Это испытание: сообщения уходят только на номера из списка.";
        enrolled: "This number gets the program’s texts already.", "Este número ya recibe los mensajes del programa.", "Этот номер уже получает сообщения программы.";
        stopped: "She has said STOP. Only she can come back: ask her to text START from her phone.", "Ella dijo STOP. Solo ella puede volver: pídale que mande START desde su teléfono.", "Она отправила СТОП. Вернуться может только она сама: попросите её прислать START со своего телефона.";
        blocked: "Her provider stops our texts, since she once said STOP. Only she can lift it: ask her to text START from her phone.", "Su proveedor bloquea nuestros mensajes desde que dijo STOP. Solo ella puede cambiarlo: pídale que mande START desde su teléfono.", "Провайдер не пропускает наши сообщения, потому что она отправляла СТОП. Снять запрет может только она: попросите её прислать START со своего телефона.";
        lost: "She has told us of a loss. Be gentle. Nothing is begun anew from here; when she wishes it herself, she texts the start word.", "Nos contó una pérdida. Trátela con delicadeza. Desde aquí no se empieza nada de nuevo; cuando ella quiera, mandará la palabra de inicio.", "Она сообщила нам о потере. Будьте бережны. Отсюда ничего не начинают заново; когда она сама захочет, она пришлёт слово для записи.";
        closed: "This number takes no texts from here. Only its owner can change that: she texts START from her phone.", "Este número no recibe mensajes desde aquí. Solo su dueña puede cambiarlo: debe mandar START desde su teléfono.", "На этот номер отсюда ничего не отправляют. Изменить это может только владелица: пусть пришлёт START со своего телефона.";
    }
}
