//! What becomes of texts, in words: states, kinds, and whose matter it is that one did not arrive.

use super::tongue::{Tongue, words};
use crate::domain::delivery::State;
use crate::gateway::Meaning;
use crate::worker::Gateways;
use crate::worker::carry::TOO_LATE;

words! {
    /// What becomes of texts.
    pub Words {
        queued: "waiting", "en espera", "ожидает";
        sending: "being sent", "enviándose", "отправляется";
        in_doubt: "in doubt", "en duda", "неясно";
        accepted: "taken by the gateway", "aceptado por la pasarela", "принято шлюзом";
        sent: "with her phone company", "en su compañía telefónica", "у её оператора связи";
        delivered: "delivered", "entregado", "доставлено";
        failed: "failed", "fallido", "не доставлено";
        expired: "too late, not sent", "tarde, no enviado", "опоздало, не отправлено";
        canceled: "taken back", "anulado", "отменено";
        reply: "answer", "respuesta", "ответ";
        tip: "tip", "consejo", "совет";
        nudge: "reminder to go on", "recordatorio para continuar", "напоминание продолжить";
        reminder: "reminder", "recordatorio", "напоминание";
        correction: "correction", "corrección", "исправление";
        question: "question", "pregunta", "вопрос";
        broadcast: "broadcast", "envío masivo", "рассылка";
        opted_out: "She has opted out at the provider. Only her own START lifts it.", "Se dio de baja en el proveedor. Solo ella puede anularlo con START.", "Она отписалась у провайдера. Снять это может только она сама словом START.";
        recipient: "Her phone or number did not take it. Nothing is wrong on our side.", "Su teléfono o su número no lo recibió. De nuestro lado todo está bien.", "Её телефон или номер не принял сообщение. С нашей стороны всё в порядке.";
        text: "It was refused because of this text: its words, its length, or where it goes.", "Se rechazó por este mensaje: sus palabras, su longitud o su destino.", "Отказ из-за самого сообщения: слов, длины или направления.";
        sender: "Our sender or our account at the provider is in trouble. Every text meets the same until it is mended.", "Hay un problema con nuestro remitente o nuestra cuenta en el proveedor. Afectará a todos los mensajes hasta que se arregle.", "Проблема с нашим номером или учётной записью у провайдера. Так будет с каждым сообщением, пока её не устранят.";
        later: "It could not be carried just then. Such texts are tried again while they are still right.", "En ese momento no se pudo transmitir. Se vuelve a intentar mientras el mensaje siga siendo oportuno.", "В тот момент передать не удалось. Попытки повторяются, пока сообщение уместно.";
        unsure: "Nobody can tell whether it was sent.", "Nadie puede saber si se envió.", "Никто не знает, было ли оно отправлено.";
        unknown_code: "This code is new to us. It is kept as it came; ask the provider.", "No conocemos este código. Se guarda tal como llegó; pregunte al proveedor.", "Этот код нам неизвестен. Он сохранён как есть; спросите провайдера.";
        no_code: "The gateway gave no code.", "La pasarela no dio ningún código.", "Шлюз не сообщил кода.";
        crash: "The service stopped while it was being sent.", "El servicio se detuvo mientras se enviaba.", "Служба остановилась во время отправки.";
        doubtful: "It may have been sent, and nothing proves it.", "Puede que se enviara, pero nada lo demuestra.", "Возможно, оно ушло, но подтверждений нет.";
        not_allowed: "This sender may not text that number.", "Este remitente no puede escribir a ese número.", "Этому отправителю нельзя писать на такой номер.";
        no_answer: "The gateway did not answer in time.", "La pasarela no respondió a tiempo.", "Шлюз не ответил вовремя.";
        bad_address: "The gateway’s address in the configuration is none. Nothing goes out until it is corrected.", "La dirección de la pasarela en la configuración no es válida. No sale nada hasta que se corrija.", "Адрес шлюза в настройках неверен. Ничего не уйдёт, пока его не исправят.";
        too_late_to_repeat: "It may have been sent, and it is too late to try again without sending it twice.", "Puede que se enviara, y ya es tarde para repetirlo sin riesgo de enviarlo dos veces.", "Возможно, оно ушло; повторять поздно: оно могло бы прийти дважды.";
        gateway_fault: "The gateway answered with a fault of its own instead of a result.", "La pasarela respondió con un error suyo en lugar de un resultado.", "Шлюз ответил собственной ошибкой вместо результата.";
        not_understood: "The gateway did not accept our request as it was.", "La pasarela no aceptó nuestra petición tal como era.", "Шлюз не принял наш запрос в таком виде.";
        no_connection: "The gateway could not be reached.", "No se pudo conectar con la pasarela.", "Не удалось связаться со шлюзом.";
    }
}

