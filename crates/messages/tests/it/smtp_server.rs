//! A mail server as shops have them, from Debian (exim), with TLS: on this machine alone. What it takes stays in its queue.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use messages::Outcome;
use messages::mail::{Security, Server, send};

use crate::mail::letter;

/// Where Debian has it.
const EXIM: &str = "/usr/sbin/exim4";

/// The server, ended with the test.
struct Exim {
    child: Child,
    folder: tempfile::TempDir,
}

impl Drop for Exim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    listener.local_addr().expect("bound").port()
}

fn config(folder: &Path, starttls: u16, tls: u16) -> String {
    let at = folder.display();
    format!(
        "spool_directory = {at}/spool\nlog_file_path = {at}/log/%slog\npid_file_path = {at}/exim.pid\n\
         exim_user = root\nexim_group = root\nnever_users =\nprimary_hostname = localhost\n\
         daemon_smtp_ports = {starttls} : {tls}\ntls_on_connect_ports = {tls}\nlocal_interfaces = 127.0.0.1\n\
         tls_advertise_hosts = *\ntls_certificate = {at}/cert.pem\ntls_privatekey = {at}/key.pem\n\
         acl_smtp_rcpt = rcpt\nacl_smtp_data = accept\nqualify_domain = localhost\nhost_lookup =\nrfc1413_query_timeout = 0s\n\
         keep_environment =\ndisable_ipv6 = true\nqueue_only = true\n\
         begin acl\nrcpt:\n  deny message = no such mailbox\n       local_parts = nobody\n  require authenticated = *\n  \
         require encrypted = *\n  accept\n\
         begin authenticators\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  \
         server_condition = ${{if and{{{{eq{{$auth2}}{{laden}}}}{{eq{{$auth3}}{{geheim}}}}}}}}\n  server_set_id = $auth2\n"
    )
}

fn start(starttls: u16, tls: u16) -> Option<(Exim, String)> {
    if !Path::new(EXIM).exists() {
        let said = b"skipped: no exim4 here (apt-get install exim4-daemon-light)\n";
        std::io::stderr().write_all(said).expect("said");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let names = vec!["localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("cert.pem"), made.cert.pem()).expect("written");
    std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).expect("written");
    for name in ["spool", "log"] {
        std::fs::create_dir(path(name)).expect("made");
    }
    std::fs::write(path("exim.conf"), config(folder.path(), starttls, tls)).expect("written");
    let child = Command::new(EXIM)
        .args(["-bdf", "-C"])
        .arg(path("exim.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    Some((Exim { child, folder }, made.cert.pem()))
}

/// The bodies of the mails that it took and has on disk.
fn taken(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("spool/input")).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.to_string_lossy().ends_with("-D")).collect()
}

#[tokio::test]
async fn a_server_of_debian_takes_mail_over_starttls_and_over_tls() {
    let (starttls, tls) = (free_port(), free_port());
    let Some((exim, certificate)) = start(starttls, tls) else { return };
    let server = |port, security| Server {
        host: "localhost".to_owned(),
        port,
        security,
        login: Some(("laden".to_owned(), "geheim".to_owned())),
        certificate: Some(certificate.clone()),
        patience: Duration::from_secs(20),
    };
    let first = server(starttls, Security::Starttls);
    // It is there once it answers.
    let mut outcome = send(&first, &letter()).await;
    for _ in 0..200 {
        if outcome.code() != "unreachable" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        outcome = send(&first, &letter()).await;
    }
    assert_eq!(outcome, Outcome::Sent, "STARTTLS");
    assert_eq!(send(&server(tls, Security::Tls), &letter()).await, Outcome::Sent, "TLS");
    let wrong = Server { login: Some(("laden".to_owned(), "falsch".to_owned())), ..first.clone() };
    assert_eq!(send(&wrong, &letter()).await, Outcome::NotSent { why: "login", again: true });
    let nobody = messages::mail::Letter { to: "nobody@localhost".to_owned(), ..letter() };
    assert_eq!(send(&first, &nobody).await, Outcome::NotSent { why: "refused", again: false });
    let stranger = Server { certificate: None, ..first.clone() };
    assert_eq!(send(&stranger, &letter()).await, Outcome::NotSent { why: "tls", again: true });
    let mails = taken(exim.folder.path());
    assert_eq!(mails.len(), 2, "it has both, and nothing else");
    for mail in mails {
        let text = std::fs::read_to_string(&mail).expect("a body");
        assert!(text.contains("AP8KDS4="), "{text}");
        let head = std::fs::read_to_string(mail.to_string_lossy().replace("-D", "-H"));
        let head = head.expect("a head");
        assert!(head.contains("Subject: Ihr Beleg 1-7") && head.contains("esmtpsa"), "{head}");
    }
}
