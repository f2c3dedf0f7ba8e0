//! Twilio's API as far as we use it: takes texts, remembers them, and answers as told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::house::{ACCOUNT, TOKEN};
use crate::support::service::eventually;

/// What it answers to a text. Without an order it takes it.
pub enum Answer {
    /// 400 with one of its codes.
    Refuse(u32),
    /// 503.
    Fault,
    /// 429 with `Retry-After`, in seconds.
    Throttle(u32),
    /// Takes it, but answers only when told.
    Held(oneshot::Receiver<()>),
}

/// A text as posted.
#[derive(Clone, Debug)]
pub struct Post {
    /// The name under which it was, or would have been, taken.
    pub sid: String,
    form: HashMap<String, String>,
}

impl Post {
    pub fn field(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    pub fn to(&self) -> &str {
        self.field("To")
    }

    pub fn body(&self) -> &str {
        self.field("Body")
    }
}

/// The server; its memory is shared with its handlers.
#[derive(Clone)]
pub struct Twilio {
    pub url: String,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told {
    posts: Mutex<Vec<Post>>,
    /// By number, the next first.
    answers: Mutex<HashMap<String, Vec<Answer>>>,
    /// Rows of the list, by number; without them the list cannot be had.
    lists: Mutex<HashMap<String, Vec<Value>>>,
    looked_up: Mutex<Vec<String>>,
}

impl Twilio {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let told = Arc::new(Told::default());
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
        let app = Router::new().route(&path, post(take).get(list)).with_state(Arc::clone(&told));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told }
    }

    /// What the next text to a number is answered; orders add up.
    pub fn will(&self, phone: &str, answer: Answer) {
        let mut answers = self.told.answers.lock().expect("orders");
        answers.entry(phone.to_owned()).or_default().push(answer);
    }

    /// The next text to a number is taken, and answered only when the given end is used or dropped.
    pub fn will_hold(&self, phone: &str) -> oneshot::Sender<()> {
        let (release, held) = oneshot::channel();
        self.will(phone, Answer::Held(held));
        release
    }

    /// What its list shows for a number.
    pub fn lists(&self, phone: &str, rows: Vec<Value>) {
        self.told.lists.lock().expect("lists").insert(phone.to_owned(), rows);
    }

    /// The numbers its list was asked for.
    pub fn looked_up(&self) -> Vec<String> {
        self.told.looked_up.lock().expect("questions").clone()
    }

    /// The texts to a number so far, answered well or not.
    pub fn posts_to(&self, phone: &str) -> Vec<Post> {
        let posts = self.told.posts.lock().expect("posts");
        posts.iter().filter(|post| post.to() == phone).cloned().collect()
    }

    /// How many texts there were, to anybody.
    pub fn count(&self) -> usize {
        self.told.posts.lock().expect("posts").len()
    }

    /// Waits until that many texts went to a number; gives the last.
    pub async fn post_to(&self, phone: &str, count: usize) -> Post {
        let what = format!("{count} texts at Twilio");
        let posts =
            eventually(&what, async || Some(self.posts_to(phone)).filter(|posts| posts.len() >= count)).await;
        assert_eq!(count, posts.len(), "{posts:?}");
        posts[count - 1].clone()
    }
}

async fn take(State(told): State<Arc<Told>>, headers: HeaderMap, body: Bytes) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    assert_eq!(Some(&*super::house::basic(ACCOUNT, TOKEN)), authorization);
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let to = form["To"].clone();
    let sid = {
        let mut posts = told.posts.lock().expect("posts");
        let sid = format!("SM{:032x}", posts.len() + 1);
        posts.push(Post { sid: sid.clone(), form });
        sid
    };
    let answer = {
        let mut answers = told.answers.lock().expect("orders");
        answers.get_mut(&to).filter(|orders| !orders.is_empty()).map(|orders| orders.remove(0))
    };
    let refusal = |code: u32| Json(json!({"code": code, "message": format!("about {to}"), "status": 400}));
    match answer {
        None => created(&sid),
        Some(Answer::Refuse(code)) => (StatusCode::BAD_REQUEST, refusal(code)).into_response(),
        Some(Answer::Fault) => (StatusCode::SERVICE_UNAVAILABLE, "<html>down</html>").into_response(),
        Some(Answer::Throttle(seconds)) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, wait, refusal(20429)).into_response()
        }
        Some(Answer::Held(held)) => {
            let _ = held.await;
            created(&sid)
        }
    }
}

fn created(sid: &str) -> Response {
    (StatusCode::CREATED, Json(json!({"sid": sid, "status": "queued"}))).into_response()
}

async fn list(State(told): State<Arc<Told>>, Query(query): Query<HashMap<String, String>>) -> Response {
    let to = query.get("To").cloned().unwrap_or_default();
    let rows = told.lists.lock().expect("lists").get(&to).cloned();
    told.looked_up.lock().expect("questions").push(to);
    match rows {
        Some(messages) => Json(json!({"messages": messages, "next_page_uri": null})).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
