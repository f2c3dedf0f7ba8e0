//! Why a file cannot be read at all, in Spanish and Russian.

use super::{Said, Sentence};
use crate::library::exchange::{Damaged, NothingToTranslate, TooMuch, WrongLine};
use crate::web::console::tongue::Tongue;

/// Why a file cannot be read: a sentence that goes on after a colon.
pub fn damaged(damaged: &Damaged, tongue: Tongue) -> Said {
    if tongue == Tongue::En {
        return Said::plain(english(damaged));
    }
    let mut said = Said::filled(sentence(damaged, tongue), tongue);
    match damaged {
        Damaged::Translation { place, .. } => said.text.insert_str(0, &format!("{place}: ")),
        Damaged::Broken(how) | Damaged::BrokenSheet { how, .. } | Damaged::Values(how) => {
            said.english = Some(how.clone());
        }
        _ => {}
    }
    said
}

/// As the command line says it, but for what it says of its own flags.
fn english(damaged: &Damaged) -> String {
    match damaged {
        Damaged::Workbook => "this is a workbook, not a CSV file: let its name end in .xlsx".to_owned(),
        Damaged::Translation {
            place,
            wrong: WrongLine::Nothing(NothingToTranslate::OneLanguage { program, language }),
        } => {
            format!(
                "{place}: {program} speaks one language alone ({language}), so there is nothing to translate"
            )
        }
        damaged => damaged.to_string(),
    }
}

