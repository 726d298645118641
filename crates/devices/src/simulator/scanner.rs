//! A simulated scanner: whoever connects is sent what is "scanned" at its page, byte for byte as a scanner at a serial line sends it. It has
//! the faults of a scanner and keeps what it sent.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// Bytes that are kept, the last ones.
const RECORDING_MAX: usize = 64 * 1024;
/// Longest request at the page.
const REQUEST_MAX: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// What is wrong with the scanner, and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScannerFaults {
    /// Unplugged: nobody can connect, and whoever was is cut off.
    pub gone: bool,
    /// Each byte takes 60 milliseconds.
    pub slow: bool,
    /// Noise comes before each code.
    pub noise: bool,
    /// No end is sent behind a code.
    pub no_end: bool,
}

#[derive(Debug)]
struct Shared {
    faults: Mutex<ScannerFaults>,
    recording: Mutex<VecDeque<u8>>,
    scanned: broadcast::Sender<Option<Vec<u8>>>,
}

impl Shared {
    fn faults(&self) -> MutexGuard<'_, ScannerFaults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recording(&self) -> MutexGuard<'_, VecDeque<u8>> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scan(&self, code: &str) {
        let faults = *self.faults();
        let mut bytes = Vec::new();
        if faults.noise {
            bytes.extend_from_slice(&[0xff, 0x80, b'?', 0x02]);
        }
        bytes.extend_from_slice(code.as_bytes());
        if !faults.no_end {
            bytes.extend_from_slice(b"\r\n");
        }
        // With nobody connected it beeps all the same, as a real one does.
        let _heard = self.scanned.send(Some(bytes));
    }

    fn record(&self, byte: u8) {
        let mut recording = self.recording();
        recording.push_back(byte);
        let over = recording.len().saturating_sub(RECORDING_MAX);
        recording.drain(..over);
    }

    async fn send(&self, out: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            out.write_all(&[*byte]).await?;
            self.record(*byte);
            if self.faults().slow {
                out.flush().await?;
                sleep(Duration::from_millis(60)).await;
            }
        }
        out.flush().await
    }

    /// Sends what is scanned until the line breaks or the scanner is unplugged.
    async fn serve(self: Arc<Self>, mut out: impl AsyncWrite + Unpin) {
        let mut scans = self.scanned.subscribe();
        while let Ok(Some(bytes)) = scans.recv().await {
            if self.send(&mut out, &bytes).await.is_err() {
                return;
            }
        }
    }
}

