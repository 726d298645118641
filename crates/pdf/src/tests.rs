//! What stands where on the pages of a paper.

use document::{Block, Document, Language, Table};
use proptest::prelude::*;

use crate::paper::flow;
use crate::{HEIGHT, Mark, Moment, Pages, WIDTH, mm, paper};

const MADE: Moment = Moment { year: 2026, month: 11, day: 2, time: (9, 0, 0) };

fn document(blocks: Vec<Block>) -> Document {
    Document {
        language: Language::De,
        title: "Müllers „Laden“".to_owned(),
        subtitle: "Straße 1".to_owned(),
        footer: "Fuß".to_owned(),
        blocks,
    }
}

fn table(rows: Vec<Vec<String>>) -> Block {
    Block::Table(Table { columns: vec![("Nr.".to_owned(), 1), ("Was".to_owned(), 5)], rows })
}

fn written(document: &Document) -> Pages {
    flow(document, "Laden", MADE).pages_with_feet()
}

/// The texts of a page, each with its left edge and its base line.
fn texts(page: &[Mark]) -> Vec<(f32, f32, &str)> {
    let texts = page.iter().filter_map(|mark| match mark {
        Mark::Text { x, y, text, .. } => Some((*x, *y, text.as_str())),
        Mark::Box { .. } => None,
    });
    texts.collect()
}

fn page_of(pages: &Pages, text: &str) -> Vec<usize> {
    let on = |page: &Vec<Mark>| texts(page).iter().any(|(_, _, found)| *found == text);
    (0..).zip(&pages.pages).filter(|(_, page)| on(page)).map(|(at, _)| at).collect()
}

/// Each mark lies within the margins, and above the foot unless it stands there.
fn assert_within_margins(pages: &Pages) {
    for page in &pages.pages {
        for mark in page {
            let (left, right, y) = match mark {
                Mark::Text { x, y, face, size, text, .. } => {
                    (*x, x + pages.width_of(text, *face, *size), *y)
                }
                Mark::Box { x, y, width, height, .. } => (*x, x + width, y + height),
            };
            let across = left >= mm(25.0) - 0.01 && right <= WIDTH - mm(20.0) + 0.01;
            assert!(across && y > mm(20.0) && y < HEIGHT - mm(11.0), "{mark:?}");
        }
    }
}

#[test]
fn a_long_table_repeats_its_titles_and_everything_is_on_paper() {
    let row = |n: usize| vec![format!("{n}."), "Größe ".repeat(n % 60)];
    let pages = written(&document(vec![table((0..300).map(row).collect())]));
    assert!(pages.count() > 5);
    assert_within_margins(&pages);
    for page in &pages.pages {
        let heads = texts(page).iter().filter(|(_, _, text)| *text == "Nr.").count();
        assert_eq!(heads, 1);
    }
    for n in 0..300 {
        assert_eq!(page_of(&pages, &format!("{n}.")).len(), 1, "row {n}");
    }
    let all = pages.pages.iter().flat_map(|page| texts(page));
    let words: usize = all.map(|(_, _, text)| text.matches("Größe").count()).sum();
    assert_eq!(words, (0..300).map(|n| n % 60).sum::<usize>());
}

#[test]
fn a_row_longer_than_a_page_goes_on_overleaf_below_the_titles() {
    let lines: Vec<String> = (1..=300).map(|n| format!("Zeile {n}")).collect();
    let pages = written(&document(vec![table(vec![vec!["1".to_owned(), lines.join("\n")]])]));
    assert!(pages.count() > 3);
    assert_within_margins(&pages);
    let mut told = Vec::new();
    for page in &pages.pages {
        let texts = texts(page);
        let head = texts.iter().find(|(_, _, text)| *text == "Nr.").expect("titles");
        let rows = texts.iter().filter(|(_, _, text)| text.starts_with("Zeile"));
        for (_, y, text) in rows {
            assert!(*y > head.1);
            told.push((*text).to_owned());
        }
    }
    assert_eq!(told, lines);
}

#[test]
fn a_row_that_fits_stays_together() {
    let rows = (0..40).map(|n| vec![n.to_string(), format!("{n} oben\nMitte\n{n} unten")]);
    let pages = written(&document(vec![table(rows.collect())]));
    assert!(pages.count() > 1);
    for n in 0..40 {
        let place = |end: &str| page_of(&pages, &format!("{n} {end}"));
        assert_eq!(place("oben"), place("unten"));
    }
}

#[test]
fn few_facts_stay_together_and_many_go_on_overleaf() {
    let facts = |count: usize| (0..count).map(|n| (format!("Name {n}"), "Wert".to_owned()));
    for above in 0..60 {
        let blocks = vec![Block::Text("Zeile\n".repeat(above)), Block::Facts(facts(8).collect())];
        let pages = written(&document(blocks));
        assert_eq!(page_of(&pages, "Name 0"), page_of(&pages, "Name 7"), "{above} lines above");
    }
    let pages = written(&document(vec![Block::Facts(facts(80).collect())]));
    assert_within_margins(&pages);
    assert_eq!((page_of(&pages, "Name 0"), page_of(&pages, "Name 79")), (vec![0], vec![1]));
}

