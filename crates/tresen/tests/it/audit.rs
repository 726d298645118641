//! Papers and changes from the command line, beside a running shop; and that the version that runs is in the journal once.

use std::fs;

use crate::kit::{Folder, ok, said, set_up, start, tresen};

#[test]
fn papers_and_changes_are_written_beside_a_running_shop_and_never_over_another_file() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let empty = tresen(&["export", "procedures"], &[&folder.file("none.pdf")]);
    assert!(!empty.status.success(), "there is no shop");
    let shop = start(&file);
    let _office = set_up(&shop);
    let write = |what: &str, name: &str| {
        let target = folder.file(name);
        let output = tresen(&["export", what], &[&target, "--file".as_ref(), &file]);
        (output.status.success(), said(&output), fs::read(&target).unwrap_or_default())
    };
    let (done, told, pdf) = write("procedures", "p.pdf");
    assert!(done && pdf.starts_with(b"%PDF-1.7"), "{told}");
    let (_, _, html) = write("procedures", "p.html");
    let html = String::from_utf8(html).expect("text");
    assert!(html.contains("Hofladen") && html.contains("Ada") && html.contains("Feldweg 1"));
    // The version that the record began with, once.
    assert_eq!(html.matches(&format!("<td>{}</td>", env!("CARGO_PKG_VERSION"))).count(), 1);
    let (done, told, _) = write("procedures", "p.pdf");
    assert!(!done && told.contains("exists already"), "{told}");
    let (done, told, left) = write("retention", "r.txt");
    assert!(!done && told.contains(".html or .pdf") && left.is_empty(), "{told}");
    let (_, _, xml) = write("notification", "n.xml");
    assert!(String::from_utf8(xml).expect("text").contains("<serial missing=\"true\"/>"));
    let (_, _, csv) = write("changes", "c.csv");
    let csv = String::from_utf8(csv).expect("text");
    assert!(csv.starts_with("\u{feff}entry;time;kind;who;") && csv.contains("Ada (1)"), "{csv}");
    shop.kill().expect("killed");
    // Started again in the same version nothing is noted.
    start(&file).kill().expect("killed");
    let (_, _, again) = write("changes", "d.csv");
    assert_eq!(String::from_utf8(again).expect("text"), csv);
    ok(&["verify", "--tables"], &file);
}
