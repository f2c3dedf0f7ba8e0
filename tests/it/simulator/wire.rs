//! The simulator's own HTTP, by the byte, and what it refuses before any fault is drawn.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ACCOUNT, PATIENCE, Trial, quiet};

const FORM: &str = "To=%2B12025550143&From=%2B12025550100&Body=hi";

fn post(headers: &str, form: &str) -> String {
    format!(
        "POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1\r\nHost: x\r\n{headers}\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// Writes the pieces, waits for what is due after each, and gives all that came.
async fn talk(trial: &Trial, pieces: &[(&str, &str)]) -> String {
    let mut stream = TcpStream::connect(trial.url.trim_start_matches("http://")).await.expect("a connection");
    let mut heard = String::new();
    for (piece, due) in pieces {
        stream.write_all(piece.as_bytes()).await.expect("it listens");
        while !heard.contains(due) {
            let mut some = [0; 4096];
            let read = timeout(PATIENCE, stream.read(&mut some)).await.expect("an answer in time");
            let count = read.expect("it speaks");
            assert_ne!(0, count, "it hung up after {heard:?}");
            heard.push_str(str::from_utf8(&some[..count]).expect("text"));
        }
    }
    heard
}

#[tokio::test]
async fn requests_come_in_pieces_and_in_packs() {
    let trial = Trial::of(quiet()).await;
    let whole = post("", FORM);
    let (one, rest) = whole.split_at(20);
    let (two, three) = rest.split_at(rest.len() - 5);
    talk(&trial, &[(one, ""), (two, ""), (three, "201 Created")]).await;
    let pack = format!("{whole}{whole}GET / HTTP/1.1\r\n\r\n");
    talk(&trial, &[(&pack, "\r\n\r\n3")]).await;
    let waits = post("Expect: 100-continue\r\n", FORM);
    let (head, body) = waits.split_at(waits.len() - FORM.len());
    talk(&trial, &[(head, "100 Continue"), (body, "201 Created")]).await;
    assert_eq!(4, trial.end().await.taken);
}

#[tokio::test]
async fn what_is_no_request_ends_the_connection() {
    let trial = Trial::of(quiet()).await;
    let endless = "x".repeat(70_000);
    for nonsense in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        &endless,
    ] {
        let mut stream =
            TcpStream::connect(trial.url.trim_start_matches("http://")).await.expect("a connection");
        // It may hang up before all is written.
        let _ = stream.write_all(nonsense.as_bytes()).await;
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard).await;
        assert!(heard.len() < 200);
    }
    assert_eq!((404, "Unknown request.".to_owned()), trial.get("/nowhere").await);
    assert_eq!(0, trial.end().await.asked);
}

#[tokio::test]
async fn twilio_refuses_what_is_no_text() {
    let trial = Trial::of(quiet()).await;
    let long = format!("To=%2B12025550143&From=x&Body={}", "x".repeat(1601));
    for (form, code) in [
        ("From=x&Body=hi", 21604),
        ("To=%2B12025550143&Body=hi", 21603),
        ("To=%2B12025550143&From=x", 21602),
        // A plus sign that nobody escaped.
        ("To=+12025550143&From=x&Body=hi", 21211),
        (&long, 21617),
    ] {
        let heard = talk(&trial, &[(&post("", form), "}")]).await;
        assert!(heard.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{form}: {heard}");
        assert!(heard.contains(&format!(r#"{{"code":{code},"#)), "{form}: {heard}");
    }
    let service =
        talk(&trial, &[(&post("", "To=%2B12025550143&MessagingServiceSid=MG1&Body=hi"), "}")]).await;
    assert!(service.contains(r#""status":"accepted""#) && service.contains(r#""from":null"#));
    let account = trial.end().await;
    assert_eq!((6, 1, 5), (account.asked, account.taken, account.refused["malformed"]));
}

#[tokio::test]
async fn kannel_refuses_what_is_no_text() {
    let trial = Trial::of(quiet()).await;
    for (query, status, words) in [
        ("from=us&to=1&text=hi", 403, "Authorization failed for sendsms"),
        ("username=u&from=us&text=hi", 400, "Missing receiver number, rejected"),
        ("username=u&to=1&text=hi", 400, "Sender missing and no global set, rejected"),
        ("username=u&from=us&to=1&text=hi&coding=7", 400, "Coding field misformed, rejected"),
        ("username=u&from=us&to=1&text=hi&dlr-url=ftp%3A", 400, "DLR-URL field misformed, rejected"),
        (
            "username=u&from=us&to=abc&text=hi",
            400,
            "Number(s) has/have been denied by white- and/or black-lists.",
        ),
        ("username=u&from=us&to=1", 202, "0: Accepted for delivery"),
    ] {
        assert_eq!((status, words.to_owned()), trial.get(&format!("/cgi-bin/sendsms?{query}")).await);
    }
    let form = "POST /cgi-bin/sendsms HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";
    assert!(talk(&trial, &[(form, "Invalid content-type")]).await.starts_with("HTTP/1.1 400 "));
    let own = "POST /cgi-bin/sendsms HTTP/1.1\r\nContent-Type: text/plain; charset=UTF-8\r\n\
               X-Kannel-Username: u\r\nX-Kannel-From: us\r\nX-Kannel-To: +12025550143\r\nContent-Length: 2\r\n\r\nhi";
    talk(&trial, &[(own, "0: Accepted for delivery")]).await;
    assert_eq!((9, 2), {
        let account = trial.end().await;
        (account.asked, account.taken)
    });
}
