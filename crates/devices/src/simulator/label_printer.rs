//! A simulated label printer: it speaks ZPL strictly, shows the labels that came out, and lacks labels, stands open or pauses when told.

use std::collections::VecDeque;
use std::fmt::Write as _;

use label::Bars;
use label::zpl::read::{Field, Printed, Reader, Told};
use label::zpl::status::Status;

use super::stand::{Model, button};

/// Labels that are kept, the last ones.
const KEPT: usize = 60;

/// The printer.
#[derive(Debug, Default)]
pub struct LabelPrinter {
    reader: Reader,
    status: Status,
    labels: VecDeque<Printed>,
    /// Labels in its memory that wait for paper, the head or the pause's end.
    waiting: VecDeque<Printed>,
    /// What it did not understand.
    unknown: Vec<String>,
    /// How many came out in all, copies counted.
    printed: u64,
    /// Its labels end after so many more.
    left: Option<u32>,
}

impl LabelPrinter {
    /// One that is ready.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What came out, the last ones, each with its copies.
    #[must_use]
    pub fn labels(&self) -> Vec<Printed> {
        self.labels.iter().cloned().collect()
    }

    /// How many labels came out in all.
    #[must_use]
    pub const fn printed(&self) -> u64 {
        self.printed
    }

    /// What it did not understand.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// What is wrong with it.
    pub fn set(&mut self, change: impl FnOnce(&mut Status)) {
        change(&mut self.status);
        self.go_on();
    }

    /// Its labels end after so many more.
    pub fn set_left(&mut self, left: Option<u32>) {
        self.left = left;
    }

    /// How it is now.
    fn status(&self) -> Status {
        let waiting = self.waiting.iter().map(|label| label.copies);
        let formats = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        let left = waiting.fold(0_u32, u32::saturating_add);
        Status { formats, left, partial: self.reader.is_within(), ..self.status }
    }

    /// Prints what waits, as far as it can.
    fn go_on(&mut self) {
        while self.status.problem().is_none()
            && let Some(mut label) = self.waiting.pop_front()
        {
            if let Some(left) = &mut self.left {
                let out = label.copies.min(*left);
                *left -= out;
                let rest = label.copies - out;
                if rest > 0 || *left == 0 {
                    self.left = None;
                    self.status.paper_out = true;
                }
                if rest > 0 {
                    self.waiting.push_front(Printed { copies: rest, ..label.clone() });
                }
                label.copies = out;
            }
            if label.copies == 0 {
                continue;
            }
            self.printed = self.printed.saturating_add(u64::from(label.copies));
            if self.labels.len() >= KEPT {
                self.labels.pop_front();
            }
            self.labels.push_back(label);
        }
    }
}

impl Model for LabelPrinter {
    fn name(&self) -> String {
        "label printer, ZPL".to_owned()
    }

    fn connected(&mut self) {
        self.reader = Reader::default();
    }

    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for told in self.reader.push(bytes) {
            match told {
                Told::Status => answer.extend(self.status().said()),
                Told::Print(label) => {
                    self.waiting.push_back(label);
                    self.go_on();
                }
                Told::Unknown(what) => self.unknown.push(what),
            }
        }
        answer
    }

    fn page(&self) -> String {
        let status = self.status;
        let switch = |path: &str, label: &str, on: bool| button(path, label, Some(on));
        let mut page = format!(
            "<div>{}{}{}{}{}</div>\n",
            switch("/paper", "no labels", status.paper_out),
            switch("/head", "head open", status.head_open),
            switch("/pause", "paused", status.paused),
            switch("/ribbon", "no ribbon", status.ribbon_out),
            button("/clear", "take the labels off", None),
        );
        let _ = writeln!(
            page,
            "<p>Printed: <b id=\"printed\">{}</b>, waiting: {}, not understood: {}.</p>",
            self.printed,
            self.waiting.len(),
            self.unknown.len()
        );
        for what in self.unknown.iter().rev().take(5) {
            let _ = writeln!(page, "<p>? <code>{}</code></p>", receipt::escape(what));
        }
        for label in self.labels.iter().rev() {
            let _ = writeln!(
                page,
                "<figure style=\"display:inline-block;margin:.5rem\">{}<figcaption>× {}</figcaption></figure>",
                picture(label),
                label.copies
            );
        }
        page
    }

    fn act(&mut self, path: &[&str]) -> bool {
        match path {
            ["paper"] => self.set(|s| s.paper_out = !s.paper_out),
            ["head"] => self.set(|s| s.head_open = !s.head_open),
            ["pause"] => self.set(|s| s.paused = !s.paused),
            ["ribbon"] => self.set(|s| s.ribbon_out = !s.ribbon_out),
            ["clear"] => self.labels.clear(),
            _ => return false,
        }
        true
    }
}

/// A label as it came out, dot by dot where it has bars.
fn picture(label: &Printed) -> String {
    let (width, height) = (label.width.max(1), label.height.max(1));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         style=\"width:{}px;max-width:100%;background:#fff;border-radius:4px;color:#000\">",
        width.min(640)
    );
    for field in &label.fields {
        match field {
            Field::Text { x, y, size, text } => {
                let _ = write!(
                    svg,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"700\" \
                     font-family=\"'DejaVu Sans Condensed','Arial Narrow',sans-serif\">{}</text>",
                    receipt::escape(text)
                );
            }
            Field::Bars { x, y, module, height, bars } => {
                svg.push_str(&drawn(bars, (*x, *y), (*module, *height)));
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

fn drawn(bars: &Bars, (x, y): (u32, u32), (module, height): (u32, u32)) -> String {
    let mut path = String::from("<path d=\"");
    for (at, bar) in (0_u32..).zip(bars.modules()) {
        if bar {
            let left = x.saturating_add(at.saturating_mul(module));
            let _ = write!(path, "M{left} {y}h{module}v{height}h-{module}z");
        }
    }
    path.push_str("\"/>");
    path
}
