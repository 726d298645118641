//! Sheets and the places on them.

use label::{SHEETS, Sheet, place};

#[test]
fn labels_of_a_sheet_lie_on_it_and_beside_each_other() {
    for sheet in SHEETS {
        let corners: Vec<_> = (0..sheet.count()).map(|at| sheet.corner(at)).collect();
        for (at, (x, y)) in corners.iter().enumerate() {
            let (right, bottom) = (x + sheet.label.width, y + sheet.label.height);
            assert!(right <= 210_000 && bottom <= 297_000, "{} {at}", sheet.name);
            for (l, t) in &corners[..at] {
                let apart = l + sheet.label.width <= *x
                    || *l >= right
                    || t + sheet.label.height <= *y
                    || *t >= bottom;
                assert!(apart, "{} {at}", sheet.name);
            }
        }
        // What is left of the paper is the same on both sides.
        let across = sheet.left * 2 + (sheet.columns - 1) * sheet.across + sheet.label.width;
        let down = sheet.top * 2 + (sheet.rows - 1) * sheet.down + sheet.label.height;
        assert!(across.abs_diff(210_000) <= 600, "{}: {across}", sheet.name);
        assert!(down.abs_diff(297_000) <= 600, "{}: {down}", sheet.name);
        assert_eq!(Sheet::named(sheet.name), Some(sheet));
    }
    assert_eq!(Sheet::named("a5"), None);
}

#[test]
fn a_sheet_that_was_begun_goes_on_where_it_is_free() {
    let sheet = Sheet::named("a4-3x8-70x37").expect("a sheet");
    assert_eq!(place(sheet, 0, 0), (0, 0));
    assert_eq!(place(sheet, 22, 1), (0, 23));
    assert_eq!(place(sheet, 22, 2), (1, 0));
    assert_eq!(place(sheet, 22, 26), (2, 0));
    assert_eq!(sheet.corner(4), (70_000, 37_500));
}
