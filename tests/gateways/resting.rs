//! Connections at rest that end: never a text sent twice, never one lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use motherline::gateway::{Http, Outcome, Parcel};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::twilio::twilio;
use crate::wire::{Answer, Wire, says_on};
use crate::{RUSSIAN, client, end, her_number, parcel};

const CREATED: &str = r#"{"sid":"SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","status":"queued"}"#;
const ACCEPTED: &str = r#"accepted Some("SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a")"#;

fn created() -> Answer {
    says_on("201 Created", CREATED)
}

#[tokio::test]
async fn one_that_ended_while_it_rested_is_replaced() {
    let farewell = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for (name, first) in [
        ("closed", vec![created(), Answer::Waits]),
        ("closed with a word", vec![created(), Answer::Waits, Answer::Adds(farewell.to_owned())]),
        ("reset", vec![created(), Answer::Waits, Answer::ResetsUnheard]),
    ] {
        let wire = Wire::conversing(vec![first, vec![created(), Answer::KeepsSilent]]).await;
        let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await), "{name}");
        wire.go_on(1);
        wire.until_ended(1).await;
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await), "{name}");
        assert_eq!((2, 2), (wire.calls(), wire.heard().len()), "{name}");
    }
}

#[tokio::test]
async fn many_that_ended_are_passed_over() {
    let once = || vec![created(), Answer::Waits];
    let wire = Wire::conversing(vec![once(), once(), once(), vec![created(), Answer::KeepsSilent]]).await;
    let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
    let parcel = parcel(&to, RUSSIAN);
    let send = || twilio.send(&http, &parcel);
    let _three = tokio::join!(send(), send(), send());
    wire.go_on(3);
    wire.until_ended(3).await;
    assert_eq!(ACCEPTED, end(&send().await));
    assert_eq!((4, 4), (wire.calls(), wire.heard().len()));
}

/// Once the text may be on its way, only the provider knows.
#[tokio::test]
async fn one_that_ends_after_the_text_was_written_leaves_it_in_doubt() {
    for last in [Answer::HangsUp, Answer::Resets] {
        let wire = Wire::conversing(vec![vec![created(), last], vec![created()]]).await;
        let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
        assert_eq!("doubt no-reply", end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
        assert_eq!((1, 2), (wire.calls(), wire.heard().len()));
    }
}

#[tokio::test]
async fn a_text_takes_a_connection_that_comes_free_before_its_own_is_made() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    // Room for one caller that is not answered; the next one's calls go unheard.
    let listener = socket.listen(0).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let (http, twilio, to) = (client(), twilio(&format!("http://{address}")), her_number());
    let (parcel, full) = (parcel(&to, RUSSIAN), Notify::new());
    let server = async {
        let (mut first, _) = listener.accept().await.expect("a caller");
        let _in_the_way = TcpStream::connect(address).await.expect("a place in the queue");
        full.notify_one();
        for _ in 0..2 {
            let mut heard = [0; 4096];
            assert_ne!(0, first.read(&mut heard).await.expect("a request"));
            // Long enough for the second text to want a connection.
            tokio::time::sleep(Duration::from_millis(50)).await;
            let reply = format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n{CREATED}", CREATED.len());
            first.write_all(reply.as_bytes()).await.expect("a listener");
        }
        first
    };
    let second = async {
        full.notified().await;
        twilio.send(&http, &parcel).await
    };
    let (first, second, _) = tokio::join!(twilio.send(&http, &parcel), second, server);
    assert_eq!([ACCEPTED, ACCEPTED], [end(&first), end(&second)]);
}

#[tokio::test]
async fn one_that_rested_too_long_is_closed_and_not_used() {
    let rest = Duration::from_millis(100);
    let wire = Wire::conversing((0..3).map(|_| vec![created(), created()]).collect()).await;
    let http = Http::resting(Duration::from_secs(5), rest).expect("a client");
    let (twilio, to) = (twilio(&wire.url), her_number());
    for calls in 1..=2 {
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
        assert_eq!(calls, wire.calls());
        // The wire says so when a connection is closed from the other end.
        wire.until_ended(calls).await;
    }
}

/// The server closes each connection after a reply or two, at about the moment when the next text is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_with_the_end_sends_nothing_twice_and_loses_nothing() {
    const SENDERS: usize = 4;
    const TEXTS: usize = 150;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let heard: Arc<Vec<AtomicUsize>> = Arc::new((0..SENDERS * TEXTS).map(|_| AtomicUsize::new(0)).collect());
    let ears = Arc::clone(&heard);
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.expect("a caller");
            tokio::spawn(fickle(stream, number, Arc::clone(&ears)));
        }
    });
    let (http, twilio) = (Arc::new(client()), Arc::new(twilio(&url)));
    let senders = (0..SENDERS).map(|sender| {
        let (http, twilio) = (Arc::clone(&http), Arc::clone(&twilio));
        tokio::spawn(async move {
            let to = her_number();
            let mut ends = Vec::new();
            for text in (0..TEXTS).map(|text| sender * TEXTS + text) {
                let reference = Uuid::from_u128(text as u128);
                let outcome = twilio.send(&http, &Parcel { reference, ..parcel(&to, RUSSIAN) }).await;
                ends.push((text, outcome));
                tokio::time::sleep(Duration::from_micros(text as u64 * 37 % 1500)).await;
            }
            ends
        })
    });
    let mut accepted = 0;
    for sender in senders.collect::<Vec<_>>() {
        for (text, outcome) in sender.await.expect("a sender") {
            let times = heard[text].load(Ordering::SeqCst);
            match outcome {
                Outcome::Accepted { .. } => assert_eq!(1, times, "{text}"),
                Outcome::Transient { .. } => assert_eq!(0, times, "{text}"),
                Outcome::Ambiguous { .. } => assert!(times <= 1, "{text}: {times}"),
                other => panic!("{text}: {other:?}"),
            }
            accepted += usize::from(matches!(outcome, Outcome::Accepted { .. }));
        }
    }
    assert!(accepted > SENDERS * TEXTS / 4, "{accepted}");
}

/// Answers one or two requests, then soon closes or resets the connection.
async fn fickle(mut stream: TcpStream, number: usize, heard: Arc<Vec<AtomicUsize>>) {
    if number.is_multiple_of(3) {
        stream.set_zero_linger().expect("a socket");
    }
    for _ in 0..=number % 2 {
        let (mut request, end) = (String::new(), "&ValidityPeriod=7200");
        while !request.ends_with(end) {
            let mut piece = [0; 4096];
            let Ok(length @ 1..) = stream.read(&mut piece).await else { return };
            request.push_str(std::str::from_utf8(&piece[..length]).expect("a form"));
        }
        let (_, rest) = request.split_once("%3Fm%3D").expect("a reference");
        let reference: Uuid = rest.trim_end_matches(end).parse().expect("a reference");
        heard[reference.as_u128() as usize].fetch_add(1, Ordering::SeqCst);
        let reply = format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n{CREATED}", CREATED.len());
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
    tokio::time::sleep(Duration::from_micros(number as u64 * 53 % 1500)).await;
}