impl Words {
    /// A state's name.
    pub fn state(&self, state: i16) -> &'static str {
        match State::from_code(state) {
            Some(State::Queued) | None => self.queued,
            Some(State::Sending) => self.sending,
            Some(State::InDoubt) => self.in_doubt,
            Some(State::Accepted) => self.accepted,
            Some(State::Sent) => self.sent,
            Some(State::Delivered) => self.delivered,
            Some(State::Failed) => self.failed,
            Some(State::Expired) => self.expired,
            Some(State::Canceled) => self.canceled,
        }
    }

    /// A kind's name; what is not known by name stands as it is.
    pub fn kind<'a>(&'a self, kind: &'a str) -> &'a str {
        match kind {
            "reply" => self.reply,
            "tip" => self.tip,
            "nudge" => self.nudge,
            "reminder" => self.reminder,
            "correction" => self.correction,
            "question" => self.question,
            "broadcast" => self.broadcast,
            other => other,
        }
    }

    /// Whose matter it is.
    pub fn meaning(&self, meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::OptedOut => self.opted_out,
            Meaning::Recipient => self.recipient,
            Meaning::Text => self.text,
            Meaning::Sender => self.sender,
            Meaning::Later => self.later,
            Meaning::Unsure => self.unsure,
        }
    }
}

/// How a state is marked beside its name.
pub fn mark(state: i16) -> &'static str {
    match State::from_code(state) {
        Some(State::Delivered) => "good",
        Some(State::Failed) => "bad",
        Some(State::InDoubt | State::Expired) => "warn",
        Some(State::Accepted | State::Sent | State::Sending) => "accent",
        _ => "",
    }
}

/// A code in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// Whose matter it is, in the language of the page.
    pub class: &'static str,
    /// What the provider means by it, in English.
    pub sentence: Option<&'static str>,
}

/// What a code means that a gateway gave, or we.
pub fn explain(gateways: &Gateways, tongue: Tongue, gateway: &str, code: &str) -> Explained {
    let words = Words::of(tongue);
    let own = |class| Explained { class, sentence: None };
    match code {
        "" => return own(words.no_code),
        "crash" => return own(words.crash),
        "in_doubt" | "repeat" => return own(words.doubtful),
        "not_allowed" => return own(words.not_allowed),
        "timeout" | "no-reply" => return own(words.no_answer),
        "unreachable" => return own(words.no_connection),
        "bad-address" => return own(words.bad_address),
        TOO_LATE => return own(words.too_late_to_repeat),
        _ => {}
    }
    match gateways.get(gateway).and_then(|gateway| gateway.explain(code)) {
        Some((meaning, sentence)) => Explained {
            class: meaning.map_or(words.unknown_code, |meaning| words.meaning(meaning)),
            sentence: Some(sentence),
        },
        // Some answer a fault of theirs with no more than a status of HTTP.
        None => own(match code.parse() {
            Ok(500..600) => words.gateway_fault,
            Ok(400..500) => words.not_understood,
            _ => words.unknown_code,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::outbox::Kind;

    #[test]
    fn every_code_of_ours_is_explained() {
        let ours = ["crash", "in_doubt", "repeat", "not_allowed", TOO_LATE, "503", "429"];
        let unknown = Words::of(Tongue::Ru).unknown_code;
        for code in crate::gateway::http::CODES.into_iter().chain(ours) {
            let explained = explain(&Gateways::default(), Tongue::Ru, "", code);
            assert!(!explained.class.is_empty() && explained.class != unknown, "{code}");
        }
        assert_eq!(unknown, explain(&Gateways::default(), Tongue::Ru, "", "30999").class);
    }

    #[test]
    fn every_kind_has_its_name() {
        for kind in Kind::ALL {
            assert_ne!(kind.name(), Words::of(Tongue::Es).kind(kind.name()));
        }
    }
}
