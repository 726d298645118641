//! A simulated display of two lines: what stands on its glass.

use escpos::pole::{Dialect, Glass};

use super::stand::{Model, button};

/// The display.
#[derive(Debug)]
pub struct PoleDisplay {
    dialect: Dialect,
    glass: Glass,
}

impl PoleDisplay {
    /// One that was just switched on.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, glass: Glass::new(dialect) }
    }

    /// Both lines.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        self.glass.lines()
    }

    /// How many bytes made no sense to it.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.glass.unknown()
    }
}

impl Model for PoleDisplay {
    fn name(&self) -> String {
        let dialect = match self.dialect {
            Dialect::Epson => "Epson",
            Dialect::Cd5220 => "CD5220",
        };
        format!("customer display, {dialect}")
    }

    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.glass.push(bytes);
        Vec::new()
    }

    fn page(&self) -> String {
        let [upper, lower] = self.glass.lines().map(|line| receipt::escape(&line));
        format!(
            "<div class=\"glass\">{upper}\n{lower}</div>\n<div>{}</div>\n\
             <p>Bytes that made no sense: {}.</p>",
            button("/off", "switch it off and on", None),
            self.glass.unknown()
        )
    }

    fn act(&mut self, path: &[&str]) -> bool {
        if path != ["off"] {
            return false;
        }
        self.glass = Glass::new(self.dialect);
        true
    }
}
