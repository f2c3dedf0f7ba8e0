//! What the checks of the library find, said in Spanish and Russian: one sentence a check. The checks' own words, with
//! the figures, are English, as at the command line; they stand beside the sentence, and alone where English is read.
//! `message-library/README.md` explains each by its name.

use crate::web::console::tongue::Tongue;

/// The checks, in the order of their names; Spanish, Russian.
const CHECKS: &[(&str, &str, &str)] = &[
    (
        "birth-words",
        "El texto da por hecho que el bebé ya nació: diga «si».",
        "Текст исходит из того, что малыш уже родился: напишите «если».",
    ),
    (
        "cadence",
        "Una serie no tiene ritmo de envío, o no se entiende.",
        "У серии нет ритма отправки, или его не прочесть.",
    ),
    (
        "compile",
        "La biblioteca pasó las revisiones y aun así no se puede usar: por favor, avise.",
        "Все проверки пройдены, но библиотекой пользоваться нельзя: сообщите нам, пожалуйста.",
    ),
    ("cost", "Lo que cuesta el mensaje, y por qué.", "Сколько стоит сообщение и почему."),
    (
        "costly",
        "Signos que duplican el costo sin necesidad: use los sencillos.",
        "Знаки, из-за которых сообщение зря стоит вдвое дороже: возьмите простые.",
    ),
    (
        "country",
        "Los países se escriben con dos mayúsculas; al menos uno.",
        "Страны — две заглавные латинские буквы; хотя бы одна.",
    ),
    (
        "danger",
        "Una señal de peligro no tiene palabras, o su patrón no se entiende.",
        "У опасного признака нет слов, или его образец не прочесть.",
    ),
    ("emergency", "Falta el número de emergencias.", "Не хватает номера экстренной помощи."),
    (
        "farewell",
        "Falta el mensaje del día antes del primer cumpleaños.",
        "Нет сообщения на день перед первым днём рождения.",
    ),
    ("glossary", "El glosario escribe una palabra de otra manera.", "В глоссарии это слово пишется иначе."),
    (
        "help-key",
        "El nombre de una ayuda lleva signos que no son minúsculas y guiones, o está dos veces.",
        "В имени вида помощи не только строчные буквы и дефисы, или оно стоит дважды.",
    ),
    (
        "help-line",
        "Una línea de ayuda no tiene un número que se pueda marcar, o le falta el nombre en un idioma.",
        "У линии помощи нет номера, который можно набрать, или названия на одном из языков.",
    ),
    (
        "help-national",
        "Cada ayuda necesita un número para todo el país.",
        "Виду помощи нужен номер на всю страну.",
    ),
    (
        "help-region",
        "Una región de una ayuda falta, no existe o está dos veces.",
        "Региона нет, он не существует или стоит дважды.",
    ),
    (
        "help-source",
        "Diga de dónde son los números de ayuda, con una dirección que empiece por https://.",
        "Укажите, откуда номера помощи, с адресом на https://.",
    ),
    (
        "keyword",
        "Una palabra de inicio falta, tiene más de una palabra o ya es de otro programa.",
        "Нет слова для записи, в нём больше одного слова, или оно занято другой программой.",
    ),
    (
        "keywords",
        "Un patrón de palabras clave nombra una lista que no existe.",
        "Образец ключевых слов ссылается на список, которого нет.",
    ),
    (
        "length",
        "Pasa de tres SMS ya completado: use palabras más cortas.",
        "С заполненными местами — больше трёх СМС: напишите короче.",
    ),
    (
        "lexicon-missing",
        "A un idioma le faltan palabras para fechas, palabras clave, pedidos, horas o peligro.",
        "Для языка нет слов о датах, ключевых словах, просьбах, времени или опасности.",
    ),
    ("link", "La dirección debe empezar por https://.", "Адрес должен начинаться с https://."),
    (
        "loss",
        "Diga tras qué pérdida se envía; solo los consejos de la serie «pérdida» llevan una.",
        "Укажите, после какой потери; это бывает лишь у советов серии «потеря».",
    ),
    (
        "loss-set",
        "Hay menos de cuatro mensajes tras un tipo de pérdida.",
        "После одного из видов потери меньше четырёх сообщений.",
    ),
    (
        "more",
        "Un segundo mensaje debe nombrar su consejo, uno por consejo y con el mismo «supone».",
        "Второе сообщение должно называть свой совет: одно на совет, с тем же условием.",
    ),
    (
        "needs",
        "Lo que el consejo supone no existe, o nunca es seguro en esa semana.",
        "Такого условия нет, или в эту неделю оно не может быть верным наверняка.",
    ),
    (
        "partner",
        "El código de una organización lleva signos no permitidos, ya es de otra o no tiene nombre.",
        "В коде организации недопустимые знаки, он занят или без названия.",
    ),
    ("place", "La lista de lugares del programa no existe.", "Списка мест программы не существует."),
    (
        "place-twice",
        "Un código postal o una ciudad está en dos zonas horarias, o está dos veces.",
        "Индекс или город стоит в двух часовых поясах или дважды.",
    ),
    (
        "place-zone",
        "No es una zona horaria: escríbala como America/Chicago.",
        "Не часовой пояс: пишите как Europe/Moscow.",
    ),
    (
        "placeholder",
        "Una palabra entre llaves no se puede completar aquí, o falta una que debe estar.",
        "Слово в фигурных скобках здесь нечем заполнить, или нужного слова нет.",
    ),
    ("postcode", "El comienzo de un código postal lleva solo cifras.", "Начало индекса — только цифры."),
    (
        "pregnancy-words",
        "El texto da por hecho el embarazo: diga «si».",
        "Текст исходит из того, что беременность продолжается: напишите «если».",
    ),
    ("priority", "La prioridad es 1, 2 o 3.", "Важность — 1, 2 или 3."),
    (
        "program-id",
        "El id de un programa lleva otros signos, o su archivo tiene otro nombre.",
        "В обозначении программы недопустимые знаки, или файл назван иначе.",
    ),
    (
        "program-language",
        "Un programa habla al menos un idioma, escrito con dos letras.",
        "У программы хотя бы один язык, из двух букв.",
    ),
    ("program-missing", "No hay ningún programa.", "Нет ни одной программы."),
    (
        "program-words",
        "Faltan en un idioma el nombre, el contacto, la frecuencia o el horario del programa.",
        "На одном из языков нет названия, контакта, частоты или часов работы программы.",
    ),
    ("question", "Algo en una pregunta no encaja.", "В вопросе что-то не сходится."),
    (
        "reader",
        "Un consejo lo lee la madre, la familia o cualquiera.",
        "Совет читает мама, семья или кто угодно.",
    ),
    (
        "reading",
        "Más difícil que para sexto grado: use palabras y frases más cortas.",
        "Труднее, чем для шестого класса: возьмите слова и фразы короче.",
    ),
    (
        "reply-length",
        "Una respuesta ocupa demasiados SMS ya completada.",
        "С заполненными местами ответ занимает слишком много СМС.",
    ),
    (
        "reply-missing",
        "Falta una respuesta o su texto en un idioma.",
        "На одном из языков нет ответа или его слов.",
    ),
    (
        "reply-unknown",
        "Una respuesta que nadie usa: casi siempre, un error en su clave.",
        "Ответ, который нигде не нужен: чаще всего опечатка в ключе.",
    ),
    (
        "requests",
        "Un patrón de pedidos nombra una lista que no existe.",
        "Образец просьб ссылается на список, которого нет.",
    ),
    (
        "review",
        "Aprobado sin quien lo revisó ni fechas, o con un estado que no existe.",
        "Одобрено без имени проверившего и дат, или такого состояния нет.",
    ),
    (
        "review-expired",
        "La revisión caducó: no se envía al público hasta que se revise de nuevo.",
        "Срок проверки вышел: пока не проверят снова, сообщение не отправляется.",
    ),
    ("same-text", "Otro consejo del programa dice lo mismo.", "Те же слова стоят в другом совете программы."),
    ("slot", "El lugar en la semana va de 1 a 50.", "Место в неделе — от 1 до 50."),
    ("slot-empty", "Semanas sin consejo para la madre.", "Недели без совета для мамы."),
    (
        "source",
        "Falta la fuente o una parte de ella: organización, título, dirección y año.",
        "Нет источника или его части: организация, название, адрес и год.",
    ),
    ("spread", "El reparto de los envíos va de 0 a 600 minutos.", "Разброс отправки — от 0 до 600 минут."),
    (
        "stale",
        "La traducción se hizo de un texto distinto del actual: revísela.",
        "Перевод сделан с прежнего текста: просмотрите его.",
    ),
    (
        "starter",
        "A la serie de bienvenida le falta un mensaje, o no sirve a una mujer después de la semana 37.",
        "В начальной серии пробел, или нет слов для женщины после 37-й недели.",
    ),
    (
        "stray-file",
        "Un archivo donde nadie lo busca: no se usa.",
        "Файл там, где его не ищут: он не используется.",
    ),
    (
        "syntax",
        "El archivo no se entiende: a menudo faltan comillas o hay un campo mal escrito.",
        "Файл не прочесть: чаще всего нет кавычки или опечатка в имени поля.",
    ),
    ("times", "Una parte del día tiene una hora que no lo es.", "У части дня указано не время."),
    (
        "tip-field",
        "Falta un dato que todo consejo lleva, o sobra uno.",
        "Нет поля, которое есть у каждого совета, или есть лишнее.",
    ),
    (
        "tip-id",
        "El id lleva otros signos que minúsculas, cifras y guiones, o ya se usó.",
        "В обозначении не только строчные буквы, цифры и дефисы, или оно уже занято.",
    ),
    (
        "tip-program",
        "La carpeta del consejo no lleva el nombre de ningún programa.",
        "Папка совета не названа именем программы.",
    ),
    (
        "tip-words",
        "Falta el texto en un idioma, o está en uno que el programa no habla.",
        "Нет текста на одном из языков, или есть на языке, которого у программы нет.",
    ),
    ("track", "Esa serie no existe.", "Такой серии нет."),
    (
        "utf-8",
        "El archivo no está en UTF-8 y las letras se dañan: guárdelo como UTF-8.",
        "Файл не в UTF-8, буквы испорчены: сохраните его в UTF-8.",
    ),
    (
        "visit",
        "A una cita le falta la serie, la semana o el nombre.",
        "У визита нет серии, недели или названия.",
    ),
    (
        "week",
        "La semana falta, no existe o está en una serie sin semanas.",
        "Недели нет, такой не бывает, или в этой серии недель нет.",
    ),
    (
        "window",
        "Una hora que no lo es, o un horario que acaba antes de empezar.",
        "Не время суток, или часы кончаются раньше, чем начинаются.",
    ),
    (
        "zone",
        "No es una zona horaria, o la principal no está en la lista del programa.",
        "Не часовой пояс, или основного нет в списке программы.",
    ),
];

