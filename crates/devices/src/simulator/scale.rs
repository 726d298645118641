//! A simulated scale: goods are put on it and taken off, it speaks each of the protocols as the scale's side, and shows what a scale
//! shows. It is no measuring instrument.

use std::fmt::Write as _;

use ::scale::{Keys, Protocol, check_words};

use super::stand::{Model, button};

/// The most that it bears, grams.
const MOST: i64 = 15_000;
/// The least load that it sells, grams.
const LEAST: i64 = 40;
/// What its challenge is, hexadecimal.
const CHALLENGE: (u8, u8) = (0x3, 0xA);

/// The scale.
#[derive(Debug)]
pub struct Scale {
    protocol: Protocol,
    keys: Option<Keys>,
    /// What lies on it, grams.
    load: i64,
    /// So many questions long it still moves.
    moving: u32,
    /// It does not come to rest.
    restless: bool,
    /// The load was changed since the last weighing.
    fresh: bool,
    price: Option<u32>,
    tare: u32,
    text: String,
    /// Net weight and price of the last weighing, as it shows them.
    last: Option<(i64, u64)>,
    status: (u8, u8),
    known: bool,
    words: Option<bool>,
    heard: Vec<u8>,
    /// Weighings that it has given.
    weighings: usize,
}

impl Scale {
    /// A scale with nothing on it. `keys` is what it wants tills to know (Dialog 06).
    #[must_use]
    pub fn new(protocol: Protocol, keys: Option<Keys>) -> Self {
        Self {
            protocol,
            keys,
            load: 0,
            moving: 0,
            restless: false,
            fresh: true,
            price: None,
            tare: 0,
            text: String::new(),
            last: None,
            status: (0, 0),
            known: false,
            words: None,
            heard: Vec::new(),
            weighings: 0,
        }
    }

    /// Puts so many grams on it instead of what lies there; it moves for so many questions.
    pub fn put(&mut self, grams: i64, moving: u32) {
        (self.load, self.moving, self.fresh) = (grams, moving, true);
    }

    /// It comes to rest, or does not.
    pub fn set_restless(&mut self, restless: bool) {
        self.restless = restless;
    }

    /// How many weighings it has given.
    #[must_use]
    pub fn weighings(&self) -> usize {
        self.weighings
    }

    /// The price of a kilogram, the tare and the text that it was given.
    #[must_use]
    pub fn given(&self) -> (Option<u32>, u32, &str) {
        (self.price, self.tare, &self.text)
    }

    /// True while it moves; each question brings it nearer to rest.
    fn moves(&mut self) -> bool {
        let moves = self.restless || self.moving > 0;
        self.moving = self.moving.saturating_sub(1);
        moves
    }

    fn net(&self) -> i64 {
        self.load.saturating_sub(i64::from(self.tare))
    }

