//! Rounding bugs that other tills had: each by its project and number, with its published figures.

use money::{CashRounding, Money, allocate, cash_rounding, line_total};

use crate::{from_gross, from_net, m, minor, q};

/// Published: 4 × 1.48, 1.52, 1.54, 0.39 at 21 % on top: till 11.33 (9.37 + 1.96), invoice 11.34
/// (9.37 + 1.97). One sum per rate, so there is one answer.
/// <https://github.com/odoo/odoo/issues/6224>
#[test]
fn odoo_6224_till_and_invoice_have_one_total() {
    let lines = [line_total(q(4_000), m(148)).unwrap(), m(152), m(154), m(39)];
    let net = Money::sum(lines).unwrap().minor();
    assert_eq!(net, 937);
    assert_eq!(from_net(net, 2_100), (197, 1_134));
}

/// Published: 829.00 less 96.019 % is 33.00 on the receipt and 32.99 on the invoice. Percentages here
/// have two decimals (96.02 %: 32.99); the amount that gives 33.00 is a discount by amount.
/// <https://github.com/odoo/odoo/issues/166699>
#[test]
fn odoo_166699_a_discounted_line_is_rounded_once() {
    let price = m(82_900);
    let by_percent = price.minus(price.percent(9_602).unwrap()).unwrap();
    assert_eq!(by_percent, m(3_299));
    let by_amount = price.minus(m(79_600)).unwrap();
    assert_eq!(by_amount, m(3_300));
    // No second rounding on the way to the tax: the gross stays what the receipt says (10 %).
    assert_eq!(from_gross(3_300, 1_000), (3_000, 300));
}

/// Published: a price of 8.01 including 20 % becomes 8.02. <https://github.com/odoo/odoo/pull/34842>
#[test]
fn odoo_34842_an_included_tax_never_changes_the_price() {
    let (net, tax) = from_gross(801, 2_000);
    assert_eq!(net + tax, 801);
}

/// Published: 28.90 at 22 % and 1.25 at 10 %, both included: 30.14 instead of 30.15 (24.82 + 5.33).
/// Net per rate is 23.69 + 1.14 = 24.83 here; the total is what counts.
/// <https://github.com/odoo/odoo/pull/230726>
#[test]
fn odoo_230726_two_rates_sum_to_the_shelf_prices() {
    let (a, b) = (from_gross(2_890, 2_200), from_gross(125, 1_000));
    assert_eq!(a.0 + a.1 + b.0 + b.1, 3_015);
}

/// Published: whole units, 1,550.00 and −77.50 at 19 %: the line shows −77 instead of −78, the
/// order 1,472, its invoice 1,473. Half is away from zero on both sides, and lines sum.
/// <https://github.com/odoo/odoo/pull/257600>
#[test]
fn odoo_257600_negative_halves_round_like_positive_ones() {
    let discount = line_total(q(-1_000), m(7_750)).unwrap();
    let in_whole_units = money::round_half_away(i128::from(discount.minor()), 100).unwrap();
    assert_eq!(in_whole_units, -78);
    assert_eq!(1_550 + in_whole_units, 1_472);
    assert_eq!(from_gross(1_472, 1_900), (1_237, 235));
    assert_eq!(from_gross(-1_472, 1_900), (-1_237, -235));
}

/// Published: a fixed tax of 0.2893 in the base of 57.0248 at 21 %: till 69.35 (57.02 + 12.33),
/// invoice 69.34 (57.02 + 12.32). Here prices have no more digits than the currency, so that a
/// fixed charge is a line (0.29), and there is one sum.
/// <https://github.com/odoo/odoo/issues/7541>
#[test]
fn odoo_7541_a_fixed_charge_in_the_base_gives_one_total() {
    let base = m(5_702).plus(m(29)).unwrap();
    assert_eq!(from_net(base.minor(), 2_100), (1_204, 6_935));
}

