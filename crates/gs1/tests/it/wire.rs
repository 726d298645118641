//! Scanners that are no keyboards.

use gs1::*;
use proptest::prelude::*;

#[test]
fn scans_of_a_line_end_with_any_of_the_usual_ends() {
    for end in ["\r", "\n", "\r\n", "\t", "\u{3}", "\u{4}", "\0", "\r\n\r\n"] {
        let mut scans = SerialScans::default();
        let read = scans.feed(format!("4006381333931{end}]d201040{end}").as_bytes());
        assert_eq!(read, ["4006381333931", "]d201040"], "{end:?}");
        assert!(!scans.is_waiting());
    }
}

#[test]
fn a_scan_without_an_end_ends_with_a_pause() {
    let mut scans = SerialScans::default();
    assert!(scans.feed(b"400638").is_empty() && scans.is_waiting());
    assert!(scans.feed(b"1333931").is_empty());
    assert_eq!(scans.pause().as_deref(), Some("4006381333931"));
    assert_eq!(scans.pause(), None);
}

#[test]
fn noise_before_the_start_of_text_is_none_of_it() {
    let mut scans = SerialScans::default();
    assert_eq!(scans.feed(b"\xff\x80garbage\x024711\r"), ["4711"]);
}

#[test]
fn separators_and_old_code_pages_survive() {
    let mut scans = SerialScans::default();
    assert_eq!(scans.feed(b"]d20104006381333931\x1d10A\r"), ["]d20104006381333931\u{1d}10A"]);
    assert_eq!(scans.feed(b"K\xe4se\r"), ["Käse"]);
    assert_eq!(scans.feed("Käse\r".as_bytes()), ["Käse"]);
}

#[test]
fn a_flood_without_end_is_dropped_and_the_next_scan_is_read() {
    let mut scans = SerialScans::default();
    for _ in 0..5_000 {
        assert!(scans.feed(b"UUUUUUUU").is_empty());
    }
    assert!(scans.feed(b"\r").is_empty());
    assert_eq!(scans.feed(b"4711\r"), ["4711"]);
}

#[test]
fn a_report_is_read_with_its_identifier() {
    let mut scans = HidScans::default();
    let mut report = [0_u8; 64];
    report[..18].copy_from_slice(b"\x02\x0d]E04006381333931");
    assert_eq!(scans.feed(&report), Ok(Some("]E04006381333931".to_owned())));
    report[2..5].fill(0);
    assert_eq!(scans.feed(&report), Ok(Some("4006381333931".to_owned())), "no identifier sent");
}

#[test]
fn a_long_scan_comes_in_several_reports() {
    let link = format!("https://shop.example/{}/01/04006381333931?17=261231", "p".repeat(120));
    let mut scans = HidScans::default();
    let reports = hid_reports(*b"]Q1", link.as_bytes());
    assert_eq!(reports.len(), 4);
    let read: Vec<_> = reports.iter().map(|report| scans.feed(report).unwrap()).collect();
    assert_eq!(read, [None, None, None, Some(format!("]Q1{link}"))]);
}

#[test]
fn broken_reports_are_said_and_spoil_nothing_after_them() {
    let mut scans = HidScans::default();
    let good = hid_reports(*b"]E0", b"4006381333931")[0];
    let mut more = good;
    more[63] = 1;
    let mut long = good;
    long[1] = 57;
    for (report, fault) in [
        (&good[..4], HidFault::Short),
        (&good[..63], HidFault::Short),
        (&[][..], HidFault::Short),
        (&long[..], HidFault::Length),
    ] {
        assert_eq!(scans.feed(&more), Ok(None));
        assert_eq!(scans.feed(report), Err(fault));
        assert_eq!(scans.feed(&good), Ok(Some("]E04006381333931".to_owned())));
    }
    let mut other = good;
    other[0] = 4;
    assert_eq!(scans.feed(&other), Ok(None), "another report than that of scans");
    let mut endless = hid_reports(*b"]Q1", &[b'x'; 56])[0];
    endless[63] = 1;
    let ends = (0..30).map(|_| scans.feed(&endless)).find(Result::is_err);
    assert_eq!(ends, Some(Err(HidFault::TooLong)));
}

proptest! {
    #[test]
    fn however_a_line_is_cut_the_scans_are_the_same(
        codes in prop::collection::vec("[!-~]{1,40}", 1..6),
        cut in 1_usize..9,
    ) {
        let sent: String = codes.iter().map(|code| format!("{code}\r\n")).collect();
        let mut scans = SerialScans::default();
        let read: Vec<String> = sent.as_bytes().chunks(cut).flat_map(|part| scans.feed(part)).collect();
        prop_assert_eq!(read, codes);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut serial = SerialScans::default();
        let _ = (serial.feed(&bytes), serial.pause());
        let mut hid = HidScans::default();
        for report in bytes.chunks(64) {
            let _ = hid.feed(report);
        }
    }

    #[test]
    fn reports_carry_any_data(data in prop::collection::vec(0x20_u8..0x7f, 1..1000)) {
        let mut scans = HidScans::default();
        let read = hid_reports(*b"]C0", &data).iter().filter_map(|r| scans.feed(r).unwrap()).collect::<Vec<_>>();
        prop_assert_eq!(read, [format!("]C0{}", String::from_utf8(data).unwrap())]);
    }
}
