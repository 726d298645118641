//! The statements in `sql/` and the code that uses them stay together.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_statement_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut code, mut statements) = (Vec::new(), Vec::new());
    files(&root.join("src"), &mut code);
    files(&root.join("sql"), &mut statements);
    let code: String = code.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(statements.len() > 50);
    for path in statements {
        let name = path.strip_prefix(root.join("sql")).unwrap().with_extension("");
        let used = format!("sql!(\"{}\")", name.display());
        assert!(code.contains(&used), "{} is used nowhere", path.display());
    }
}