/// Published: tax of two lines 0.014 and 0.011: 0.02 when rounded by line, 0.03 by sum. 0.14 and
/// 0.11 net at 10 % are such lines. <https://github.com/odoo/odoo/pull/24364>
#[test]
fn odoo_24364_tax_is_rounded_on_the_sum_of_a_rate() {
    assert_eq!(from_net(14, 1_000).0 + from_net(11, 1_000).0, 2);
    assert_eq!(from_net(14 + 11, 1_000), (3, 28));
}

/// Published: 399.99 including 20 % becomes 400.00 (333.33 + 66.67).
/// <https://github.com/odoo/odoo/pull/20573>
#[test]
fn odoo_20573_net_and_tax_are_never_both_rounded_up() {
    assert_eq!(from_gross(39_999, 2_000), (33_333, 6_666));
}

/// Published: 2 × 3.15, 3.60, 0.05 including 21 %: 9.96 instead of 9.95.
/// <https://github.com/odoo/odoo/pull/71606>
#[test]
fn odoo_71606_the_total_is_the_sum_of_the_lines() {
    let lines = [line_total(q(2_000), m(315)).unwrap(), m(360), m(5)];
    let (net, tax) = from_gross(Money::sum(lines).unwrap().minor(), 2_100);
    assert_eq!((net + tax, net, tax), (995, 822, 173));
}

/// Published: 2,117.00 including 8 %: 1,960.19 net, and back 2,117.01.
/// <https://github.com/odoo/odoo/pull/243210>
#[test]
fn odoo_243210_gross_is_kept_and_not_computed_back() {
    assert_eq!(from_gross(211_700, 800), (196_019, 15_681));
}

/// Published: 22.90 in cash at steps of a whole unit leaves 0.10 due.
/// <https://github.com/odoo/odoo/issues/65043>
#[test]
fn odoo_65043_cash_that_is_rounded_pays_everything() {
    let rounding = cash_rounding(m(2_290), CashRounding(100)).unwrap();
    assert_eq!(m(2_290).plus(rounding), Ok(m(2_300)));
}

/// Published: 17.50, of it 17.09 by card; the rest of 0.41 in cash becomes 0.40.
/// <https://github.com/odoo/odoo/pull/153826>
#[test]
fn odoo_153826_only_the_cash_rest_is_rounded() {
    let rest = m(1_750).minus(m(1_709)).unwrap();
    assert_eq!(cash_rounding(rest, CashRounding(5)), Ok(m(-1)));
}

/// Published: a price of 2.30 less 5 %: 2.19 on the row, 2.18 as the total.
/// <https://github.com/odoo/odoo/issues/36732>
#[test]
fn odoo_36732_the_row_and_the_total_are_one_figure() {
    let row = m(230).minus(m(230).percent(500).unwrap()).unwrap();
    assert_eq!(row, m(218));
    let (net, tax) = from_gross(row.minor(), 2_000);
    assert_eq!(net + tax, 218);
}

/// Published: 14 × 1.0425 is sold for 16.79 with its tax and returned as −16.78, 3 × 4.4250 for
/// 13.28 and −13.27. <https://github.com/odoo/odoo/issues/9249>
#[test]
fn odoo_9249_a_return_is_the_sale_with_its_sign_reversed() {
    for gross in [1_679, 1_328] {
        for rate in [600, 700, 1_000, 1_500, 1_900, 2_100] {
            let (net, tax) = from_gross(gross, rate);
            assert_eq!(from_gross(-gross, rate), (-net, -tax), "{gross} at {rate}");
        }
    }
    // Three at 4.425 are 13.275: half goes away from zero on both sides.
    assert_eq!(money::round_half_away(3 * 44_250, 100), Ok(1_328));
    assert_eq!(money::round_half_away(-3 * 44_250, 100), Ok(-1_328));
}

/// Published: receipts that come to nothing with a base of X and tax of −X. One rate's goods taken
/// and given back at 21 % leave nothing in every column. <https://github.com/odoo/odoo/issues/55114>
#[test]
fn odoo_55114_a_sum_of_nothing_has_no_tax() {
    assert_eq!(from_gross(315 + 360 - 675, 2_100), (0, 0));
}

