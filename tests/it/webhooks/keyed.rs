//! Providers that take each name of ours once, as far as we use them: Infobip's API and Telnyx's, in one server that
//! keeps what it is given and loses its answer as told.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::service::eventually;

/// A text that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Our name for it.
    pub name: String,
    /// With plus sign.
    pub to: String,
    pub words: String,
    /// Where its reports go.
    pub callback: String,
}

/// The server; its memory is shared with its handlers.
#[derive(Clone)]
pub struct Keyed {
    pub url: String,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told {
    taken: Mutex<Vec<Taken>>,
    /// What came under a name, byte for byte, and what was answered.
    known: Mutex<HashMap<String, (Bytes, Value)>>,
    asked: Mutex<usize>,
    /// The next text to these is taken, and the answer lost.
    losing: Mutex<HashSet<String>>,
}

impl Keyed {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let told = Arc::new(Told::default());
        let app = Router::new()
            .route("/sms/3/messages", post(infobip))
            .route("/v2/messages", post(telnyx))
            .with_state(Arc::clone(&told));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told }
    }

    pub fn will_lose(&self, phone: &str) {
        self.told.losing.lock().expect("orders").insert(phone.to_owned());
    }

    /// How often it was asked to take a text.
    pub fn asked(&self) -> usize {
        *self.told.asked.lock().expect("a count")
    }

    pub fn taken_for(&self, phone: &str) -> Vec<Taken> {
        let taken = self.told.taken.lock().expect("texts");
        taken.iter().filter(|text| text.to == phone).cloned().collect()
    }

    /// Waits until that many texts were taken for a number.
    pub async fn until_taken(&self, phone: &str, count: usize) -> Vec<Taken> {
        let what = format!("{count} texts taken");
        eventually(&what, async || Some(self.taken_for(phone)).filter(|taken| taken.len() >= count)).await
    }
}

impl Told {
    /// Takes a text unless its name is known; gives the answer.
    fn take(&self, text: Taken, body: &Bytes, answer: Value) -> Response {
        *self.asked.lock().expect("a count") += 1;
        let lost = self.losing.lock().expect("orders").remove(&text.to);
        self.known.lock().expect("names").insert(text.name.clone(), (body.clone(), answer.clone()));
        self.taken.lock().expect("texts").push(text);
        if lost { StatusCode::BAD_GATEWAY.into_response() } else { Json(answer).into_response() }
    }

    fn known(&self, name: &str) -> Option<(Bytes, Value)> {
        let known = self.known.lock().expect("names").get(name).cloned();
        if known.is_some() {
            *self.asked.lock().expect("a count") += 1;
        }
        known
    }
}

async fn infobip(State(told): State<Arc<Told>>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!("App a-key", headers["authorization"]);
    let order: Value = serde_json::from_slice(&body).expect("JSON");
    let message = &order["messages"][0];
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    let (name, to) =
        (word(&message["destinations"][0]["messageId"]), word(&message["destinations"][0]["to"]));
    let answer = |group: i64, id: i64| {
        json!({"bulkId": "1", "messages": [{"messageId": name, "destination": to,
               "status": {"groupId": group, "groupName": "…", "id": id, "name": "…", "description": "…"}}]})
    };
    if told.known(&name).is_some() {
        return Json(answer(5, 23)).into_response();
    }
    let text = Taken {
        name: name.clone(),
        to: format!("+{to}"),
        words: word(&message["content"]["text"]),
        callback: word(&message["webhooks"]["delivery"]["url"]),
    };
    let taken = answer(1, 26);
    told.take(text, &body, taken)
}

async fn telnyx(State(told): State<Arc<Told>>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!("Bearer a-key", headers["authorization"]);
    let name = headers["idempotency-key"].to_str().expect("a name").to_owned();
    match told.known(&name) {
        Some((first, answer)) if first == body => return Json(answer).into_response(),
        Some(_) => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        None => {}
    }
    let order: Value = serde_json::from_slice(&body).expect("JSON");
    let word = |key: &str| order[key].as_str().expect("a word").to_owned();
    let text = Taken { name, to: word("to"), words: word("text"), callback: word("webhook_url") };
    let answer = json!({"data": {"id": uuid::Uuid::from_u128(told.taken.lock().expect("texts").len() as u128),
                                 "to": [{"phone_number": word("to"), "status": "queued"}], "errors": []}});
    told.take(text, &body, answer)
}
