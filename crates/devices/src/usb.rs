//! Printers at USB through the system's own driver (`usblp`), so that no library has to take the device away from it. Linux only; other
//! systems say so.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A device at USB by what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Who made it, four hexadecimal digits.
    pub vendor: String,
    /// What it is, four hexadecimal digits.
    pub product: String,
    /// Which one it is, where it says so and somebody wants this one and no other.
    pub serial: Option<String>,
}

impl Name {
    /// Reads `04b8:0e28` or `04b8:0e28:<serial number>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let mut id = || {
            let part = parts.next()?;
            let hex = part.len() == 4 && part.chars().all(|c| c.is_ascii_hexdigit());
            hex.then(|| part.to_ascii_lowercase())
        };
        let (vendor, product) = (id()?, id()?);
        let serial = parts.next().map(ToOwned::to_owned);
        if serial.as_deref() == Some("") { None } else { Some(Self { vendor, product, serial }) }
    }

    fn fits(&self, found: &Found) -> bool {
        self.vendor == found.name.vendor
            && self.product == found.name.product
            && self.serial.as_ref().is_none_or(|serial| found.name.serial.as_ref() == Some(serial))
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "usb:{}:{}", self.vendor, self.product)?;
        self.serial.as_ref().map_or(Ok(()), |serial| write!(f, ":{serial}"))
    }
}

/// A printer that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it says of itself.
    pub name: Name,
    /// Maker and model in words, as far as it says.
    pub called: String,
    /// The file that leads to it.
    node: PathBuf,
}

/// Where the system tells of devices, and where their files are.
struct System<'a> {
    class: &'a Path,
    nodes: &'a Path,
}

impl Default for System<'static> {
    fn default() -> Self {
        Self { class: Path::new("/sys/class/usbmisc"), nodes: Path::new("/dev/usb") }
    }
}

/// All printers that are plugged in, in the order of their files.
#[must_use]
pub fn printers() -> Vec<Found> {
    found(&System::default())
}

fn found(system: &System<'_>) -> Vec<Found> {
    let Ok(inside) = std::fs::read_dir(system.class) else { return Vec::new() };
    let mut all: Vec<Found> = inside
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.starts_with("lp").then(|| one(system, &name))?
        })
        .collect();
    all.sort_by(|a, b| a.node.cmp(&b.node));
    all
}

fn one(system: &System<'_>, lp: &str) -> Option<Found> {
    // The class's link leads to the interface; what the device says stands in the folder above it.
    let interface = std::fs::canonicalize(system.class.join(lp).join("device")).ok()?;
    let device = interface.parent()?;
    let says = |what: &str| {
        let text = std::fs::read_to_string(device.join(what)).ok()?;
        let text: String = text.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        (!text.is_empty()).then_some(text)
    };
    let name = Name {
        vendor: says("idVendor")?.to_ascii_lowercase(),
        product: says("idProduct")?.to_ascii_lowercase(),
        serial: says("serial"),
    };
    let called: Vec<String> = ["manufacturer", "product"].into_iter().filter_map(says).collect();
    Some(Found { name, called: called.join(" "), node: system.nodes.join(lp) })
}

/// A printer's port, written and read without waiting.
#[derive(Debug)]
pub struct Port {
    #[cfg(target_os = "linux")]
    out: tokio::net::unix::pipe::Sender,
    #[cfg(target_os = "linux")]
    back: tokio::net::unix::pipe::Receiver,
}

/// Opens the printer with this name.
///
/// # Errors
/// `NotFound` when it is not plugged in, or what the system says.
pub fn open(name: &Name) -> io::Result<Port> {
    open_in(&System::default(), name)
}

fn open_in(system: &System<'_>, name: &Name) -> io::Result<Port> {
    let all = found(system);
    let found = all.iter().find(|found| name.fits(found));
    let found = found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "not plugged in"))?;
    open_node(&found.node)
}

#[cfg(target_os = "linux")]
fn open_node(node: &Path) -> io::Result<Port> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use tokio::net::unix::pipe::{Receiver, Sender};

    // The driver lets one open it at a time: both directions go over copies of the one handle.
    let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file =
        std::fs::OpenOptions::new().read(true).write(true).custom_flags(no_wait).open(node)?;
    let back = Receiver::from_file_unchecked(file.try_clone()?)?;
    Ok(Port { out: Sender::from_file_unchecked(file)?, back })
}

#[cfg(not(target_os = "linux"))]
fn open_node(_: &Path) -> io::Result<Port> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "printers at USB are driven on Linux only"))
}

impl AsyncRead for Port {
    #[cfg(target_os = "linux")]
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.back).poll_read(cx, buf)
    }

    #[cfg(not(target_os = "linux"))]
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }
}

