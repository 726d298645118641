//! A paper as PDF 1.7: text in the two faces that every reader brings, page numbers, chapters as bookmarks.

use pdf_writer::types::{OutlineItemFlags, TextRenderingMode};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::font::{Face, encode, width};
use crate::layout::{Laid, Mark, WIDTH, lay};
use crate::{Document, Language};

const PLAIN: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");
/// Size of what stands at the foot.
const FOOT: i32 = 80;

/// The paper as a file of its own. The same document gives the same bytes. Characters that the faces lack are written
/// with others (see the HTML for them).
#[must_use]
pub fn render_pdf(document: &Document) -> Vec<u8> {
    let laid = lay(document);
    let mut refs = (1..).map(Ref::new);
    let mut next = || refs.next().unwrap_or(Ref::new(1));
    let (catalog, tree, plain, bold, info, outline) =
        (next(), next(), next(), next(), next(), next());
    let pages: Vec<(Ref, Ref)> = laid.pages.iter().map(|_| (next(), next())).collect();
    let items: Vec<Ref> = laid.chapters.iter().map(|_| next()).collect();

    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(tree);
    root.lang(TextStr(match document.language {
        Language::De => "de",
        Language::En => "en",
    }));
    if !items.is_empty() {
        root.outlines(outline);
    }
    root.finish();
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
    for (font, name) in [(plain, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.document_info(info).title(TextStr(&document.title)).creator(TextStr("Tresen"));
    bookmarks(&mut pdf, &laid, outline, &items, &pages);
    for (number, ((page, content), marks)) in (1_i32..).zip(pages.iter().zip(&laid.pages)) {
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, 595.3, 841.9));
        written.parent(tree);
        written.contents(*content);
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        fonts.pair(PLAIN, plain);
        fonts.pair(BOLD, bold);
        fonts.finish();
        resources.finish();
        written.finish();
        pdf.stream(*content, &draw(document, marks, (number, count)));
    }
    pdf.finish()
}

fn bookmarks(pdf: &mut Pdf, laid: &Laid, outline: Ref, items: &[Ref], pages: &[(Ref, Ref)]) {
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
    let count = i32::try_from(items.len()).unwrap_or(i32::MAX);
    pdf.outline(outline).first(*first).last(*last).count(count);
    for (at, (item, (title, page, y))) in items.iter().zip(&laid.chapters).enumerate() {
        let mut written = pdf.outline_item(*item);
        written.title(TextStr(title)).parent(outline).flags(OutlineItemFlags::empty());
        if let Some(before) = at.checked_sub(1).and_then(|at| items.get(at)) {
            written.prev(*before);
        }
        if let Some(after) = items.get(at.saturating_add(1)) {
            written.next(*after);
        }
        if let Some((page, _)) = pages.get(*page) {
            // Whole points are near enough for a bookmark.
            written.dest().page(*page).xyz(0.0, short(y.checked_div(10).unwrap_or(0)), None);
        }
    }
}

/// Tenths of a point reach to a few thousand on a page: they fit.
fn short(tenths: i32) -> f32 {
    f32::from(i16::try_from(tenths).unwrap_or(i16::MAX))
}

fn draw(document: &Document, marks: &[Mark], (number, of): (i32, i32)) -> Vec<u8> {
    let mut content = Content::new();
    // All that follows counts in tenths of a point: whole numbers.
    content.transform([0.1, 0.0, 0.0, 0.1, 0.0, 0.0]);
    content.set_fill_gray(0.0);
    for mark in marks {
        match mark {
            Mark::Text { x, y, size, face, bytes } => {
                text(&mut content, (*x, *y), *size, *face, bytes)
            }
            Mark::Rule { x, y, width, thick } => {
                content.set_fill_gray(0.6);
                content.rect(short(*x), short(*y), short(*width), short(*thick)).fill_nonzero();
                content.set_fill_gray(0.0);
            }
        }
    }
    content.set_fill_gray(0.35);
    text(&mut content, (567, 420), FOOT, Face::Plain, &encode(&document.footer));
    let page = match document.language {
        Language::De => format!("Seite {number} von {of}"),
        Language::En => format!("Page {number} of {of}"),
    };
    let page = encode(&page);
    let x = WIDTH.saturating_sub(567).saturating_sub(width(Face::Plain, FOOT, &page));
    text(&mut content, (x, 420), FOOT, Face::Plain, &page);
    content.finish().into_vec()
}

fn text(content: &mut Content, (x, y): (i32, i32), size: i32, face: Face, bytes: &[u8]) {
    let name = match face {
        Face::Plain => PLAIN,
        Face::Bold => BOLD,
    };
    content.begin_text();
    content.set_text_rendering_mode(TextRenderingMode::Fill);
    content.set_font(name, short(size));
    content.next_line(short(x), short(y));
    content.show(Str(bytes));
    content.end_text();
}

#[cfg(test)]
mod tests {
    use crate::{Block, Document, Language, Table, render_html, render_pdf};

    fn paper() -> Document {
        let chapters = ["1 Größe", "2 <script>", "3 Ende"];
        let mut blocks: Vec<Block> =
            chapters.iter().map(|title| Block::Chapter((*title).to_owned())).collect();
        blocks.push(Block::Table(Table {
            columns: vec![("Wer".to_owned(), 1), ("Was".to_owned(), 2)],
            rows: (0..200)
                .map(|n| vec![n.to_string(), "Äpfel & <b>Birnen</b>\nzwei".to_owned()])
                .collect(),
        }));
        Document {
            language: Language::De,
            title: "Müllers \"Laden\"".to_owned(),
            subtitle: "Straße 1".to_owned(),
            footer: "Fuß".to_owned(),
            blocks,
        }
    }

    #[test]
    fn the_same_paper_is_the_same_file_with_numbered_pages_and_chapters_to_go_to() {
        let pdf = render_pdf(&paper());
        assert_eq!(pdf, render_pdf(&paper()));
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-1.7") && text.trim_end().ends_with("%%EOF"));
        let pages = text.matches("/Type /Page\n").count();
        assert!(pages > 3, "{pages}");
        for number in 1..=pages {
            assert!(text.contains(&format!("(Seite {number} von {pages})")), "{number}");
        }
        assert!(text.contains("/WinAnsiEncoding") && text.matches("/Dest [").count() == 3);
    }

    #[test]
    fn in_html_nothing_of_a_text_becomes_markup() {
        let page = render_html(&paper());
        assert!(
            page.contains("<html lang=\"de\">")
                && page.contains("Äpfel &amp; &lt;b&gt;Birnen&lt;/b&gt;<br>zwei")
        );
        assert!(
            page.contains("Müllers &quot;Laden&quot;")
                && page.contains("<a href=\"#b2\">2 &lt;script&gt;</a>")
        );
        assert!(!page.contains("<script") && !page.contains("http"));
    }
}
