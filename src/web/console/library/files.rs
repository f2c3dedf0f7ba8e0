//! Everything else that the library says: replies, questions, help, programs, with what the checks find. They are read
//! here and changed in their files.

use askama::Template;
use axum::extract::{Path, State as Extracted};

use super::findings::{self, Finding};
use super::may_see_file;
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk};
use crate::library::Severity;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, words};

/// A file is shown up to so many lines, so that a page stays light.
const LINES: usize = 900;

words! {
    /// What the page says.
    pub Words {
        title: "Replies and other files", "Respuestas y otros archivos", "Ответы и другие файлы";
        lead: "Programs, replies, questions, help and organization codes, as the edition in force has them. They are changed in their files, and published from the command line.", "Programas, respuestas, preguntas, ayuda y códigos de organizaciones, como están en la edición vigente. Se cambian en sus archivos y se publican desde la línea de comandos.", "Программы, ответы, вопросы, справки и коды организаций, как в действующем издании. Они меняются в своих файлах и публикуются из командной строки.";
        back: "Library", "Biblioteca", "Библиотека";
        programs: "Programs", "Programas", "Программы";
        replies: "Replies", "Respuestas", "Ответы";
        questions: "Questions", "Preguntas", "Вопросы";
        places: "Help and places", "Ayuda y lugares", "Справки и места";
        partners: "Organization codes", "Códigos de organizaciones", "Коды организаций";
        lexicons: "Words that are understood", "Palabras que se entienden", "Слова, которые понимает служба";
        file: "File", "Archivo", "Файл";
        lines: "Lines", "Líneas", "Строк";
        state: "State", "Estado", "Состояние";
        fine: "no errors", "sin errores", "ошибок нет";
        errors: "{n} error|{n} errors", "{n} error|{n} errores", "{n} ошибка|{n} ошибки|{n} ошибок";
        warnings: "{n} thing to look at|{n} things to look at", "{n} cosa por revisar|{n} cosas por revisar", "{n} замечание|{n} замечания|{n} замечаний";
        drafts: "{n} draft|{n} drafts", "{n} borrador|{n} borradores", "{n} черновик|{n} черновика|{n} черновиков";
        cut: "Only the beginning is shown.", "Solo se muestra el principio.", "Показано только начало.";
        all: "All files", "Todos los archivos", "Все файлы";
    }
}

/// A file.
struct Line {
    path: String,
    lines: String,
    state: String,
    class: &'static str,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/files.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    groups: Vec<(&'static str, Vec<Line>)>,
}

/// A file's page.
#[derive(Template)]
#[template(path = "web/console/library/file.html")]
struct FilePage {
    shell: Shell,
    heading: Heading,
    words: &'static Words,
    path: String,
    findings: Vec<Finding>,
    content: String,
    cut: bool,
}

/// Shows them all.
pub async fn list(Extracted(site): Extracted<Site>, signed: Signed) -> super::Shown {
    signed.need(Right::Browse)?;
    let words = Words::of(signed.tongue);
    let desk = super::desk(&site).await?;
    authoring::check(&desk.table).await?;
    let groups = [
        (words.programs, "programs/"),
        (words.replies, "replies/"),
        (words.questions, "questions/"),
        (words.places, "places/"),
        (words.partners, "partners/"),
        (words.lexicons, "lexicons/"),
    ];
    let groups = groups.map(|(name, folder)| {
        let files = desk.table.before.0.iter().filter(|(path, _)| path.starts_with(folder));
        let seen = files.filter(|(path, _)| may_see_file(&signed, path));
        (name, seen.map(|(path, content)| line(signed.tongue, &desk, path, content)).collect())
    });
    page(&Page { shell: signed.shell(words.title), words, groups: groups.into() })
}

fn line(tongue: Tongue, desk: &Desk, path: &str, content: &str) -> Line {
    let words = Words::of(tongue);
    let faults = desk.table.faults().values().flatten().filter(|fault| fault.file == path);
    let count = |severity| faults.clone().filter(|fault| fault.severity == severity).count() as i64;
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let drafts = content.matches("state = \"draft\"").count() as i64;
    let mut state = Vec::new();
    for (number, forms) in [(errors, words.errors), (warnings, words.warnings), (drafts, words.drafts)] {
        if number > 0 {
            state.push(tongue.counted(number, forms));
        }
    }
    Line {
        path: path.to_owned(),
        lines: tongue.number(content.lines().count() as i64),
        class: match (errors, warnings) {
            (0, 0) => "",
            (0, _) => "warn",
            _ => "bad",
        },
        state: if state.is_empty() { words.fine.to_owned() } else { state.join(", ") },
    }
}

/// Shows one.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(path): Path<String>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let words = Words::of(signed.tongue);
    let desk = super::desk(&site).await?;
    let content = desk.table.before.0.get(&path).filter(|_| may_see_file(&signed, &path));
    let content = content.ok_or(Refusal::NotFound)?;
    authoring::check(&desk.table).await?;
    let faults: Vec<_> =
        desk.table.faults().values().flatten().filter(|fault| fault.file == path).cloned().collect();
    let mut findings = findings::of(&faults, &[], signed.tongue);
    for (finding, fault) in
        findings.iter_mut().zip(faults.iter().filter(|one| one.severity != Severity::Note))
    {
        finding.message = format!("{}: {}", fault.line, fault.message);
    }
    let cut = content.lines().count() > LINES;
    let shown: Vec<&str> = content.lines().take(LINES).collect();
    page(&FilePage {
        shell: signed.shell(&path),
        heading: Heading::name(&path),
        words,
        findings: findings.into_iter().take(50).collect(),
        content: shown.join("\n"),
        cut,
        path: path.clone(),
    })
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = Line {
        path: "replies/en.toml".to_owned(),
        lines: "300".to_owned(),
        state: words.fine.to_owned(),
        class: "warn",
    };
    let finding = Finding {
        check: "help-line",
        error: true,
        said: None,
        message: "<López>".to_owned(),
        place: String::new(),
    };
    let shell = || Shell::sample(tongue, words.title, "/console/library/files");
    vec![
        ("files", Box::new(Page { shell: shell(), words, groups: vec![(words.replies, vec![line])] })),
        (
            "file",
            Box::new(FilePage {
                shell: shell(),
                heading: Heading::name("replies/en<López>.toml"),
                words,
                path: "replies/en.toml".to_owned(),
                findings: vec![finding],
                content: "hello = \"<López> <b>@\"".to_owned(),
                cut: true,
            }),
        ),
    ]
}