#[test]
fn no_heading_stands_alone_at_the_foot_of_a_page() {
    let mut broken = 0;
    for above in 0..70 {
        let mut blocks = vec![Block::Text("Zeile\n".repeat(above))];
        blocks.push(Block::Chapter("Kapitel".to_owned()));
        blocks.push(Block::Heading("Teil".to_owned()));
        blocks.push(table(vec![vec!["1".to_owned(), "Eins\nzwei\ndrei".to_owned()]]));
        let pages = written(&document(blocks));
        let chapter = page_of(&pages, "Kapitel");
        for text in ["Teil", "Nr.", "Eins", "drei"] {
            assert_eq!(page_of(&pages, text), chapter, "{above} lines above: {text}");
        }
        let (title, page, y) = pages.bookmarks.first().expect("a chapter");
        assert_eq!((title.as_str(), [*page].as_slice()), ("Kapitel", chapter.as_slice()));
        let texts = texts(pages.pages.get(*page).expect("a page"));
        let below = texts.iter().find(|(_, _, text)| *text == "Kapitel").expect("a heading").1 - y;
        assert!((5.0..30.0).contains(&below), "{below} points below its place");
        broken += usize::from(*page > 0 && above < 60);
    }
    assert!(broken > 0, "some heading is moved to the next page");
}

#[test]
fn each_page_has_its_number_and_foot_in_the_papers_language() {
    let mut paper = document(vec![Block::Text("Zeile\n".repeat(200))]);
    paper.footer = "Ein sehr langer Name eines Geschäfts ".repeat(5);
    for (language, word, of) in [(Language::De, "Seite", "von"), (Language::En, "Page", "of")] {
        paper.language = language;
        let pages = written(&paper);
        let count = pages.count();
        assert!(count > 2);
        assert_within_margins(&pages);
        for (number, page) in (1..).zip(&pages.pages) {
            let texts = texts(page);
            let own = format!("{word} {number} {of} {count}");
            let (left, _, _) = texts.iter().find(|(_, _, text)| *text == own).expect("a number");
            let feet = texts.iter().filter(|(_, _, text)| text.contains("Geschäfts"));
            let feet: Vec<_> = feet.collect();
            assert_eq!(feet.len(), 2, "lines at the foot");
            for (x, _, text) in feet {
                let size = 9.5 * 0.85;
                assert!(x + pages.width_of(text, crate::Face::Regular, size) < *left);
            }
        }
    }
    let one = written(&document(Vec::new()));
    assert!(!page_of(&one, "Seite 1 von 1").is_empty() && !page_of(&one, "Fuß").is_empty());
}

#[test]
fn points_have_one_dot_and_notes_a_bar_at_each_line() {
    let long = "Wort ".repeat(100);
    let of = |block: Block| written(&document(vec![block]));
    let dots = of(Block::List(vec![long.clone(), "kurz".to_owned()]));
    let page = texts(dots.pages.first().expect("a page"));
    assert_eq!(page.iter().filter(|(_, _, text)| *text == "•").count(), 2);
    let note = of(Block::Note(long));
    let page = note.pages.first().expect("a page");
    let lines = texts(page).iter().filter(|(_, _, text)| text.contains("Wort")).count();
    let bars = page.iter().filter(|mark| matches!(mark, Mark::Box { .. })).count();
    assert!(lines > 3 && bars == lines, "{bars} bars at {lines} lines");
}

#[test]
fn the_same_paper_is_the_same_file_with_chapters_to_go_to() {
    let chapters = ["1 Größe", "2 Борщ", "3 Ende"];
    let blocks = |last: &str| {
        let chapters = chapters.iter().map(|title| Block::Chapter((*title).to_owned()));
        chapters.chain([Block::Text(last.to_owned())]).collect()
    };
    let file = |last: &str| paper(&document(blocks(last)), "Laden", MADE).expect("a paper");
    assert_eq!(file("a"), file("a"));
    assert_ne!(file("a"), file("b"));
    let text: String = file("a").iter().map(|byte| char::from(*byte)).collect();
    assert!(text.contains("/Outlines") && text.matches("/Dest ").count() == chapters.len());
    assert!(text.contains("<pdfaid:part>3</pdfaid:part>"));
}

/// Letters of many scripts, and what is none.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,60}", "[ \\n\u{a0}a\u{301}\u{fffe}\u{feff}\u{e000}\u{200d}ß日🙂]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_text_becomes_a_paper_that_keeps_to_its_margins(
        texts in proptest::collection::vec(any_text(), 12),
        rows in 0..30_usize,
    ) {
        let text = |at: usize| texts.get(at).cloned().unwrap_or_default();
        let mut paper = document(vec![
            Block::Chapter(text(0)),
            Block::Heading(text(1)),
            Block::Text(text(2)),
            Block::Note(text(3)),
            Block::List(vec![text(4), text(5)]),
            Block::Facts(vec![(text(6), text(7))]),
            table((0..rows).map(|_| vec![text(8), text(9).repeat(rows)]).collect()),
        ]);
        (paper.title, paper.footer) = (text(10), text(11));
        assert_within_margins(&written(&paper));
        let file = crate::paper(&paper, &text(0), MADE);
        prop_assert!(file.is_ok(), "{file:?}");
    }
}