/// What a check found, in a sentence; none where its own words are read.
pub fn said(check: &str, tongue: Tongue) -> Option<&'static str> {
    let (_, es, ru) = CHECKS[CHECKS.binary_search_by(|(name, ..)| name.cmp(&check)).ok()?];
    match tongue {
        Tongue::En => None,
        Tongue::Es => Some(es),
        Tongue::Ru => Some(ru),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of the authors' table of checks, which stand in a first column.
    #[test]
    fn every_check_that_authors_are_told_of_is_said() {
        let readme = include_str!("../../../../message-library/README.md");
        let found = readme.split("## What the check finds").nth(1).unwrap();
        let found = found.split("\n## ").next().unwrap();
        let (questions, files) = found
            .split_once("### Questions")
            .map(|(before, after)| (after.split_once("\n### ").unwrap().1, before))
            .unwrap();
        let rows = files.lines().chain(questions.lines()).filter(|line| line.starts_with("| `"));
        let mut names: Vec<&str> =
            rows.flat_map(|row| row[1..].split('|').next().unwrap().split('`').skip(1).step_by(2)).collect();
        names.push("question");
        // A flag that one of them is asked for with.
        names.retain(|name| !name.starts_with('-'));
        assert!(names.len() > 60, "{names:?}");
        for name in &names {
            assert!(said(name, Tongue::Es).is_some(), "{name}");
        }
        for (name, ..) in CHECKS {
            assert!(names.contains(name), "{name} is no check");
        }
        assert!(CHECKS.is_sorted_by_key(|(name, ..)| name));
    }
}
