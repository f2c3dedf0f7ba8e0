//! What the pages of partners and places say, and the poster.

use crate::web::console::tongue::words;

words! {
    /// What the pages say.
    pub Words {
        title: "Organizations and places", "Organizaciones y lugares", "Организации и места";
        lead: "Who enrolled by whose code, and from where.", "Quién se inscribió con el código de quién, y desde dónde.", "Кто записался по чьему коду и откуда.";
        program: "Program", "Programa", "Программа";
        from: "From", "Desde", "С месяца";
        to: "To", "Hasta", "По месяц";
        show: "Show", "Mostrar", "Показать";
        range: "{from} to {to}", "De {from} a {to}", "Период: {from} – {to}";
        no_month: "Write the month as 2026-11.", "Escriba el mes como 2026-11.", "Напишите месяц в виде 2026-11.";
        turned: "It begins after it ends.", "Empieza después de terminar.", "Начало позже конца.";
        by_code: "By organization code", "Por código de la organización", "По коду организации";
        by_area: "By state or region", "Por estado o región", "По штату или региону";
        code: "Code", "Código", "Код";
        area: "State or region", "Estado o región", "Штат или регион";
        name: "Name", "Nombre", "Название";
        people: "Enrollments", "Inscripciones", "Записи";
        share: "Compared", "Comparación", "Сравнение";
        no_code: "without a code", "sin código", "без кода";
        no_place: "place not given", "lugar no indicado", "место не названо";
        together: "together, not shown separately", "juntas, sin distinguir", "вместе, без разделения";
        few: "too few to show", "demasiado pocas para mostrarlas", "слишком мало, чтобы показывать";
        all: "All", "Todas", "Всего";
        none: "Nobody has enrolled in these months.", "Nadie se ha inscrito en estos meses.", "В эти месяцы никто не записался.";
        csv: "Download (CSV)", "Descargar (CSV)", "Скачать (CSV)";
        how: "Numbers below {n} are not shown, so that nobody can be recognized. Small numbers are added together; if only one would be hidden, the next smallest is hidden too, or it could be worked out from the total. Each month is counted separately, and what may be shown is added up: a month with fewer than {n} in all is left out. The figures are a few minutes old.", "Los números menores que {n} no se muestran, para que no se reconozca a nadie. Los pequeños se suman; si quedara oculto uno solo, se oculta también el siguiente, porque podría calcularse con el total. Cada mes se cuenta por separado y se suma lo que puede mostrarse: un mes con menos de {n} en total no se incluye. Los datos llevan unos minutos de retraso.", "Числа меньше {n} не показываются, чтобы никого нельзя было узнать. Малые числа складываются; если скрытым оказалось бы только одно, скрывается и следующее, иначе его можно вычислить. Каждый месяц считается отдельно, складывается то, что можно показать: месяц, где всего меньше {n}, не учитывается. Данные отстают на несколько минут.";
        posters: "Posters", "Carteles", "Плакаты";
        posters_lead: "To print and hang up: a code to scan, and the word to text.", "Para imprimir y colgar: un código para escanear y la palabra que hay que mandar.", "Чтобы распечатать и повесить: код для сканирования и слово, которое нужно отправить.";
        poster_of: "Poster for {code}", "Cartel de {code}", "Плакат для {code}";
        poster_plain: "Poster without a code", "Cartel sin código", "Плакат без кода";
        poster_code: "For another code", "Para otro código", "Для другого кода";
        make: "Make the poster", "Hacer el cartel", "Сделать плакат";
        bad_code: "A code that the program does not list needs letters and a figure, 20 at most.", "Un código que no está en la lista del programa necesita letras y una cifra, 20 como máximo.", "Код, которого нет в списке программы, должен содержать буквы и цифру, не больше 20 знаков.";

        poster: "Poster", "Cartel", "Плакат";
        back: "Back", "Volver", "Назад";
        print: "Print it with your browser: each language has its own sheet.", "Imprímalo con su navegador: cada idioma tiene su hoja.", "Распечатайте из браузера: у каждого языка свой лист.";
        trial: "This number is on trial: only the test phones get an answer. Do not hang this poster up.", "Este número está en pruebas: solo responde a los teléfonos de prueba. No cuelgue este cartel.", "Этот номер на испытании: он отвечает только тестовым телефонам. Не вешайте этот плакат.";
        no_number: "No phone can text this address. Do not hang this poster up.", "Ningún teléfono puede escribir a esta dirección. No cuelgue este cartel.", "На этот адрес нельзя написать с телефона. Не вешайте этот плакат.";
        rehearsal: "This is a rehearsal: the program has no number yet that a phone can text. Do not hang this poster up.", "Esto es solo un ensayo: el programa todavía no tiene un número al que se pueda escribir. No cuelgue este cartel.", "Это пробный режим: у программы ещё нет номера, на который можно написать. Не вешайте этот плакат.";
        heading: "Pregnant, or with a new baby?", "¿Embarazada o con un bebé recién nacido?", "Ждёте малыша или он уже родился?";
        gets: "Health tips by text that fit your week, from pregnancy to your baby’s first birthday.", "Consejos de salud por mensaje, según su semana, desde el embarazo hasta el primer cumpleaños del bebé.", "Советы о здоровье в СМС для вашей недели: от беременности до первого дня рождения малыша.";
        text: "Text", "Mande", "Отправьте";
        to_number: "to", "al", "на номер";
        scan: "Or scan this with your phone’s camera and press send.", "O escanee esto con la cámara de su teléfono y pulse enviar.", "Или наведите камеру телефона на этот код и нажмите «Отправить».";
        qr: "Code to scan: it opens a text with the word {word} to {number}", "Código para escanear: abre un mensaje con la palabra {word} al {number}", "Код для сканирования: открывает сообщение со словом {word} на номер {number}";
    }
}
