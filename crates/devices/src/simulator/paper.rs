//! What came out, as paper: lines with their styles, codes, cuts.

use escpos::{Align, BarcodeKind, DecodedOp};
use receipt::{Picture, code128_svg, columns_of, ean13_svg, escape, picture_svg, qr_svg};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    bold: bool,
    underline: bool,
    reverse: bool,
    width: u8,
    height: u8,
}

const PLAIN: Style = Style { bold: false, underline: false, reverse: false, width: 1, height: 1 };

enum Item {
    Line { spans: Vec<(String, Style)>, align: Align },
    Code { svg: Option<String>, text: String, align: Align },
    Cut { full: bool },
    Note(String),
}

/// The paper as plain text, with codes, cuts and pulses in brackets.
#[must_use]
pub fn paper_text(ops: &[DecodedOp], columns: u8) -> String {
    let mut out = String::new();
    for item in items(ops, columns) {
        match item {
            Item::Line { spans, .. } => spans.iter().for_each(|(text, _)| out.push_str(text)),
            Item::Code { text, .. } => out.push_str(&format!("[{text}]")),
            Item::Cut { full } => out.push_str(if full { "[full cut]" } else { "[cut]" }),
            Item::Note(note) => out.push_str(&format!("[{note}]")),
        }
        out.push('\n');
    }
    out
}

/// The paper as HTML.
pub(super) fn paper_html(ops: &[DecodedOp], columns: u8) -> String {
    let mut out = String::new();
    for item in items(ops, columns) {
        out.push_str(&match item {
            Item::Line { spans, align } => {
                let spans: String = spans.iter().map(|(text, style)| span(text, *style)).collect();
                format!("<div class=\"l {}\">{spans}</div>\n", side(align))
            }
            Item::Code { svg, text, align } => {
                let svg = svg.unwrap_or_default();
                format!(
                    "<div class=\"code {}\">{svg}<div>{}</div></div>\n",
                    side(align),
                    escape(&text)
                )
            }
            Item::Cut { full: true } => "<div class=\"cut\">✂ full cut</div>\n".to_owned(),
            Item::Cut { full: false } => "<div class=\"cut\">✂ cut</div>\n".to_owned(),
            Item::Note(note) => format!("<div class=\"note\">{}</div>\n", escape(&note)),
        });
    }
    out
}

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

fn span(text: &str, style: Style) -> String {
    if style == PLAIN {
        return escape(text);
    }
    let mut class = format!("w{} h{}", style.width.min(4), style.height.min(4));
    for (on, name) in [(style.bold, " b"), (style.underline, " u"), (style.reverse, " rev")] {
        class.push_str(if on { name } else { "" });
    }
    format!("<span class=\"{class}\">{}</span>", escape(text))
}

struct Paper {
    items: Vec<Item>,
    spans: Vec<(String, Style)>,
    used: usize,
    columns: usize,
    style: Style,
    align: Align,
}

fn items(ops: &[DecodedOp], columns: u8) -> Vec<Item> {
    let mut paper = Paper {
        items: Vec::new(),
        spans: Vec::new(),
        used: 0,
        columns: usize::from(columns.max(1)),
        style: PLAIN,
        align: Align::Left,
    };
    for op in ops {
        paper.take(op);
    }
    paper.flush();
    paper.items
}

impl Paper {
    fn end_line(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        self.used = 0;
        self.items.push(Item::Line { spans, align: self.align });
    }

    fn flush(&mut self) {
        if !self.spans.is_empty() {
            self.end_line();
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            let columns = columns_of(c.encode_utf8(&mut [0; 4])) * usize::from(self.style.width);
            if self.used > 0 && self.used + columns > self.columns {
                self.end_line();
            }
            self.used += columns;
            match self.spans.last_mut() {
                Some((text, style)) if *style == self.style => text.push(c),
                _ => self.spans.push((c.to_string(), self.style)),
            }
        }
    }

    fn item(&mut self, item: Item) {
        self.flush();
        self.items.push(item);
    }

    fn take(&mut self, op: &DecodedOp) {
        match op {
            DecodedOp::Text(text) => self.text(text),
            DecodedOp::LineEnd => self.end_line(),
            DecodedOp::Tab => self.text("    "),
            DecodedOp::Feed(lines) => {
                self.flush();
                (0..*lines).for_each(|_| self.end_line());
            }
            DecodedOp::Init => {
                self.flush();
                (self.style, self.align) = (PLAIN, Align::Left);
            }
            DecodedOp::Bold(on) => self.style.bold = *on,
            DecodedOp::Underline(on) => self.style.underline = *on,
            DecodedOp::Reverse(on) => self.style.reverse = *on,
            DecodedOp::Size { width, height } => {
                (self.style.width, self.style.height) = (*width, *height)
            }
            DecodedOp::Align(align) => {
                self.flush();
                self.align = *align;
            }
            DecodedOp::Barcode { kind, data, .. } => {
                let svg = match kind {
                    BarcodeKind::Code128 => code128_svg(data),
                    BarcodeKind::Ean13 => ean13_svg(data),
                    _ => None,
                };
                let text = if svg.is_some() { data.clone() } else { format!("{kind:?} {data}") };
                self.item(Item::Code { svg, text, align: self.align });
            }
            DecodedOp::Qr { data, .. } => {
                self.item(Item::Code {
                    svg: qr_svg(data, "QR"),
                    text: data.clone(),
                    align: self.align,
                });
            }
            DecodedOp::Raster(raster) => {
                let (row_bytes, data) = (raster.row_bytes, raster.data.clone());
                let svg = Some(picture_svg(&Picture { row_bytes, data }, "picture"));
                self.item(Item::Code { svg, text: String::new(), align: self.align });
            }
            DecodedOp::Cut { full } => self.item(Item::Cut { full: *full }),
            DecodedOp::DrawerPulse { second, on_ms } => {
                let pin = if *second { 5 } else { 2 };
                self.item(Item::Note(format!("drawer pulse, pin {pin}, {on_ms} ms")));
            }
            DecodedOp::Unknown(bytes) => {
                let hex: Vec<String> =
                    bytes.iter().take(24).map(|byte| format!("{byte:02X}")).collect();
                self.item(Item::Note(format!("unknown: {}", hex.join(" "))));
            }
            _ => {}
        }
    }
}
