//! What a page is not shown for, as a person reads it. A handler gives a [`Refusal`]; the guard puts it on a page in the
//! visitor's language.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::tongue::{Tongue, fill, words};
use crate::store::StoreError;

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nobody is signed in; where to go afterwards.
    #[error("nobody is signed in")]
    SignIn(String),
    /// There is no such thing, or it is another program's.
    #[error("there is nothing here")]
    NotFound,
    /// There is something, but no page to look at.
    #[error("there is no page here")]
    NoPage,
    /// Whoever is signed in may not do this.
    #[error("not allowed")]
    Forbidden,
    /// The form does not prove that it is one of ours.
    #[error("the form was not sent from a page of ours")]
    Forged,
    /// A file is larger than so many MB, which is the most that is taken.
    #[error("a file of more than {0} MB was sent")]
    TooLarge(usize),
    /// A form is longer than so many KB, which is the most that is taken.
    #[error("a form of more than {0} KB was sent")]
    TooLong(usize),
    /// It makes no sense.
    #[error("the request makes no sense")]
    Senseless,
    /// The database, or something else of ours.
    #[error("it broke: {0}")]
    Broken(String),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::broken(error)
    }
}

impl From<askama::Error> for Refusal {
    fn from(error: askama::Error) -> Self {
        Self::broken(error)
    }
}

impl From<tower_sessions::session::Error> for Refusal {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::broken(error)
    }
}

/// What the guard is to make a page of.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    heading: Said,
    advice: Said,
    /// How much is taken, where that is the matter.
    most: usize,
}

type Said = fn(&Words) -> &'static str;

impl Told {
    fn of(heading: Said, advice: Said) -> Self {
        Self { heading, advice, most: 0 }
    }
}

/// In an answer: what was sent was not taken because it was not proved who sent it.
#[derive(Clone, Debug)]
pub enum Unproved {
    /// Nobody is signed in; where they sign in.
    SignIn(HeaderValue),
    /// Somebody is, and the form does not hold their proof.
    Forged,
}

impl Refusal {
    /// Something of ours broke.
    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }

    /// Its page; none for who is only to sign in.
    pub fn told(&self) -> Option<Told> {
        Some(match self {
            Self::SignIn(_) => return None,
            Self::NotFound | Self::NoPage => Told::of(|w| w.not_found, |w| w.not_found_advice),
            Self::Forbidden => Told::of(|w| w.forbidden, |w| w.forbidden_advice),
            Self::Forged => Told::of(|w| w.forged, |w| w.forged_advice),
            Self::TooLarge(most) => Told { most: *most, ..Told::of(|w| w.too_large, |w| w.too_large_advice) },
            Self::TooLong(most) => Told { most: *most, ..Told::of(|w| w.too_large, |w| w.too_long_advice) },
            Self::Senseless => Told::of(|w| w.senseless, |w| w.senseless_advice),
            Self::Broken(_) => Told::of(|w| w.broken, |w| w.broken_advice),
        })
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoPage => StatusCode::METHOD_NOT_ALLOWED,
            Self::Forbidden | Self::Forged => StatusCode::FORBIDDEN,
            Self::TooLarge(_) | Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Senseless => StatusCode::BAD_REQUEST,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match &self {
            Self::SignIn(next) => return to_sign_in(next),
            Self::Broken(error) => tracing::error!(%error, "a page of the console broke"),
            _ => {}
        }
        let mut response = self.status().into_response();
        if let Some(told) = self.told() {
            response.extensions_mut().insert(told);
        }
        if matches!(self, Self::Forged) {
            response.extensions_mut().insert(Unproved::Forged);
        }
        response
    }
}

fn to_sign_in(next: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let place = HeaderValue::from_str(&format!("/console/sign-in?next={next}"));
    let place = place.unwrap_or(HeaderValue::from_static("/console/sign-in"));
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, place.clone())]).into_response();
    response.extensions_mut().insert(Unproved::SignIn(place));
    response
}

words! {
    /// What is said instead of a page.
    pub Words {
        not_found: "There is nothing here", "Aquí no hay nada", "Здесь ничего нет";
        not_found_advice: "The page was moved or no longer exists, or it belongs to a program that you do not work for.", "La página se movió o ya no existe, o es de un programa en el que usted no trabaja.", "Страница перенесена или удалена, либо она относится к программе, в которой вы не работаете.";
        forbidden: "You may not do this", "No tiene permiso para esto", "У вас нет прав на это действие";
        forbidden_advice: "Your roles do not allow it. An administrator can change that.", "Sus funciones no lo permiten. Un administrador puede cambiarlo.", "Ваша роль этого не позволяет. Администратор может это изменить.";
        forged: "This form is too old", "Este formulario ha caducado", "Форма устарела";
        forged_advice: "You were signed out meanwhile, or it was not sent from a page of this console. Nothing was changed. Go back, reload the page and send it again.", "Su sesión terminó entretanto, o el formulario no se envió desde esta consola. No se cambió nada. Vuelva atrás, recargue la página y envíelo de nuevo.", "За это время ваш сеанс закончился, либо форма отправлена не со страницы этой консоли. Ничего не изменено. Вернитесь, обновите страницу и отправьте ещё раз.";
        too_large: "That is too much", "Es demasiado grande", "Слишком большой объём";
        too_large_advice: "A file may have {n} MB at most. Nothing was read. Send it in parts.", "Un archivo puede tener {n} MB como máximo. No se leyó nada. Envíelo por partes.", "Размер файла – не больше {n} МБ. Ничего не прочитано. Отправьте его по частям.";
        too_long_advice: "A form may have {n} KB at most. Nothing was changed. Go back and shorten it.", "Un formulario puede tener {n} KB como máximo. No se cambió nada. Vuelva atrás y acórtelo.", "Размер формы – не больше {n} КБ. Ничего не изменено. Вернитесь и сократите её.";
        senseless: "This cannot be read", "Esto no se puede leer", "Это не удаётся прочитать";
        senseless_advice: "The address or the form is damaged. Go back and try again.", "La dirección o el formulario está dañado. Vuelva atrás e inténtelo de nuevo.", "Адрес или форма повреждены. Вернитесь и попробуйте ещё раз.";
        broken: "Something broke", "Algo ha fallado", "Произошла ошибка";
        broken_advice: "It is written down in the service’s log. Texts go on. Try again in a moment.", "Queda anotado en el registro del servicio. Los mensajes siguen su curso. Inténtelo de nuevo en un momento.", "Ошибка записана в журнал службы. Сообщения продолжают отправляться. Попробуйте ещё раз чуть позже.";
        home: "To the overview", "Ir al resumen", "К обзору";
    }
}

/// The page of a refusal.
#[derive(askama::Template)]
#[template(path = "web/console/shell/refusal.html")]
pub struct Page {
    /// The visitor's language.
    pub tongue: Tongue,
    /// What is said.
    pub told: Told,
    /// In which words.
    pub words: &'static Words,
}

impl Page {
    fn heading(&self) -> &'static str {
        (self.told.heading)(self.words)
    }

    fn advice(&self) -> String {
        let most = i64::try_from(self.told.most).unwrap_or(i64::MAX);
        fill((self.told.advice)(self.words), &[("n", &self.tongue.number(most))])
    }
}
