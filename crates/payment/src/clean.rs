//! What a terminal writes, made fit to be kept: no control characters, no endless texts, and no card
//! numbers, whatever field they stand in.

/// Fewest digits of a card number.
const SHORTEST: usize = 13;
/// Most digits of a card number.
const LONGEST: usize = 19;
/// So many digits in one piece are hardly anything else.
const SURE: usize = 16;
/// How the digits are grouped on cards.
const LAYOUTS: [&[usize]; 2] = [&[4, 4, 4, 4], &[4, 6, 5]];
/// Digits that may stay.
const KEPT: usize = 4;

/// A text of at most `most` characters on one line, without control characters and card numbers; `None`
/// when nothing is left.
#[must_use]
pub fn text(text: &str, most: usize) -> Option<String> {
    let cleaned = line(text, most);
    let trimmed = cleaned.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// A line of a receipt: as [`text`], but its spaces stay, for they lay it out.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    // A card number must not come through because its end is cut off.
    let shown = text.chars().filter(|c| !c.is_control()).take(most.saturating_add(LONGEST * 2));
    let mut shown = hide_card_numbers(shown.collect());
    // Nor may what is left look like one because of where it was cut.
    shown.truncate(most);
    hide_card_numbers(shown).into_iter().collect()
}

/// Whether the digits of a number, which has no separators, hold what may be a card number.
#[must_use]
pub fn holds_card_number(digits: &str) -> bool {
    let chars: Vec<char> = digits.chars().collect();
    hide_card_numbers(chars.clone()) != chars
}

/// Puts `*` in place of the digits of what may be card numbers, but their last four. Digits belong together
/// when only spaces and the like stand between them; whether the groups are those of a card number is not
/// asked, since hiding too much does less harm.
fn hide_card_numbers(mut chars: Vec<char>) -> Vec<char> {
    // Where some digits are hidden, those beside them may look like another one.
    while hide_once(&mut chars) {}
    chars
}

/// Whether something was hidden, so that it must be looked at again.
fn hide_once(chars: &mut [char]) -> bool {
    let mut run: Vec<(usize, u32)> = Vec::new();
    let mut hidden: Vec<usize> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        match c.to_digit(10) {
            Some(digit) => run.push((at, digit)),
            None if is_separator(*c) => {}
            None => find(&std::mem::take(&mut run), &mut hidden),
        }
    }
    find(&run, &mut hidden);
    for at in &hidden {
        if let Some(c) = chars.get_mut(*at) {
            *c = '*';
        }
    }
    !hidden.is_empty()
}

const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | '_' | ',')
}

/// The places of the digits to hide in a run of them: of every stretch that passes the check of card numbers,
/// and of what is written like one although it does not.
fn find(run: &[(usize, u32)], hidden: &mut Vec<usize>) {
    let mut hide = |stretch: &[(usize, u32)]| {
        let shown = stretch.len().saturating_sub(KEPT);
        hidden.extend(stretch.iter().take(shown).map(|(at, _)| *at));
    };
    for length in SHORTEST..=LONGEST {
        let checked = run.windows(length).filter(|stretch| checks(stretch));
        checked.for_each(&mut hide);
    }
    let groups: Vec<&[(usize, u32)]> =
        run.chunk_by(|(at, _), (next, _)| at.saturating_add(1) == *next).collect();
    groups.iter().filter(|group| group.len() >= SURE).for_each(|group| hide(group));
    for layout in LAYOUTS {
        let alike = |groups: &&[&[(usize, u32)]]| {
            groups.iter().zip(layout).all(|(group, length)| group.len() == *length)
        };
        groups.windows(layout.len()).filter(alike).for_each(|groups| hide(&groups.concat()));
    }
}

/// Whether a stretch has the check digit of ISO/IEC 7812, and no zero in front.
fn checks(stretch: &[(usize, u32)]) -> bool {
    let weighed =
        stretch.iter().rev().zip([1, 2].into_iter().cycle()).map(|((_, digit), weight)| {
            let product = digit * weight;
            if product > 9 { product - 9 } else { product }
        });
    weighed.sum::<u32>() % 10 == 0 && stretch.first().is_some_and(|(_, digit)| *digit != 0)
}