/// Published: 1,300 with tax in it less 100 % leaves 0.01 net.
/// <https://github.com/frappe/erpnext/issues/52001>
#[test]
fn erpnext_52001_everything_off_leaves_nothing() {
    let price = m(130_000);
    let left = price.minus(price.percent(10_000).unwrap()).unwrap();
    assert_eq!(left, Money::ZERO);
    assert_eq!(from_gross(left.minor(), 1_800), (0, 0));
}

/// Published: 24,900.00 including 28 % in two halves: 19,453.13 + 2,723.44 + 2,723.44 = 24,900.01.
/// <https://github.com/frappe/erpnext/issues/10217>
#[test]
fn erpnext_10217_halves_of_a_tax_sum_to_it() {
    let (net, tax) = from_gross(2_490_000, 2_800);
    assert_eq!((net, tax), (1_945_313, 544_687));
    let halves = allocate(m(tax), &[m(14), m(14)]).unwrap();
    assert_eq!(minor(&halves), [272_344, 272_343]);
}

/// Published: 633.30, paid 633 after rounding, and 0.30 stays due: the rounding must pay too.
/// <https://github.com/frappe/erpnext/issues/51288>
#[test]
fn erpnext_51288_a_rounded_total_leaves_nothing_due() {
    let due = m(63_330);
    let rounding = cash_rounding(due, CashRounding(100)).unwrap();
    assert_eq!(rounding, m(-30));
    let paid = m(63_300);
    assert_eq!(due.minus(paid.minus(rounding).unwrap()), Ok(Money::ZERO));
}

/// Published: 50,000 in a currency without minor digits including 10 %: tax 4,546, total 50,001.
/// <https://github.com/frappe/erpnext/issues/52236>
#[test]
fn erpnext_52236_tax_is_what_the_net_leaves() {
    assert_eq!(from_gross(50_000, 1_000), (45_455, 4_545));
}

/// Published: two receipts of 250.50 and 50.50, each rounded down by 0.50: 250 + 50 = 300 were paid,
/// 301 booked. The rounding is kept per receipt and sums with it.
/// <https://github.com/frappe/erpnext/pull/28006>
#[test]
fn erpnext_28006_roundings_sum_beside_the_totals() {
    // Half goes away from zero here: 251 + 51, and + 0.50 twice.
    let totals = [m(25_050), m(5_050)];
    let roundings = totals.map(|total| cash_rounding(total, CashRounding(100)).unwrap());
    let paid = Money::sum(totals.iter().zip(roundings).map(|(t, r)| t.plus(r).unwrap())).unwrap();
    assert_eq!(Money::sum(totals).unwrap().plus(Money::sum(roundings).unwrap()), Ok(paid));
    assert_eq!(paid, m(30_200));
}

/// Published: the difference of a spread discount was put on the last item, whatever it cost. Here it
/// goes to the largest remainders, and goods that cost nothing carry none of it.
/// <https://github.com/frappe/erpnext/pull/46720>
#[test]
fn erpnext_46720_the_difference_of_a_discount_goes_where_it_arises() {
    let given_away_last = [m(10_000), m(10_000), m(10_000), m(0)];
    assert_eq!(minor(&allocate(m(1_000), &given_away_last).unwrap()), [334, 333, 333, 0]);
    assert_eq!(minor(&allocate(m(1_001), &given_away_last).unwrap()), [334, 334, 333, 0]);
}

/// Published: 90 and 55 including 5 % come to 144.99, with 0.01 booked as a rounding that nobody asked
/// for. <https://github.com/frappe/erpnext/pull/42523>
#[test]
fn erpnext_42523_prices_with_tax_in_them_sum_without_a_rounding() {
    let by_line = [from_gross(9_000, 500), from_gross(5_500, 500)];
    assert_eq!(by_line, [(8_571, 429), (5_238, 262)]);
    assert_eq!(from_gross(9_000 + 5_500, 500), (13_810, 690));
}

