//! What the pages of questions say.

use crate::web::console::tongue::words;

words! {
    /// What the pages say.
    pub Words {
        title: "Questions", "Preguntas", "Вопросы";
        lead: "What mothers answered to the questions in the texts.", "Lo que las madres respondieron a las preguntas de los mensajes.", "Что мамы ответили на вопросы в сообщениях.";
        program: "Program", "Programa", "Программа";
        show: "Show", "Mostrar", "Показать";
        from: "From", "Desde", "С месяца";
        to: "To", "Hasta", "По месяц";
        no_month: "Write the month as 2026-11.", "Escriba el mes como 2026-11.", "Напишите месяц в виде 2026-11.";
        turned: "It begins after it ends.", "Empieza después de terminar.", "Начало позже конца.";
        question: "Question", "Pregunta", "Вопрос";
        asked_by: "Comes from", "Viene de", "Откуда вопрос";
        tip: "the tip {tip}", "el consejo {tip}", "совет {tip}";
        after: "an answer to another question", "una respuesta a otra pregunta", "ответ на другой вопрос";
        words: "Text", "Texto", "Текст";
        none: "The program asks no questions.", "El programa no hace preguntas.", "В программе нет вопросов.";
        nobody: "Nobody has answered in these months.", "Nadie ha respondido en estos meses.", "В эти месяцы никто не ответил.";
        csv: "Download (CSV)", "Descargar (CSV)", "Скачать (CSV)";
        xlsx: "Download (XLSX)", "Descargar (XLSX)", "Скачать (XLSX)";
        edition: "edition {n}", "edición {n}", "издание {n}";
        editions: "editions {first} to {last}, in the same words", "ediciones {first} a {last}, con las mismas palabras", "издания {first}–{last}, теми же словами";
        answers: "{n} answer|{n} answers", "{n} respuesta|{n} respuestas", "{n} ответ|{n} ответа|{n} ответов";
        few: "Too few answers to show.", "Muy pocas respuestas para mostrarlas.", "Ответов слишком мало, чтобы их показывать.";
        rate: "{answered} of {asked} who were asked it have answered ({share}).", "Respondieron {answered} de las {asked} a quienes se hizo esta pregunta ({share}).", "Ответили {answered} из {asked}, кому задали этот вопрос ({share}).";
        no_rate: "When a tip asks the question, we do not count how many women got it.", "Cuando la pregunta llega dentro de un consejo, no se cuenta cuántas mujeres la recibieron.", "Когда вопрос приходит вместе с советом, число получивших его не считается.";
        together: "together: {names}", "juntas: {names}", "вместе: {names}";
        outcome: "Answer understood as", "Respuesta entendida como", "Понято как";
        accepted: "Answers", "Respuestas", "Ответы";
        people: "People", "Personas", "Людей";
        share: "Share", "Parte", "Доля";
        language: "Language", "Idioma", "Язык";
        every: "All languages", "Todos los idiomas", "Все языки";
        first_edition: "First edition", "Primera edición", "Первое издание";
        last_edition: "Last edition", "Última edición", "Последнее издание";
        chart: "Answers as bars", "Respuestas en barras", "Ответы столбиками";
        how: "Numbers below {n} are not shown; small ones are added together. One number is never hidden alone, since the others would give it away. Each month is counted separately, and what may be shown is added up: a month with fewer than {n} answers is left out. The last answer of each woman counts. Where the question was worded differently, its answers are counted separately.", "Los números menores que {n} no se muestran; los pequeños se suman. Nunca se oculta uno solo, porque los demás lo revelarían. Cada mes se cuenta por separado y se suma lo que puede mostrarse: un mes con menos de {n} respuestas no se incluye. Cuenta la última respuesta de cada mujer. Si la pregunta tenía otras palabras, sus respuestas se cuentan aparte.", "Числа меньше {n} не показываются; малые складываются. Одно число никогда не скрывают в одиночку: его выдали бы остальные. Каждый месяц считается отдельно, складывается то, что можно показать: месяц, где меньше {n} ответов, не учитывается. Учитывается последний ответ каждой женщины. Ответы на вопрос с другим текстом считаются отдельно.";
        back: "All questions", "Todas las preguntas", "Все вопросы";
        yes: "yes", "sí", "да";
        no: "no", "no", "нет";
    }
}
