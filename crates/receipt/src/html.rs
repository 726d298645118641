//! A document as HTML: one page that needs nothing from elsewhere, with no script, in light, dark and on paper.

use crate::svg::{code128_svg, ean13_svg, picture_svg, qr_svg};
use crate::{Align, Block, Document};

/// How the HTML is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HtmlOptions {
    /// Only the receipt (`<article>`), without the page around it and without the style.
    pub fragment: bool,
    /// Another title than the document's.
    pub title: Option<String>,
}

/// The style sheet of the page, exactly as it stands between `<style>` and `</style>`; a server hashes it for its
/// content security policy.
pub const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:1rem;background:#e9e7e2;color:#1a1a1a;font:1rem/1.4 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}
.receipt{max-width:24rem;margin:0 auto;padding:1.5rem 1.25rem;background:#fff;box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}
.receipt p,.receipt figure{margin:0}
.receipt hr{border:0;border-top:1px dashed currentColor;margin:.5rem 0}
.receipt .c{text-align:center}.receipt .r{text-align:right}
.receipt .b{font-weight:700}.receipt .big{font-size:1.35em;line-height:1.5}
.receipt .row{display:flex;gap:1ch}.receipt .row>:first-child{flex:1}
.receipt .num{white-space:nowrap;font-variant-numeric:tabular-nums}
.receipt .mark{min-width:1ch}
.receipt .in{padding-left:2ch}
.receipt table{width:100%;border-collapse:collapse;font-size:.92em}
.receipt th{font-weight:400}.receipt td,.receipt th{padding:0 0 0 1ch;text-align:right;white-space:nowrap}
.receipt td:first-child,.receipt th:first-child{padding:0;text-align:left}
.receipt .banner{margin:.75rem 0;padding:.5rem;border:3px solid;text-align:center;font-size:1.25em;font-weight:700}
.receipt .feed{height:1em}
.receipt figure{margin:.75rem auto;text-align:center}
.receipt .picture{max-width:100%;height:auto}
.receipt .bars{width:100%;max-width:18rem;height:4.5rem}.receipt .qr{width:100%;max-width:13rem}
@media (prefers-color-scheme:dark){body{background:#141414;color:#eee}.receipt{background:#222}}
@media print{@page{margin:0}body{padding:0;background:#fff;color:#000}.receipt{max-width:none;background:#fff;box-shadow:none}}
";

/// The text with the five characters that mean something in HTML written as references.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// The document as a whole page, or as a fragment.
#[must_use]
pub fn render_html(document: &Document, options: &HtmlOptions) -> String {
    let language = escape(&document.language);
    let title = escape(options.title.as_deref().unwrap_or(&document.title));
    let mut article =
        format!("<article class=\"receipt\" lang=\"{language}\" aria-label=\"{title}\">\n");
    for block in &document.blocks {
        article.push_str(&html_block(block));
    }
    article.push_str("</article>\n");
    if options.fragment {
        return article;
    }
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{article}</main>\n</body>\n</html>\n"
    )
}

fn classes(names: &[(&str, bool)]) -> String {
    let on: Vec<&str> = names.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    if on.is_empty() { String::new() } else { format!(" class=\"{}\"", on.join(" ")) }
}

fn html_block(block: &Block) -> String {
    match block {
        Block::Text { text, align, bold, big } => {
            let class = classes(&[
                ("c", *align == Align::Center),
                ("r", *align == Align::Right),
                ("b", *bold),
                ("big", *big),
            ]);
            format!("<p{class}>{}</p>\n", escape(text))
        }
        Block::Columns { left, right, mark, indent, bold, big } => {
            let class = classes(&[("row", true), ("in", *indent > 0), ("b", *bold), ("big", *big)]);
            let mark = match mark {
                Some(mark) => format!("<span class=\"mark\">{}</span>", escape(mark)),
                None => String::new(),
            };
            format!(
                "<div{class}><span>{}</span><span class=\"num\">{}</span>{mark}</div>\n",
                escape(left),
                escape(right)
            )
        }
        Block::Table { head, rows } => table(head, rows),
        Block::Banner { text } => {
            format!("<p class=\"banner\" role=\"note\">{}</p>\n", escape(text))
        }
        Block::Rule => "<hr>\n".to_owned(),
        Block::Feed { lines } => "<div class=\"feed\"></div>\n".repeat(usize::from(*lines)),
        Block::Code128 { data } => figure(code128_svg(data), data),
        Block::Ean13 { data } => figure(ean13_svg(data), data),
        Block::Qr { data } => match qr_svg(data, "QR") {
            Some(svg) => format!("<figure>{svg}</figure>\n"),
            None => figure(None, data),
        },
        Block::Picture { picture, says } => {
            format!("<figure>{}</figure>\n", picture_svg(picture, says))
        }
        Block::Cut | Block::Drawer => String::new(),
    }
}

fn figure(svg: Option<String>, data: &str) -> String {
    let svg = svg.unwrap_or_default();
    format!("<figure>{svg}<figcaption>{}</figcaption></figure>\n", escape(data))
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, row: &[String]| -> String {
        row.iter()
            .map(|cell| {
                format!("<{tag}>{}</{}>", escape(cell), tag.split(' ').next().unwrap_or(tag))
            })
            .collect()
    };
    let body: String = rows.iter().map(|row| format!("<tr>{}</tr>", cells("td", row))).collect();
    format!(
        "<table><thead><tr>{}</tr></thead><tbody>{body}</tbody></table>\n",
        cells("th scope=\"col\"", head)
    )
}
