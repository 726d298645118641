//! A country is one module: nobody else tells countries apart by name.

use super::files::code_lines;
use super::tree::Source;

/// Where countries are told apart, or stand by name, and why.
const ALLOWED: [(&str, &str); 7] = [
    (
        "crates/domain/src/country/",
        "the countries themselves, and the one place that leads to their profiles",
    ),
    ("crates/domain/src/bank.rs", "the lengths of accounts' numbers, wherever the bank is"),
    ("crates/domain/src/rksv.rs", "Austria's own"),
    ("crates/receipt/src/swiss.rs", "the form of the QR-bill: which accounts it takes"),
    ("crates/shop/src/demo/", "the generated shop is one in Germany"),
    ("crates/sim/src/", "the world for tests is one in Germany"),
    ("ui/src/api/schema.ts", "made of docs/openapi.json"),
];

const COUNTRIES: [&str; 3] = ["De", "At", "Ch"];

/// Lines of a file that name a country.
pub(super) fn named(source: &Source) -> Vec<String> {
    let allowed = ALLOWED.iter().any(|(path, _)| source.path.starts_with(path));
    let inside = |folder: &str, extensions: &[&str]| {
        source.path.starts_with(folder) && extensions.contains(&source.extension())
    };
    let rust = inside("crates/", &["rs"])
        && source.path.contains("/src/")
        && !source.path.ends_with("/tests.rs")
        && !source.path.contains("/tests/");
    let page = inside("ui/src/", &["ts", "svelte"]) && !source.path.ends_with(".test.ts");
    if allowed || !(rust || page) {
        return Vec::new();
    }
    let names = |line: &str| {
        COUNTRIES.iter().any(|country| {
            let code = country.to_uppercase();
            let quotes: &[char] = if rust { &['"'] } else { &['\'', '"', '`'] };
            let quoted = |quote: &char| line.contains(&format!("{quote}{code}{quote}"));
            (rust && names_variant(line, country)) || quotes.iter().any(quoted)
        })
    };
    code_lines(&source.text)
        .filter(|(_, line)| names(line))
        .map(|(number, _)| {
            format!("{}:{number}: names a country; ask its profile (domain::country)", source.path)
        })
        .collect()
}

/// `Country::De`, and not `Country::Description`.
fn names_variant(line: &str, country: &str) -> bool {
    let path = format!("Country::{country}");
    line.match_indices(&path).any(|(at, _)| {
        let after = line.get(at + path.len()..).and_then(|text| text.chars().next());
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        named(&Source { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn a_country_is_named_in_its_module_and_in_tests_alone() {
        let rule = "if settings.country == Country::At {";
        assert_eq!(found("crates/shop/src/print/mod.rs", rule), 1);
        assert_eq!(found("crates/shop/src/print/mod.rs", "if country == \"DE\" {"), 1);
        assert_eq!(found("crates/shop/src/print/mod.rs", "Country::Chain"), 0);
        assert_eq!(found("crates/shop/src/print/mod.rs", "// not Country::At"), 0);
        assert_eq!(found("crates/shop/src/print/mod.rs", "#[cfg(test)]\nCountry::At"), 0);
        assert_eq!(found("crates/domain/src/country/at.rs", rule), 0);
        assert_eq!(found("crates/domain/tests/it/audits.rs", rule), 0);
        let page = "const german = $derived(draft.country === 'DE');";
        assert_eq!(found("ui/src/office/settings/TaxRates.svelte", page), 1);
        assert_eq!(found("ui/src/office/lib/rates.test.ts", page), 0);
        assert_eq!(found("ui/src/office/settings/TaxRates.svelte", "<b lang='de'>"), 0);
    }
}
