//! Texts through gateways: seven.io, Twilio, and any that takes a request over HTTP.
//!
//! Sources: docs.seven.io (`POST /api/sms`, header `X-Api-Key`, codes in the answer); twilio.com/docs/messaging (`POST
//! …/Accounts/{Sid}/Messages.json`, basic authorization, 201). Both were tried against simulators alone.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use hyper::Method;

use crate::Outcome;
use crate::http::{Ask, ask, form, form_text, refused};

/// Where seven.io takes texts.
const SEVEN: &str = "https://gateway.seven.io";
/// Where Twilio does.
const TWILIO: &str = "https://api.twilio.com";

/// A gateway.
#[derive(Clone)]
pub enum Gateway {
    /// seven.io
    Seven {
        /// Another address than its own.
        address: Option<String>,
        /// The key.
        key: String,
        /// The sender.
        from: String,
    },
    /// Twilio
    Twilio {
        /// Another address than its own.
        address: Option<String>,
        /// The account's SID.
        account: String,
        /// Its token.
        token: String,
        /// The sender, or the messaging service (`MG…`).
        from: String,
    },
    /// Any other. `{to}`, `{text}` and `{secret}` stand for number, text and secret.
    Http {
        /// Where the request goes.
        address: String,
        /// What the body is.
        media: String,
        /// The body.
        body: String,
        /// The header `Authorization`.
        authorization: Option<String>,
        /// The secret.
        secret: String,
    },
}

/// Hands a text over. `to` is a number as the whole world dials it: `+491701234567`.
pub async fn send(gateway: &Gateway, to: &str, text: &str, patience: Duration) -> Outcome {
    let digits = to.strip_prefix('+').unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Outcome::never("refused");
    }
    let seven = matches!(gateway, Gateway::Seven { .. });
    match ask(request(gateway, to, text), patience).await {
        Ok((status, body)) => match refused(status) {
            Some(outcome) => outcome,
            None if seven => of_seven(&body),
            None => Outcome::Sent,
        },
        Err(outcome) => outcome,
    }
}

fn request(gateway: &Gateway, to: &str, text: &str) -> Ask {
    let form_of = |fields: &[(&str, &str)], address: String, header: (&'static str, String)| Ask {
        method: Method::POST,
        address,
        headers: vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".to_owned()),
            header,
        ],
        body: form(fields),
    };
    match gateway {
        Gateway::Seven { address, key, from } => {
            let address = format!("{}/api/sms", address.as_deref().unwrap_or(SEVEN));
            let fields = [("to", to), ("text", text), ("from", from)];
            form_of(&fields, address, ("x-api-key", key.clone()))
        }
        Gateway::Twilio { address, account, token, from } => {
            let base = address.as_deref().unwrap_or(TWILIO);
            let address = format!("{base}/2010-04-01/Accounts/{account}/Messages.json");
            let by = if from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
            let login = Base64::encode_string(format!("{account}:{token}").as_bytes());
            let fields = [("To", to), (by, from), ("Body", text)];
            form_of(&fields, address, ("authorization", format!("Basic {login}")))
        }
        Gateway::Http { address, media, body, authorization, secret } => {
            let json = media == "application/json";
            let write = |text: &str| if json { json_text(text) } else { form_text(text) };
            let body = fill(
                body,
                &[("{to}", &write(to)), ("{text}", &write(text)), ("{secret}", &write(secret))],
            );
            let mut headers = vec![("content-type", media.clone())];
            if let Some(header) = authorization {
                headers.push(("authorization", fill(header, &[("{secret}", secret)])));
            }
            Ask { method: Method::POST, address: address.clone(), headers, body: body.into_bytes() }
        }
    }
}

/// A text as it stands within the quotes of JSON.
fn json_text(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Puts in what the marks stand for, in one pass: what was put in is not looked at again.
fn fill(template: &str, marks: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match marks.iter().find_map(|(mark, value)| Some((from.strip_prefix(mark)?, *value))) {
            Some((after, value)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = from.strip_prefix('{').unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// seven.io answers 200 and says in the body what became of it: a bare code, or JSON with it under `success`.
fn of_seven(body: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(body);
    let code = match serde_json::from_str::<serde_json::Value>(text.trim()) {
        Ok(serde_json::Value::Number(code)) => code.to_string(),
        Ok(value) => match value.get("success") {
            Some(serde_json::Value::String(code)) => code.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        },
        Err(_) => text.lines().next().unwrap_or_default().trim().to_owned(),
    };
    match code.as_str() {
        // 402: the very same text went there in the last minutes.
        "100" | "101" | "402" => Outcome::Sent,
        "201" => Outcome::never("sender"),
        "202" | "301" | "305" | "401" => Outcome::never("refused"),
        "403" => Outcome::later("busy"),
        "500" => Outcome::later("credit"),
        "900" | "901" | "902" | "903" => Outcome::later("login"),
        "600" | "700" => Outcome::later("server"),
        // It took the request and says something that nobody knows.
        _ => Outcome::Unknown { why: "no_answer" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_seven_says_is_read_as_it_says_it() {
        let cases: [(&str, Outcome); 8] = [
            ("100", Outcome::Sent),
            ("{\"success\":\"100\",\"messages\":[]}", Outcome::Sent),
            ("{\"success\":\"202\"}", Outcome::never("refused")),
            ("{\"success\":900}", Outcome::later("login")),
            ("500", Outcome::later("credit")),
            ("100\n1234", Outcome::Sent),
            ("", Outcome::Unknown { why: "no_answer" }),
            ("<html>", Outcome::Unknown { why: "no_answer" }),
        ];
        for (body, outcome) in cases {
            assert_eq!(of_seven(body.as_bytes()), outcome, "{body}");
        }
    }

    #[test]
    fn nothing_that_is_put_into_a_template_becomes_part_of_it() {
        let gateway = |media: &str, body: &str| Gateway::Http {
            address: "https://sms.example.org/send".to_owned(),
            media: media.to_owned(),
            body: body.to_owned(),
            authorization: Some("Bearer {secret}".to_owned()),
            secret: "s3\"cret".to_owned(),
        };
        let json = gateway("application/json", "{\"an\":\"{to}\",\"was\":\"{text}\"}");
        let asked = request(&json, "+491", "a\"b{to}\n{secret}");
        let text = String::from_utf8(asked.body).expect("text");
        assert_eq!(text, "{\"an\":\"+491\",\"was\":\"a\\\"b{to}\\n{secret}\"}");
        let form = gateway("application/x-www-form-urlencoded", "to={to}&text={text}");
        let asked = request(&form, "+491", "a&to=+492 ä");
        assert_eq!(
            String::from_utf8(asked.body).expect("text"),
            "to=%2B491&text=a%26to%3D%2B492+%C3%A4"
        );
        assert!(asked.headers.contains(&("authorization", "Bearer s3\"cret".to_owned())));
    }
}