    /// A byte of a Checkout-Dialog.
    fn dialog(&mut self, byte: u8) -> Vec<u8> {
        match (byte, self.heard.is_empty()) {
            (0x04, _) => {
                self.heard.clear();
                Vec::new()
            }
            (0x05, true) => self.enquired(),
            (0x02, _) => {
                self.heard = vec![0x02];
                Vec::new()
            }
            (0x03, false) => {
                let record = std::mem::take(&mut self.heard);
                self.record(record.get(1..).unwrap_or_default())
            }
            (byte, false) if self.heard.len() < 64 => {
                self.heard.push(byte);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn record(&mut self, record: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(record).into_owned();
        let fields: Vec<&str> = text.split('\u{1b}').collect();
        let price = |text: &str| text.parse::<u32>().ok().filter(|price| *price > 0);
        let tare = |text: &str| text.parse::<u32>().ok();
        match fields.as_slice() {
            ["08"] => {
                let (high, low) = self.status;
                format!("\u{2}09\u{1b}{high}{low}\u{3}").into_bytes()
            }
            ["10", words] => {
                let right = self.keys.is_some_and(|keys| {
                    (0..=u16::MAX).any(|number| check_words(keys, number, CHALLENGE) == *words)
                });
                self.known = right;
                self.words = Some(right);
                vec![0x06]
            }
            [kind @ ("01" | "03" | "04" | "05"), rest @ ..] => {
                if self.keys.is_some() && !self.known {
                    return format!("\u{2}11\u{1b}2{:X}{:X}\u{3}", CHALLENGE.0, CHALLENGE.1)
                        .into_bytes();
                }
                let given = match (*kind, rest) {
                    ("01", [p, ..]) => price(p).map(|p| (p, 0, String::new())),
                    ("03", [p, t]) => price(p).zip(tare(t)).map(|(p, t)| (p, t, String::new())),
                    ("04", [p, text]) => price(p).map(|p| (p, 0, (*text).to_owned())),
                    ("05", [p, t, text]) => {
                        price(p).zip(tare(t)).map(|(p, t)| (p, t, (*text).to_owned()))
                    }
                    _ => None,
                };
                match given {
                    Some((price, tare, text)) => {
                        (self.price, self.tare, self.text) = (Some(price), tare, text);
                        self.last = None;
                        vec![0x06]
                    }
                    None => {
                        self.status = (1, 1);
                        vec![0x15]
                    }
                }
            }
            _ => {
                self.status = (1, 0);
                vec![0x15]
            }
        }
    }

    fn enquired(&mut self) -> Vec<u8> {
        if let Some(right) = self.words.take() {
            return format!("\u{2}11\u{1b}{}\u{3}", u8::from(right)).into_bytes();
        }
        let given = self.price;
        let status = match given {
            None => (2, 2),
            Some(_) if self.load < 0 => (3, 1),
            Some(_) if self.load > MOST => (3, 2),
            Some(_) if self.moves() => (2, 0),
            Some(_) if self.net() < LEAST => (3, 0),
            Some(_) if !self.fresh => (2, 1),
            Some(price) => return self.weighed(price),
        };
        self.status = status;
        vec![0x15]
    }

    fn weighed(&mut self, price: u32) -> Vec<u8> {
        let net = self.net();
        let grams = u64::try_from(net).unwrap_or_default();
        // Half a minor unit counts up, as scales do it.
        let total = grams.saturating_mul(u64::from(price)).saturating_add(500) / 1_000;
        self.fresh = false;
        self.last = Some((net, total));
        self.weighings = self.weighings.saturating_add(1);
        format!("\u{2}02\u{1b}3\u{1b}{grams:05}\u{1b}{price:06}\u{1b}{total:06}\u{3}").into_bytes()
    }

    fn mettler(&mut self, byte: u8) -> Vec<u8> {
        if byte != b'W' {
            return Vec::new();
        }
        let status = if self.load > MOST {
            0x62
        } else if self.load < 0 {
            0x64
        } else if self.moves() {
            0x61
        } else {
            self.weighings = self.weighings.saturating_add(1);
            let (kilograms, grams) = (self.load / 1_000, self.load % 1_000);
            return format!("\u{2}{kilograms:02}.{grams:03}\r").into_bytes();
        };
        vec![0x02, b'?', status, 0x0D]
    }

    fn sics(&mut self, byte: u8) -> Vec<u8> {
        if byte != b'\n' {
            if self.heard.len() < 64 {
                self.heard.push(byte);
            }
            return Vec::new();
        }
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.heard)).trim().to_owned();
        let answer = match line.as_str() {
            "S" if self.load > MOST => "S +".to_owned(),
            "S" if self.load < 0 => "S -".to_owned(),
            "S" if self.moves() => "S I".to_owned(),
            "S" | "SI" => {
                self.weighings = self.weighings.saturating_add(1);
                format!("S S {:>10} g", self.load)
            }
            _ => "ES".to_owned(),
        };
        format!("{answer}\r\n").into_bytes()
    }
}

impl Model for Scale {
    fn name(&self) -> String {
        let protocol = match self.protocol {
            Protocol::Dialog02 => "Checkout-Dialog 02",
            Protocol::Dialog04 => "Checkout-Dialog 04",
            Protocol::Dialog06 => "Checkout-Dialog 06",
            Protocol::Mettler8217 => "Mettler 8217",
            Protocol::Sics => "MT-SICS",
        };
        format!("scale, {protocol}")
    }

    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes {
            answer.extend(match self.protocol {
                Protocol::Mettler8217 => self.mettler(*byte),
                Protocol::Sics => self.sics(*byte),
                _ => self.dialog(*byte),
            });
        }
        answer
    }

    fn connected(&mut self) {
        self.heard.clear();
    }

    fn page(&self) -> String {
        let moves = self.restless || self.moving > 0;
        let sign = if self.load < 0 { "-" } else { "" };
        let load = self.load.abs();
        let mut glass = format!("{sign}{}.{:03} kg", load / 1_000, load % 1_000);
        glass.push_str(if moves { " ~" } else { "  " });
        if self.protocol.computes_price() {
            let cents = |value: u64| format!("{}.{:02}", value / 100, value % 100);
            let price = self.price.map_or("-".to_owned(), |price| cents(price.into()));
            let total = self.last.map_or("-".to_owned(), |(_, total)| cents(total));
            let _ = write!(glass, "\n{price:>8} /kg\n{total:>8}\n{}", receipt::escape(&self.text));
            if self.tare > 0 {
                let _ = write!(glass, "\ntare {} g", self.tare);
            }
        }
        let loads = [(0, "take it off"), (250, "250 g"), (500, "500 g"), (1_250, "1250 g")];
        let rare = [(20, "20 g (too light)"), (16_000, "16 kg (too heavy)"), (-15, "below zero")];
        let buttons: String = loads
            .iter()
            .chain(&rare)
            .map(|(grams, label)| button(&format!("/put/{grams}"), label, None))
            .collect();
        let restless = if self.restless { "off" } else { "on" };
        format!(
            "<div class=\"glass\">{glass}</div>\n<h2>On the scale</h2>\n<div>{buttons}{}</div>\n\
             <p>Weighings given: {}. A simulator: no measuring instrument.</p>",
            button(&format!("/restless/{restless}"), "does not come to rest", Some(self.restless)),
            self.weighings
        )
    }

    fn act(&mut self, path: &[&str]) -> bool {
        match path {
            ["put", grams] => match grams.parse() {
                Ok(grams) => self.put(grams, 1),
                Err(_) => return false,
            },
            ["restless", on @ ("on" | "off")] => self.restless = *on == "on",
            _ => return false,
        }
        true
    }
}