impl AsyncWrite for Port {
    #[cfg(target_os = "linux")]
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.out).poll_write(cx, bytes)
    }

    #[cfg(not(target_os = "linux"))]
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::symlink;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// A system as Linux tells of it, with one printer whose file is the other end of a pseudo-terminal.
    struct Machine {
        folder: tempfile::TempDir,
    }

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            for path in ["class", "dev"] {
                std::fs::create_dir(folder.path().join(path)).expect("a folder");
            }
            Self { folder }
        }

        fn plug_in(&self, lp: &str, said: &[(&str, &str)], file: &Path) {
            let device = self.folder.path().join(format!("devices/{lp}"));
            let interface = device.join("1-1:1.0");
            std::fs::create_dir_all(&interface).expect("a folder");
            for (what, text) in said {
                std::fs::write(device.join(what), format!("{text}\n")).expect("written");
            }
            let class = self.folder.path().join("class").join(lp);
            std::fs::create_dir(&class).expect("a folder");
            symlink(&interface, class.join("device")).expect("linked");
            symlink(file, self.folder.path().join("dev").join(lp)).expect("linked");
        }

        fn open(&self, name: &str) -> io::Result<Port> {
            let (class, nodes) = (self.folder.path().join("class"), self.folder.path().join("dev"));
            let name = Name::parse(name).expect("a name");
            open_in(&System { class: &class, nodes: &nodes }, &name)
        }
    }

    #[tokio::test]
    async fn a_printer_is_found_by_what_it_says_and_written_and_read() {
        let machine = Machine::new();
        let before = terminals();
        let (mut far, _kept_open) = serial2_tokio::SerialPort::pair().expect("a pair of terminals");
        let path = terminals().into_iter().find(|one| !before.contains(one)).expect("one more");
        let epson = [("idVendor", "04b8"), ("idProduct", "0e28"), ("serial", "X5NF000123")];
        machine.plug_in(
            "lp0",
            &[("idVendor", "0519"), ("idProduct", "0003")],
            Path::new("/dev/null"),
        );
        machine.plug_in("lp1", &epson, &path);

        for (name, there) in [
            ("04b8:0e28", true),
            ("04B8:0E28:X5NF000123", true),
            ("04b8:0e28:another", false),
            ("04b8:0e29", false),
        ] {
            assert_eq!(machine.open(name).is_ok(), there, "{name}");
        }
        let mut port = machine.open("04b8:0e28").expect("open");
        port.write_all(&[0x10, 0x04, 0x01]).await.expect("written");
        let mut asked = [0; 3];
        far.read_exact(&mut asked).await.expect("read");
        assert_eq!(asked, [0x10, 0x04, 0x01]);
        far.write_all(&[0x16]).await.expect("written");
        assert_eq!(port.read_u8().await.expect("read"), 0x16);
    }

    #[tokio::test]
    async fn a_printer_that_is_unplugged_in_mid_job_fails_at_once_and_is_found_again_elsewhere() {
        let machine = Machine::new();
        let epson = [("idVendor", "04b8"), ("idProduct", "0e28"), ("serial", "X5NF000123")];
        let plugged = |lp: &str| {
            let before = terminals();
            let pair = serial2_tokio::SerialPort::pair().expect("a pair of terminals");
            let path = terminals().into_iter().find(|one| !before.contains(one)).expect("one more");
            machine.plug_in(lp, &epson, &path);
            pair
        };
        let (mut far, kept_open) = plugged("lp0");
        let mut port = machine.open("04b8:0e28").expect("open");
        port.write_all(b"the first half").await.expect("written");
        far.read_exact(&mut [0; 14]).await.expect("read");
        // The cable is pulled.
        std::fs::remove_file(machine.folder.path().join("class/lp0/device")).expect("gone");
        std::fs::remove_dir(machine.folder.path().join("class/lp0")).expect("gone");
        drop((far, kept_open));
        let more = port.write_all(&[0x20; 64 * 1024]);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), more).await;
        assert!(ended.expect("nobody waits for it").is_err(), "half a job is no job");
        assert!(machine.open("04b8:0e28").is_err(), "it is not there");
        // Back at another socket, it is the same one by what it says.
        let (mut far, _kept_open) = plugged("lp1");
        let mut port = machine.open("04b8:0e28:X5NF000123").expect("open");
        port.write_all(b"all of it").await.expect("written");
        let mut came = [0; 9];
        far.read_exact(&mut came).await.expect("read");
        assert_eq!(&came, b"all of it");
    }

    /// The pseudo-terminals that this process has open.
    fn terminals() -> Vec<PathBuf> {
        let inside = std::fs::read_dir("/proc/self/fd").expect("its files");
        let links = inside.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        links.filter(|path| path.starts_with("/dev/pts")).collect()
    }
}
