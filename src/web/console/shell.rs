//! What surrounds every page: the way around, who is signed in, what was just done.

use super::access::Signed;
use super::tongue::{Tongue, words};
use crate::domain::role::Right;

words! {
    /// What stands around every page.
    pub Words {
        skip: "To the content", "Ir al contenido", "К содержанию";
        menu: "Menu", "Menú", "Меню";
        close: "Close the menu", "Cerrar el menú", "Закрыть меню";
        sections: "Sections", "Secciones", "Разделы";
        sign_out: "Sign out", "Salir", "Выйти";
        operators: "Service", "Servicio", "Служба";
        authors: "Messages", "Mensajes", "Сообщения";
        people: "Staff and safety", "Equipo y seguridad", "Сотрудники и безопасность";
        overview: "Overview", "Resumen", "Обзор";
        delivery: "Delivery", "Entrega", "Доставка";
        mothers: "Find a mother", "Buscar a una madre", "Найти маму";
        inbox: "Inbox", "Mensajes recibidos", "Входящие";
        broadcasts: "Broadcasts", "Envíos masivos", "Рассылки";
        enroll: "Enroll", "Inscribir", "Записать маму";
        partners: "Organizations and places", "Organizaciones y lugares", "Организации и места";
        library: "Library", "Biblioteca", "Библиотека";
        review: "Review", "Revisión", "Проверка";
        questions: "Questions", "Preguntas", "Вопросы";
        accounts: "Staff", "Equipo", "Сотрудники";
        audit: "Audit", "Auditoría", "Журнал действий";
        me: "Your account", "Su cuenta", "Ваша учётная запись";
        language: "Language", "Idioma", "Язык";
        change: "Change", "Cambiar", "Сменить";
        optional: "optional", "opcional", "необязательно";
    }
}

/// What surrounds a page.
pub struct Shell {
    /// Its language.
    pub tongue: Tongue,
    /// Its title.
    pub title: String,
    /// Who is signed in.
    pub name: String,
    /// What proves a form.
    pub token: String,
    /// Where one can go.
    pub groups: Vec<Group>,
    /// What was just done.
    pub notice: Option<String>,
    /// The address of the page.
    pub path: String,
    /// Where another language of it is found: its address with its query.
    pub here: String,
    /// What it says around.
    pub words: &'static Words,
}

/// Places that belong together.
pub struct Group {
    /// What they are called together.
    pub name: &'static str,
    /// The places.
    pub places: Vec<Place>,
}

/// Where one can go.
pub struct Place {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// Whether this is where one is.
    pub here: bool,
}

impl Shell {
    /// What surrounds a page of somebody's.
    pub fn new(signed: &Signed, title: &str) -> Self {
        let words = Words::of(signed.tongue);
        Self {
            tongue: signed.tongue,
            title: title.to_owned(),
            name: signed.account.name.clone(),
            token: signed.token.clone(),
            groups: groups(words, &signed.path, |right| signed.may(right)),
            notice: signed.notice.clone(),
            path: signed.path.clone(),
            here: signed.here.clone(),
            words,
        }
    }

    /// The languages there are.
    pub fn tongues(&self) -> [Tongue; 3] {
        Tongue::ALL
    }

    /// What surrounds a sample: somebody who may do everything, and was just told something.
    #[cfg(test)]
    pub fn sample(tongue: Tongue, title: &str, path: &str) -> Self {
        let words = Words::of(tongue);
        Self {
            tongue,
            title: title.to_owned(),
            name: "Ana <López> & María".to_owned(),
            token: "token".to_owned(),
            groups: groups(words, path, |_| true),
            notice: Some("<Done>".to_owned()),
            path: path.to_owned(),
            here: path.to_owned(),
            words,
        }
    }
}

fn groups(words: &'static Words, path: &str, may: impl Fn(Right) -> bool) -> Vec<Group> {
    let all = [
        (
            words.operators,
            vec![
                (words.overview, "/console/overview", Right::Count),
                (words.delivery, "/console/delivery", Right::Count),
                (words.mothers, "/console/mothers", Right::Read),
                (words.inbox, "/console/inbox", Right::Answer),
                (words.broadcasts, "/console/broadcasts", Right::Broadcast),
                (words.enroll, "/console/enroll", Right::Act),
                (words.partners, "/console/partners", Right::Count),
            ],
        ),
        (
            words.authors,
            vec![
                (words.library, "/console/library", Right::Browse),
                (words.review, "/console/review", Right::Browse),
                (words.questions, "/console/questions", Right::Count),
            ],
        ),
        (
            words.people,
            vec![
                (words.accounts, "/console/accounts", Right::Administer),
                (words.audit, "/console/audit", Right::Administer),
            ],
        ),
    ];
    let here =
        |place: &str| path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let group = |(name, places): (&'static str, Vec<(&'static str, &'static str, Right)>)| Group {
        name,
        places: places
            .into_iter()
            .filter(|(_, _, right)| may(*right))
            .map(|(name, path, _)| Place { name, path, here: here(path) })
            .collect(),
    };
    all.into_iter().map(group).filter(|group| !group.places.is_empty()).collect()
}
