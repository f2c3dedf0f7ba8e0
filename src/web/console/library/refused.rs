//! Why something was not done on the desk, in words.

use super::reasons;
use crate::flows::authoring::Refused;
use crate::flows::publishing::NotPublished;
use crate::web::console::refusal::Refusal;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// The reasons.
    pub Words {
        overtaken: "Somebody else has changed it meanwhile. Nothing of theirs was overwritten: read it again.", "Alguien más lo cambió entretanto. No se sobrescribió nada: léalo de nuevo.", "Кто-то изменил это за это время. Ничего не затёрто: прочитайте ещё раз.";
        not_now: "It is not at that point any more: somebody was faster.", "Ya no está en ese punto: alguien se adelantó.", "Это уже на другом этапе: кто-то успел раньше.";
        taken: "A tip with this id is there already, or was. An id is never used twice.", "Ya existe un consejo con este identificador. Un identificador nunca se usa dos veces.", "Совет с таким кодом уже есть. Код никогда не используется дважды.";
        own: "You wrote these words, or some of them, since they were last signed. Somebody else must sign them.", "Usted escribió estas palabras, o parte de ellas, desde la última firma. Debe firmarlas otra persona.", "Вы написали этот текст или его часть после последней подписи. Подписать должен кто-то другой.";
        faulty: "The checks find errors in it: they stand beside the fields. Mend them first.", "Las comprobaciones encuentran errores: están junto a los campos. Corríjalos primero.", "Проверки нашли ошибки: они указаны рядом с полями. Сначала исправьте их.";
        stale: "A translation was made from other words. Look it over first, then say that it is right.", "Una traducción se hizo a partir de otras palabras. Revísela primero y confirme que es correcta.", "Перевод сделан с другого текста. Сначала просмотрите его и подтвердите, что он верен.";
        conflict: "An edition published meanwhile changed this tip. Open it, look at both sides and save what is to stand.", "Una edición publicada entretanto cambió este consejo. Ábralo, mire ambas versiones y guarde la que debe quedar.", "Изданием, вышедшим за это время, совет изменён. Откройте его, сравните обе стороны и сохраните то, что должно остаться.";
        until: "Write a day after today, at most five years from now, as 2028-11-29.", "Escriba un día posterior a hoy, a cinco años como máximo, como 2028-11-29.", "Напишите день после сегодняшнего, не позже чем через пять лет, в виде 2028-11-29.";
        lengthy: "Write 2,000 characters at most.", "Escriba como máximo 2.000 caracteres.", "Напишите не больше 2000 знаков.";
        wordless: "Say it in a word or two.", "Dígalo en una o dos palabras.", "Скажите это хотя бы парой слов.";
        nothing: "Nothing was chosen.", "No se eligió nada.", "Ничего не выбрано.";
        unchangeable: "The file of this tip has to be mended first: {why}", "Primero hay que arreglar el archivo de este consejo: {why}", "Сначала нужно исправить файл этого совета: {why}";
        library_faulty: "With this the library would have errors, and nothing was published: {why}", "Con esto la biblioteca tendría errores y no se publicó nada: {why}", "С этим в библиотеке были бы ошибки, и ничего не опубликовано: {why}";
        same: "Edition {n} says the same already.", "La edición {n} ya dice lo mismo.", "Издание {n} уже говорит то же самое.";
        unsigned: "Words were changed under a signature that was given for others: {why}", "Se cambiaron palabras bajo una firma dada para otras: {why}", "Слова изменены под подписью, данной под другими: {why}";
        unknown_edition: "There is no edition {n}.", "No existe la edición {n}.", "Издания {n} нет.";
        unusable: "Edition {n} was made for another version of the program.", "La edición {n} se hizo para otra versión del programa.", "Издание {n} сделано для другой версии программы.";
        program_missing: "A sender needs the program {why}, which it lacks.", "Un remitente necesita el programa {why}, que falta.", "Отправителю нужна программа {why}, которой там нет.";
        outrun: "Somebody else has published just now. Look at it, and try again.", "Alguien más acaba de publicar. Mírelo e inténtelo de nuevo.", "Кто-то только что опубликовал издание. Посмотрите его и попробуйте ещё раз.";
    }
}

/// The reason in words; what is nobody's fault but ours, or not there, is a refusal of its own.
pub fn told(tongue: Tongue, refused: Refused) -> Result<String, Refusal> {
    let words = Words::of(tongue);
    Ok(match refused {
        Refused::Lengthy => words.lengthy.to_owned(),
        Refused::Unseen(_) => words.conflict.to_owned(),
        Refused::NotTheirs => return Err(Refusal::Forbidden),
        Refused::Overtaken(_) => words.overtaken.to_owned(),
        Refused::NotNow => words.not_now.to_owned(),
        Refused::Taken => words.taken.to_owned(),
        Refused::Own => words.own.to_owned(),
        Refused::Faulty => words.faulty.to_owned(),
        Refused::Stale => words.stale.to_owned(),
        Refused::Conflict => words.conflict.to_owned(),
        Refused::Until => words.until.to_owned(),
        Refused::Wordless => words.wordless.to_owned(),
        Refused::Nothing => words.nothing.to_owned(),
        Refused::Unchangeable(why) => fill(words.unchangeable, &[("why", &why)]),
        Refused::NoShelf(why) => fill(words.unchangeable, &[("why", &why.to_string())]),
        Refused::Damaged(damaged) => reasons::damaged(&damaged, tongue).text,
        Refused::Unpublished(why) => unpublished(tongue, why)?,
        Refused::Gone => return Err(Refusal::NotFound),
        Refused::Store(error) => return Err(error.into()),
    })
}

/// Why nothing was published, in words.
pub fn unpublished(tongue: Tongue, why: NotPublished) -> Result<String, Refusal> {
    let words = Words::of(tongue);
    let number = |number: i64| tongue.number(number);
    Ok(match why {
        NotPublished::Faulty(faults) => {
            let faults: Vec<String> = faults.iter().take(5).map(ToString::to_string).collect();
            fill(words.library_faulty, &[("why", &faults.join("; "))])
        }
        NotPublished::Same(same) => fill(words.same, &[("n", &number(same))]),
        NotPublished::Unsigned(tips) => fill(words.unsigned, &[("why", &tips.join(", "))]),
        NotPublished::Unknown(edition) => fill(words.unknown_edition, &[("n", &number(edition))]),
        NotPublished::Unusable(edition) => fill(words.unusable, &[("n", &number(edition))]),
        NotPublished::ProgramMissing(program) => fill(words.program_missing, &[("why", &program)]),
        NotPublished::Outrun => words.outrun.to_owned(),
        NotPublished::Store(error) => return Err(error.into()),
    })
}
