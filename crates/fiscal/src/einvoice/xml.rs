//! Elements, one after another.

/// A document that is being written.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub(super) fn new() -> Self {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        Xml { text, open: Vec::new() }
    }

    /// An element with elements in it, which `inside` writes.
    pub(super) fn within(&mut self, name: &'static str, inside: impl FnOnce(&mut Xml)) {
        self.begin(name, "");
        inside(self);
        self.end();
    }

    /// Begins an element; `attributes` are written as they are.
    pub(super) fn begin(&mut self, name: &'static str, attributes: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}{attributes}>\n"));
        self.open.push(name);
    }

    /// Ends the element that was begun last.
    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.text.push_str(&format!("</{name}>\n"));
        }
    }

    /// An element with text.
    pub(super) fn leaf(&mut self, name: &'static str, text: &str) {
        self.leaf_with(name, "", "", text);
    }

    /// An element with text and one attribute.
    pub(super) fn leaf_with(&mut self, name: &'static str, key: &str, value: &str, text: &str) {
        self.indent();
        let attribute =
            if key.is_empty() { String::new() } else { format!(" {key}=\"{}\"", escaped(value)) };
        self.text.push_str(&format!("<{name}{attribute}>{}</{name}>\n", escaped(text)));
    }

    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn indent(&mut self) {
        for _ in &self.open {
            self.text.push_str("  ");
        }
    }
}

/// Without what XML 1.0 does not allow, and without blanks at the ends, which receivers complain about.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
