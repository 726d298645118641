//! The fields of a Bewirtungsbeleg below a receipt: what somebody writes by hand who deducts what a meal with business friends
//! cost (EStG § 4 (5) no. 2). They are in German, whatever language the receipt has: the law asks for them in Germany.

use serde::{Deserialize, Serialize};

use crate::build::Builder;
use crate::{Align, Block};

/// What is printed of it. Amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hospitality {
    /// The day, as it is written.
    pub date: String,
    /// Name and place of the shop.
    pub place: String,
    /// What the receipt came to without the tip.
    pub amount: i64,
    /// The tip, where the receipt knows one.
    pub tip: Option<i64>,
}

pub(crate) fn fields(b: &mut Builder, of: &Hospitality) {
    b.rule();
    b.text("Bewirtungsbeleg", Align::Center, true, false);
    b.text("Angaben nach § 4 Abs. 5 Nr. 2 EStG", Align::Center, false, false);
    b.fact("Tag der Bewirtung", &of.date);
    b.text(&format!("Ort der Bewirtung: {}", of.place), Align::Left, false, false);
    blank(b, "Bewirtende Person oder Firma", 1);
    blank(b, "Bewirtete Personen (alle Namen)", 4);
    blank(b, "Anlass der Bewirtung", 2);
    let amount = b.money(of.amount);
    b.amount("Aufwendungen laut Beleg", amount, "", 0, false);
    match of.tip {
        Some(tip) => {
            let tip = b.money(tip);
            b.amount("Trinkgeld", tip, "", 0, false);
        }
        None => blank(b, "Trinkgeld", 1),
    }
    blank(b, "Ort, Datum, Unterschrift", 1);
    b.blocks.push(Block::Feed { lines: 1 });
}

/// A label and lines to write on.
fn blank(b: &mut Builder, label: &str, lines: u8) {
    b.blocks.push(Block::Feed { lines: 1 });
    b.text(label, Align::Left, false, false);
    for _ in 0..lines {
        b.blocks.push(Block::Feed { lines: 2 });
        b.rule();
    }
}
