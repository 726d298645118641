//! Where a simulated device stands that is no printer: it listens, has the faults that every device can have, records the bytes both
//! ways, and serves a page that shows what the device shows.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::{Page, http};

/// Pieces that are kept of what went over the line, the last ones.
const RECORDING: usize = 2_000;
/// How much a device says that floods the line.
const FLOOD: usize = 256 * 1024;

/// What is wrong with the line, or with the device's side of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Gone: whoever connects is sent away.
    Gone,
    /// It hears and says nothing.
    Mute,
    /// The connection breaks as soon as it is asked something, before it does anything.
    BreakBefore,
    /// It does what it was asked, and the connection breaks in the middle of its answer.
    BreakDuring,
    /// It answers, and the connection breaks then.
    BreakAfter,
    /// It does what it was asked, and answers with other bytes.
    Garbage,
    /// It answers after this time.
    Slow(Duration),
    /// It answers, and goes on talking.
    Flood,
}

/// Each fault with its name in addresses and on buttons.
const FAULTS: [(&str, &str, Fault); 9] = [
    ("none", "nothing is wrong", Fault::None),
    ("gone", "gone", Fault::Gone),
    ("mute", "says nothing", Fault::Mute),
    ("before", "breaks before the answer", Fault::BreakBefore),
    ("during", "breaks during the answer", Fault::BreakDuring),
    ("after", "breaks after the answer", Fault::BreakAfter),
    ("garbage", "answers garbage", Fault::Garbage),
    ("slow", "answers after 5 s", Fault::Slow(Duration::from_secs(5))),
    ("flood", "floods the line", Fault::Flood),
];

impl Fault {
    /// All of them, by the names that scripts know them by.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FAULTS.iter().find(|(known, ..)| *known == name).map(|(.., fault)| *fault)
    }

    /// Their names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FAULTS.iter().map(|(name, ..)| *name)
    }
}

/// A device as it behaves, without its line.
pub trait Model: Send + 'static {
    /// What it is called on its page.
    fn name(&self) -> String;
    /// Takes bytes; what it answers.
    fn hear(&mut self, bytes: &[u8]) -> Vec<u8>;
    /// What it has to say by itself, since something happened to it.
    fn says(&mut self) -> Vec<u8> {
        Vec::new()
    }
    /// A connection begins: what was half said is forgotten.
    fn connected(&mut self) {}
    /// What stands on its page below the heading, as HTML.
    fn page(&self) -> String;
    /// Does what a button's address says; false when there is no such button.
    fn act(&mut self, path: &[&str]) -> bool;
}

/// A button of a page.
pub(super) fn button(path: &str, label: &str, pressed: Option<bool>) -> String {
    let pressed = pressed.map(|on| format!(" aria-pressed=\"{on}\"")).unwrap_or_default();
    format!("<form method=\"post\" action=\"{path}\"><button{pressed}>{label}</button></form>\n")
}

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:1rem;font:1rem/1.4 system-ui,sans-serif;background:#dcdad4;color:#111}
h1{font-size:1.2rem;margin:0 0 .5rem}h2{font-size:.95rem;margin:1rem 0 .3rem}
.sign{background:#b3261e;color:#fff;padding:.1rem .5rem;border-radius:.2rem}
form{display:inline}
button{min-height:44px;margin:.15rem;padding:0 .8rem;font:inherit;border:2px solid #555;border-radius:.4rem;background:#fff;color:#111;cursor:pointer}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}
.glass{display:block;width:max-content;max-width:100%;box-sizing:border-box;overflow:auto;margin:.5rem 0;padding:.8rem 1rem;border-radius:.4rem;background:#10201a;color:#7dffc0;font:1.4rem/1.35 'DejaVu Sans Mono',ui-monospace,Menlo,Consolas,monospace;white-space:pre}
table{border-collapse:collapse;background:#fff;color:#111}td,th{padding:.25rem .7rem;border:1px solid #999;text-align:right}
a{color:inherit}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}}
";

struct Inner<M> {
    model: M,
    fault: Fault,
    /// Pieces, and whether the device said them.
    recording: VecDeque<(bool, Vec<u8>)>,
    connections: usize,
}

struct Shared<M> {
    inner: Mutex<Inner<M>>,
    changed: watch::Sender<u64>,
}

impl<M: Model> Shared<M> {
    fn inner(&self) -> MutexGuard<'_, Inner<M>> {
        // A panic elsewhere leaves figures of a simulator, nothing that could be half true.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Inner<M>) -> T) -> T {
        let answer = change(&mut self.inner());
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
        answer
    }
}

impl<M: Model> Shared<M> {
    /// Somebody connects: like most gateways it has one peer, the newest. None while it is gone.
    fn connected(&self) -> Option<usize> {
        self.change(|inner| {
            inner.connections = inner.connections.saturating_add(1);
            inner.model.connected();
            (inner.fault != Fault::Gone).then_some(inner.connections)
        })
    }
}

impl<M> Inner<M> {
    fn record(&mut self, own: bool, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.recording.len() >= RECORDING {
            self.recording.pop_front();
        }
        // Of a flood its beginning says all.
        self.recording.push_back((own, bytes.iter().take(1_024).copied().collect()));
    }
}

impl<M: Model> Page for Shared<M> {
    fn html(&self) -> String {
        let inner = self.inner();
        let name = receipt::escape(&inner.model.name());
        let faults: String = FAULTS
            .iter()
            .map(|(path, label, fault)| {
                button(&format!("/fault/{path}"), label, Some(*fault == inner.fault))
            })
            .collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"refresh\" content=\"2\">\n<title>Simulator: {name}</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1><span class=\"sign\">Simulator</span> {name}</h1>\n{}\n\
             <h2>What is wrong with it</h2>\n<div>{faults}</div>\n\
             <p>Connections: {}. <a href=\"/recording\">Bytes on the line</a></p>\n</main>\n</body>\n</html>\n",
            inner.model.page(),
            inner.connections,
        )
    }

    fn recording(&self) -> String {
        let inner = self.inner();
        let mut text = String::from("# > to the device, < from the device\n");
        for (own, bytes) in &inner.recording {
            let _ = write!(text, "{}", if *own { "<" } else { ">" });
            for byte in bytes {
                let _ = write!(text, " {byte:02x}");
            }
            text.push('\n');
        }
        text
    }

    fn act(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match parts.as_slice() {
            ["fault", name] => {
                let Some(fault) = Fault::named(name) else { return false };
                self.change(|inner| inner.fault = fault);
                true
            }
            parts => self.change(|inner| inner.model.act(parts)),
        }
    }
}

