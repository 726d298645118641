//! Epson's ePOS-Print: a job as XML in a SOAP envelope, and the printer's answer. What printers without line and driver understand that
//! are reached by HTTP alone.
//!
//! Source: Epson's public ePOS-Print XML User's Manual (elements `text`, `feed`, `barcode`, `symbol`, `image`, `cut`, `pulse`; attributes of
//! `response`). Texts are UTF-8: there is no codepage, and no text can become an element.

use base64ct::{Base64, Encoding as _};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::encode::{QR_MAX, bar_width};
use crate::{Align, BarcodeKind, Cut, DecodedOp, Op, Profile, Raster, Status};

/// Where jobs are posted, with the time in milliseconds that the printer may take.
#[must_use]
pub fn path(device: &str, patience_ms: u32) -> String {
    format!("/cgi-bin/epos/service.cgi?devid={device}&timeout={patience_ms}")
}

const SPACE: &str = "http://www.epson-pos.com/schemas/2011/03/epos-print";
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>"#;
const TAIL: &str = "</s:Body></s:Envelope>";
/// Longest answer or job that is read, bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// The whole job.
pub(crate) fn encode(ops: &[Op], profile: &Profile) -> String {
    let mut out = format!(r#"{HEAD}<epos-print xmlns="{SPACE}">"#);
    for op in ops {
        one(op, profile, &mut out);
    }
    out.push_str("</epos-print>");
    out.push_str(TAIL);
    out
}

fn one(op: &Op, profile: &Profile, out: &mut String) {
    match op {
        Op::Text(text) => element(out, "text", "", &clean(text)),
        Op::LineEnd => out.push_str("<feed/>"),
        Op::Bold(on) => out.push_str(&format!(r#"<text em="{on}"/>"#)),
        Op::Size { width, height } => {
            let (width, height) = (width.clamp(&1, &8), height.clamp(&1, &8));
            out.push_str(&format!(r#"<text width="{width}" height="{height}"/>"#));
        }
        Op::Align(align) => {
            let align = match align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            };
            out.push_str(&format!(r#"<text align="{align}"/>"#));
        }
        Op::Feed(lines) => out.push_str(&format!(r#"<feed line="{lines}"/>"#)),
        Op::Rule => {
            element(out, "text", "", &"-".repeat(usize::from(profile.columns)));
            out.push_str("<feed/>");
        }
        Op::Code128(data) => match bar_width(data, profile) {
            Some(width) => {
                let content = format!("{{B{}", data.replace('{', "{{").replace('\\', "\\\\"));
                bars(out, "code128", width, &content);
            }
            None => plain(out, data),
        },
        Op::Ean13(data) => {
            if data.len() == 13 && data.bytes().all(|byte| byte.is_ascii_digit()) {
                bars(out, "ean13", 2, data);
            } else {
                plain(out, data);
            }
        }
        Op::Qr { data, module } => {
            let content = clean(data);
            if !profile.qr || content.is_empty() || content.len() > QR_MAX {
                return plain(out, data);
            }
            let attributes = format!(
                r#" type="qrcode_model_2" level="level_m" width="{}""#,
                module.clamp(&1, &16)
            );
            element(out, "symbol", &attributes, &content.replace('\\', "\\\\"));
        }
        Op::Raster(picture) => image(out, picture, profile),
        Op::Cut => match profile.cut {
            Cut::None => out.push_str(r#"<feed line="4"/>"#),
            Cut::Partial | Cut::Full => out.push_str(r#"<cut type="feed"/>"#),
        },
        Op::DrawerPulse { second } => {
            let drawer = if *second { 2 } else { 1 };
            out.push_str(&format!(r#"<pulse drawer="drawer_{drawer}" time="pulse_100"/>"#));
        }
    }
}

fn bars(out: &mut String, kind: &str, width: u8, content: &str) {
    let attributes =
        format!(r#" type="{kind}" hri="below" font="font_a" width="{width}" height="80""#);
    element(out, "barcode", &attributes, content);
}

fn plain(out: &mut String, text: &str) {
    element(out, "text", "", &clean(text));
    out.push_str("<feed/>");
}

fn image(out: &mut String, picture: &Raster, profile: &Profile) {
    let row = usize::from(picture.row_bytes);
    if !profile.raster || row == 0 || row > usize::from(profile.dots / 8) {
        return;
    }
    let rows = picture.data.len() / row;
    let data: Vec<u8> = picture.data.iter().take(rows * row).copied().collect();
    let attributes = format!(r#" width="{}" height="{rows}" color="color_1" mode="mono""#, row * 8);
    element(out, "image", &attributes, &Base64::encode_string(&data));
}

fn element(out: &mut String, name: &str, attributes: &str, content: &str) {
    out.push_str(&format!("<{name}{attributes}>{}</{name}>", quick_xml::escape::escape(content)));
}

/// XML has no room for control characters, and none of them belongs into a text.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { '?' } else { c })
        .collect()
}

/// What the printer answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EposAnswer {
    /// It printed.
    pub success: bool,
    /// Why not (`EPTR_COVER_OPEN`, `SchemaError`, …); empty when it printed.
    pub code: String,
    /// Its state; none when the printer behind the service does not answer it.
    pub status: Option<Status>,
}

impl EposAnswer {
    /// Reads an answer; none when it is no answer of such a printer.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes.get(..bytes.len().min(LONGEST))?).ok()?;
        let mut reader = Reader::from_str(text);
        loop {
            let (Event::Start(tag) | Event::Empty(tag)) = (match reader.read_event().ok()? {
                Event::Eof => return None,
                Event::Start(tag) => Event::Start(tag),
                Event::Empty(tag) => Event::Empty(tag),
                _ => continue,
            }) else {
                return None;
            };
            if tag.local_name().as_ref() != "response" {
                continue;
            }
            let success = matches!(attribute(&tag, "success")?.as_str(), "true" | "1");
            let code = attribute(&tag, "code").unwrap_or_default();
            let code: String =
                code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
            let bits: u32 = attribute(&tag, "status")?.parse().ok()?;
            return Some(Self { success, code, status: status_of(bits) });
        }
    }

    /// As a printer writes it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let bits = self.status.map_or(0x1, |status| bits_of(status, self.success));
        format!(
            r#"{HEAD}<response success="{}" code="{}" status="{bits}" battery="0" xmlns="{SPACE}"/>{TAIL}"#,
            self.success, self.code
        )
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    Some(found.value.into_owned())
}

fn status_of(bits: u32) -> Option<Status> {
    let on = |mask: u32| bits & mask != 0;
    (!on(0x1)).then(|| Status {
        drawer_pin_high: on(0x4),
        offline: on(0x8),
        cover_open: on(0x20),
        feeding: on(0x40),
        waiting_recovery: on(0x100),
        feed_button: on(0x200),
        mechanical: on(0x400),
        cutter: on(0x800),
        unrecoverable: on(0x2000),
        auto_recoverable: on(0x4000),
        near_end: on(0x2_0000),
        paper_end: on(0x8_0000),
        paper_stop: on(0x8_0000),
        error: on(0x2C00),
    })
}

fn bits_of(status: Status, printed: bool) -> u32 {
    [
        (printed, 0x2),
        (status.drawer_pin_high, 0x4),
        (status.offline, 0x8),
        (status.cover_open, 0x20),
        (status.feeding, 0x40),
        (status.waiting_recovery, 0x100),
        (status.feed_button, 0x200),
        (status.mechanical, 0x400),
        (status.cutter, 0x800),
        (status.unrecoverable, 0x2000),
        (status.auto_recoverable, 0x4000),
        (status.near_end, 0x2_0000),
        (status.paper_end, 0x8_0000),
    ]
    .iter()
    .filter(|(on, _)| *on)
    .fold(0, |bits, (_, mask)| bits | mask)
}

/// What a job says, for the simulator and the tests; none when it is no such job.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Vec<DecodedOp>> {
    let text = std::str::from_utf8(bytes.get(..bytes.len().min(LONGEST))?).ok()?;
    let mut reader = Reader::from_str(text);
    let (mut ops, mut inside, mut open) = (Vec::new(), false, None::<(String, BytesStart<'_>)>);
    let mut content = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == "epos-print" => inside = true,
            Event::Empty(tag) if inside => meaning(&tag, "", &mut ops)?,
            Event::Start(tag) if inside => {
                content.clear();
                open = Some((tag.local_name().as_ref().to_owned(), tag));
            }
            Event::Text(part) => content.push_str(&part.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(part) => match part.resolve_char_ref().ok()? {
                Some(c) => content.push(c),
                None => content.push_str(resolve_predefined_entity(
                    &part.xml_content(XmlVersion::Implicit1_0),
                )?),
            },
            Event::End(tag) if tag.local_name().as_ref() == "epos-print" => return Some(ops),
            Event::End(tag) => {
                if let Some((_, begun)) =
                    open.take_if(|(name, _)| name == tag.local_name().as_ref())
                {
                    meaning(&begun, &content, &mut ops)?;
                }
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn meaning(tag: &BytesStart<'_>, content: &str, ops: &mut Vec<DecodedOp>) -> Option<()> {
    let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u8>().ok());
    let unescaped = || content.replace("\\\\", "\\");
    match tag.local_name().as_ref() {
        "text" => {
            if let Some(align) = attribute(tag, "align") {
                ops.push(DecodedOp::Align(match align.as_str() {
                    "center" => Align::Center,
                    "right" => Align::Right,
                    _ => Align::Left,
                }));
            }
            if let Some(em) = attribute(tag, "em") {
                ops.push(DecodedOp::Bold(em == "true" || em == "1"));
            }
            if let (Some(width), Some(height)) = (number("width"), number("height")) {
                ops.push(DecodedOp::Size { width, height });
            }
            if !content.is_empty() {
                ops.push(DecodedOp::Text(content.to_owned()));
            }
        }
        "feed" => match number("line") {
            Some(lines) => ops.push(DecodedOp::Feed(lines)),
            None => ops.push(DecodedOp::LineEnd),
        },
        "barcode" => {
            let kind = match attribute(tag, "type")?.as_str() {
                "code128" => BarcodeKind::Code128,
                "ean13" => BarcodeKind::Ean13,
                _ => return None,
            };
            let data = unescaped();
            let data = data.strip_prefix("{B").map_or(data.clone(), |rest| rest.replace("{{", "{"));
            let module = number("width").unwrap_or(2);
            ops.push(DecodedOp::Barcode { kind, data, module, with_text: true });
        }
        "symbol" => {
            ops.push(DecodedOp::Qr { data: unescaped(), module: number("width").unwrap_or(3) });
        }
        "image" => {
            let width: u16 = attribute(tag, "width")?.parse().ok()?;
            let data = Base64::decode_vec(content.trim()).ok()?;
            ops.push(DecodedOp::Raster(Raster { row_bytes: width.div_ceil(8), data }));
        }
        "cut" => ops.push(DecodedOp::Cut { full: false }),
        "pulse" => {
            let second = attribute(tag, "drawer").is_some_and(|drawer| drawer == "drawer_2");
            ops.push(DecodedOp::DrawerPulse { second, on_ms: 100 });
        }
        name => ops.push(DecodedOp::Unknown(name.as_bytes().to_vec())),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, encode};

    fn profile() -> Profile {
        Profile::generic_80mm().speaking(Language::Epos)
    }

    #[test]
    fn a_text_is_never_an_element() {
        let nasty = "</text><pulse drawer=\"drawer_1\"/>&lt;\u{0}\u{1B}p\u{FFFF}ä€Łódź";
        let job = encode(&[Op::Text(nasty.to_owned()), Op::LineEnd], &profile());
        let shown = nasty.replace(['\u{0}', '\u{1B}', '\u{FFFF}'], "?");
        assert_eq!(decode(&job), Some(vec![DecodedOp::Text(shown), DecodedOp::LineEnd]));
    }

    #[test]
    fn codes_come_back_with_their_content() {
        let ops = [
            Op::Code128("R1-{\\48".to_owned()),
            Op::Qr { data: "V0;a\\b;<&>".to_owned(), module: 4 },
            Op::Raster(Raster { row_bytes: 2, data: vec![0xF0, 0x0F, 0x10, 0x04] }),
        ];
        assert_eq!(
            decode(&encode(&ops, &profile())),
            Some(vec![
                DecodedOp::Barcode {
                    kind: BarcodeKind::Code128,
                    data: "R1-{\\48".to_owned(),
                    module: 3,
                    with_text: true
                },
                DecodedOp::Qr { data: "V0;a\\b;<&>".to_owned(), module: 4 },
                DecodedOp::Raster(Raster { row_bytes: 2, data: vec![0xF0, 0x0F, 0x10, 0x04] }),
            ])
        );
    }

    #[test]
    fn an_answer_as_the_manual_shows_it() {
        let xml = br#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><response success="false" code="EPTR_COVER_OPEN" status="40" battery="0" xmlns="x"/></soapenv:Body></soapenv:Envelope>"#;
        let answer = EposAnswer::parse(xml).expect("an answer");
        assert!(!answer.success);
        assert_eq!(answer.code, "EPTR_COVER_OPEN");
        let status = answer.status.expect("a state");
        assert!(status.cover_open && status.offline && !status.paper_end);
        assert_eq!(EposAnswer::parse(answer.to_xml().as_bytes()), Some(answer));
        assert_eq!(EposAnswer::parse(b"<html>nothing</html>"), None);
        assert_eq!(EposAnswer::parse(b"\xFF"), None);
    }
}
