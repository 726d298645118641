//! A thousand inputs to every decoder; `cargo xtask fuzz` runs more.

use fuzz::{MadeUp, Seeds, TARGETS};

#[test]
fn a_thousand_inputs_to_every_decoder_break_none() {
    let seeds = Seeds::known();
    let mut input = Vec::new();
    for target in TARGETS {
        for number in 0..1_000 {
            MadeUp::input(number, &seeds, &mut input);
            (target.read)(&input);
        }
    }
    println!("{} decoders, a thousand inputs each", TARGETS.len());
}

#[test]
fn an_input_follows_from_its_number_alone_and_they_differ() {
    let seeds = Seeds::known();
    let made = |number| {
        let mut input = vec![1, 2, 3];
        MadeUp::input(number, &seeds, &mut input);
        input
    };
    let all: std::collections::BTreeSet<_> = (0..2_000).map(made).collect();
    assert!(all.len() > 1_500, "{} different ones", all.len());
    assert_eq!(made(7), made(7));
    let names: std::collections::BTreeSet<_> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len());
}
