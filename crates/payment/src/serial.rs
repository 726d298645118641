//! A serial line to a terminal, which looks like any other connection: whole packets are written to it and
//! read from it, and what frames, answers and repetitions that takes ([`zvt::serial_link`]) is done beneath.
//!
//! There is no connection that could be closed: the other side only notices that nobody answers any more.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::zvt::apdu::Decoder;
use ::zvt::serial_link::{SerialLink, SerialOutput, SerialTimer};
use serial2_tokio::{CharSize, FlowControl, Parity, SerialPort, Settings, StopBits};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, ReadHalf, WriteHalf,
    duplex, split,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::line::Dial;

/// The rates that terminals can be set to, bits per second.
pub const RATES: [u32; 2] = [9_600, 115_200];
/// Bytes on their way between a line and whoever uses it.
const BUFFER: usize = 64 * 1024;
/// Most bytes that are read at once.
const READ_MAX: usize = 1024;
/// Longest packet, bytes of data.
const PACKET_MAX: usize = 16 * 1024;

/// A terminal at a serial port of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial {
    /// `/dev/ttyUSB0`, `COM3`.
    pub path: String,
    /// Bits per second, one of [`RATES`]; 8 data bits, no parity, 2 stop bits.
    pub rate: u32,
}

/// Opens a port; what came while nobody listened is thrown away. What is still on its way out is not: it may be the last
/// answer of the conversation before, without which the terminal says its last word again.
///
/// # Errors
/// When there is no such port, or it cannot be set up like this.
pub fn open(serial: &Serial) -> io::Result<SerialPort> {
    let port = SerialPort::open(&serial.path, |mut settings: Settings| {
        settings.set_raw();
        settings.set_baud_rate(serial.rate)?;
        settings.set_char_size(CharSize::Bits8);
        settings.set_parity(Parity::None);
        settings.set_stop_bits(StopBits::Two);
        settings.set_flow_control(FlowControl::None);
        Ok(settings)
    })?;
    port.discard_input_buffer()?;
    Ok(port)
}

impl Dial for Serial {
    type Stream = SerialStream;

    async fn dial(&self) -> io::Result<SerialStream> {
        Ok(carry(open(self)?).0)
    }
}

/// Packets to and from the other side of a line. Shutting it down waits until what was written has been
/// taken; dropping it does not.
#[derive(Debug)]
pub struct SerialStream {
    near: DuplexStream,
    carrier: JoinHandle<()>,
}

/// Carries packets over any kind of line. The other value comes when the line is not used any more.
pub fn carry<P: AsyncRead + AsyncWrite + Send + 'static>(
    port: P,
) -> (SerialStream, oneshot::Receiver<()>) {
    let (near, far) = duplex(BUFFER);
    let (used, unused) = oneshot::channel::<()>();
    let (from_near, to_near) = split(far);
    let (from_port, to_port) = split(port);
    let carrier = Carrier {
        link: SerialLink::default(),
        from_near,
        to_near,
        from_port,
        to_port,
        t1: None,
        t2: None,
    };
    let carrier = tokio::spawn(async move {
        carrier.run().await;
        drop(used);
    });
    (SerialStream { near, carrier }, unused)
}

struct Carrier<P> {
    link: SerialLink,
    from_near: ReadHalf<DuplexStream>,
    to_near: WriteHalf<DuplexStream>,
    from_port: ReadHalf<P>,
    to_port: WriteHalf<P>,
    t1: Option<Instant>,
    t2: Option<Instant>,
}

impl<P: AsyncRead + AsyncWrite> Carrier<P> {
    /// Until the line fails, or nobody uses it and everything was taken.
    async fn run(mut self) {
        let mut decoder = Decoder::new(PACKET_MAX);
        let (mut near, mut port) = (vec![0; READ_MAX], vec![0; READ_MAX]);
        let mut used = true;
        while used || !self.link.is_idle() {
            let outputs = tokio::select! {
                biased;
                count = self.from_port.read(&mut port) => {
                    match port.get(..count.unwrap_or(0)) {
                        Some(bytes) if !bytes.is_empty() => self.link.on_bytes(bytes),
                        // The device is gone.
                        _ => return,
                    }
                }
                count = self.from_near.read(&mut near), if used => {
                    let bytes = near.get(..count.unwrap_or(0)).unwrap_or_default();
                    used = !bytes.is_empty();
                    decoder.push(bytes);
                    let mut outputs = Vec::new();
                    while let Ok(Some(packet)) = decoder.next_packet() {
                        outputs.extend(self.link.send(packet));
                    }
                    outputs
                }
                () = until(self.t1) => {
                    self.t1 = None;
                    self.link.on_timeout(SerialTimer::T1)
                }
                () = until(self.t2) => {
                    self.t2 = None;
                    self.link.on_timeout(SerialTimer::T2)
                }
            };
            if !self.perform(outputs).await {
                return;
            }
        }
    }

    /// False when the line is no good any more.
    async fn perform(&mut self, outputs: Vec<SerialOutput>) -> bool {
        for output in outputs {
            let done = match output {
                SerialOutput::Write(wire) => self.to_port.write_all(&wire.0).await.is_ok(),
                SerialOutput::Packet(packet) => {
                    // Nobody may be there any more; what came is answered all the same.
                    let _gone = self.to_near.write_all(&packet.encode()).await;
                    true
                }
                SerialOutput::StartTimer { timer, millis } => {
                    let at = Some(Instant::now() + Duration::from_millis(u64::from(millis)));
                    match timer {
                        SerialTimer::T1 => self.t1 = at,
                        SerialTimer::T2 => self.t2 = at,
                    }
                    true
                }
                SerialOutput::Failed(_) => false,
            };
            if !done {
                return false;
            }
        }
        true
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

impl AsyncRead for SerialStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.near).poll_read(cx, buf)
    }
}

impl AsyncWrite for SerialStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.near).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.near).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.near).poll_shutdown(cx))?;
        if !self.carrier.is_finished() {
            ready!(Pin::new(&mut self.carrier).poll(cx)).map_err(io::Error::other)?;
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for SerialStream {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}