/// A simulated scanner.
#[derive(Debug)]
pub struct Scanner {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Scanner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Scanner {
    /// Starts it at an address (port 0: any).
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn start(listen: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (scanned, _) = broadcast::channel(64);
        let shared =
            Arc::new(Shared { faults: Mutex::default(), recording: Mutex::default(), scanned });
        let tasks = vec![tokio::spawn(accept(listener, Arc::clone(&shared)))];
        Ok(Self { shared, address, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scans a code: whoever is connected is sent it.
    pub fn scan(&self, code: &str) {
        self.shared.scan(code);
    }

    /// How many are connected.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.shared.scanned.receiver_count()
    }

    /// Sets its faults; unplugging cuts off whoever is connected.
    pub fn set(&self, faults: ScannerFaults) {
        set(&self.shared, faults);
    }

    /// The bytes that it sent, the last ones.
    #[must_use]
    pub fn recording(&self) -> Vec<u8> {
        self.shared.recording().iter().copied().collect()
    }

    /// Is at a pseudo-terminal as well; answers the path to open as a serial port. Linux.
    ///
    /// # Errors
    /// When there is none to be had.
    pub fn serve_terminal(&mut self) -> io::Result<PathBuf> {
        let before = terminals();
        let (near, far) = serial2_tokio::SerialPort::pair()?;
        let path = terminals().into_iter().find(|path| !before.contains(path));
        let path = path.ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
        let shared = Arc::clone(&self.shared);
        self.tasks.push(tokio::spawn(async move {
            // While the far end is kept open here, whoever opens it may go and come back.
            let _kept_open = far;
            shared.serve(near).await;
        }));
        Ok(path)
    }

    /// Serves its page; answers where.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn serve_page(&mut self, listen: SocketAddr) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        self.tasks.push(tokio::spawn(pages(listener, Arc::clone(&self.shared))));
        Ok(address)
    }
}

fn set(shared: &Shared, faults: ScannerFaults) {
    *shared.faults() = faults;
    if faults.gone {
        let _cut_off = shared.scanned.send(None);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((stream, _)) if !shared.faults().gone => {
                    running.spawn(connected(stream, Arc::clone(&shared)));
                }
                Ok(_) => {}
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// Until the other side goes or the scanner is unplugged.
async fn connected(stream: TcpStream, shared: Arc<Shared>) {
    let (mut back, out) = stream.into_split();
    let mut nothing = [0; 64];
    tokio::select! {
        () = shared.serve(out) => {}
        () = async { while back.read(&mut nothing).await.is_ok_and(|read| read > 0) {} } => {}
    }
}

/// The pseudo-terminals that this process has open.
fn terminals() -> Vec<PathBuf> {
    let Ok(inside) = std::fs::read_dir("/proc/self/fd") else { return Vec::new() };
    let links = inside.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    links.filter(|path| path.starts_with("/dev/pts")).collect()
}

async fn pages(listener: TcpListener, shared: Arc<Shared>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((stream, _)) => {
                    let shared = Arc::clone(&shared);
                    running.spawn(async move {
                        // A browser that is slow or gone gets no answer; there is nobody to tell.
                        let _late = timeout(PATIENCE, one(stream, &shared)).await;
                    });
                }
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// Answers one request and closes the connection.
async fn one(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut request = Vec::new();
    while !whole(&request) && request.len() < REQUEST_MAX {
        if stream.read_buf(&mut request).await? == 0 {
            break;
        }
    }
    let answer = respond(&String::from_utf8_lossy(&request), shared);
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// The head is there, and as much behind it as it says.
fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = header(head, "content-length").and_then(|said| said.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn respond(request: &str, shared: &Shared) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let mut first = head.split("\r\n").next().unwrap_or_default().split(' ');
    match (first.next().unwrap_or_default(), first.next().unwrap_or_default()) {
        ("GET", "/") => answer("200 OK", "text/html; charset=utf-8", "", &html(shared)),
        ("GET", "/recording") => {
            answer("200 OK", "text/plain; charset=utf-8", "", &recorded(shared))
        }
        ("POST", path) => {
            // Buttons work only from the page itself: another site's form has another origin.
            let own = header(head, "host").map(|host| format!("http://{host}"));
            if header(head, "origin").is_some_and(|origin| Some(origin) != own.as_deref()) {
                answer("403 Forbidden", "text/plain", "", "other origin\n")
            } else if act(shared, path, body) {
                answer("303 See Other", "text/plain", "Location: /\r\n", "")
            } else {
                answer("404 Not Found", "text/plain", "", "no such button\n")
            }
        }
        ("GET", _) => answer("404 Not Found", "text/plain", "", "no such page\n"),
        _ => answer("405 Method Not Allowed", "text/plain", "Allow: GET, POST\r\n", ""),
    }
}

fn answer(status: &str, kind: &str, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
         frame-ancestors http://127.0.0.1:* http://localhost:*\r\n{more}\r\n{body}",
        body.len()
    )
}

/// A switch: its name in the address, on the button, whether it is on, and how it is set.
type Switch = (&'static str, &'static str, fn(&ScannerFaults) -> bool, fn(&mut ScannerFaults));

const SWITCHES: &[Switch] = &[
    ("gone", "unplugged", |f| f.gone, |f| f.gone = !f.gone),
    ("slow", "60 ms per character", |f| f.slow, |f| f.slow = !f.slow),
    ("noise", "noise before each code", |f| f.noise, |f| f.noise = !f.noise),
    ("no-end", "sends no end", |f| f.no_end, |f| f.no_end = !f.no_end),
];

/// Does what a button says; false when there is no such button.
fn act(shared: &Shared, path: &str, body: &str) -> bool {
    if path == "/scan" {
        let code = body.split('&').find_map(|pair| pair.strip_prefix("code="));
        // A separator is typed as {GS}.
        let code = code.map(decoded).unwrap_or_default().replace("{GS}", "\u{1d}");
        shared.scan(&code);
        return true;
    }
    let Some(name) = path.strip_prefix("/switch/") else { return false };
    let Some((.., turn)) = SWITCHES.iter().find(|switch| switch.0 == name) else { return false };
    let mut faults = *shared.faults();
    turn(&mut faults);
    set(shared, faults);
    true
}

/// Undoes the encoding of a form.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex =
                    [rest.next(), rest.next()].map(|b| char::from(b.unwrap_or(b'0')).to_digit(16));
                if let [Some(high), Some(low)] = hex {
                    bytes.extend(u8::try_from(high * 16 + low));
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn recorded(shared: &Shared) -> String {
    let bytes: Vec<u8> = shared.recording().iter().copied().collect();
    let mut told = String::new();
    for line in bytes.chunks(16) {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02X}")).collect();
        let shown = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' };
        let _never_fails =
            writeln!(told, "{:<47}  {}", hex.join(" "), line.iter().map(shown).collect::<String>());
    }
    told
}

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:1rem;font:1rem/1.4 system-ui,sans-serif;max-width:44rem}
.sign{background:#b3261e;color:#fff;padding:.1rem .5rem;border-radius:.2rem}
form{display:inline}input{min-height:44px;font:inherit;padding:0 .6rem;width:min(100%,26rem);box-sizing:border-box}
button{min-height:44px;margin:.15rem;padding:0 .8rem;font:inherit;border:2px solid #777;border-radius:.4rem;cursor:pointer}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}
";

fn html(shared: &Shared) -> String {
    let faults = *shared.faults();
    let switches: String = SWITCHES
        .iter()
        .map(|(name, label, is_on, _)| {
            format!(
                "<form method=\"post\" action=\"/switch/{name}\"><button aria-pressed=\"{}\">{label}</button></form>\n",
                is_on(&faults)
            )
        })
        .collect();
    let connected = shared.scanned.receiver_count();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Simulator: scanner</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1><span class=\"sign\">Simulator</span> scanner</h1>\n\
         <p>Connected: <strong>{connected}</strong></p>\n\
         <form method=\"post\" action=\"/scan\"><label>Code<br><input name=\"code\" value=\"4006381333931\" autocomplete=\"off\" \
         maxlength=\"1000\"></label> <button>scan</button></form>\n\
         <p>A separator of GS1 is typed as <code>{{GS}}</code>.</p>\n<div>{switches}</div>\n\
         <p><a href=\"/recording\">the bytes that were sent</a></p>\n</main>\n</body>\n</html>\n"
    )
}
