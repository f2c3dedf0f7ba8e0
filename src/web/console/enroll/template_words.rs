//! What the template of a list explains.

use crate::flows::importing::Column;
use crate::web::console::tongue::words;

words! {
    /// What the template explains.
    pub Words {
        sheet: "Enroll", "Inscribir", "Запись";
        explanation: "Explanation", "Explicación", "Пояснение";
        what: "What this is", "Qué es esto", "Что это";
        what_is: "One row for each woman who has agreed. Fill it in, save it, and bring it at the console under Enroll. Every row is checked first; nobody is enrolled before you say so.", "Una fila por cada mujer que dio su consentimiento. Llénela, guárdela y tráigala a la consola, en Inscribir. Primero se revisa cada fila; no se inscribe a nadie hasta que usted lo diga.", "По строке на каждую женщину, давшую согласие. Заполните, сохраните и загрузите в консоли, раздел «Запись». Сначала каждая строка проверяется; пока вы не подтвердите, никого не записывают.";
        phone: "Needed. Her own number, best with its plus and country code: +1 202 555 0143.", "Necesario. Su propio número, mejor con el signo más y el código del país: +1 202 555 0143.", "Обязательно. Её собственный номер, лучше с плюсом и кодом страны: +7 916 123-45-67.";
        language: "A code or a name: en, es, ru. Empty: the language you choose when you bring the list.", "Un código o un nombre: en, es, ru. Vacío: el idioma que elija al traer la lista.", "Код или название: en, es, ru. Пусто: язык, который вы выберете при загрузке.";
        due: "The due date, best as 2027-04-12. Either this or the birth date is needed, never both.", "La fecha de parto, mejor como 2027-04-12. Hace falta esta o la de nacimiento, nunca las dos.", "Срок родов, лучше в виде 2027-04-12. Нужен либо он, либо день рождения, но не оба.";
        born: "The day on which the baby was born, if it is here.", "El día en que nació el bebé, si ya nació.", "День рождения малыша, если он уже родился.";
        place: "ZIP code, postcode or town, so that texts come at a good hour. May be empty.", "Código postal o ciudad, para que los mensajes lleguen a buena hora. Puede quedar vacío.", "Индекс или город, чтобы сообщения приходили в удобный час. Можно не заполнять.";
        reader: "mother, partner, grandparent or worker. Empty: the mother.", "madre, pareja, abuela o personal de salud. Vacío: la madre.", "мама, партнёр, бабушка или медработник. Пусто: мама.";
        partner: "The code by which your clinic is counted. May be empty.", "El código con el que se cuenta su clínica. Puede quedar vacío.", "Код, по которому считают записи вашей клиники. Можно не заполнять.";
        agreed_on: "Needed. The day on which she agreed, as 2026-11-20.", "Necesario. El día en que dio su consentimiento, como 2026-11-20.", "Обязательно. День, когда она дала согласие: 2026-11-20.";
        agreed_how: "Needed. How she agreed: on paper, aloud at the clinic, on the phone, or simply yes. What is not understood is not taken for a yes. Keep the paper.", "Necesario. Cómo lo dio: en papel, de palabra en la clínica, por teléfono, o simplemente sí. Lo que no se entiende no se toma por un sí. Guarde el papel.", "Обязательно. Как получено согласие: на бумаге, устно в клинике, по телефону или просто да. Непонятное за согласие не принимается. Бумагу сохраните.";
        never: "Who is not enrolled", "Quién no se inscribe", "Кого не записывают";
        never_is: "Who has said STOP, has told of a loss or was erased. Only she herself can come back, by a text from her phone.", "Quien dijo STOP, contó una pérdida o pidió que se borraran sus datos. Solo ella puede volver, con un mensaje desde su teléfono.", "Тех, кто отправил СТОП, сообщил о потере или удалил свои данные. Вернуться может только она сама, сообщением со своего телефона.";
        damage: "What spreadsheets do", "Lo que hacen las hojas de cálculo", "Что делают таблицы";
        damage_is: "They drop zeros and pluses, turn dates round and write long numbers as 2.5E+11. What is certain is mended; what is not is refused, with what to write.", "Quitan ceros y signos más, dan la vuelta a las fechas y escriben números largos como 2.5E+11. Lo seguro se repara; lo demás se rechaza y se dice qué escribir.", "Они теряют нули и плюсы, меняют местами день и месяц и пишут длинные числа как 2,5E+11. Что можно исправить точно, исправляется; остальное отклоняется с подсказкой.";
    }
}

impl Words {
    /// What a column holds.
    pub fn column(&self, column: Column) -> &'static str {
        match column {
            Column::Phone => self.phone,
            Column::Language => self.language,
            Column::Due => self.due,
            Column::Born => self.born,
            Column::Place => self.place,
            Column::Reader => self.reader,
            Column::Partner => self.partner,
            Column::AgreedOn => self.agreed_on,
            Column::AgreedHow => self.agreed_how,
        }
    }
}
