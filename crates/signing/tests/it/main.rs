//! The software unit's memory: what it said it holds to, whatever becomes of the machine.

mod at;
mod contract;
mod epson;
mod fiskaly;
mod rig;
mod setting_up;

use std::fs::OpenOptions;
use std::io::Write as _;

use fiscal::de::tse::tar::{self, Scope};
use jiff::{Timestamp, ToSpan};
use signing::{Fault, Software, Unit as _, fresh};

const TYPE: &str = "Kassenbeleg-V1";
const DATA: &str = "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar";

fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-26T08:00:00Z".parse().expect("a time");
    begin.checked_add(seconds.seconds()).expect("in range")
}

fn open(path: &std::path::Path) -> Software {
    Software::open(path, || fresh(&[7; 32], "test"), at(0)).expect("a unit")
}

#[test]
fn a_unit_goes_on_where_it_was_and_its_export_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.tse");
    let mut serial = None;
    for round in 0..3 {
        let unit = open(&path);
        let identity = unit.identity().expect("said");
        assert!(!identity.certified);
        assert_eq!(*serial.get_or_insert(identity.serial.clone()), identity.serial);
        unit.register("TR-1", at(round * 10)).expect("registered");
        let began = unit.begin("TR-1", at(round * 10 + 1)).expect("began");
        assert_eq!(began.number, u64::try_from(round).expect("small") + 1);
        let done = unit.finish(("TR-1", began.number), (TYPE, DATA), at(round * 10 + 2));
        let done = done.expect("finished");
        let again = unit.finish(("TR-1", began.number), (TYPE, DATA), at(round * 10 + 3));
        assert!(matches!(again, Err(Fault::NoTransaction)));
        // Whoever did not hear it asks again.
        let known = unit.finished(("TR-1", began.number), (TYPE, DATA)).expect("read");
        assert_eq!(known, Some(done));
        let other = unit.finished(("TR-1", began.number), (TYPE, "Beleg^^")).expect("read");
        assert_eq!(other, None);
    }
    let mut archive = Vec::new();
    open(&path).export((None, None), at(100), &mut archive).expect("exported");
    let report = tar::verify(archive.as_slice(), Scope::Whole);
    assert!(report.is_clean(), "{:?}", report.first());
}

#[test]
fn a_torn_line_is_cut_off_and_what_it_would_have_said_was_never_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.tse");
    let unit = open(&path);
    unit.register("TR-1", at(1)).expect("registered");
    let began = unit.begin("TR-1", at(2)).expect("began");
    drop(unit);
    let whole = std::fs::metadata(&path).expect("there").len();
    let mut file = OpenOptions::new().append(true).open(&path).expect("the file");
    file.write_all(br#"{"unit":{"setup":"#).expect("written");
    drop(file);
    let unit = open(&path);
    assert_eq!(std::fs::metadata(&path).expect("there").len(), whole);
    assert_eq!(unit.open_transactions("TR-1").expect("said"), [began.number]);
    unit.finish(("TR-1", began.number), (TYPE, DATA), at(3)).expect("finished");
    let mut archive = Vec::new();
    unit.export((None, None), at(4), &mut archive).expect("exported");
    assert!(tar::verify(archive.as_slice(), Scope::Whole).is_clean());
}

#[test]
fn a_file_that_is_no_units_is_not_taken_for_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.tse");
    std::fs::write(&path, "not a unit\n").expect("written");
    assert!(matches!(
        Software::open(&path, || fresh(&[7; 32], "test"), at(0)),
        Err(Fault::Memory(_))
    ));
    assert_eq!(std::fs::read_to_string(&path).expect("there"), "not a unit\n", "left as it was");
}
