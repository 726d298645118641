//! Scanners at USB that speak HID-POS, through the system's own files (`/dev/hidraw*`), without a library. Linux only; other systems say
//! so. Whoever runs the program needs the right to read the file (a udev rule).

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

use crate::usb::Name;

/// Bytes of a report.
pub const REPORT: usize = 64;

/// Usage page of bar code scanners, as a report descriptor begins with it (HID Point of Sale Usage Tables 1.02).
const SCANNERS: [u8; 2] = [0x05, 0x8C];

/// Where the system tells of devices, and where their files are.
struct System<'a> {
    class: &'a Path,
    nodes: &'a Path,
}

impl Default for System<'static> {
    fn default() -> Self {
        Self { class: Path::new("/sys/class/hidraw"), nodes: Path::new("/dev") }
    }
}

/// A scanner that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it says of itself.
    pub name: Name,
    /// Maker and model in words, as far as it says.
    pub called: String,
    node: PathBuf,
}

/// All scanners by HID-POS that are plugged in, in the order of their files.
#[must_use]
pub fn scanners() -> Vec<Found> {
    found(&System::default())
}

fn found(system: &System<'_>) -> Vec<Found> {
    let Ok(inside) = std::fs::read_dir(system.class) else { return Vec::new() };
    let one = |entry: io::Result<std::fs::DirEntry>| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        one(system, &name)
    };
    let mut all: Vec<Found> = inside.filter_map(one).collect();
    all.sort_by(|a, b| a.node.cmp(&b.node));
    all
}

fn one(system: &System<'_>, raw: &str) -> Option<Found> {
    // The class's link leads to the HID device; the USB device is the folder above the interface above it.
    let hid = std::fs::canonicalize(system.class.join(raw).join("device")).ok()?;
    let describes = std::fs::read(hid.join("report_descriptor")).ok()?;
    if !describes.starts_with(&SCANNERS) {
        return None;
    }
    let device = hid.parent()?.parent()?;
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
    Some(Found { name, called: called.join(" "), node: system.nodes.join(raw) })
}

/// A scanner's reports, read without waiting: one read gives one report.
#[derive(Debug)]
pub struct Reports {
    #[cfg(target_os = "linux")]
    file: tokio::net::unix::pipe::Receiver,
}

/// Opens the scanner at `usb:vendor:product[:serial]` or at a file (`/dev/hidraw0`).
///
/// # Errors
/// `NotFound` when it is not plugged in, or what the system says.
pub fn open(at: &str) -> io::Result<Reports> {
    open_in(&System::default(), at)
}

fn open_in(system: &System<'_>, at: &str) -> io::Result<Reports> {
    let Some(name) = at.strip_prefix("usb:") else { return open_node(Path::new(at)) };
    let bad = || io::Error::new(io::ErrorKind::InvalidInput, "no place of a device");
    let wanted = Name::parse(name).ok_or_else(bad)?;
    let fits = |one: &Found| {
        (&one.name.vendor, &one.name.product) == (&wanted.vendor, &wanted.product)
            && (wanted.serial.is_none() || one.name.serial == wanted.serial)
    };
    let there = found(system).into_iter().find(fits);
    let there = there.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "not plugged in"))?;
    open_node(&there.node)
}

#[cfg(target_os = "linux")]
fn open_node(node: &Path) -> io::Result<Reports> {
    use std::os::unix::fs::OpenOptionsExt as _;

    let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(no_wait).open(node)?;
    Ok(Reports { file: tokio::net::unix::pipe::Receiver::from_file_unchecked(file)? })
}

#[cfg(not(target_os = "linux"))]
fn open_node(_: &Path) -> io::Result<Reports> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "HID-POS is read on Linux only"))
}

impl AsyncRead for Reports {
    #[cfg(target_os = "linux")]
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.file).poll_read(cx, buf)
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::symlink;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Plugs a device in: its files as Linux lays them out.
    fn plug_in(root: &Path, raw: &str, descriptor: &[u8], said: &[(&str, &str)], node: &Path) {
        let device = root.join(format!("devices/{raw}"));
        let hid = device.join("1-1:1.0/0003:05E0:1300.0001");
        std::fs::create_dir_all(&hid).expect("a folder");
        std::fs::write(hid.join("report_descriptor"), descriptor).expect("written");
        for (what, text) in said {
            std::fs::write(device.join(what), format!("{text}\n")).expect("written");
        }
        let class = root.join("class").join(raw);
        std::fs::create_dir_all(&class).expect("a folder");
        symlink(&hid, class.join("device")).expect("linked");
        std::fs::create_dir_all(root.join("dev")).expect("a folder");
        symlink(node, root.join("dev").join(raw)).expect("linked");
    }

    #[tokio::test]
    async fn a_scanner_is_found_among_keyboards_and_its_reports_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let said =
            [("idVendor", "05E0"), ("idProduct", "1300"), ("serial", "S-1"), ("product", "Imager")];
        let fifo = root.join("reports");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .expect("a pipe");
        // The keyboard interface of the same device has a file of its own.
        plug_in(root, "hidraw0", &[0x05, 0x01, 0x09, 0x06], &said, Path::new("/dev/null"));
        plug_in(root, "hidraw1", &[0x05, 0x8C, 0x09, 0x02], &said, &fifo);
        let (class, nodes) = (root.join("class"), root.join("dev"));
        let system = System { class: &class, nodes: &nodes };
        assert_eq!(
            found(&system).iter().map(|one| one.called.as_str()).collect::<Vec<_>>(),
            ["Imager"]
        );
        let searched: Vec<_> = found(&system).into_iter().map(crate::search::scanner).collect();
        let [scanner] = &searched[..] else { panic!("{searched:?}") };
        let expected = ("usb:05e0:1300:S-1", "Imager", crate::search::What::Scanner);
        assert_eq!((scanner.at.as_str(), scanner.called.as_str(), scanner.what), expected);

        for (at, there) in
            [("usb:05e0:1301", false), ("usb:05e0:1300:S-2", false), ("usb:nonsense", false)]
        {
            assert_eq!(open_in(&system, at).is_ok(), there, "{at}");
        }
        let mut reports = open_in(&system, "usb:05e0:1300:S-1").expect("open");
        let mut far = tokio::net::unix::pipe::OpenOptions::new().open_sender(&fifo).expect("open");
        far.write_all(&[7; REPORT]).await.expect("written");
        let mut report = [0; REPORT];
        assert_eq!(reports.read(&mut report).await.expect("read"), REPORT);
        assert_eq!(report, [7; REPORT]);
        drop(far);
        assert_eq!(reports.read(&mut report).await.expect("an end"), 0, "unplugged");
    }
}
