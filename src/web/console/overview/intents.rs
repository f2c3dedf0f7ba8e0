//! What texts were taken for, in words.

use super::super::tongue::words;

words! {
    /// What mothers ask for.
    pub Words {
        stop: "STOP", "STOP (baja)", "STOP (отписка)";
        start: "START", "START (volver)", "START (возврат)";
        help: "HELP", "HELP (ayuda)", "HELP (помощь)";
        update: "new dates (UPDATE)", "fechas nuevas (UPDATE)", "новые даты (UPDATE)";
        baby: "a start word", "palabra de inicio", "стартовое слово";
        born: "news of the birth", "noticia del parto", "сообщение о родах";
        words_of_loss: "words of a loss", "palabras de una pérdida", "слова о потере";
        sign: "a sign of danger", "señal de peligro", "признак опасности";
        text: "an answer, or a text to a person", "respuesta o mensaje para una persona", "ответ или сообщение человеку";
        unhandled: "not handled yet, or given up", "sin tratar o abandonado", "ещё не обработано или отложено";
        dates: "another date", "otra fecha", "другая дата";
        not_yet: "the baby has not come yet", "el bebé aún no ha nacido", "малыш ещё не родился";
        several: "twins or more", "gemelos o más", "двойня и больше";
        less: "fewer texts", "menos mensajes", "меньше сообщений";
        more: "more texts", "más mensajes", "больше сообщений";
        pause: "a pause", "una pausa", "пауза";
        resume: "tips again after a pause", "consejos de nuevo tras una pausa", "советы снова после паузы";
        time: "another hour", "otra hora", "другое время";
        language: "another language", "otro idioma", "другой язык";
        moved: "another phone", "otro teléfono", "другой телефон";
        place: "another place", "otro lugar", "другое место";
        wrong: "“wrong number”", "“número equivocado”", "«вы ошиблись номером»";
        who: "who we are", "quiénes somos", "кто мы";
        details: "what we hold of her", "qué datos guardamos de ella", "что мы о ней храним";
        delete: "to erase what we hold", "borrar sus datos", "стереть её данные";
        appointment: "a visit to remember", "una cita para recordar", "визит, о котором напомнить";
        visits: "which visits she noted", "qué citas anotó", "какие визиты записаны";
        move_appointment: "a visit on another day", "una cita en otra fecha", "визит в другой день";
        cancel_appointment: "a visit called off", "una cita anulada", "визит отменён";
        safe: "texts that give nothing away", "mensajes discretos", "незаметные сообщения";
        safe_off: "plain texts again", "mensajes normales de nuevo", "снова обычные сообщения";
        undo: "“I did not mean that”", "“no quise decir eso”", "«я имела в виду другое»";
        role: "who she is to the baby", "qué es del bebé", "кем приходится малышу";
        all: "“all of them”", "“todas”", "«все»";
        one: "“one of them”", "“una de ellas”", "«одна из них»";
        read: "to read what waits", "leer lo que espera", "прочитать отложенное";
    }
}

impl Words {
    /// What a text was taken for, by the name under which it is counted; what is not known by name stands as it is.
    pub fn intent<'a>(&'a self, intent: &'a str) -> &'a str {
        match intent {
            "" => self.unhandled,
            "text" => self.text,
            "danger" => self.sign,
            "stop" => self.stop,
            "start" => self.start,
            "help" => self.help,
            "update" => self.update,
            "baby" => self.baby,
            "loss" => self.words_of_loss,
            "born" => self.born,
            "move" => self.moved,
            "dates" => self.dates,
            "not_yet" => self.not_yet,
            "several" => self.several,
            "less" => self.less,
            "more" => self.more,
            "pause" => self.pause,
            "resume" => self.resume,
            "time" => self.time,
            "language" => self.language,
            "place" => self.place,
            "wrong" => self.wrong,
            "who" => self.who,
            "details" => self.details,
            "delete" => self.delete,
            "appointment" => self.appointment,
            "visits" => self.visits,
            "move_appointment" => self.move_appointment,
            "cancel_appointment" => self.cancel_appointment,
            "safe" => self.safe,
            "safe_off" => self.safe_off,
            "undo" => self.undo,
            "role" => self.role,
            "all" => self.all,
            "one" => self.one,
            "read" => self.read,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tongue::Tongue;
    use super::*;
    use crate::domain::keyword::Intent;
    use crate::domain::plan::Reader;
    use crate::domain::request::Request;

    /// Each leads to the next: one that is new does not compile until it stands here.
    fn intent_after(intent: Intent) -> Option<Intent> {
        Some(match intent {
            Intent::Stop => Intent::Start,
            Intent::Start => Intent::Help,
            Intent::Help => Intent::Update,
            Intent::Update => Intent::Baby,
            Intent::Baby => Intent::Loss,
            Intent::Loss => return None,
        })
    }

    fn request_after(request: &Request) -> Option<Request> {
        Some(match request {
            Request::Born => Request::Dates,
            Request::Dates => Request::NotYet,
            Request::NotYet => Request::Several(2),
            Request::Several(_) => Request::Less,
            Request::Less => Request::More,
            Request::More => Request::Pause,
            Request::Pause => Request::Resume,
            Request::Resume => Request::Time,
            Request::Time => Request::Language(None),
            Request::Language(_) => Request::Move,
            Request::Move => Request::Place,
            Request::Place => Request::Wrong,
            Request::Wrong => Request::Who,
            Request::Who => Request::Details,
            Request::Details => Request::Delete,
            Request::Delete => Request::Appointment,
            Request::Appointment => Request::Visits,
            Request::Visits => Request::MoveAppointment,
            Request::MoveAppointment => Request::CancelAppointment,
            Request::CancelAppointment => Request::Safe,
            Request::Safe => Request::SafeOff,
            Request::SafeOff => Request::Undo,
            Request::Undo => Request::Role(Reader::Mother),
            Request::Role(_) => Request::All,
            Request::All => Request::One,
            Request::One => Request::Read,
            Request::Read => return None,
        })
    }

    #[test]
    fn every_intent_and_request_has_its_name() {
        let intents = std::iter::successors(Some(Intent::Stop), |intent| intent_after(*intent));
        let requests = std::iter::successors(Some(Request::Born), request_after);
        let names = intents.map(Intent::name).chain(requests.map(|request| request.name()));
        for name in names.chain(["", "text", "danger"]) {
            // No name is a word of Russian.
            assert_ne!(name, Words::of(Tongue::Ru).intent(name));
        }
    }
}
