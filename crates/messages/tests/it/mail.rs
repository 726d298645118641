//! Mail to the simulator, with each of its faults.

use std::time::{Duration, SystemTime};

use messages::Outcome;
use messages::mail::{File, Letter, Security, Server, send};
use messages::simulator::{Fault, MailSink};

pub(crate) fn letter() -> Letter {
    Letter {
        from: "bon@laden.example".to_owned(),
        from_name: "Laden".to_owned(),
        to: "ada@example.org".to_owned(),
        subject: "Ihr Beleg 1-7".to_owned(),
        text: "Äpfel 2,49\n.\nEnde".to_owned(),
        html: "<p>Äpfel 2,49</p>".to_owned(),
        files: vec![File {
            name: "Bon-1-7.pdf".to_owned(),
            media: "application/pdf",
            bytes: vec![0, 255, 10, 13, 46],
        }],
        id: "<7.abc@laden.example>".to_owned(),
        written: SystemTime::UNIX_EPOCH,
    }
}

async fn sink(tls: bool) -> (MailSink, Server) {
    let sink = MailSink::new(Some(("laden".to_owned(), "geheim".to_owned()))).expect("a sink");
    let bound = sink.listen(([127, 0, 0, 1], 0).into(), tls).await.expect("an address");
    let server = Server {
        host: "localhost".to_owned(),
        port: bound.port(),
        security: if tls { Security::Tls } else { Security::Starttls },
        login: Some(("laden".to_owned(), "geheim".to_owned())),
        certificate: Some(sink.certificate().to_owned()),
        patience: Duration::from_secs(20),
    };
    (sink, server)
}

#[tokio::test]
async fn a_mail_arrives_sealed_either_way_with_its_file_bit_by_bit() {
    for tls in [false, true] {
        let (sink, server) = sink(tls).await;
        assert_eq!(send(&server, &letter()).await, Outcome::Sent, "tls {tls}");
        let came = sink.came();
        assert_eq!(came.len(), 1);
        assert!(came[0].sealed, "it went in clear");
        assert_eq!((came[0].to.as_str(), came[0].login.as_str()), ("ada@example.org", "laden"));
        assert!(came[0].body.contains("AP8KDS4="), "the file is not there: {}", came[0].body);
        assert!(came[0].body.contains("Message-ID: <7.abc@laden.example>"));
    }
}

#[tokio::test]
async fn each_fault_is_what_it_is_and_a_lost_answer_is_neither_yes_nor_no() {
    let (sink, server) = sink(false).await;
    let cases = [
        (Fault::Server, Outcome::NotSent { why: "busy", again: true }),
        (Fault::Refused, Outcome::NotSent { why: "refused", again: false }),
        (Fault::Login, Outcome::NotSent { why: "login", again: true }),
        (Fault::Gone, Outcome::NotSent { why: "unreachable", again: true }),
    ];
    for (fault, outcome) in cases {
        sink.set_fault(fault);
        assert_eq!(send(&server, &letter()).await, outcome, "{fault:?}");
    }
    assert!(sink.came().is_empty(), "nothing of it was taken");
    sink.set_fault(Fault::Lost);
    assert_eq!(send(&server, &letter()).await, Outcome::Unknown { why: "no_answer" });
    assert_eq!(sink.came().len(), 1, "this one was");
    sink.set_fault(Fault::Slow);
    let hasty = Server { patience: Duration::from_millis(300), ..server.clone() };
    assert_eq!(send(&hasty, &letter()).await, Outcome::Unknown { why: "no_answer" });
    sink.set_fault(Fault::None);
    assert_eq!(send(&server, &letter()).await, Outcome::Sent);
}

#[tokio::test]
async fn nothing_is_sent_to_who_cannot_prove_to_be_the_server() {
    let (sink, server) = sink(false).await;
    for tls in [Security::Starttls, Security::Tls] {
        let stranger = Server { certificate: None, security: tls, ..server.clone() };
        // At a port that begins in clear, TLS from the first byte on fails as well.
        let outcome = send(&stranger, &letter()).await;
        assert!(matches!(outcome, Outcome::NotSent { again: true, .. }), "{outcome:?}");
    }
    let stranger = Server { certificate: None, ..server.clone() };
    assert_eq!(send(&stranger, &letter()).await, Outcome::NotSent { why: "tls", again: true });
    assert!(sink.came().is_empty());
    let nobody = Server { port: 1, ..server };
    assert_eq!(
        send(&nobody, &letter()).await,
        Outcome::NotSent { why: "unreachable", again: true }
    );
}

#[tokio::test]
async fn without_starttls_nothing_goes_out() {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("an address");
    let port = listener.local_addr().expect("bound").port();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("somebody");
        let mut link = BufReader::new(stream);
        link.write_all(b"220 old\r\n").await.expect("written");
        let mut all = String::new();
        let mut line = String::new();
        while link.read_line(&mut line).await.unwrap_or(0) > 0 {
            let answer: &[u8] =
                if line.starts_with("EHLO") { b"250 old\r\n" } else { b"221 bye\r\n" };
            all.push_str(&std::mem::take(&mut line));
            if link.write_all(answer).await.is_err() {
                break;
            }
        }
        all
    });
    let server = Server {
        host: "localhost".to_owned(),
        port,
        security: Security::Starttls,
        login: Some(("laden".to_owned(), "geheim".to_owned())),
        certificate: None,
        patience: Duration::from_secs(20),
    };
    assert_eq!(send(&server, &letter()).await, Outcome::NotSent { why: "no_tls", again: true });
    let heard = heard.await.expect("heard");
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
}

/// Answers so many times as a server does, then breaks the connection; answers whether it took the mail.
async fn breaks_after(answers: usize) -> (u16, tokio::task::JoinHandle<bool>) {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("an address");
    let port = listener.local_addr().expect("bound").port();
    let served = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("somebody");
        let mut link = BufReader::new(stream);
        let (mut left, mut in_data, mut took) = (answers, false, false);
        let mut line = String::new();
        let mut answer = "220 here\r\n";
        loop {
            if left == 0 {
                return took;
            }
            left -= 1;
            link.write_all(answer.as_bytes()).await.expect("written");
            loop {
                line.clear();
                if link.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return took;
                }
                if !in_data || line == ".\r\n" {
                    break;
                }
            }
            took |= in_data;
            in_data = line.starts_with("DATA");
            answer = if in_data { "354 go on\r\n" } else { "250 ok\r\n" };
        }
    });
    (port, served)
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_step_is_never_taken_for_the_wrong_answer() {
    let (mut sent, mut unknown) = (0, 0);
    // Greeting, EHLO, MAIL, RCPT, DATA, the mail itself, QUIT.
    for answers in 0..=7 {
        let (port, served) = breaks_after(answers).await;
        let server = Server {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            login: None,
            certificate: None,
            patience: Duration::from_secs(20),
        };
        let outcome = send(&server, &letter()).await;
        let took = served.await.expect("served");
        match outcome {
            Outcome::Sent => {
                assert!(took, "{answers} answers: it says sent, and nobody has it");
                sent += 1;
            }
            Outcome::Unknown { .. } => unknown += 1,
            Outcome::NotSent { again, .. } => {
                assert!(again && !took, "{answers} answers: it would be sent twice");
            }
        }
    }
    assert_eq!((sent, unknown), (2, 1));
}
