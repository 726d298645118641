//! An invoice as a page for A4: the figures of a receipt on account, with all that an invoice must say (UStG § 14),
//! and the payment part of a Swiss QR-bill.

mod bill;
mod sheet;
mod words;

use crate::amount::format_amount;
use crate::html::escape;
use crate::swiss::SwissBill;
use crate::{Language, Line, NamedAmount, ShopHead, TaxRow, clean};
use words::Words;

pub use sheet::{Said, Sheet, SheetRow, invoice_sheet};

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InvoiceKind {
    /// Goods that are owed.
    #[default]
    Invoice,
    /// Goods that came back.
    Correction,
}

/// Where it is paid to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InvoiceBank {
    /// The name of the account.
    pub holder: String,
    /// Without spaces.
    pub iban: String,
    /// BIC.
    pub bic: Option<String>,
    /// What the payer is asked to write.
    pub reference: String,
}

/// The figures of an invoice. Amounts are minor units; dates and rates are texts in its language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invoice {
    /// Language of words and amounts.
    pub language: Language,
    /// `EUR`
    pub currency: String,
    /// Digits of the minor unit.
    pub minor_digits: u8,
    /// What it is.
    pub kind: InvoiceKind,
    /// Who sells.
    pub shop: ShopHead,
    /// How the VAT id is called where the shop is.
    pub vat_label: String,
    /// Who buys: name and address, line by line.
    pub recipient: Vec<String>,
    /// The buyer's VAT id.
    pub recipient_vat: Option<String>,
    /// The buyer's number.
    pub customer: String,
    /// The invoice's number.
    pub number: String,
    /// Its date, which is that of the supply.
    pub date: String,
    /// The last day on which it is paid in time.
    pub due: Option<String>,
    /// The numbers of the receipts that it corrects.
    pub corrects: Vec<String>,
    /// Prices are without tax.
    pub net_prices: bool,
    /// The lines; here their amounts are those after their sub-lines'.
    pub lines: Vec<Line>,
    /// Discounts on the whole.
    pub discounts: Vec<NamedAmount>,
    /// Tax per rate.
    pub taxes: Vec<TaxRow>,
    /// With tax.
    pub total: i64,
    /// What was paid otherwise, with its name: below nothing, as it is taken off.
    pub paid: Vec<NamedAmount>,
    /// What is owed by it; below nothing what is credited.
    pub owed: i64,
    /// It was paid at once, so that nothing is owed by it.
    pub settled: bool,
    /// What is left of that now, when it is less.
    pub left: Option<i64>,
    /// Where it is paid to.
    pub bank: Option<InvoiceBank>,
    /// Free notes.
    pub notes: Vec<String>,
    /// The payment part of a Swiss QR-bill.
    pub bill: Option<SwissBill>,
}

