//! More metadata in a finished file: the packet grows, and what stands behind it moves, which its table of places has to
//! say. The writer of the file knows no schema but its own.

use std::ops::Range;

use crate::Schema;

/// The file with the schemas and their properties; none when it does not have the shape that it should.
pub(crate) fn with_schemas(file: &[u8], schemas: &[Schema]) -> Option<Vec<u8>> {
    let packet = packet(file)?;
    let text = std::str::from_utf8(file.get(packet.clone())?).ok()?;
    let longer = extended(text, schemas)?;
    let more = longer.len().checked_sub(text.len())?;
    // The length of the stream stands in front of it, in digits.
    let head = file.get(..packet.start)?;
    let length = find_last(head, b"/Length ")? + b"/Length ".len();
    let digits = file.get(length..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let said: usize = std::str::from_utf8(file.get(length..length + digits)?).ok()?.parse().ok()?;
    if said != packet.len() {
        return None;
    }
    let written = longer.len().to_string();
    let wider = written.len().checked_sub(digits)?;
    let (places, start) = table(file)?;
    let mut out = Vec::with_capacity(file.len() + more + wider);
    out.extend_from_slice(file.get(..length)?);
    out.extend_from_slice(written.as_bytes());
    out.extend_from_slice(file.get(length + digits..packet.start)?);
    out.extend_from_slice(longer.as_bytes());
    let moved = more + wider;
    let place = |at: usize| if at >= packet.end { at + moved } else { at };
    out.extend_from_slice(file.get(packet.end..places.start)?);
    let rows = std::str::from_utf8(file.get(places.clone())?).ok()?;
    for row in rows.split_inclusive('\n') {
        match row.get(..10).and_then(|digits| digits.parse::<usize>().ok()) {
            Some(at) if row.contains(" n") => {
                out.extend_from_slice(format!("{:010}{}", place(at), row.get(10..)?).as_bytes());
            }
            _ => out.extend_from_slice(row.as_bytes()),
        }
    }
    out.extend_from_slice(file.get(places.end..start.start)?);
    let begin: usize = std::str::from_utf8(file.get(start.clone())?).ok()?.parse().ok()?;
    out.extend_from_slice(place(begin).to_string().as_bytes());
    out.extend_from_slice(file.get(start.end..)?);
    Some(out)
}

/// Where the metadata of the document stand.
fn packet(file: &[u8]) -> Option<Range<usize>> {
    let begin = find(file, b"<?xpacket begin")?;
    let end = begin + find(file.get(begin..)?, b"\nendstream")?;
    Some(begin..end)
}

/// The rows of the table of places, and the digits that say where it begins.
fn table(file: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    let said = find_last(file, b"startxref\n")? + b"startxref\n".len();
    let digits = file.get(said..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let begin: usize = std::str::from_utf8(file.get(said..said + digits)?).ok()?.parse().ok()?;
    let inside = file.get(begin..said)?;
    if !inside.starts_with(b"xref") {
        return None;
    }
    let end = begin + find(inside, b"trailer")?;
    Some((begin..end, said..said + digits))
}

fn find(file: &[u8], what: &[u8]) -> Option<usize> {
    file.windows(what.len()).position(|window| window == what)
}

fn find_last(file: &[u8], what: &[u8]) -> Option<usize> {
    file.windows(what.len()).rposition(|window| window == what)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn extended(text: &str, schemas: &[Schema]) -> Option<String> {
    let end = text.rfind("</rdf:RDF>")?;
    let mut descriptions = String::new();
    let mut own = String::new();
    for Schema { name, namespace, prefix, properties } in schemas {
        own.push_str(&format!("<rdf:Description rdf:about=\"\" xmlns:{prefix}=\"{namespace}\">"));
        let mut told = String::new();
        for (property, value, what) in properties {
            own.push_str(&format!("<{prefix}:{property}>{}</{prefix}:{property}>", escaped(value)));
            told.push_str(&format!(
                "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{property}</pdfaProperty:name>\
                 <pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>\
                 <pdfaProperty:description>{}</pdfaProperty:description></rdf:li>",
                escaped(what)
            ));
        }
        own.push_str("</rdf:Description>");
        descriptions.push_str(&format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>{}</pdfaSchema:schema>\
             <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>\
             <pdfaSchema:property><rdf:Seq>{told}</rdf:Seq></pdfaSchema:property></rdf:li>",
            escaped(name)
        ));
    }
    // There is one list of schemas in a packet.
    let list = text.find("<pdfaExtension:schemas>").and_then(|at| {
        let bag = text.get(at..)?.find("<rdf:Bag>")? + at + "<rdf:Bag>".len();
        Some(bag)
    });
    let (front, back) = text.split_at_checked(end)?;
    Some(match list {
        Some(at) => {
            let (before, after) = front.split_at_checked(at)?;
            format!("{before}{descriptions}{after}{own}{back}")
        }
        None => format!(
            "{front}<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
             xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\
             <pdfaExtension:schemas><rdf:Bag>{descriptions}</rdf:Bag></pdfaExtension:schemas></rdf:Description>{own}{back}"
        ),
    })
}
