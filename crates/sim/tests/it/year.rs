//! A small year, as the bench lives through a large one.

use sim::year::{Wanted, live};

#[test]
fn each_record_of_a_year_with_two_units_and_outages_is_signed_or_says_why_and_each_day_is_proved() {
    let folder = tempfile::tempdir().expect("a folder");
    let wanted = Wanted { seed: 11, records: 420, days: 10, tills: 3 };
    let told = live(folder.path(), wanted).unwrap_or_else(|error| panic!("{error:#}"));
    println!("{told:?}");
    // A year in which nothing happens proves nothing.
    let ended = told.receipts + told.training + told.aborted + told.benefits;
    assert_eq!(ended + told.put_aside, 420);
    assert!(told.orders > told.put_aside && told.handed_over > 3 && told.benefits > 3, "{told:?}");
    assert!(
        told.returns > 3 && told.vouchers > 5 && told.training > 3 && told.aborted > 3,
        "{told:?}"
    );
    assert!(told.movements > 3 && told.downs > 1 && told.outages > 3, "{told:?}");
    assert!(told.signed.iter().all(|signed| *signed > 50), "{told:?}");
    assert_eq!(told.codes, told.signed[0] + told.signed[1]);
    assert_eq!(told.exported, told.codes);
    assert_eq!((told.days, told.proved, told.unproved, told.closings), (30, 30, 0, 30));
}
