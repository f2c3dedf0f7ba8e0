//! What the overview says.

use super::super::tongue::words;

words! {
    /// What the page says.
    pub Words {
        title: "Overview", "Resumen", "Обзор";
        wrong: "What is wrong", "Qué no funciona", "Что не так";
        nothing_wrong: "Nothing is wrong: texts go out, reports come in, nothing is late.", "Todo en orden: los mensajes salen, los informes llegan y nada se retrasa.", "Всё в порядке: сообщения уходят, отчёты приходят, задержек нет.";
        no_reports: "Nothing is wrong that could be told: texts go out and nothing is late. No report has come on those of the last 24 hours yet.", "No se ve nada mal: los mensajes salen y nada se retrasa. Aún no ha llegado ningún informe sobre los de las últimas 24 horas.", "Сбоев не видно: сообщения уходят, задержек нет. Отчётов по сообщениям за последние 24 часа пока не было.";
        nothing_sent: "Nothing is late. No text has gone out in the last 24 hours.", "Nada se retrasa. En las últimas 24 horas no ha salido ningún mensaje.", "Задержек нет. За последние 24 часа сообщений не отправляли.";
        not_counted: "Nothing has been counted yet. A running service counts each half minute; look again in a moment.", "Aún no se ha contado nada. El servicio en marcha cuenta cada medio minuto; vuelva a mirar en un momento.", "Подсчётов пока нет. Работающая служба считает каждые полминуты; загляните чуть позже.";
        stale: "These counts are old: the part of the service that counts seems to stand still.", "Estos recuentos son viejos: parece que la parte del servicio que cuenta está parada.", "Эти подсчёты устарели: похоже, часть службы, которая считает, не работает.";
        counted: "Counted {at}; what waits is as of this moment.", "Recuento del {at}; lo que espera es de este momento.", "Подсчитано {at}; очередь показана на текущий момент.";
        texts: "Texts", "Mensajes", "Сообщения";
        due: "Due", "Previstos", "К отправке";
        sent: "Given to a gateway", "Pasados a la pasarela", "Переданы шлюзу";
        delivered: "Delivered", "Entregados", "Доставлены";
        failed: "Failed or too late", "Fallidos o tarde", "Не доставлены или опоздали";
        waiting: "Not ended yet", "Sin terminar", "Ещё не завершены";
        canceled: "Taken back", "Anulados", "Отменены";
        of_sent: "{share} of those given", "{share} de los pasados", "{share} от переданных";
        since_when: "Since {at}.", "Desde el {at}.", "С {at}.";
        was: "{span}: {n}", "{span}: {n}", "{span}: {n}";
        by_time: "Texts by the time at which they fell due", "Mensajes según la hora prevista", "Сообщения по времени отправки";
        essence: "{due} texts were due: {delivered} delivered, {underway} without a report yet, {failed} failed or too late, {canceled} taken back.", "{due} mensajes previstos: {delivered} entregados, {underway} aún sin informe, {failed} fallidos o tarde, {canceled} anulados.", "К отправке {due}: доставлено {delivered}, пока без отчёта {underway}, не доставлено или опоздало {failed}, отменено {canceled}.";
        underway: "No report yet", "Aún sin informe", "Пока без отчёта";
        as_table: "The same as a table", "Lo mismo en una tabla", "То же в виде таблицы";
        time: "Time", "Hora", "Время";
        look_at: "Texts of {time}", "Mensajes de {time}", "Сообщения за {time}";
        held: "Not sent yet, and why", "Qué falta por enviar y por qué", "Что ещё не отправлено и почему";
        nothing_waits: "Nothing is waiting.", "No hay nada en espera.", "Очередь пуста.";
        sender: "Sender", "Remitente", "Отправитель";
        program: "Program", "Programa", "Программа";
        queue: "Queue", "Cola", "Очередь";
        answers: "answers", "respuestas", "ответы";
        urgent: "broadcasts", "envíos masivos", "рассылки";
        unasked: "tips and reminders", "consejos y recordatorios", "советы и напоминания";
        overdue: "Could go now", "Podrían salir ya", "Можно отправить";
        since: "Since", "Desde", "С какого времени";
        why: "Why", "Por qué", "Почему";
        why_pace: "they go out at the sender’s pace", "salen al ritmo del remitente", "уходят в темпе отправителя";
        why_held: "the sender is held", "el remitente está detenido", "отправитель остановлен";
        why_away: "the gateway does not answer", "la pasarela no responde", "шлюз не отвечает";
        why_window: "{n} for their hour", "{n} por su horario", "ждут своего часа: {n}";
        why_again: "{n} to be tried again ({code})", "{n} para reintentar ({code})", "будут повторены ({code}): {n}";
        oldest: "Oldest unsent text", "El mensaje más antiguo sin enviar", "Самое старое неотправленное";
        oldest_is: "{kind}, {program}, waits for {age}; next try {next}.", "{kind}, {program}, espera desde hace {age}; próximo intento {next}.", "{kind}, {program}, ждёт {age}; следующая попытка {next}.";
        open_text: "Open this text", "Abrir este mensaje", "Открыть это сообщение";
        rates: "Delivery by gateway and sender", "Entrega por pasarela y remitente", "Доставка по шлюзам и отправителям";
        gateway: "Gateway", "Pasarela", "Шлюз";
        rate: "Delivered", "Entregados", "Доставлено";
        trend: "Trend", "Tendencia", "Динамика";
        trend_is: "Share delivered by {gateway}, sender {sender}, over the period: from {low} to {high}, last {last}.", "Proporción entregada por {gateway}, remitente {sender}, en el período: de {low} a {high}, la última {last}.", "Доля доставленных через {gateway}, отправитель {sender}, за период: от {low} до {high}, последняя {last}.";
        no_trend: "too few texts", "muy pocos mensajes", "слишком мало сообщений";
        inbound: "What mothers wrote", "Qué escribieron las madres", "Что писали мамы";
        no_inbound: "Nobody wrote in this period.", "Nadie escribió en este período.", "За этот период никто не писал.";
        no_inbound_yet: "Nobody wrote in this period up to {at}.", "Nadie escribió en este período hasta el {at}.", "За этот период никто не писал, по подсчёту на {at}.";
        inbound_at: "Counted {at}; who waits for an answer is as of this moment.", "Recuento del {at}; quién espera respuesta es de este momento.", "Подсчитано {at}; ожидающие ответа показаны на текущий момент.";
        taken_for: "Taken for", "Entendido como", "Понято как";
        number: "Number", "Cantidad", "Количество";
        enrolled: "Enrolled", "Inscritas", "Записаны";
        enrolled_all: "{n} enrolled, as of {at}.", "{n} inscritas, al {at}.", "Записаны: {n}, на {at}.";
        language: "Language", "Idioma", "Язык";
        raised: "Alarms of the last 24 hours", "Avisos de las últimas 24 horas", "Сигналы за последние 24 часа";
        last: "last {at}", "el último {at}", "последний {at}";
        times: "{n} time|{n} times", "{n} vez|{n} veces", "{n} раз|{n} раза|{n} раз";
        helps: "Waiting for an answer", "Esperan respuesta", "Ждут ответа";
        not_yet: "Not counted yet.", "Aún sin recuento.", "Ещё не подсчитано.";
        waiting_for: "waiting for {age}", "en espera desde hace {age}", "ждёт уже {age}";
        most: "{n} text|{n} texts", "{n} mensaje|{n} mensajes", "{n} сообщение|{n} сообщения|{n} сообщений";
        helps_none: "Nobody is waiting.", "Nadie espera respuesta.", "Никто не ждёт.";
        help_danger: "danger signs", "señales de peligro", "признаки опасности";
        help_loss: "after a loss", "tras una pérdida", "после потери";
        help_question: "questions", "preguntas", "вопросы";
        help_stranger: "unknown numbers", "números desconocidos", "незнакомые номера";
    }
}

