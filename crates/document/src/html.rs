//! A paper as a page of HTML: no script, one style, printed on A4.

use crate::{Block, Document, Language, Table};

/// The style sheet of the page, exactly as it stands between `<style>` and `</style>`; a server hashes it for its content
/// security policy.
pub const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;background:#e9e7e2;color:#1a1a1a;font:1rem/1.5 system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
.paper{box-sizing:border-box;max-width:210mm;margin:1rem auto;padding:18mm 18mm 22mm;background:#fff;box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3em}h2{font-size:1.35rem;margin:2em 0 .5em}h3{font-size:1.08rem;margin:1.5em 0 .4em}
p{margin:.5em 0}.sub{color:#555;margin-bottom:1.5em}
.note{border-left:4px solid #b45309;background:#fff7ed;padding:.6em .9em}
dl{display:grid;grid-template-columns:minmax(9rem,32%) 1fr;gap:.25em 1em;margin:.6em 0}dt{color:#555}dd{margin:0}
table{border-collapse:collapse;width:100%;margin:.6em 0;font-size:.88rem}
th,td{text-align:left;vertical-align:top;padding:.3em .5em;border-bottom:1px solid #ccc}th{border-bottom:2px solid #888}
.scroll{overflow-x:auto}.toc{columns:2;column-gap:2em}.toc li{margin:.15em 0}
footer{margin-top:3em;color:#555;font-size:.85rem}
@media (max-width:640px){.paper{padding:1rem;margin:0}dl{grid-template-columns:1fr}dd{margin-bottom:.5em}.toc{columns:1}}
@media (prefers-color-scheme:dark){body{background:#141414;color:#eee}.paper{background:#222}.sub,dt,footer{color:#aaa}th,td{border-color:#444}.note{background:#3a2a14}}
@media print{@page{size:A4;margin:18mm 18mm 20mm;@bottom-right{content:counter(page) ' / ' counter(pages)}}body,.paper{background:#fff;color:#000}.paper{max-width:none;margin:0;padding:0;box-shadow:none}h2,h3{break-after:avoid}tr{break-inside:avoid}.note{background:#fff}}
";

/// The paper as a whole page.
#[must_use]
pub fn render_html(document: &Document) -> String {
    let language = match document.language {
        Language::De => "de",
        Language::En => "en",
    };
    let title = escape(&document.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\n\
         <body><main class=\"paper\">\n<h1>{title}</h1>\n<p class=\"sub\">{}</p>\n",
        escape(&document.subtitle)
    );
    contents(&mut page, document);
    for (number, block) in (1_u32..).zip(&document.blocks) {
        write(&mut page, number, block);
    }
    page.push_str(&format!(
        "<footer>{}</footer>\n</main></body></html>\n",
        escape(&document.footer)
    ));
    page
}

/// The chapters to go to, where there are several.
fn contents(page: &mut String, document: &Document) {
    let chapters = (1_u32..).zip(&document.blocks).filter_map(|(number, block)| match block {
        Block::Chapter(title) => Some((number, title)),
        _ => None,
    });
    let chapters: Vec<(u32, &String)> = chapters.collect();
    if chapters.len() < 3 {
        return;
    }
    page.push_str("<nav><ul class=\"toc\">");
    for (number, title) in chapters {
        page.push_str(&format!("<li><a href=\"#b{number}\">{}</a></li>", escape(title)));
    }
    page.push_str("</ul></nav>\n");
}

fn write(page: &mut String, number: u32, block: &Block) {
    match block {
        Block::Chapter(text) => {
            page.push_str(&format!("<h2 id=\"b{number}\">{}</h2>\n", escape(text)));
        }
        Block::Heading(text) => page.push_str(&format!("<h3>{}</h3>\n", escape(text))),
        Block::Text(text) => page.push_str(&format!("<p>{}</p>\n", lines(text))),
        Block::Note(text) => page.push_str(&format!("<p class=\"note\">{}</p>\n", lines(text))),
        Block::List(points) => {
            page.push_str("<ul>");
            for point in points {
                page.push_str(&format!("<li>{}</li>", lines(point)));
            }
            page.push_str("</ul>\n");
        }
        Block::Facts(facts) => {
            page.push_str("<dl>");
            for (name, value) in facts {
                page.push_str(&format!("<dt>{}</dt><dd>{}</dd>", escape(name), lines(value)));
            }
            page.push_str("</dl>\n");
        }
        Block::Table(table) => write_table(page, table),
    }
}

fn write_table(page: &mut String, table: &Table) {
    page.push_str("<div class=\"scroll\"><table><thead><tr>");
    for (title, _) in &table.columns {
        page.push_str(&format!("<th scope=\"col\">{}</th>", escape(title)));
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for cell in row {
            page.push_str(&format!("<td>{}</td>", lines(cell)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

/// Escaped, with its line breaks.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

fn escape(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use crate::{Block, Document, Language, Table, render_html};

    #[test]
    fn in_html_nothing_of_a_text_becomes_markup() {
        let mut blocks = ["1 Größe", "2 <script>", "3 Ende"]
            .map(|title| Block::Chapter(title.to_owned()))
            .to_vec();
        blocks.push(Block::Table(Table {
            columns: vec![("Wer".to_owned(), 1), ("Was".to_owned(), 2)],
            rows: vec![vec!["1".to_owned(), "Äpfel & <b>Birnen</b>\nzwei".to_owned()]],
        }));
        let page = render_html(&Document {
            language: Language::De,
            title: "Müllers \"Laden\"".to_owned(),
            subtitle: "Straße 1".to_owned(),
            footer: "Fuß".to_owned(),
            blocks,
        });
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
