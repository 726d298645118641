//! Which application identifiers need or exclude each other.
//!
//! Kept apart from reading: a pack with a price but no weight is wrongly labelled, yet it lies on
//! the counter and its GTIN is known. Who checks labels (goods receipt, own label printing) asks here.

use crate::element::{Element, Elements};
use crate::error::ScanError;

impl Elements {
    /// Checks the associations of the GS1 Syntax Dictionary: errs with [`ScanError::Excluded`] or
    /// [`ScanError::Lacks`]. Not checked: that a digital signature (8030) goes with a serial number.
    pub fn check_associations(&self) -> Result<(), ScanError> {
        self.iter().try_for_each(|element| self.check_excluded(element))?;
        self.iter().try_for_each(|element| self.check_needed(element))
    }

    fn check_excluded(&self, element: &Element) -> Result<(), ScanError> {
        let patterns = element.entry().rules.split(' ').filter_map(|rule| rule.strip_prefix("ex="));
        for pattern in patterns.flat_map(|list| list.split(',')) {
            let other = self.iter().find(|other| {
                // A group such as 392n excludes the others of the group, not the element itself.
                other.ai() != element.ai() && matches_pattern(other.ai(), pattern)
            });
            if let Some(other) = other {
                let (ai, other) = (element.ai().to_owned(), other.ai().to_owned());
                return Err(ScanError::Excluded { ai, other });
            }
        }
        Ok(())
    }

    fn check_needed(&self, element: &Element) -> Result<(), ScanError> {
        let present = |pattern: &str| self.iter().any(|other| matches_pattern(other.ai(), pattern));
        let lists = element.entry().rules.split(' ').filter_map(|rule| rule.strip_prefix("req="));
        for needs in lists {
            if !needs.split(',').any(|together| together.split('+').all(present)) {
                return Err(ScanError::Lacks { ai: element.ai().to_owned(), needs });
            }
        }
        Ok(())
    }
}

/// `31nn` fits every identifier of four digits that begins with 31.
fn matches_pattern(ai: &str, pattern: &str) -> bool {
    ai.len() == pattern.len() && ai.chars().zip(pattern.chars()).all(|(a, p)| p == 'n' || a == p)
}