/// A simulated device. It stops when it is dropped.
pub struct Stand<M: Model> {
    shared: Arc<Shared<M>>,
    address: SocketAddr,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl<M: Model> std::fmt::Debug for Stand<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stand").field("address", &self.address).finish_non_exhaustive()
    }
}

impl<M: Model> Stand<M> {
    /// Starts listening; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(listen: SocketAddr, model: M) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let inner = Inner { model, fault: Fault::None, recording: VecDeque::new(), connections: 0 };
        let (changed, _) = watch::channel(0);
        let shared = Arc::new(Shared { inner: Mutex::new(inner), changed });
        let sessions = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            let mut running = JoinSet::new();
            loop {
                tokio::select! {
                    taken = listener.accept() => match taken {
                        Ok((stream, _)) => {
                            let _slow = stream.set_nodelay(true);
                            // In the order in which they connect, whichever is served first.
                            let own = sessions.connected();
                            running.spawn(serve(stream, Arc::clone(&sessions), own));
                        }
                        Err(_) => tokio::task::yield_now().await,
                    },
                    Some(_) = running.join_next() => {}
                }
            }
        });
        Ok(Self { shared, address, tasks: Mutex::new(vec![task]) })
    }

    /// Serves another line (a serial one, the far end of a pseudo-terminal) until it ends.
    pub fn attach(&self, line: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let own = self.shared.connected();
        self.keep(tokio::spawn(serve(line, Arc::clone(&self.shared), own)));
    }

    /// Serves the page; port 0 takes a free one. Gives the address.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn serve_page(&self, listen: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        self.keep(tokio::spawn(http::serve(listener, Arc::clone(&self.shared))));
        Ok(address)
    }

    fn keep(&self, task: JoinHandle<()>) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Looks at the device, or does something to it.
    pub fn with<T>(&self, how: impl FnOnce(&mut M) -> T) -> T {
        self.shared.change(|inner| how(&mut inner.model))
    }

    /// Sets what is wrong.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.change(|inner| inner.fault = fault);
    }

    /// What went over the line, one piece a line, in hexadecimal digits.
    #[must_use]
    pub fn recording(&self) -> String {
        self.shared.recording()
    }

    /// How often somebody has connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.inner().connections
    }

    /// Counts up on every change; wait on it instead of on time.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// The page.
    #[must_use]
    pub fn page_html(&self) -> String {
        self.shared.html()
    }
}

impl<M: Model> Drop for Stand<M> {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

/// One connection, until it ends or a fault ends it.
async fn serve<M: Model>(
    mut line: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    shared: Arc<Shared<M>>,
    own: Option<usize>,
) {
    let Some(own) = own else { return };
    let mut buffer = vec![0; 4_096];
    let mut changes = shared.changed.subscribe();
    loop {
        let said = {
            let mut inner = shared.inner();
            if inner.connections != own {
                return;
            }
            let own = inner.model.says();
            // One that says nothing says nothing by itself either.
            let own = if inner.fault == Fault::Mute { Vec::new() } else { own };
            inner.record(true, &own);
            own
        };
        if !said.is_empty() && line.write_all(&said).await.is_err() {
            return;
        }
        let count = tokio::select! {
            read = line.read(&mut buffer) => match read {
                Ok(0) | Err(_) => return,
                Ok(count) => count,
            },
            changed = changes.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        let Some(heard) = buffer.get(..count) else { return };
        let (fault, answer) = shared.change(|inner| {
            if inner.connections != own {
                return (Fault::Gone, Vec::new());
            }
            inner.record(false, heard);
            let does = !matches!(inner.fault, Fault::Gone | Fault::Mute | Fault::BreakBefore);
            let answer = if does { inner.model.hear(heard) } else { Vec::new() };
            (inner.fault, answer)
        });
        let (said, goes_on) = match fault {
            Fault::None => (answer, true),
            Fault::Gone | Fault::BreakBefore => return,
            Fault::Mute => (Vec::new(), true),
            Fault::BreakDuring => {
                let half = answer.len() / 2;
                (answer.into_iter().take(half).collect(), false)
            }
            Fault::BreakAfter => {
                let goes_on = answer.is_empty();
                (answer, goes_on)
            }
            Fault::Garbage => (vec![0x7E; answer.len().clamp(1, 64)], true),
            Fault::Slow(time) => {
                tokio::time::sleep(time).await;
                (answer, true)
            }
            Fault::Flood => {
                let mut said = answer;
                said.resize(said.len().saturating_add(FLOOD), b'~');
                (said, true)
            }
        };
        shared.change(|inner| inner.record(true, &said));
        if line.write_all(&said).await.is_err() || line.flush().await.is_err() || !goes_on {
            return;
        }
    }
}