words! {
    /// What was raised.
    pub Kinds {
        danger: "A mother told of a sign of danger", "Una madre habló de una señal de peligro", "Мама сообщила о признаке опасности";
        loss: "A woman told of a loss", "Una mujer habló de una pérdida", "Женщина сообщила о потере";
        recycled_number: "A number seems to be somebody else’s now", "Un número parece ser ya de otra persona", "Номер, похоже, теперь у другого человека";
        blocked_at_provider: "A mother wants to come back, and the provider blocks her", "Una madre quiere volver y el proveedor la bloquea", "Мама хочет вернуться, но провайдер её блокирует";
        gateway_away: "A gateway did not answer", "Una pasarela no respondió", "Шлюз не отвечал";
        sender_refused: "A provider refused a sender", "Un proveedor rechazó a un remitente", "Провайдер отказал отправителю";
        daily_cap: "A sender reached its limit for the day", "Un remitente llegó a su límite diario", "Отправитель исчерпал дневной лимит";
        text_set_aside: "A text was set aside for a person", "Un mensaje se apartó para una persona", "Сообщение отложено для человека";
        broadcast_broken: "A broadcast cannot be counted or sent", "Un envío masivo no se puede contar ni enviar", "Рассылку не удаётся подсчитать или отправить";
        result_unrecorded: "A result could not be written down", "No se pudo anotar un resultado", "Результат не удалось записать";
        dispatcher_broke: "A part of the sending broke and was started again", "Una parte del envío falló y se reinició", "Часть отправки сломалась и запущена заново";
        text_refused: "A provider refused a text for a reason of ours", "Un proveedor rechazó un mensaje por un motivo nuestro", "Провайдер отклонил сообщение по нашей причине";
        unknown_status: "A gateway used a word that is new to us", "Una pasarela usó una palabra nueva para nosotros", "Шлюз прислал неизвестное нам слово";
        text_given_up: "A text from a mother could not be handled", "No se pudo tratar un mensaje de una madre", "Сообщение мамы не удалось обработать";
        line_unreadable: "A mother’s plan could not be read", "No se pudo leer el plan de una madre", "План мамы не удалось прочитать";
        edition: "The message library cannot be used as it is published", "La biblioteca publicada no se puede usar", "Опубликованную библиотеку нельзя использовать";
        sign_in_limited: "Somebody tried to sign in too often", "Alguien intentó entrar demasiadas veces", "Кто-то слишком часто пытался войти";
    }
}

impl Kinds {
    /// What an alarm of a kind says; what is not known by name stands as it is.
    pub fn raised<'a>(&'a self, kind: &'a str) -> &'a str {
        match kind {
            "danger" => self.danger,
            "loss" => self.loss,
            "recycled_number" => self.recycled_number,
            "blocked_at_provider" => self.blocked_at_provider,
            "gateway_away" => self.gateway_away,
            "sender_refused" => self.sender_refused,
            "daily_cap" => self.daily_cap,
            "text_set_aside" => self.text_set_aside,
            "broadcast_broken" => self.broadcast_broken,
            "result_unrecorded" => self.result_unrecorded,
            "dispatcher_broke" => self.dispatcher_broke,
            "text_refused" => self.text_refused,
            "unknown_status" => self.unknown_status,
            "text_given_up" => self.text_given_up,
            "line_unreadable" => self.line_unreadable,
            "edition" => self.edition,
            "sign_in_limited" => self.sign_in_limited,
            other => other,
        }
    }
}