fn sentence(damaged: &Damaged, tongue: Tongue) -> Sentence {
    let number = |number: usize| vec![("n", tongue.number(number as i64))];
    let at = |place: &str| vec![("place", place.to_owned())];
    let row = |name: &str, line: u64| vec![("place", name.to_owned()), ("line", line.to_string())];
    match damaged {
        Damaged::Large { megabytes, .. } => {
            ("pasa de {n} MB. No se leyó nada", "он больше {n} МБ. Ничего не прочитано", number(*megabytes))
        }
        Damaged::LargeUnpacked(megabytes) => (
            "descomprimido pasa de {n} MB. No se leyó nada",
            "распакованный, он больше {n} МБ. Ничего не прочитано",
            number(*megabytes as usize),
        ),
        Damaged::TooMuch(TooMuch::Rows(rows)) => (
            "tiene más de {n} filas. No se leyó nada: quite lo que sobra o cárguelo por partes",
            "в нём больше {n} строк. Ничего не прочитано: уберите лишнее или загрузите по частям",
            number(*rows),
        ),
        Damaged::TooMuch(TooMuch::Cells(cells)) => (
            "tiene más de {n} celdas. No se leyó nada: quite lo que sobra o cárguelo por partes",
            "в нём больше {n} ячеек. Ничего не прочитано: уберите лишнее или загрузите по частям",
            number(*cells),
        ),
        Damaged::TooMuch(TooMuch::Forms(forms)) => (
            "tiene más de {n} formatos, nombres, enlaces u hojas. No se leyó nada: copie sus celdas en un libro nuevo",
            "в нём больше {n} форматов, имён, ссылок или листов. Ничего не прочитано: скопируйте ячейки в новую книгу",
            number(*forms),
        ),
        Damaged::TooMuch(TooMuch::Megabytes(megabytes)) => (
            "tiene más de {n} MB de texto en sus celdas. No se leyó nada: quite lo que sobra o cárguelo por partes",
            "в его ячейках больше {n} МБ текста. Ничего не прочитано: уберите лишнее или загрузите по частям",
            number(*megabytes),
        ),
        Damaged::OldWorkbook => (
            "es un archivo de un Excel antiguo, o con contraseña: guárdelo como .xlsx sin contraseña",
            "это файл старого Excel или с паролем: сохраните его как .xlsx без пароля",
            Vec::new(),
        ),
        Damaged::NoWorkbook => (
            "no es un archivo .xlsx, o se perdió su comienzo: descárguelo de nuevo o guárdelo como .xlsx",
            "это не файл .xlsx, или потеряно его начало: скачайте его снова или сохраните как .xlsx",
            Vec::new(),
        ),
        Damaged::Broken(_) | Damaged::Boastful => (
            "está dañado o incompleto: descárguelo o guárdelo de nuevo",
            "он повреждён или неполон: скачайте или сохраните его снова",
            Vec::new(),
        ),
        Damaged::BrokenSheet { sheet, .. } => (
            "está dañado o incompleto en la hoja «{place}»: descárguelo o guárdelo de nuevo",
            "он повреждён или неполон на листе «{place}»: скачайте или сохраните его снова",
            at(sheet),
        ),
        Damaged::Workbook => (
            "es un libro de Excel, no un archivo CSV: póngale un nombre que termine en .xlsx",
            "это книга Excel, а не файл CSV: дайте ему имя, которое кончается на .xlsx",
            Vec::new(),
        ),
        Damaged::HalfUtf16 => (
            "está en UTF-16 y le falta una parte: descárguelo o guárdelo de nuevo",
            "он в UTF-16, и части не хватает: скачайте или сохраните его снова",
            Vec::new(),
        ),
        Damaged::Zeros => (
            "hay ceros entre sus letras: guárdelo como «CSV UTF-8»",
            "между буквами стоят нулевые байты: сохраните его как «CSV UTF-8»",
            Vec::new(),
        ),
        Damaged::CodePage { line, after } => (
            "línea {line}, después de «{after}»: no está en UTF-8, y las letras cambian de una computadora a otra. Guárdelo \
             como «CSV UTF-8»",
            "строка {line}, после «{after}»: это не UTF-8, и на другом компьютере буквы будут другими. Сохраните его как \
             «CSV UTF-8»",
            vec![("line", line.to_string()), ("after", after.clone())],
        ),
        Damaged::Values(_) => (
            "no se distinguen sus celdas: guárdelo de nuevo como «CSV UTF-8»",
            "не видно, где в нём ячейки: сохраните его снова как «CSV UTF-8»",
            Vec::new(),
        ),
        Damaged::OpenQuote { name, line } => (
            "{place}: unas comillas se abren y no se cierran, quizá en la fila que comienza en la línea {line}: faltan unas \
             comillas o una parte del archivo. Descárguelo o guárdelo de nuevo",
            "{place}: кавычка открыта и не закрыта, возможно, в записи со строки {line}: не хватает кавычки или части файла. \
             Скачайте или сохраните его снова",
            row(name, *line),
        ),
        Damaged::EndsEarly { name, line } => (
            "{place}: la última fila, que comienza en la línea {line}, está cortada: falta una parte del archivo. Descárguelo \
             o guárdelo de nuevo",
            "{place}: последняя запись, со строки {line}, обрывается: не хватает части файла. Скачайте или сохраните его \
             снова",
            row(name, *line),
        ),
        Damaged::NoSheet(names) => (
            "no hay ninguna hoja con este nombre: {names}; así que no hay nada que leer",
            "в нём нет листа с таким именем: {names}; поэтому читать нечего",
            vec![("names", names.join(", "))],
        ),
        Damaged::NoProgram { program, known } => no_program(program.clone(), known.join(", ")),
        Damaged::Misread(sheet) => (
            "{place}: un programa lo abrió con otras letras y la ñ se volvió dos signos: abra de nuevo el CSV, elija UTF-8 (o \
             65001) como juego de caracteres y haga allí su trabajo",
            "{place}: программа открыла его не с теми буквами, и вместо «й» стоят два знака: откройте CSV снова, выберите \
             кодировку UTF-8 (65001) и работайте в нём",
            at(sheet),
        ),
        Damaged::Headless(sheet) => (
            "{place}: en las primeras filas no hay una columna «id»: los nombres de las columnas van encima de los consejos",
            "{place}: в первых строках нет столбца «id»: имена столбцов стоят над советами",
            at(sheet),
        ),
        Damaged::MergedNames(place) => (
            "{place} son celdas combinadas en la fila de los nombres de las columnas: sepárelas",
            "{place}: в строке имён столбцов ячейки объединены. Разъедините их",
            at(place),
        ),
        Damaged::ColumnTwice { place, column, first } => (
            "{place}: la columna «{column}» está dos veces, primero como {first}: quite una",
            "{place}: столбец «{column}» стоит дважды, сначала как {first}: уберите один",
            vec![("place", place.clone()), ("column", column.clone()), ("first", first.clone())],
        ),
        Damaged::Translation { wrong, .. } => line(wrong),
    }
}

fn no_program(program: String, known: String) -> Sentence {
    (
        "no existe el programa «{program}»; existen: {known}",
        "программы «{program}» нет; есть: {known}",
        vec![("program", program), ("known", known)],
    )
}

