//! A browser without a window: it keeps its cookie, and puts into a form what proves it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use motherline::domain::role::{Grant, Role};
use motherline::flows::Service;
use motherline::flows::accounts::{self, Invitation};
use motherline::flows::auditing::Actor;
use motherline::gateway::{Gateway, Provider, Rehearsal};
use motherline::web::console::Settings;
use motherline::web::{Site, router};
use motherline::worker::Gateways;
use tower_service::Service as _;

/// What everybody signs in with.
pub const PASSWORD: &str = "four quiet blue herons";
const BOUNDARY: &str = "a-boundary-of-a-form";

/// A browser at the console of a service.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
    token: String,
    /// From where it calls.
    pub from: SocketAddr,
}

/// What it was answered.
pub struct Page {
    pub status: u16,
    pub body: String,
    /// Where it was sent on to.
    pub location: Option<String>,
    pub headers: axum::http::HeaderMap,
}

impl Page {
    /// What people read of it: without the elements, spaces made one.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (place, part) in self.body.split('<').enumerate() {
            let words = if place == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
            text.push(' ');
            text.push_str(words);
        }
        let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
        let text = text.replace("&#39;", "'").replace("&#38;", "&").replace('\u{a0}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// It was shown.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(200, self.status, "{:?}: {}", self.location, self.text());
        self
    }

    /// It was done, and leads on to here.
    #[track_caller]
    pub fn leads_to(&self) -> String {
        assert_eq!(303, self.status, "{}", self.text());
        self.location.clone().expect("a place")
    }

    /// What is in a hidden field.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let after = self.body.split(&field).nth(1).unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let value = after.split('"').next().unwrap_or_default();
        value.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#38;", "&")
    }

    /// The first address in it that begins so.
    #[track_caller]
    pub fn link(&self, beginning: &str) -> String {
        let links = self.body.split(['"', '\'']).find(|link| link.starts_with(beginning));
        links.unwrap_or_else(|| panic!("no {beginning} in {}", self.body)).replace("&#38;", "&")
    }
}

impl Browser {
    /// A browser that nobody has signed in with.
    pub fn new(service: &Service) -> Self {
        Self::with(service, Settings::default())
    }

    /// The same where the console is run otherwise. Sessions end by the service's clock; here one goes on for as long as it
    /// may, since a test moves the clock by hours.
    pub fn with(service: &Service, settings: Settings) -> Self {
        Self::exactly(service, Settings { idle: settings.absolute, ..settings })
    }

    /// The same, a session ending where it is not used.
    pub fn exactly(service: &Service, settings: Settings) -> Self {
        let rehearsal = Provider::Rehearsal(Rehearsal::new(service.clock.clone()));
        let gateway = Gateway { name: "rehearsal".to_owned(), provider: rehearsal };
        let site = Site {
            service: service.clone(),
            gateways: Gateways::new([gateway]),
            public_url: None,
            worlds: None,
            console: Arc::new(settings),
        };
        let from = SocketAddr::from(([127, 0, 0, 1], 40_000));
        Self { app: router(site), cookies: BTreeMap::new(), token: String::new(), from }
    }

    /// A browser at which somebody with these roles in every program is signed in; they are called as the roles are.
    pub async fn signed_in(service: &Service, roles: &[Role]) -> Self {
        let grants = roles.iter().map(|role| Grant { role: *role, program: None }).collect();
        Self::granted(service, &named(roles), grants).await
    }

    /// A browser at which somebody of this name with these grants is signed in.
    pub async fn granted(service: &Service, name: &str, grants: Vec<Grant>) -> Self {
        let mut browser = Self::new(service);
        let email = let_in(service, name, grants).await;
        browser.enter(&email).await;
        browser
    }

    /// Signs in somebody who was let in before.
    pub async fn enter(&mut self, email: &str) {
        let page = self.post("/console/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!("/console", page.leads_to());
        self.learn_token().await;
    }

    /// Two tabs have one cookie.
    pub fn take_cookies(&mut self, of: &Self) {
        self.cookies.clone_from(&of.cookies);
    }

    /// Reads from a page what proves a form.
    pub async fn learn_token(&mut self) {
        let page = self.get("/console/me").await;
        self.token = page.hidden("token");
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Asks for a page, with these headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::empty()).await
    }

    /// Sends a form from a page of ours, as a browser says it.
    pub async fn post_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", &self.token).extend_pairs(fields);
        let (form, page) = (form.finish(), format!("http://console.example{page}"));
        let length = form.len().to_string();
        let headers = [("sec-fetch-site", "same-origin"), ("referer", &*page), ("content-length", &*length)];
        self.form_with(path, &headers, form).await
    }

    /// Fetches a file.
    pub async fn fetch(&mut self, path: &str) -> Vec<u8> {
        let (head, bytes) = self.ask(Request::get(path), Body::empty()).await;
        assert_eq!(200, head.status.as_u16(), "{path}");
        bytes
    }

    /// Sends a form, with what proves it.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", &self.token).extend_pairs(fields);
        self.send_form(path, form.finish()).await
    }

    /// Sends an empty form with what proves it, and with these headers.
    pub async fn post_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("token", &self.token).finish();
        self.form_with(path, headers, body).await
    }

    /// Sends a form just as it is, with these headers.
    pub async fn form_with(&mut self, path: &str, headers: &[(&str, &str)], body: String) -> Page {
        let kind = "application/x-www-form-urlencoded";
        let mut request = Request::post(path).header(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(body)).await
    }

    /// Sends a form just as it is.
    pub async fn send_form(&mut self, path: &str, body: String) -> Page {
        self.form_with(path, &[], body).await
    }

    /// Sends a form with a file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        let mut body = Vec::new();
        let token = self.token.clone();
        for (name, value) in [("token", &*token)].iter().chain(fields) {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let (name, bytes) = file;
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request.header(header::CONTENT_LENGTH, body.len()), Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let (head, body) = self.ask(request, body).await;
        let location =
            head.headers.get(header::LOCATION).map(|place| place.to_str().expect("a place").to_owned());
        let body = String::from_utf8_lossy(&body).into_owned();
        Page { status: head.status.as_u16(), body, location, headers: head.headers }
    }

    async fn ask(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> (axum::http::response::Parts, Vec<u8>) {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(header::COOKIE, cookies.join("; ")).body(body).expect("a request");
        request.extensions_mut().insert(ConnectInfo(self.from));
        let response = self.app.call(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        for cookie in head.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        (head, body.to_vec())
    }
}

fn named(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(" and ")
}

/// Lets somebody in, with the password that everybody has here; gives the e-mail address.
pub async fn let_in(service: &Service, name: &str, grants: Vec<Grant>) -> String {
    let email = format!("{}@example.org", name.replace(' ', "."));
    let invitation = Invitation {
        email: email.clone(),
        name: name.to_owned(),
        language: "en".to_owned(),
        zone: "America/New_York".to_owned(),
        grants,
    };
    let (_, word) =
        accounts::invite(service, &invitation, &Actor::named("test")).await.expect("an invitation");
    accounts::take_up(service, &word, PASSWORD).await.expect("a password");
    email
}
