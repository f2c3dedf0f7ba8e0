//! Every template of the console, rendered in every language with values that would do harm if they were not escaped.

use askama::DynTemplate;

use super::tongue::Tongue;

/// The page's own weight, in bytes: a slow line must carry it. The style and the scripts are fetched once.
const HEAVIEST: usize = 150 * 1024;
/// Elements without an end.
const VOID: [&str; 7] = ["br", "wbr", "hr", "img", "input", "link", "meta"];

type Samples = fn(Tongue) -> Vec<(&'static str, Box<dyn DynTemplate>)>;

const ALL: [(&str, Samples); 17] = [
    ("sign_in", super::sign_in::samples),
    ("welcome", super::welcome::samples),
    ("kept", super::kept::samples),
    ("counting", super::counting::samples),
    ("overview", super::overview::samples),
    ("delivery", super::delivery::samples),
    ("mothers", super::mothers::samples),
    ("inbox", super::inbox::samples),
    ("broadcasts", super::broadcasts::samples),
    ("enroll", super::enroll::samples),
    ("partners", super::partners::samples),
    ("library", super::library::samples),
    ("review", super::review::samples),
    ("questions", super::questions::samples),
    ("accounts", super::accounts::samples),
    ("audit", super::audit::samples),
    ("me", super::me::samples),
];

#[test]
fn every_page_in_every_language() {
    for tongue in Tongue::ALL {
        for (room, samples) in ALL {
            for (name, template) in samples(tongue) {
                let html = template.dyn_render().expect("a page");
                let place = format!("{room}, {name}, {}", tongue.code());
                assert!(
                    !html.contains("<López>") && !html.contains("<b>@") && !html.contains("<fast>"),
                    "{place}: not escaped"
                );
                assert!(html.len() < HEAVIEST, "{place}: {} bytes", html.len());
                assert_eq!(None, unfilled(&html), "{place}: a placeholder was not filled in");
                assert_eq!(None, unbalanced(&html), "{place}: an element has no end");
                assert!(!html.contains(" style=") && !html.contains(" onclick="), "{place}: inline");
            }
        }
    }
}

/// A placeholder of ours that stands where people read.
fn unfilled(html: &str) -> Option<&str> {
    html.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .find(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// The first element that does not end where it should.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let end = after.find('>')?;
        let tag = &after[..end];
        rest = &after[end + 1..];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('!') || VOID.contains(&&*name) || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop().as_ref() != Some(&name) {
                return Some(name);
            }
        } else {
            open.push(name);
        }
    }
    open.pop()
}
