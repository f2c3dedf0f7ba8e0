//! The checks over what tips say, need and cost, each by a fault that is made.

use motherline::library::{Fault, Files, Library, Severity};

use super::{changed, faults, today};

/// A tip for a folder of its own, with what differs.
fn tip(differs: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("track", "\"pregnancy\""),
        ("week", "20"),
        ("slot", "9"),
        ("needs", "\"neutral\""),
        ("text.en", "\"Drink a glass of water.\""),
        ("text.es", "\"Tome un vaso de agua.\""),
    ];
    for (name, value) in differs {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    let fields: String = fields.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    format!(
        "[[tip]]\nid = \"us-test\"\ntopic = \"food\"\npriority = 1\n{fields}[tip.source]\norganization = \"o\"\n\
         title = \"t\"\nurl = \"https://example.org\"\nyear = 2020\n[tip.review]\nstate = \"draft\"\n"
    )
}

fn found(differs: &[(&str, &str)]) -> Vec<Fault> {
    let Files(mut files) = Files::built_in();
    files.insert("tips/text4baby-us/test.toml".to_owned(), tip(differs));
    faults(&Files(files)).into_iter().filter(|fault| fault.file.ends_with("/test.toml")).collect()
}

#[track_caller]
fn finds(differs: &[(&str, &str)], check: &str, severity: Severity) {
    let all = found(differs);
    let [fault] = all.as_slice() else { panic!("{differs:?}: {all:#?}") };
    assert_eq!((check, severity), (fault.check, fault.severity), "{differs:?}: {fault}");
}

#[test]
fn a_tip_without_a_fault_has_none() {
    assert_eq!(Vec::<Fault>::new(), found(&[]));
}

#[test]
fn each_track_has_its_place() {
    let error = Severity::Error;
    finds(&[("track", "\"loss\""), ("week", "")], "loss", error);
    finds(&[("track", "\"loss\""), ("week", ""), ("loss", "\"twin\"")], "loss", error);
    finds(&[("loss", "\"miscarriage\"")], "loss", error);
    finds(&[("track", "\"farewell\"")], "week", error);
    finds(&[("track", "\"farewell\""), ("week", ""), ("needs", "\"either\"")], "needs", error);
    finds(
        &[("track", "\"loss\""), ("week", ""), ("loss", "\"baby\""), ("needs", "\"baby\"")],
        "needs",
        error,
    );
    finds(&[("week", "44")], "week", error);
}

#[test]
fn a_reader_is_somebody() {
    finds(&[("reader", "\"father\"")], "reader", Severity::Error);
    for reader in ["mother", "family", "anyone"] {
        assert_eq!(Vec::<Fault>::new(), found(&[("reader", &format!("\"{reader}\""))]), "{reader}");
    }
}

#[test]
fn a_second_text_belongs_to_a_tip_and_needs_what_it_needs() {
    // It has no second text of its own.
    const FIRST: &str = "\"us-preg-20-1-anatomy-scan\"";
    let second = |of: &'static str, needs: &'static str| {
        vec![("track", "\"more\""), ("week", ""), ("slot", ""), ("of", of), ("needs", needs)]
    };
    assert_eq!(Vec::<Fault>::new(), found(&second(FIRST, "\"pregnancy\"")));
    let error = Severity::Error;
    finds(&second("", "\"pregnancy\""), "more", error);
    finds(&second("\"us-nowhere\"", "\"pregnancy\""), "more", error);
    finds(&second(FIRST, "\"neutral\""), "more", error);
    finds(&second("\"us-preg-04-3-one-sided-pain\"", "\"pregnancy\""), "more", error);
    finds(&second("\"us-preg-04-3-one-sided-pain-more\"", "\"pregnancy\""), "more", error);
    finds(&[("of", FIRST)], "more", error);
    finds(&[&second(FIRST, "\"pregnancy\"")[..], &[("week", "20")]].concat(), "week", error);
}

#[test]
fn words_of_a_birth_or_pregnancy_that_may_not_be() {
    let error = Severity::Error;
    for (words, check) in [
        ("text.en = \"Now that your baby is here, call us.\"", "birth-words"),
        ("text.es = \"¡Felicidades a usted! Llame hoy a su doctor.\"", "birth-words"),
        ("text.en = \"You are pregnant. Drink a lot of water.\"", "pregnancy-words"),
        ("text.es = \"Usted está embarazada. Llame hoy a su doctor si le duele.\"", "pregnancy-words"),
    ] {
        let (name, value) = words.split_once(" = ").expect("a field");
        finds(&[(name, value), ("week", "38"), ("needs", "\"either\"")], check, error);
    }
    // As a condition each is right, and so is each where its need is met.
    for (words, week, needs) in [
        ("\"If your baby is here, call us.\"", "38", "\"either\""),
        ("\"If you are pregnant, drink a lot of water.\"", "38", "\"mother\""),
        ("\"You are pregnant. Drink a lot of water.\"", "20", "\"pregnancy\""),
    ] {
        assert_eq!(
            Vec::<Fault>::new(),
            found(&[("text.en", words), ("week", week), ("needs", needs)]),
            "{words}"
        );
    }
    let after =
        [("track", "\"baby\""), ("needs", "\"mother\""), ("text.en", "\"Since the birth, do you sleep?\"")];
    assert_eq!(
        Vec::<Fault>::new(),
        found(&after),
        "about her alone in the baby's year her birth is behind her"
    );
}

