//! The pure functions every text passes through, on texts as they come: `cargo bench --bench pure`.

mod batches;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use motherline::clock::{Clock, ManualClock};
use motherline::domain::conversation::{
    Conversation, DateKind, DateTaken, Guide, Known, Purpose, Scene, Step, respond,
};
use motherline::domain::gestation::Anchor;
use motherline::domain::keyword::{self, Parsed};
use motherline::domain::language::Language;
use motherline::domain::plan::{self, Course, Terms};
use motherline::domain::{date_text, phone, segment};
use motherline::ids::Ids;
use motherline::library::{Files, Library, Program};

const ENGLISH: &str = "Flu can make you very sick in pregnancy. The flu shot is safe now and helps protect your \
                       newborn too. Ask your doctor about your flu and COVID-19 shots.";
const SPANISH: &str = "La gripe puede ser grave en el embarazo. La vacuna es segura y ayuda a protegerla a usted y \
                       a su bebé. Hable con su doctor de esta vacuna y la del COVID.";
const RUSSIAN: &str = "Срок 22 недели. Малыш уже слышит ваш голос и стук сердца. Говорите с ним, пойте ему: после \
                       рождения он узнает вас по голосу и быстрее успокоится.";
/// A Monday.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
const US: &str = "text4baby-us";

fn library() -> Library {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/message-library"));
    let files = Files::from_folder(folder).expect("the message library");
    Library::read(&files, TODAY).library.expect("a library without errors")
}

fn language(code: &str) -> Language {
    code.parse().expect("a language")
}

fn segments(c: &mut Criterion) {
    let mut group = c.benchmark_group("segment::count");
    for (name, text) in [("English", ENGLISH), ("Spanish", SPANISH), ("Russian", RUSSIAN)] {
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |b, text| {
            b.iter(|| segment::count(black_box(text)));
        });
    }
}

fn dates(c: &mut Criterion) {
    let library = library();
    let mut group = c.benchmark_group("date_text::read");
    for (code, name, text) in [
        ("en", "numeric", "03/14/27"),
        ("en", "sentence", "hi im due on march 14th i think, its my first baby"),
        ("es", "numeric", "14/03/2027"),
        ("es", "sentence", "Hola, mi fecha de parto es el 14 de marzo del 2027"),
        ("ru", "numeric", "14.03.2027"),
        ("ru", "sentence", "ПДР 14 марта 27, первая беременность"),
    ] {
        let words = library.dates(language(code));
        group.bench_with_input(BenchmarkId::new(code, name), text, |b, text| {
            b.iter(|| date_text::read(black_box(text), words, TODAY));
        });
    }
}

fn keywords(c: &mut Criterion) {
    let keywords = library().keywords;
    let mut group = c.benchmark_group("keyword::parse");
    for (code, name, text) in [
        ("en", "STOP", "STOP"),
        ("en", "BABY", "Baby"),
        ("en", "YES", "yes"),
        (
            "en",
            "long",
            "Hi, my baby won't stop crying at night and I don't know what to do, can somebody help me please?",
        ),
        (
            "es",
            "long",
            "Hola, ya no quiero recibir mensajes porque me cambié de número, muchas gracias por todo",
        ),
        ("ru", "МАЛЫШ", "Малыш"),
        (
            "ru",
            "long",
            "Здравствуйте, подскажите пожалуйста, можно ли мне сейчас лететь на самолёте к родителям?",
        ),
    ] {
        group.bench_with_input(BenchmarkId::new(code, name), text, |b, text| {
            b.iter(|| keyword::parse(black_box(text), code, &keywords));
        });
    }
}

fn phones(c: &mut Criterion) {
    let mut group = c.benchmark_group("phone::read");
    for (name, text, region) in [
        ("E.164", "+12025550143", None),
        ("typed", "(202) 555-0143", Some("US")),
        ("Russian", "8 (916) 123-45-67", Some("RU")),
    ] {
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |b, text| {
            b.iter(|| phone::read(black_box(text), region));
        });
    }
}

