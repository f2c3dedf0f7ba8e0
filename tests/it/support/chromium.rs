//! Debian's Chromium without a screen, driven by its own driver as a person would drive it: it looks for what is written
//! on a page, types, presses.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::service::port;

/// axe-core 4.14.1 (Mozilla Public License 2.0), as its authors publish it.
const AXE: &str = include_str!("../../browser/axe-core-4.14.1.min.js");
/// What should be on a page at once may take so long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// As a person without a screen: nothing of Chromium's own goes to the network.
const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
];

/// A window, ended with its driver by the driver's process id when dropped.
pub struct Window {
    client: Client,
    base: String,
    driver: Child,
    _profile: TempDir,
}

impl Window {
    /// Opens one at a service.
    pub async fn open(base: &str) -> Self {
        let at = port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={at}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, which `make install` installs");
        let profile = TempDir::new().expect("a temporary folder");
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|&argument| argument.to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let options = json!({ "binary": "/usr/bin/chromium", "args": arguments });
        let Value::Object(capabilities) = json!({ "goog:chromeOptions": options }) else { unreachable!() };
        let address = format!("http://127.0.0.1:{at}");
        let mut tries = 0;
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(client) => break client,
                Err(_) if tries < 200 => tries += 1,
                Err(error) => panic!("Chromium does not open: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let window = Self { client, base: base.to_owned(), driver, _profile: profile };
        window.size(1280, 900).await;
        window
    }

    /// Ends it.
    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, email: &str, password: &str) {
        // Who asks for a page is asked to sign in, and comes to it then.
        self.goto("/console/me").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.press("Sign in").await;
        self.see("Sign out").await;
    }

    /// Goes to a page.
    pub async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.expect("a page");
    }

    /// The path of the page it is at.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// Types into a field, in place of what is there.
    pub async fn fill(&self, name: &str, text: &str) {
        let named = format!("[name='{name}']");
        let field = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(&named));
        let field = field.await.unwrap_or_else(|error| panic!("no field {name}: {error}"));
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("typed");
    }

    /// Names a file in a field.
    pub async fn attach(&self, name: &str, path: &std::path::Path) {
        let field = self.client.find(Locator::Css(&format!("[name='{name}']"))).await.expect("a field");
        field.send_keys(&path.display().to_string()).await.expect("a file");
    }

    /// Chooses in a list, by what the form will say.
    pub async fn choose_value(&self, name: &str, value: &str) {
        let field = self.client.find(Locator::Css(&format!("select[name='{name}']"))).await.expect("a list");
        field.select_by_value(value).await.unwrap_or_else(|error| panic!("no {value} in {name}: {error}"));
    }

    /// Presses the button, or follows the link, on which this is written.
    pub async fn press(&self, label: &str) {
        // No label here holds a double quote.
        let written = format!("normalize-space(.)=\"{label}\"");
        let path = format!("//*[self::button or self::a or self::summary][{written} and not(ancestor::nav)]");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => panic!("no {label:?} ({error}) on {}: {}", self.path().await, self.text().await),
        };
        found.click().await.expect("pressed");
    }

    /// What is written on the page.
    pub async fn text(&self) -> String {
        let words = self.client.execute("return document.body.innerText", Vec::new()).await.expect("a page");
        let words = words.as_str().unwrap_or_default().replace('\u{a0}', " ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until this is written on the page.
    pub async fn see(&self, words: &str) {
        let began = std::time::Instant::now();
        while !self.text().await.contains(words) {
            let late = began.elapsed() > PATIENCE;
            assert!(!late, "no {words:?} on {}: {}", self.path().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The address of the first link that begins so.
    pub async fn link(&self, beginning: &str) -> String {
        let found = self.client.find(Locator::Css(&format!("a[href^='{beginning}']"))).await.expect("a link");
        found.attr("href").await.expect("a link").expect("an address")
    }

    /// What axe-core finds wrong with the page by WCAG 2.2 A and AA: each with where it is.
    pub async fn faults(&self) -> Vec<String> {
        self.client.execute(&format!("{AXE}; return 1"), Vec::new()).await.expect("axe");
        let run = "const done = arguments[arguments.length - 1];
                   const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
                   axe.run(document, { runOnly: tags }).then(found => done(found.violations.map(violation =>
                       violation.id + ': ' + violation.nodes.map(node => node.target.join(' ') + ' '
                           + node.any.concat(node.all, node.none).map(check => check.message).join('; ')).join(' | '))))
                       .catch(error => done(['axe broke: ' + error]));";
        let found = self.client.execute_async(run, Vec::new()).await.expect("axe");
        let Value::Array(found) = found else { panic!("axe gives a list") };
        found.into_iter().map(|fault| fault.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) {
        self.client.execute(script, Vec::new()).await.expect("a script");
    }

    /// How much wider the page is than the window, in pixels.
    pub async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.client.execute(script, Vec::new()).await.expect("a width").as_i64().unwrap_or_default()
    }

    /// Words of headings that are broken within themselves.
    pub async fn broken_headings(&self) -> Vec<String> {
        let script = "const broken = [];
            for (const heading of document.querySelectorAll('h1, h2, h3')) {
                const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    for (const word of node.data.matchAll(/[^\\s./_-]+/g)) {
                        const range = document.createRange();
                        range.setStart(node, word.index);
                        range.setEnd(node, word.index + word[0].length);
                        const tops = new Set([...range.getClientRects()].map(line => Math.round(line.top)));
                        if (tops.size > 1) broken.push(word[0]);
                    }
                }
            }
            return broken";
        let found = self.client.execute(script, Vec::new()).await.expect("headings");
        let Value::Array(found) = found else { panic!("words") };
        found.into_iter().map(|word| word.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The window's size, in CSS pixels; narrow ones are phones.
    pub async fn size(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Light or dark.
    pub async fn scheme(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The page's language from here on.
    pub async fn language(&self, code: &str) {
        let cookie =
            json!({ "name": "motherline_language", "value": code, "url": self.base, "path": "/console" });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// Whether scripts run.
    pub async fn scripts(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !run })).await;
    }

    /// A picture of the whole page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        use base64::Engine as _;
        let wanted = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.devtools("Page.captureScreenshot", wanted).await;
        let data = taken["data"].as_str().expect("a picture");
        base64::engine::general_purpose::STANDARD.decode(data).expect("a picture")
    }

    async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let done: Result<Value, CmdError> = self.client.issue_cmd(Devtools { command, parameters }).await;
        done.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A command of Chromium's own that no standard names.
#[derive(Debug)]
struct Devtools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}
