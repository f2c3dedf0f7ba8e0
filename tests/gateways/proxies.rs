//! TLS with an authority of the machine's, and the proxies of the environment. Both come from variables, which a
//! process reads once for all its threads: so each case is this program again, as a child.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::twilio::twilio;
use crate::wire::{Answer, Wire, says, says_on};
use crate::{client, end, her_number, parcel};

const CREATED: &str = r#"{"sid":"SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","status":"queued"}"#;
const ACCEPTED: &str = r#"accepted Some("SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a")"#;
const UNREACHABLE: &str = "later unreachable None";
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gateways/certificate/cert.pem");
/// Where the child sends its two texts.
const TARGET: &str = "MOTHERLINE_TEST_TARGET";
/// Between the two: long enough to notice that a connection has ended.
const PAUSE: Duration = Duration::from_millis(200);
const MARK: &str = "it ended: ";

#[tokio::test]
#[ignore = "the child of the tests below"]
async fn child() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let (http, twilio, to) = (client(), twilio(&target), her_number());
    for _ in 0..2 {
        println!("{MARK}{}", end(&twilio.send(&http, &parcel(&to, "hello")).await));
        tokio::time::sleep(PAUSE).await;
    }
}

/// How two texts to `target` end in such an environment.
async fn ends(target: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program);
    child.args(["--exact", "proxies::child", "--ignored", "--nocapture"]).stderr(Stdio::inherit());
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    child.env(TARGET, target).envs(environment.iter().copied());
    let said = child.output().await.expect("a child").stdout;
    let said = String::from_utf8(said).expect("words");
    said.lines().filter_map(|line| line.split_once(MARK)).map(|(_, end)| end.to_owned()).collect()
}

#[tokio::test]
async fn an_authority_of_the_machine_is_believed_and_a_tls_connection_is_kept() {
    let kept =
        Wire::secret(vec![vec![says_on("201 Created", CREATED), says_on("201 Created", CREATED)]]).await;
    let known = [("SSL_CERT_FILE", AUTHORITY)];
    assert_eq!([ACCEPTED, ACCEPTED], *ends(&kept.url, &known).await);
    assert_eq!((1, 2), (kept.calls(), kept.heard().len()));

    let closed =
        Wire::secret(vec![vec![says_on("201 Created", CREATED)], vec![says_on("201 Created", CREATED)]])
            .await;
    assert_eq!([ACCEPTED, ACCEPTED], *ends(&closed.url, &known).await);
    assert_eq!((2, 2), (closed.calls(), closed.heard().len()));

    let other_name = kept.url.replace("127.0.0.1", "127.0.0.2");
    assert_eq!([UNREACHABLE, UNREACHABLE], *ends(&other_name, &known).await);
}

#[tokio::test]
async fn http_goes_through_its_proxy() {
    let proxy =
        Wire::proxy(vec![vec![says_on("201 Created", CREATED), says_on("201 Created", CREATED)]]).await;
    let with_password = proxy.url.replace("http://", "http://door:p%40ss@");
    assert_eq!([ACCEPTED; 2], *ends("http://gateway.invalid:8080", &[("http_proxy", &with_password)]).await);
    assert_eq!(1, proxy.calls());
    for heard in proxy.heard() {
        assert!(heard.starts_with("POST http://gateway.invalid:8080/2010-04-01/Accounts/"), "{heard}");
        assert!(heard.contains("host: gateway.invalid:8080\r\n"), "{heard}");
        assert!(heard.contains("proxy-authorization: Basic ZG9vcjpwQHNz\r\n"), "{heard}");
    }
}

#[tokio::test]
async fn https_goes_through_a_tunnel_that_sees_nothing() {
    let proxy =
        Wire::proxy(vec![vec![says_on("201 Created", CREATED), says_on("201 Created", CREATED)]]).await;
    let with_password = proxy.url.replace("http://", "http://door:p%40ss@");
    let environment = [("SSL_CERT_FILE", AUTHORITY), ("HTTPS_PROXY", with_password.as_str())];
    assert_eq!([ACCEPTED; 2], *ends("https://gateway.invalid", &environment).await);
    let heard = proxy.heard();
    let [asked, inside @ ..] = heard.as_slice() else { panic!("nothing was asked") };
    assert!(asked.starts_with("CONNECT gateway.invalid:443 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("Proxy-Authorization: Basic ZG9vcjpwQHNz\r\n"), "{asked}");
    assert_eq!((1, 2), (proxy.calls(), inside.len()));
    for heard in inside {
        assert!(heard.starts_with("POST /2010-04-01/Accounts/"), "{heard}");
        assert!(!heard.to_lowercase().contains("proxy-authorization"), "{heard}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_sends_nothing() {
    let refusal = || says("407 Proxy Authentication Required", "", "");
    let proxy = Wire::answering(vec![refusal(), refusal()]).await;
    assert_eq!([UNREACHABLE; 2], *ends("https://gateway.invalid", &[("ALL_PROXY", &proxy.url)]).await);
    assert!(proxy.heard().iter().all(|heard| heard.starts_with("CONNECT ")));
    let socks = proxy.url.replace("http", "socks5");
    assert_eq!([UNREACHABLE; 2], *ends("http://gateway.invalid", &[("ALL_PROXY", &socks)]).await);
    assert_eq!(2, proxy.heard().len());
}

#[tokio::test]
async fn a_host_of_no_proxy_is_called_directly() {
    let wire = Wire::conversing(vec![vec![says_on("201 Created", CREATED), Answer::HangsUp]]).await;
    let environment = [("ALL_PROXY", "http://127.0.0.1:1"), ("NO_PROXY", "localhost, 127.0.0.0/8")];
    assert_eq!([ACCEPTED, "doubt no-reply"], *ends(&wire.url, &environment).await);
}