/// Published: returns of several receipts taken together differ by 0.001 from what was paid, for their
/// lines are computed anew. Kept figures sum: each part given back is the difference of two roundings of
/// the same line. <https://github.com/frappe/erpnext/pull/31654>
#[test]
fn erpnext_31654_returns_taken_together_are_what_was_paid() {
    // A currency of three digits; 0.333 of 1.001, sold three times over and brought back in two ways.
    let sold = line_total(q(999), m(1_001)).unwrap();
    assert_eq!(sold, m(1_000));
    let until = |part| line_total(q(part), m(1_001)).unwrap();
    let back = [until(333), until(666).minus(until(333)).unwrap(), sold.minus(until(666)).unwrap()];
    assert_eq!(minor(&back), [333, 334, 333]);
    assert_eq!(Money::sum(back), Ok(sold));
    // Three times the first part would be 0.001 short.
    assert_eq!(until(333).minor() * 3, 999);
}

/// Published: screen 1,004.80 (subtotal 956.92), needed to finish 1,004.81 (956.93), after 10 % off
/// each line; 5 %. One figure: the sum of the rounded lines.
/// <https://github.com/opensourcepos/opensourcepos/issues/1437>
#[test]
fn opensourcepos_1437_what_is_shown_is_what_must_be_paid() {
    let (net, tax) = from_gross(100_480, 500);
    assert_eq!((net, tax), (95_695, 4_785));
    assert_eq!(from_net(95_692, 500), (4_785, 100_477));
}

/// Published: price 95 and quantity 0.819 cannot be paid (77.805).
/// <https://github.com/opensourcepos/opensourcepos/issues/4192>
#[test]
fn opensourcepos_4192_half_a_cent_is_rounded_once_and_can_be_paid() {
    let total = line_total(q(819), m(9_500)).unwrap();
    assert_eq!(total, m(7_781));
    assert_eq!(total.minus(m(7_781)), Ok(Money::ZERO));
    assert_eq!(line_total(q(819), m(9_400)), Ok(m(7_699)));
    assert_eq!(line_total(q(820), m(9_500)), Ok(m(7_790)));
}

/// Published: 3.60 and 5.5 % on top: one is 3.80, ten are 37.98 or 38.00 by the way of rounding. Net
/// prices: tax once, on the sum. <https://github.com/OCA/OCB/issues/1221>
#[test]
fn ocb_1221_tax_on_net_prices_is_rounded_on_the_sum() {
    assert_eq!(from_net(360, 550), (20, 380));
    assert_eq!(from_net(3_600, 550), (198, 3_798));
}

/// Published: five lines (2,000.00; 1,500.00 and 300.00 with everything off; 4 × 500.00; 5 × 250.00), 15 %
/// on top, and 1,231.00 off the invoice as a whole: the total is 4,806.50, the table of taxes and the
/// lines come to one cent less or more, and the invoice is turned away. Here the discount is stored per
/// line, and lines, table and total are one sum.
/// <https://github.com/frappe/erpnext/issues/43143>
#[test]
fn erpnext_43143_lines_tax_table_and_total_are_one_sum() {
    let nets = [200_000, 0, 200_000, 0, 125_000];
    let gross = nets.map(|net| m(from_net(net, 1_500).1));
    let discount = m(123_100);
    let parts = allocate(discount, &gross).unwrap();
    let lines: Vec<Money> =
        gross.iter().zip(&parts).map(|(line, part)| line.minus(*part).unwrap()).collect();
    assert_eq!(minor(&lines)[1], 0, "what costs nothing takes no part of a discount");
    assert_eq!(minor(&lines)[3], 0);
    let total = Money::sum(lines).unwrap().minor();
    assert_eq!(total, 480_650);
    let (net, tax) = from_gross(total, 1_500);
    assert_eq!((net, tax), (417_957, 62_693));
    assert_eq!(net + tax, total);
}
