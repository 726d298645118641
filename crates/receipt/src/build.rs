//! A receipt's figures as a document, in the order of a German till receipt.

use crate::amount::format_amount;
use crate::words::{Words, line_mark, title};
use crate::{
    Align, Block, Document, Language, Line, ReceiptData, ReceiptKind, ShopHead, Tender, clean,
    clean_code,
};

/// The small pieces from which receipts and reports are built; cleans every text that comes from outside.
pub(crate) struct Builder {
    pub(crate) blocks: Vec<Block>,
    pub(crate) words: &'static Words,
    language: Language,
    minor_digits: u8,
}

impl Builder {
    pub(crate) fn new(language: Language, minor_digits: u8) -> Self {
        Self { blocks: Vec::new(), words: Words::of(language), language, minor_digits }
    }

    pub(crate) fn money(&self, minor: i64) -> String {
        format_amount(minor, self.minor_digits, self.language)
    }

    pub(crate) fn text(&mut self, text: &str, align: Align, bold: bool, big: bool) {
        let text = clean(text);
        if !text.is_empty() {
            self.blocks.push(Block::Text { text, align, bold, big });
        }
    }

    pub(crate) fn rule(&mut self) {
        self.blocks.push(Block::Rule);
    }

    /// `left … right` over the whole width.
    pub(crate) fn pair(&mut self, left: &str, right: &str) {
        let (left, right) = (clean(left), clean(right));
        self.blocks.push(Block::Columns {
            left,
            right,
            mark: None,
            indent: 0,
            bold: false,
            big: false,
        });
    }

    /// An amount in the column of amounts, with room for the tax letter after it.
    pub(crate) fn amount(&mut self, left: &str, right: String, mark: &str, indent: u8, bold: bool) {
        let (left, mark) = (clean(left), Some(clean(mark)));
        self.blocks.push(Block::Columns { left, right, mark, indent, bold, big: false });
    }

    /// `label text` pairs that are there only when the text is.
    pub(crate) fn fact(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.pair(label, text);
        }
    }

    pub(crate) fn head(&mut self, shop: &ShopHead) {
        if let Some(picture) = shop.logo.clone() {
            self.blocks.push(Block::Picture { picture, says: clean(&shop.name) });
        }
        self.text(&shop.name, Align::Center, true, true);
        for line in &shop.address {
            self.text(line, Align::Center, false, false);
        }
        let labelled = [
            (self.words.phone, &shop.phone),
            (self.words.tax_number, &shop.tax_number),
            (shop.vat_label.as_deref().unwrap_or(self.words.vat_id), &shop.vat_id),
        ];
        for (label, text) in labelled {
            if let Some(text) = text {
                self.text(&format!("{label} {text}"), Align::Center, false, false);
            }
        }
        for line in &shop.header {
            self.text(line, Align::Center, false, false);
        }
    }

    /// Training and copy, so large that nobody takes the slip for the real thing. Called at the head, before the
    /// total and at the foot.
    pub(crate) fn warnings(&mut self, training: bool, copy: Option<u32>) {
        if training {
            self.blocks.push(Block::Banner { text: self.words.training.to_owned() });
        }
        if let Some(n) = copy {
            let text =
                if n > 1 { format!("{} {n}", self.words.copy) } else { self.words.copy.to_owned() };
            self.blocks.push(Block::Banner { text });
        }
    }

    pub(crate) fn signature_line(&mut self, wanted: bool) {
        if wanted {
            self.blocks.push(Block::Feed { lines: 3 });
            self.rule();
            self.text(self.words.signature, Align::Left, false, false);
        }
    }

    pub(crate) fn finish(mut self, title: String) -> Document {
        self.blocks.push(Block::Feed { lines: 1 });
        self.blocks.push(Block::Cut);
        Document { language: self.words.tag.to_owned(), title: clean(&title), blocks: self.blocks }
    }
}

/// The document of a receipt or drawer slip. Computes nothing: every figure is printed as given.
#[must_use]
pub fn receipt_document(data: &ReceiptData) -> Document {
    let mut b = Builder::new(data.language, data.minor_digits);
    let currency = clean(&data.currency);
    b.head(&data.shop);
    b.warnings(data.training, data.copy);
    if let Some(title) = title(data.kind, data.language) {
        b.text(title, Align::Center, true, false);
    }
    b.rule();
    b.fact(b.words.receipt, &data.number);
    b.fact(b.words.till, &data.till);
    b.fact(b.words.person, &data.person);
    if let Some(started) = &data.started {
        b.fact(b.words.started, started);
    }
    b.fact(b.words.issued, &data.issued);
    b.rule();
    if !data.lines.is_empty() {
        b.amount("", currency.clone(), "", 0, false);
        for item in &data.lines {
            line(&mut b, item, data.language);
        }
        b.rule();
    }
    for discount in &data.discounts {
        let amount = b.money(discount.amount);
        b.amount(&discount.text, amount, "", 0, false);
    }
    if data.training {
        b.warnings(true, None);
    }
    total(&mut b, data, &currency);
    for tender in &data.tenders {
        payment(&mut b, tender);
    }
    taxes(&mut b, data);
    closing(&mut b, data);
    let name = format!("{} {}", b.words.receipt, data.number);
    b.finish(name)
}

