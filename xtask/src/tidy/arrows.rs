//! Arrows between crates point only down the table of ARCHITECTURE.md, and only those written there.

use super::find;
use super::tree::Source;

/// A row of the table: a crate and what it may use.
struct Room {
    name: String,
    may_use: Vec<String>,
}

pub(super) fn complaints(tree: &[Source]) -> Vec<String> {
    let Some(architecture) = find(tree, "ARCHITECTURE.md") else {
        return vec!["ARCHITECTURE.md: missing".to_owned()];
    };
    let rooms = rooms(&architecture.text);
    let mut all = out_of_order(&rooms);
    let crates: Vec<(&str, &Source)> = tree
        .iter()
        .filter_map(|source| {
            let name = source.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then_some((name, source))
        })
        .collect();
    for (name, manifest) in &crates {
        let Some(room) = rooms.iter().find(|room| room.name == *name) else {
            all.push(format!("{}: {name} has no row in ARCHITECTURE.md's arrows", manifest.path));
            continue;
        };
        for dependency in dependencies(&manifest.text) {
            let inside = crates.iter().any(|(other, _)| *other == dependency);
            if inside && !room.may_use.contains(&dependency) {
                all.push(format!(
                    "{}: {name} → {dependency} is a new arrow; it is a design decision: write it into \
                     ARCHITECTURE.md with its reason, or do without",
                    manifest.path
                ));
            }
        }
    }
    for room in rooms.iter().filter(|room| !crates.iter().any(|(name, _)| room.name == *name)) {
        all.push(format!("ARCHITECTURE.md: the arrows name {}, which is no crate", room.name));
    }
    all.extend(unnamed(tree, &architecture.text));
    all
}

/// Outside crates that ARCHITECTURE.md does not name with a reason.
fn unnamed(tree: &[Source], architecture: &str) -> Vec<String> {
    let Some(manifest) = find(tree, "Cargo.toml") else { return Vec::new() };
    let section = architecture.split_once("\n## Dependencies").map_or("", |(_, rest)| rest);
    let mut all = Vec::new();
    let mut counts = false;
    for line in manifest.text.lines().map(str::trim) {
        if line.starts_with('[') {
            counts = line == "[workspace.dependencies]";
        } else if counts && let Some((name, value)) = line.split_once('=') {
            let named = section.contains(&format!("`{}`", name.trim()));
            if !value.contains("path =") && !named {
                all.push(format!(
                    "Cargo.toml: ARCHITECTURE.md gives no reason for {}",
                    name.trim()
                ));
            }
        }
    }
    all
}

/// The rows between the two marks: `| `name` | what it is | may use |`.
fn rooms(architecture: &str) -> Vec<Room> {
    let table = architecture
        .split_once("<!-- arrows -->")
        .and_then(|(_, rest)| rest.split_once("<!-- /arrows -->"))
        .map_or("", |(table, _)| table);
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?;
        let may_use = cells.last()?.split(',').map(|word| word.trim().trim_matches('`').to_owned());
        let may_use = may_use.filter(|word| !word.is_empty() && word != "–").collect();
        Some(Room { name: name.to_owned(), may_use })
    });
    rows.collect()
}

/// Rows that use something that does not stand above them.
fn out_of_order(rooms: &[Room]) -> Vec<String> {
    let mut above: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for room in rooms {
        for used in room.may_use.iter().filter(|used| !above.contains(&used.as_str())) {
            all.push(format!(
                "ARCHITECTURE.md: {} → {used} points upwards in the arrows",
                room.name
            ));
        }
        above.push(&room.name);
    }
    if rooms.is_empty() {
        all.push("ARCHITECTURE.md: the table of arrows is missing".to_owned());
    }
    all
}

/// Names under `[dependencies]`, `[build-dependencies]` and their forms for one target. Tests may use
/// what they like: dev-dependencies are no arrows.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut counts = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let last = section.rsplit('.').next().unwrap_or(section);
            counts = matches!(last, "dependencies" | "build-dependencies");
            // `[dependencies.name]`
            if let Some((before, name)) = section.rsplit_once('.')
                && matches!(before, "dependencies" | "build-dependencies")
            {
                names.push(name.to_owned());
            }
        } else if counts && let Some((key, _)) = line.split_once('=') {
            let name = key.split('.').next().unwrap_or(key).trim();
            names.push(name.trim_matches('"').to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    const TABLE: &str = "<!-- arrows -->\n| room | what | may use |\n|---|---|---|\n\
        | `money` | amounts | – |\n| `domain` | rules | `money` |\n<!-- /arrows -->\n";

    #[test]
    fn arrows_of_the_table_are_silent() {
        let tree = [
            source("ARCHITECTURE.md", TABLE),
            source("crates/money/Cargo.toml", "[dependencies]\nserde.workspace = true\n"),
            source("crates/domain/Cargo.toml", "[dependencies]\nmoney = { workspace = true }\n"),
        ];
        assert_eq!(complaints(&tree), Vec::<String>::new());
    }

    #[test]
    fn a_new_arrow_is_named_in_every_way_of_writing_it() {
        for line in [
            "[dependencies]\ndomain = { workspace = true }",
            "[dependencies]\ndomain.workspace = true",
            "[dependencies.domain]\nworkspace = true",
            "[target.'cfg(unix)'.dependencies]\ndomain.workspace = true",
            "[build-dependencies]\ndomain.workspace = true",
        ] {
            let tree = [
                source("ARCHITECTURE.md", TABLE),
                source("crates/money/Cargo.toml", line),
                source("crates/domain/Cargo.toml", ""),
            ];
            let found = complaints(&tree);
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            assert!(found[0].contains("money → domain"), "{found:?}");
        }
    }

    #[test]
    fn each_outside_crate_needs_a_reason() {
        let manifest = "[workspace.dependencies]\nmoney = { path = \"crates/money\" }\n\
            serde = \"1\"\nleft-pad = \"1\"\n[profile.dev]\ndebug = 1\n";
        let table = "\n## Dependencies\n| `serde` | everywhere | JSON |\n";
        let tree = [source("Cargo.toml", manifest)];
        let expected = "Cargo.toml: ARCHITECTURE.md gives no reason for left-pad";
        assert_eq!(unnamed(&tree, table), [expected.to_owned()]);
    }

    #[test]
    fn tests_may_use_what_they_like() {
        let tree = [
            source("ARCHITECTURE.md", TABLE),
            source("crates/money/Cargo.toml", "[dev-dependencies]\ndomain.workspace = true"),
            source("crates/domain/Cargo.toml", ""),
        ];
        assert_eq!(complaints(&tree), Vec::<String>::new());
    }

    #[test]
    fn the_table_itself_points_down_and_is_complete() {
        let upwards =
            TABLE.replace("| `money` | amounts | – |", "| `money` | amounts | `domain` |");
        let tree = [
            source("ARCHITECTURE.md", &upwards),
            source("crates/money/Cargo.toml", ""),
            source("crates/cellar/Cargo.toml", ""),
        ];
        let found = complaints(&tree).join("\n");
        assert!(found.contains("money → domain points upwards"), "{found}");
        assert!(found.contains("cellar has no row"), "{found}");
        assert!(found.contains("name domain, which is no crate"), "{found}");
    }
}