/// The style sheet of the page, exactly as it stands between `<style>` and `</style>`; a server hashes it for its
/// content security policy.
pub const INVOICE_STYLE: &str = "
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#e9e7e2;color:#1a1a1a;font:10.5pt/1.4 'Inter','Helvetica Neue',Arial,'Liberation Sans',sans-serif}
.sheet{width:210mm;max-width:100%;min-height:297mm;margin:1rem auto;background:#fff;box-shadow:0 1px 4px #0003;display:flex;flex-direction:column}
.text{flex:1;padding:14mm 20mm 6mm 25mm;overflow-wrap:anywhere}
.sheet p,.sheet h1,.sheet dl,.sheet dd{margin:0}
.from{font-weight:700;font-size:1.15em}
.heads{display:flex;flex-wrap:wrap;gap:8mm;justify-content:space-between;margin:9mm 0 8mm}
.to{min-height:27mm;font-style:normal}.small{font-size:.85em;color:#555}
.facts{display:grid;grid-template-columns:auto auto;gap:0 1.2em;align-content:start}.facts dd{text-align:right}
.sheet h1{font-size:1.6em;margin-bottom:3mm}
table{width:100%;border-collapse:collapse;margin-bottom:4mm}
th{font-weight:600;text-align:left;border-bottom:1pt solid #1a1a1a;padding:1mm 0}
td{padding:1.2mm 0;border-bottom:.5pt solid #ddd;vertical-align:top}
th+th,td+td{padding-left:3mm}
.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.sub{color:#555;font-size:.9em}
tfoot td{border:0;padding:.8mm 0}tfoot tr:first-child td{padding-top:3mm}.sum td{font-weight:700;font-size:1.15em;border-top:1pt solid #1a1a1a}
.notes{margin-top:3mm}.notes p+p{margin-top:1.5mm}
.bill{position:relative;width:210mm;max-width:100%;height:105mm;display:flex;border-top:.75pt solid #000;color:#000;font:10pt/11pt Arial,'Liberation Sans',Helvetica,sans-serif;break-inside:avoid;overflow:hidden}
.bill h2{font-size:11pt;line-height:11pt;margin:0}.bill h3{margin:0;font-size:8pt;line-height:11pt}.bill p{margin:0 0 9pt}
.stub{width:62mm;padding:5mm;border-right:.75pt solid #000;display:flex;flex-direction:column}.stub h3{font-size:6pt;line-height:9pt}.stub p{font-size:8pt;line-height:9pt}
.stub .info{height:56mm;margin-top:5mm}.stub .sums{height:14mm}.stub .point{text-align:right;font-size:6pt;font-weight:700}
.pay{width:148mm;padding:5mm;display:flex;gap:5mm}.pay .left{width:51mm}.pay .right{flex:1}
.pay .code{height:46mm;margin:5mm 0}.swiss-qr{display:block;width:46mm;height:46mm}
.sums{display:flex;gap:4mm}
.blank{border:.75pt solid #000;border-style:dashed}.stub .blank{width:52mm;height:20mm}.pay .blank{width:65mm;height:25mm}
@media print{@page{size:A4;margin:0}body{background:#fff}.sheet{margin:0;box-shadow:none;min-height:296mm}}
@media (max-width:50rem){.text{padding:8mm 5mm}.heads{margin:6mm 0}.bill{overflow-x:auto}.stub,.pay{flex:none}}
";

/// A page in the making.
struct Page<'i> {
    invoice: &'i Invoice,
    words: &'static Words,
    html: String,
}

impl Page<'_> {
    fn money(&self, minor: i64) -> String {
        format_amount(minor, self.invoice.minor_digits, self.invoice.language)
    }

    fn put(&mut self, tag: &str, class: &str, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            let class =
                if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            self.html.push_str(&format!("<{tag}{class}>{}</{tag}>\n", escape(&text)));
        }
    }

    fn fact(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.put("dt", "", label);
            self.put("dd", "", text);
        }
    }

    fn heads(&mut self) {
        let (invoice, words) = (self.invoice, self.words);
        self.html.push_str("<header>\n");
        self.put("p", "from", &invoice.shop.name);
        for line in &invoice.shop.address {
            self.put("p", "", line);
        }
        let numbers = [
            (words.tax_number, &invoice.shop.tax_number),
            (invoice.vat_label.as_str(), &invoice.shop.vat_id),
        ];
        for (label, number) in numbers {
            if let Some(number) = number {
                self.put("p", "small", &format!("{label} {number}"));
            }
        }
        self.html.push_str("</header>\n<div class=\"heads\">\n<address class=\"to\">\n");
        for line in &invoice.recipient {
            self.put("div", "", line);
        }
        if let Some(vat) = &invoice.recipient_vat {
            self.put("div", "small", &format!("{} {vat}", invoice.vat_label));
        }
        self.html.push_str("</address>\n<dl class=\"facts\">\n");
        self.fact(words.number, &invoice.number);
        self.fact(words.date, &invoice.date);
        self.fact(words.supplied, &invoice.date);
        self.fact(words.customer, &invoice.customer);
        self.fact(words.due, invoice.due.as_deref().unwrap_or_default());
        self.html.push_str("</dl>\n</div>\n");
        let title = match invoice.kind {
            InvoiceKind::Invoice => words.invoice,
            InvoiceKind::Correction => words.correction,
        };
        self.put("h1", "", &format!("{title} {}", invoice.number));
        if !invoice.corrects.is_empty() {
            self.put("p", "", &format!("{} {}", words.corrects, invoice.corrects.join(", ")));
        }
    }

    fn row(&mut self, class: &str, cells: &[&str]) {
        self.html.push_str(&format!("<tr{class}>"));
        for (at, cell) in cells.iter().enumerate() {
            let class = if at == 0 { "" } else { " class=\"num\"" };
            self.html.push_str(&format!("<td{class}>{cell}</td>"));
        }
        self.html.push_str("</tr>\n");
    }

    fn lines(&mut self) {
        let (invoice, words) = (self.invoice, self.words);
        let head = [words.what, words.quantity, words.price, words.rate, invoice.currency.as_str()];
        self.html.push_str("<table><thead><tr>");
        for (at, cell) in head.iter().enumerate() {
            let class = if at == 0 { "" } else { " class=\"num\"" };
            self.html.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(cell)));
        }
        self.html.push_str("</tr></thead>\n<tbody>\n");
        for line in &invoice.lines {
            let mut what = escape(&clean(&line.name));
            for sub in &line.sub {
                let amount = sub.amount.map(|amount| self.money(amount)).unwrap_or_default();
                let text = format!("{} {amount}", clean(&sub.text));
                what.push_str(&format!("<div class=\"sub\">{}</div>", escape(text.trim())));
            }
            let quantity = escape(&clean(&format!("{} {}", line.quantity, line.unit)));
            let price = self.money(line.unit_price.unwrap_or(line.amount));
            let amount = self.money(line.amount);
            self.row("", &[&what, &quantity, &price, &escape(&line.tax), &amount]);
        }
        for discount in &invoice.discounts {
            let (text, amount) = (escape(&clean(&discount.text)), self.money(discount.amount));
            self.row("", &[&text, "", "", "", &amount]);
        }
        self.html.push_str("</tbody>\n<tfoot>\n");
        self.sum("", words.total, invoice.total);
        for paid in &invoice.paid {
            self.sum("", &format!("{} {}", words.paid, paid.text), paid.amount);
        }
        self.sum(" class=\"sum\"", owed(invoice, words), invoice.owed);
        if let Some(left) = invoice.left {
            self.sum("", words.left, left);
        }
        self.html.push_str("</tfoot></table>\n");
    }

    fn sum(&mut self, class: &str, label: &str, amount: i64) {
        let text = format!("{label} {}", self.invoice.currency);
        let amount = self.money(amount);
        self.html.push_str(&format!(
            "<tr{class}><td colspan=\"4\">{}</td><td class=\"num\">{amount}</td></tr>\n",
            escape(&clean(&text))
        ));
    }

    fn taxes(&mut self) {
        let words = self.words;
        self.html.push_str(&format!(
            "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">{}</th>\
             <th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th></tr></thead><tbody>\n",
            words.rate, words.net, words.tax, words.gross
        ));
        for row in &self.invoice.taxes {
            let label = escape(&clean(&format!("{} · {}", row.letter, row.rate)));
            let (net, tax, gross) =
                (self.money(row.net), self.money(row.tax), self.money(row.gross));
            self.row("", &[&label, &net, &tax, &gross]);
        }
        self.html.push_str("</tbody></table>\n");
    }

    /// Where it is paid to stands in the payment part, where there is one.
    fn notes(&mut self, in_bill: bool) {
        let (invoice, words) = (self.invoice, self.words);
        self.html.push_str("<div class=\"notes\">\n");
        if let (Some(due), true) = (&invoice.due, invoice.kind == InvoiceKind::Invoice) {
            self.put("p", "", &format!("{} {due}.", words.please_pay));
        }
        if let Some(bank) = invoice.bank.as_ref().filter(|_| !in_bill) {
            let bic = bank.bic.as_ref().map(|bic| format!(" · BIC {bic}")).unwrap_or_default();
            let text = format!("{} · IBAN {}{bic}", bank.holder, grouped(&bank.iban));
            self.put("p", "", &text);
            self.put("p", "", &format!("{}: {}", words.reference, grouped(&bank.reference)));
        }
        self.put(
            "p",
            "small",
            if invoice.net_prices { words.prices_net } else { words.prices_gross },
        );
        for note in &invoice.notes {
            self.put("p", "", note);
        }
        for line in &invoice.shop.footer {
            self.put("p", "small", line);
        }
        self.html.push_str("</div>\n");
    }
}

/// What the sum that is left is called.
fn owed(invoice: &Invoice, words: &Words) -> &'static str {
    match invoice.kind {
        _ if invoice.settled => words.settled,
        InvoiceKind::Invoice => words.owed,
        InvoiceKind::Correction => words.credited,
    }
}

/// In groups of four, as people read it.
fn grouped(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The invoice as a whole page.
#[must_use]
pub fn render_invoice(invoice: &Invoice) -> String {
    let words = Words::of(invoice.language);
    let mut page = Page { invoice, words, html: String::new() };
    page.heads();
    page.lines();
    page.taxes();
    let bill = invoice.bill.as_ref().and_then(|bill| bill::render(bill, words));
    page.notes(bill.is_some());
    let title = escape(&clean(&format!("{} {}", words.invoice, invoice.number)));
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{INVOICE_STYLE}</style>\n</head>\n<body>\n<main class=\"sheet\">\n\
         <article class=\"text\">\n{}</article>\n{}</main>\n</body>\n</html>\n",
        words.tag,
        page.html,
        bill.unwrap_or_default()
    )
}
