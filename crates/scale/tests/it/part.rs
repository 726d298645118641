//! The part as the law of measuring looks at it: nothing of it changes unnoticed.

/// Every change of the sources needs a new version beside its hash: whoever changes them writes both down here, and in the
/// list of versions in docs/de/scales.md and docs/en/scales.md.
const PINNED: (&str, &str) =
    ("1.0.0", "a3ff902da48e87b0e19941a8611301f9b42f9530429d05b4017d83bb8f276bf6");

#[test]
fn a_change_of_the_sources_does_not_go_unnoticed() {
    assert_eq!(
        (scale::VERSION, scale::HASH),
        PINNED,
        "raise the version and write the new hash down"
    );
}

#[test]
fn the_part_stands_alone() {
    let manifest = include_str!("../../Cargo.toml");
    let own = manifest.split("[dependencies]").nth(1).unwrap();
    let own = own.split("[build-dependencies]").next().unwrap();
    assert_eq!(own.trim(), "", "it uses nothing, so that its hash says all of it");
}
