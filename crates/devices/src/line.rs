//! A connection to a device, whichever way it goes: the network, a serial port, or USB by the system's own driver for printers.
//! Nothing here knows what the device speaks.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};
use std::time::Duration;

use serial2_tokio::{CharSize, FlowControl, Parity, SerialPort, Settings, StopBits};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::usb;

/// Where a device is connected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// `host:port`.
    Net(String),
    /// A serial port of this machine: `/dev/ttyUSB0`, `COM3`.
    Serial(String),
    /// USB, by maker and product (`usb:04b8:0e28`), and by serial number where there are several (`usb:04b8:0e28:X5NF000123`). Such a
    /// name stays the same whichever socket the device is plugged into.
    Usb(usb::Name),
    /// `http://host/…`.
    Web(String),
}

impl FromStr for Place {
    type Err = io::Error;

    fn from_str(text: &str) -> io::Result<Self> {
        let bad = || io::Error::new(io::ErrorKind::InvalidInput, "no place of a device");
        if let Some(name) = text.strip_prefix("usb:") {
            return usb::Name::parse(name).map(Self::Usb).ok_or_else(bad);
        }
        if text.starts_with("http://") {
            return Ok(Self::Web(text.to_owned()));
        }
        let port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
        if text.starts_with('/') || text.starts_with("COM") {
            return Ok(Self::Serial(text.to_owned()));
        }
        match text.rsplit_once(':') {
            Some((host, number)) if !host.is_empty() && port(number) => {
                Ok(Self::Net(text.to_owned()))
            }
            _ => Err(bad()),
        }
    }
}

/// How a serial line is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SerialLine {
    /// Bits per second.
    pub rate: u32,
    /// Seven data bits instead of eight.
    pub seven_bits: bool,
    /// The parity bit: none, odd (`Some(true)`) or even.
    pub odd_parity: Option<bool>,
    /// Two stop bits instead of one.
    pub two_stops: bool,
}

impl SerialLine {
    /// Eight data bits, no parity, one stop bit.
    #[must_use]
    pub const fn usual(rate: u32) -> Self {
        Self { rate, seven_bits: false, odd_parity: None, two_stops: false }
    }

    fn apply(self, settings: &mut Settings) -> io::Result<()> {
        settings.set_raw();
        settings.set_baud_rate(self.rate)?;
        settings.set_char_size(if self.seven_bits { CharSize::Bits7 } else { CharSize::Bits8 });
        settings.set_parity(match self.odd_parity {
            None => Parity::None,
            Some(true) => Parity::Odd,
            Some(false) => Parity::Even,
        });
        settings.set_stop_bits(if self.two_stops { StopBits::Two } else { StopBits::One });
        settings.set_flow_control(FlowControl::None);
        Ok(())
    }
}

/// An open connection to a device.
#[derive(Debug)]
pub enum Line {
    /// Over the network.
    Net(TcpStream),
    /// A serial port.
    Serial(SerialPort),
    /// USB.
    Usb(usb::Port),
}

/// Opens a connection within the time. What came in while nobody listened is thrown away.
///
/// # Errors
/// When nothing is there, it does not answer in time, somebody else holds it, or the place is one of the web, which has no such line.
pub async fn open(place: &Place, serial: SerialLine, patience: Duration) -> io::Result<Line> {
    match place {
        Place::Net(address) => {
            let stream = timeout(patience, TcpStream::connect(address))
                .await
                .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "no connection in time"))??;
            // The few bytes of a question must not wait for more.
            stream.set_nodelay(true)?;
            Ok(Line::Net(stream))
        }
        Place::Serial(path) => {
            let port = SerialPort::open(path, |mut settings: Settings| {
                serial.apply(&mut settings)?;
                Ok(settings)
            })?;
            port.discard_input_buffer()?;
            Ok(Line::Serial(port))
        }
        Place::Usb(name) => usb::open(name).map(Line::Usb),
        Place::Web(_) => Err(io::Error::new(io::ErrorKind::Unsupported, "a page has no line")),
    }
}

/// Serial ports of this machine, by names that stay the same where the system has such.
#[must_use]
pub fn serial_ports() -> Vec<PathBuf> {
    let named = |folder: &str| -> Vec<PathBuf> {
        let Ok(inside) = std::fs::read_dir(Path::new(folder)) else { return Vec::new() };
        inside.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
    };
    let mut ports = named("/dev/serial/by-id");
    if ports.is_empty() {
        ports = SerialPort::available_ports().unwrap_or_default();
    }
    ports.sort();
    ports
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Net(line) => Pin::new(line).poll_read(cx, buf),
            Self::Serial(line) => Pin::new(line).poll_read(cx, buf),
            Self::Usb(line) => Pin::new(line).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Net(line) => Pin::new(line).poll_write(cx, bytes),
            Self::Serial(line) => Pin::new(line).poll_write(cx, bytes),
            Self::Usb(line) => Pin::new(line).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Net(line) => Pin::new(line).poll_flush(cx),
            Self::Serial(line) => Pin::new(line).poll_flush(cx),
            Self::Usb(line) => Pin::new(line).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Net(line) => Pin::new(line).poll_shutdown(cx),
            Self::Serial(line) => Pin::new(line).poll_shutdown(cx),
            Self::Usb(line) => Pin::new(line).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_from_what_people_write() {
        let place = |text: &str| text.parse::<Place>().ok();
        assert_eq!(place("192.168.1.50:9100"), Some(Place::Net("192.168.1.50:9100".to_owned())));
        assert_eq!(place("[fe80::1]:9100"), Some(Place::Net("[fe80::1]:9100".to_owned())));
        assert_eq!(place("/dev/ttyUSB0"), Some(Place::Serial("/dev/ttyUSB0".to_owned())));
        assert_eq!(place("COM3"), Some(Place::Serial("COM3".to_owned())));
        assert!(matches!(place("usb:04b8:0e28"), Some(Place::Usb(_))));
        assert!(matches!(place("usb:04B8:0e28:X5NF"), Some(Place::Usb(_))));
        assert!(matches!(place("http://printer/cgi-bin"), Some(Place::Web(_))));
        for bad in [
            "",
            "printer",
            "printer:",
            "https://printer/cgi-bin",
            ":9100",
            "printer:0",
            "printer:70000",
            "usb:",
            "usb:04b8",
            "usb:xyz:0001",
        ] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