/// What is wrong in a line of a translator's file.
fn line(wrong: &WrongLine) -> Sentence {
    let value = |value: &str| vec![("value", value.to_owned())];
    let (es, ru) = match wrong {
        WrongLine::Nothing(nothing) => return untranslatable(nothing),
        WrongLine::NoKeyword(word) => {
            return (
                "«{value}» no es una palabra de los archivos PO: ¿faltan unas comillas?",
                "слова «{value}» в файлах PO не бывает: не хватает кавычки?",
                value(word),
            );
        }
        WrongLine::Escape(sign) => {
            return (
                "\\{value} no significa nada aquí: para una barra inversa escriba \\\\",
                "\\{value} здесь ничего не значит: обратную косую черту пишите \\\\",
                value(&sign.to_string()),
            );
        }
        WrongLine::Charset(charset) => {
            return (
                "su encabezado dice charset={value}: guárdelo como UTF-8; en Poedit, en sus propiedades",
                "в его заголовке charset={value}: сохраните как UTF-8; в Poedit – в свойствах",
                value(charset),
            );
        }
        WrongLine::NoUtf8(Some(charset)) => {
            return (
                "las letras no están en UTF-8 (el encabezado dice charset={value}): guarde el archivo como UTF-8",
                "буквы здесь не в UTF-8 (в заголовке charset={value}): сохраните файл как UTF-8",
                value(charset),
            );
        }
        WrongLine::NoUtf8(None) => (
            "las letras no están en UTF-8: guarde el archivo como UTF-8",
            "буквы здесь не в UTF-8: сохраните файл как UTF-8",
        ),
        WrongLine::Stray => {
            ("un texto sin msgid ni msgstr antes", "текст, перед которым нет ни msgid, ни msgstr")
        }
        WrongLine::Plural => (
            "un plural: los consejos no tienen. Quite la entrada",
            "множественное число: у советов его нет. Уберите запись",
        ),
        WrongLine::OfNothing => ("un msgstr sin msgid antes", "msgstr, перед которым нет msgid"),
        WrongLine::SecondTranslation => {
            ("un segundo msgstr para un mismo msgid", "второй msgstr при одном msgid")
        }
        WrongLine::NoTranslation => ("una entrada sin msgstr", "запись без msgstr"),
        WrongLine::Unopened => ("un texto sin comillas al comienzo", "текст без кавычки в начале"),
        WrongLine::Unclosed => (
            "un texto sin comillas al final: ¿está cortada la línea?",
            "текст без кавычки в конце: строка обрезана?",
        ),
        WrongLine::Behind => (
            "hay algo después de las comillas finales: para unas comillas en el texto escriba \\\"",
            "после закрывающей кавычки что-то стоит: кавычку в тексте пишите \\\"",
        ),
        WrongLine::Unended => (
            "la última línea no tiene fin: quizá falte una parte del archivo. Si está completo, añada un salto de línea",
            "у последней строки нет конца: возможно, файл неполон. Если он цел, добавьте перевод строки",
        ),
        WrongLine::Half => (
            "el archivo termina en medio de una entrada: le falta una parte. Descárguelo o guárdelo de nuevo",
            "файл обрывается посреди записи: части не хватает. Скачайте или сохраните его снова",
        ),
        WrongLine::NoHeader => (
            "no tiene encabezado (una entrada con el msgid vacío), así que no se sabe su idioma",
            "нет заголовка (записи с пустым msgid), поэтому язык неизвестен",
        ),
        WrongLine::Utf16 => ("está en UTF-16: guárdelo como UTF-8", "он в UTF-16: сохраните его как UTF-8"),
        WrongLine::NoLanguage => (
            "su encabezado no nombra un idioma: escriba, por ejemplo, \"Language: es\\n\"",
            "в заголовке не назван язык: напишите, например, \"Language: es\\n\"",
        ),
    };
    (es, ru, Vec::new())
}

fn untranslatable(nothing: &NothingToTranslate) -> Sentence {
    let of = |program: &String, language: &String, others: &str| {
        vec![("program", program.clone()), ("language", language.clone()), ("others", others.to_owned())]
    };
    match nothing {
        NothingToTranslate::NoProgram(program, known) => no_program(program.clone(), known.clone()),
        NothingToTranslate::OneLanguage { program, language } => (
            "{program} habla un solo idioma ({language}), así que no hay nada que traducir",
            "у {program} один язык ({language}), поэтому переводить нечего",
            of(program, language, ""),
        ),
        NothingToTranslate::NotSpoken { program, language, others } => (
            "{program} no habla «{language}»; se traduce a: {others}",
            "у {program} нет языка «{language}»; её переводят на: {others}",
            of(program, language, others),
        ),
        NothingToTranslate::Source { program, language, others } => (
            "«{language}» es el idioma del que se traduce {program}; se traduce a: {others}",
            "«{language}» – язык, с которого переводят {program}; её переводят на: {others}",
            of(program, language, others),
        ),
    }
}
