//! Programs that tests need and this machine lacks: installed from Debian where that is allowed.

use std::path::PathBuf;
use std::result::Result;

use crate::run::{Step, first_line, root, works};

/// Where a program is that people call `name`; installs Debian's `package` where that is allowed.
///
/// # Errors
/// What is missing, and what to do about it.
pub(crate) fn obtain(
    name: &str,
    package: &str,
    find: impl Fn() -> Option<PathBuf>,
) -> Result<PathBuf, String> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let advice = format!("{name} is missing (Debian: apt-get install {package})");
    if !works("apt-get", "--version") {
        return Err(advice);
    }
    if first_line("id", "-u").as_deref() != Some("0") {
        return Err(format!("{advice}; only root may install it"));
    }
    println!("{name} is missing; installing Debian's package …");
    let apt = |arguments: &[&str]| {
        Step::program("apt-get", ["-q", "-y"], &root())
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .go()
    };
    apt(&["update"])
        .and_then(|()| apt(&["install", "--no-install-recommends", package]))
        .map_err(|error| format!("{advice}; installing it did not work: {error:#}"))?;
    find().ok_or_else(|| format!("{advice}; it is not there after installing"))
}