fn line(b: &mut Builder, line: &Line, language: Language) {
    let name = match line_mark(line.kind, language) {
        Some(mark) => format!("{mark}: {}", line.name),
        None => line.name.clone(),
    };
    let amount = b.money(line.amount);
    b.amount(&name, amount, &line.tax, 0, false);
    if let Some(price) = line.unit_price {
        let mut text = format!("{} {} × {}", line.quantity, line.unit, b.money(price));
        // A weighed line must say what the price is for (EN 45501): 0,500 kg × 2,50 /kg.
        if !matches!(line.unit.trim(), "" | "Stk" | "pc" | "pcs" | "x") {
            text.push_str(&format!(" /{}", line.unit));
        }
        b.amount(&text, String::new(), "", 2, false);
    }
    if line.manual_weight {
        b.amount(b.words.manual_weight, String::new(), "", 2, false);
    }
    if let Some(tare) = &line.tare {
        b.amount(&format!("{} {tare}", b.words.tare), String::new(), "", 2, false);
    }
    for sub in &line.sub {
        let amount = sub.amount.map(|amount| b.money(amount)).unwrap_or_default();
        b.amount(&sub.text, amount, "", 2, false);
    }
}

fn total(b: &mut Builder, data: &ReceiptData, currency: &str) {
    let Some(total) = data.total else { return };
    let word = match data.kind {
        ReceiptKind::Sale | ReceiptKind::Aborted if total < 0 => b.words.refund,
        ReceiptKind::Sale
        | ReceiptKind::Return
        | ReceiptKind::Cancellation
        | ReceiptKind::Aborted => b.words.total,
        _ => b.words.amount,
    };
    let (left, right) = (format!("{word} {currency}"), b.money(total));
    b.blocks.push(Block::Columns { left, right, mark: None, indent: 0, bold: true, big: true });
    if let Some(rounding) = data.rounding {
        let (difference, payable) = (b.money(rounding.difference), b.money(rounding.payable));
        b.amount(b.words.rounding, difference, "", 0, false);
        b.amount(b.words.payable, payable, "", 0, true);
    }
    if let Some(saved) = data.saved {
        let saved = b.money(saved);
        b.amount(b.words.saved, saved, "", 0, false);
    }
}

fn payment(b: &mut Builder, tender: &Tender) {
    let amount = b.money(tender.amount);
    b.amount(&tender.name, amount, "", 0, false);
    if let Some(tendered) = tender.tendered {
        let amount = b.money(tendered);
        b.amount(b.words.tendered, amount, "", 2, false);
    }
    if let Some(change) = tender.change {
        let amount = b.money(change);
        b.amount(b.words.change, amount, "", 2, false);
    }
    for detail in &tender.details {
        b.amount(detail, String::new(), "", 2, false);
    }
}

fn taxes(b: &mut Builder, data: &ReceiptData) {
    if data.taxes.is_empty() {
        return;
    }
    b.rule();
    let head = [b.words.tax, b.words.net, b.words.vat, b.words.gross].map(str::to_owned).to_vec();
    let rows = data.taxes.iter().map(|row| {
        let label = clean(&format!("{} {}", row.letter, row.rate));
        vec![label, b.money(row.net), b.money(row.tax), b.money(row.gross)]
    });
    let rows = rows.collect();
    b.blocks.push(Block::Table { head, rows });
}

fn closing(b: &mut Builder, data: &ReceiptData) {
    if !data.notes.is_empty() {
        b.rule();
    }
    for note in &data.notes {
        b.text(note, Align::Left, false, false);
    }
    b.signature_line(data.signature_line);
    if !data.signing.is_empty() || data.qr.is_some() {
        b.rule();
    }
    for text in &data.signing {
        b.text(text, Align::Left, false, false);
    }
    if let Some(qr) = data.qr.as_deref().map(clean_code).filter(|qr| !qr.is_empty()) {
        b.blocks.push(Block::Qr { data: qr });
    }
    if let Some(of) = &data.hospitality {
        crate::hospitality::fields(b, of);
    }
    if !data.shop.footer.is_empty() {
        b.rule();
    }
    for text in &data.shop.footer {
        b.text(text, Align::Center, false, false);
    }
    let code = clean_code(&data.code);
    if !code.is_empty() {
        b.blocks.push(Block::Feed { lines: 1 });
        b.blocks.push(Block::Code128 { data: code });
    }
    b.warnings(data.training, data.copy);
}
