//! Rules about single files.

use super::tree::{PACKED, Source};

/// Longest file, lines: one idea each.
const LONGEST: usize = 600;
/// ARCHITECTURE.md is read in one sitting.
const LONGEST_ARCHITECTURE: usize = 300;
/// What people write as code.
const CODE: [&str; 8] = ["rs", "ts", "svelte", "css", "sql", "js", "mjs", "html"];
/// Made by programs; may be of any length.
const GENERATED: [&str; 3] = ["Cargo.lock", "ui/package-lock.json", "ui/src/api/schema.ts"];
/// Rooms without I/O, clock and floats.
const PURE: [&str; 13] = [
    "money", "gs1", "domain", "journal", "receipt", "document", "escpos", "scale", "zvt", "nexo",
    "fiscal", "glory", "label",
];
/// What a pure room never mentions.
const IMPURE: [&str; 9] = [
    "SystemTime",
    "Instant",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "f32",
    "f64",
];

pub(super) fn too_long(source: &Source) -> Option<String> {
    let limit = if source.path == "ARCHITECTURE.md" {
        LONGEST_ARCHITECTURE
    } else if CODE.contains(&source.extension()) && !GENERATED.contains(&source.path.as_str()) {
        LONGEST
    } else {
        return None;
    };
    let lines = source.text.lines().count();
    (lines > limit).then(|| format!("{}: {lines} lines, more than {limit}", source.path))
}

/// Packages that somebody fetched.
pub(super) fn packed(source: &Source) -> Option<String> {
    PACKED
        .contains(&source.extension())
        .then(|| format!("{}: what others packed is fetched, not kept here", source.path))
}

pub(super) fn impure(source: &Source) -> Vec<String> {
    let in_pure_room = source.path.strip_prefix("crates/").is_some_and(|path| {
        PURE.iter()
            .any(|room| path.strip_prefix(room).is_some_and(|rest| rest.starts_with("/src/")))
    });
    if !in_pure_room || source.extension() != "rs" {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (number, line) in code_lines(&source.text) {
        for word in IMPURE.iter().filter(|word| has_word(line, word)) {
            all.push(format!("{}:{number}: a pure room does not mention {word}", source.path));
        }
    }
    all
}

/// The lines that are no comments, up to the tests at the end of the file.
pub(super) fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .map(|(number, line)| (number, line.split("//").next().unwrap_or(line)))
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_a_name) && !after.is_some_and(part_of_a_name)
    })
}

/// Words that stand nowhere in the house: unfinished places, and folders of somebody's machine.
pub(super) fn forbidden_words(source: &Source) -> Vec<String> {
    // Put together here, so that this file does not complain about itself.
    let unfinished = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME")];
    let machines = [
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("C:\\Us", "ers"),
    ];
    let mut all = Vec::new();
    if GENERATED.contains(&source.path.as_str()) {
        return all;
    }
    for (number, line) in (1..).zip(source.text.lines()) {
        for word in unfinished.iter().filter(|word| line.contains(**word)) {
            all.push(format!("{}:{number}: {word}", source.path));
        }
        for word in machines.iter().filter(|word| names_a_machine(line, word)) {
            all.push(format!("{}:{number}: a path of somebody's machine ({word})", source.path));
        }
    }
    all
}

/// The word as the beginning of a path, not as a part of a longer one (an address on the web).
fn names_a_machine(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}'))
    })
}

/// The lock file names packages, not where somebody got them from.
pub(super) fn registry_hosts(source: &Source) -> Option<String> {
    let host =
        source.path.ends_with("package-lock.json") && source.text.contains("\"resolved\": \"http");
    host.then(|| {
        format!(
            "{}: names registry hosts; install with `omit-lockfile-registry-resolved`",
            source.path
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_file_may_have_six_hundred_lines() {
        assert!(too_long(&source("crates/money/src/lib.rs", &"x\n".repeat(600))).is_none());
        assert!(too_long(&source("crates/money/src/lib.rs", &"x\n".repeat(601))).is_some());
        assert!(too_long(&source("ui/src/api/schema.ts", &"x\n".repeat(9_000))).is_none());
        assert!(too_long(&source("ARCHITECTURE.md", &"x\n".repeat(301))).is_some());
    }

    #[test]
    fn packages_of_others_are_fetched_and_not_kept() {
        assert!(packed(&source("thing-1.0-py3-none-any.whl", "")).is_some());
        assert!(packed(&source("ui/src/thing.ts", "")).is_none());
    }

    #[test]
    fn pure_rooms_are_kept_pure() {
        let named = |path: &str, text: &str| impure(&source(path, text)).len();
        assert_eq!(named("crates/domain/src/day.rs", "use std::time::SystemTime;"), 1);
        assert_eq!(named("crates/money/src/tax.rs", "fn rate() -> f64 {"), 1);
        assert_eq!(named("crates/escpos/src/status.rs", "std::net::TcpStream::connect(x)"), 1);
        assert_eq!(named("crates/money/src/tax.rs", "// never an f64"), 0);
        assert_eq!(named("crates/money/src/tax.rs", "let half64 = 1;"), 0);
        assert_eq!(
            named("crates/money/src/tax.rs", "#[cfg(test)]\nmod tests { std::fs::read() }"),
            0
        );
        assert_eq!(named("crates/store/src/lib.rs", "use std::fs;"), 0);
        assert_eq!(named("crates/money/tests/it/main.rs", "use std::fs;"), 0);
    }

    #[test]
    fn unfinished_places_and_machine_paths_are_found() {
        let found = |text: &str| forbidden_words(&source("a.rs", text)).len();
        assert_eq!(found(concat!("    to", "do!()")), 1);
        assert_eq!(found(concat!("open(\"/ho", "me/anna/shop.sqlite\")")), 1);
        assert_eq!(found(concat!("(see /ro", "ot/x)")), 1);
        assert_eq!(found(concat!("https://example.org/ho", "me/page")), 0);
        assert_eq!(found("the till's to-do list"), 0);
    }

    #[test]
    fn a_lock_file_without_hosts_is_silent() {
        let with = "  \"resolved\": \"https://registry.example/x.tgz\",";
        assert!(registry_hosts(&source("ui/package-lock.json", with)).is_some());
        assert!(
            registry_hosts(&source("ui/package-lock.json", "\"version\": \"1.0.0\"")).is_none()
        );
    }
}