fn course(program: &Program, anchor: Anchor, zone: Option<Tz>) -> Course<'_> {
    let at = TODAY.and_hms_opt(14, 0, 0).expect("a time").and_utc();
    Course {
        enrollment: Ids::seeded(1).next(at),
        anchor,
        enrolled_on: TODAY - Days::new(60),
        whereabouts: program.whereabouts(zone),
        timetable: &program.timetable,
        terms: Terms::default(),
    }
}

fn plans(c: &mut Criterion) {
    let library = library();
    let program = library.program(US).expect("the program");
    let zone = Some(Tz::America__New_York);
    let pregnant = Anchor::Due(TODAY + Days::new(126));
    let born = Anchor::Born(TODAY - Days::new(24));
    let mut group = c.benchmark_group("plan::next");
    for (name, anchor, zone) in [
        ("pregnancy, zone known", pregnant, zone),
        ("pregnancy, zone unsure", pregnant, None),
        ("baby, zone known", born, zone),
        ("baby, zone unsure", born, None),
    ] {
        let course = course(program, anchor, zone);
        group.bench_function(name, |b| b.iter(|| plan::next(black_box(&course), TODAY)));
    }
    group.finish();
    let mut group = c.benchmark_group("Window::at_or_after");
    let night: DateTime<Utc> = TODAY.and_hms_opt(5, 30, 0).expect("a time").and_utc();
    for (name, zone) in [("zone known", zone), ("zone unsure", None)] {
        let whereabouts = program.whereabouts(zone);
        group.bench_function(name, |b| {
            b.iter(|| program.timetable.window.at_or_after(black_box(night), &whereabouts));
        });
    }
}

/// She answers an open question: with her date, with YES to the date read back, with her ZIP code.
fn conversations(c: &mut Criterion) {
    let library = library();
    let english = language("en");
    let taken = DateTaken { kind: DateKind::Due, date: TODAY + Days::new(126) };
    let confirm = Step::Confirm { taken, others: Vec::new(), purpose: Purpose::Enroll };
    let mut group = c.benchmark_group("conversation::respond");
    for (name, text, step) in [
        ("a date", "march 29 2027", Step::Date { last_period: false, purpose: Purpose::Enroll }),
        ("YES", "yes", confirm),
        ("a ZIP code", "10001", Step::Place { anchor: Anchor::Due(taken.date) }),
    ] {
        let parsed: Parsed = keyword::parse(text, "en", &library.keywords);
        let open = Conversation { program: US.to_owned(), language: english, step, unread: false };
        let scene = Scene {
            today: TODAY,
            text,
            parsed: &parsed,
            provider_stopped: false,
            provider_confirms: false,
            provider_answered: false,
            stopped: false,
            blocked: false,
            hinted: false,
            conversation: Some(&open),
            enrollments: &[],
            fallback: (US, english),
            now: TODAY.and_hms_opt(14, 0, 0).expect("a time"),
            asked: None,
            signs: &[],
            known: &Known::default(),
            guide: &library,
        };
        assert!(!respond(&scene).is_empty(), "{name} is answered");
        group.bench_function(name, |b| b.iter(|| respond(black_box(&scene))));
    }
}

fn identifiers(c: &mut Criterion) {
    let clock = Clock::Manual(ManualClock::at(TODAY.and_hms_opt(14, 0, 0).expect("a time").and_utc()));
    let ids = Ids::System;
    c.bench_function("Ids::next", |b| b.iter(|| ids.next(black_box(clock.now()))));
}

/// Short, because there are many; a longer run is a flag away (`-- --measurement-time 5`).
fn settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .without_plots()
}

criterion_group! {
    name = pure;
    config = settings();
    targets = segments, dates, keywords, phones, plans, batches::batches, conversations, identifiers
}
criterion_main!(pure);