#[test]
fn what_is_hard_costly_or_avoided_is_told() {
    let warning = Severity::Warning;
    let hard = "\"Immediate gynecological examination regarding abnormal manifestations is necessary.\"";
    finds(&[("text.en", hard)], "reading", warning);
    finds(&[("text.en", "\"The fetus grows.\"")], "glossary", warning);
    finds(&[("text.en", "\"Don’t wait. Call now.\"")], "costly", warning);
    finds(&[("text.en", &format!("\"{}\"", "Call now. ".repeat(60).trim()))], "length", Severity::Error);
    let loss = [("track", "\"loss\""), ("loss", "\"baby\""), ("week", ""), ("needs", "\"mother\"")];
    let words = ("text.en", "\"You can have another baby.\"");
    finds(&[&loss[..], &[words]].concat(), "glossary", warning);
}

#[test]
fn help_is_named_for_everybody() {
    finds(&[("text.en", "\"Call {place.nobody}.\"")], "placeholder", Severity::Error);
    let help = "places/us-zip/help.toml";
    for (old, new, check) in [
        ("\n[help.national]", "\n[help.nation]", "syntax"),
        ("\nregion = \"CA\"", "\nregion = \"California\"", "help-region"),
        ("\nregion = \"CA\"", "\nregion = \"NY\"", "help-region"),
        ("\nnumber = \"", "\nnumber = \"№ ", "help-line"),
        ("\nurl = \"https://", "\nurl = \"", "help-source"),
        ("\nkey = \"medicaid\"", "\nkey = \"Medi Caid\"", "help-key"),
    ] {
        let found = faults(&changed(help, |text| text.replacen(old, new, 1)));
        assert!(found.iter().any(|fault| fault.check == check && fault.file == help), "{check}: {found:#?}");
    }
    let without = changed(help, |text| {
        let national = text.find("\n[help.national]").expect("a fallback");
        let source = text.find("\n[help.source]").expect("a source");
        format!("{}{}", &text[..national], &text[source..])
    });
    assert!(faults(&without).iter().any(|fault| fault.check == "help-national"));
}

#[test]
fn a_tip_names_the_help_of_her_region() {
    use motherline::domain::conversation::Guide;
    use motherline::domain::language::Language;
    let words = [("text.en", "\"Call {place.medicaid}.\""), ("text.es", "\"Llame a {place.medicaid}.\"")];
    let Files(mut files) = Files::built_in();
    files.insert("tips/text4baby-us/test.toml".to_owned(), tip(&words));
    let library = Library::read(&Files(files), today()).library.expect("a library");
    let program = library.program("text4baby-us").expect("a program");
    let tips = program.tips();
    let (_, tip) = tips.iter().find(|(_, tip)| &*tip.id == "us-test").expect("the tip");
    let english: Language = "en".parse().expect("a language");
    let hers = |zip: &str| {
        let area = library.place("text4baby-us", zip).expect("a place").area;
        tip.texts[&english].in_region(area.as_deref()).body.to_string()
    };
    assert_eq!("Call Medi-Cal 1-800-541-5555.", hers("94110"));
    assert_ne!(hers("94110"), hers("10001"), "New York has its own");
    // American Samoa has none that a public source names.
    assert_eq!(tip.texts[&english].national.body.to_string(), hers("96799"));
    assert!(tip.texts[&english].national.body.contains("1-877-543-7669"));
}

#[test]
fn files_that_editors_damage_are_named() {
    let path = "tips/text4baby-us/starter.toml";
    let Files(files) = Files::built_in();
    let sound = files[path].clone();
    let read = |content: String| {
        let mut files = files.clone();
        files.insert(path.to_owned(), content);
        faults(&Files(files)).into_iter().filter(|fault| fault.file == path).collect::<Vec<_>>()
    };
    assert_eq!(Vec::<Fault>::new(), read(format!("\u{feff}{sound}")), "a byte-order mark does no harm");
    let utf16: Vec<u8> = sound.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let told = read(String::from_utf8_lossy(&[&[0xff, 0xfe][..], &utf16].concat()).into_owned());
    assert!(told[0].message.contains("UTF-16"), "{told:?}");
    let cut: String = sound.chars().take(sound.chars().count() / 2).collect();
    assert!(read(cut).iter().any(|fault| fault.check == "syntax" || fault.check == "tip-field"));
    let huge = sound.replacen("text.en = \"", &format!("text.en = \"{}", "a".repeat(10_000_000)), 1);
    assert!(read(huge).iter().any(|fault| fault.check == "length"));
}

#[test]
fn what_a_letter_costs_is_noted_and_no_fault() {
    let Files(mut files) = Files::built_in();
    files.insert(
        "tips/text4baby-us/test.toml".to_owned(),
        tip(&[("text.es", "\"Su bebé está bien. Llame hoy al doctor.\"")]),
    );
    let all = Library::read(&Files(files), today()).faults;
    let [note] = all.iter().filter(|fault| fault.file.ends_with("/test.toml")).collect::<Vec<_>>()[..] else {
        panic!("{all:#?}")
    };
    assert_eq!(("cost", Severity::Note), (note.check, note.severity));
    assert!(note.message.contains("1 SMS") && note.message.contains('á'), "{note}");
    assert!(all.iter().all(|fault| !fault.file.contains("russia")), "Russian has no other letters");
}

/// Whoever meets a fault finds in the authors' README what it means.
#[test]
fn every_check_is_explained_to_authors() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{root}/message-library/README.md")).expect("the README");
    let (mut folders, mut named) = (vec![format!("{root}/src/library")], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.display().to_string());
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            let told = ["Fault::error(", "Fault::warning(", "Fault::note(", "tell("];
            for rest in told.iter().flat_map(|call| source.split(call).skip(1)) {
                let Some(check) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
                else {
                    continue;
                };
                named += 1;
                assert!(
                    readme.contains(&format!("`{check}`")),
                    "{check} ({}) is not explained",
                    path.display()
                );
            }
        }
    }
    assert!(named > 60, "the checks were found: {named}");
}
