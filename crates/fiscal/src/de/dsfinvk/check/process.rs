//! Signed data read again (processData, DSFinV-K Anhang I). Here a point is the decimal sign: nothing is shared with
//! the numbers of the tables.

/// What a signed receipt says (Kassenbeleg-V1), in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed<'a> {
    /// `BON_TYP`.
    pub(super) kind: &'a str,
    /// Gross per slot: keys 1, 2, 3, 4, and 5 to 7 together.
    pub(super) slots: [i64; 5],
    /// Payments: amount, whether in cash, currency where it is not the euro.
    pub(super) paid: Vec<(i64, bool, &'a str)>,
}

/// Reads `Beleg^b1_b2_b3_b4_b5^pay_pay`; nothing when it is of any other form.
pub(super) fn receipt(data: &str) -> Option<Signed<'_>> {
    let mut parts = data.split('^');
    let (kind, amounts, paid) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut slots = [0; 5];
    let mut amounts = amounts.split('_');
    for slot in &mut slots {
        *slot = cents(amounts.next()?)?;
    }
    if amounts.next().is_some() {
        return None;
    }
    let mut payments = Vec::new();
    for payment in paid.split('_').filter(|_| !paid.is_empty()) {
        let mut parts = payment.split(':');
        let (amount, how) = (cents(parts.next()?)?, parts.next()?);
        let currency = parts.next().unwrap_or_default();
        let named = currency.is_empty()
            || (currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()));
        if parts.next().is_some() || !matches!(how, "Bar" | "Unbar") || !named {
            return None;
        }
        payments.push((amount, how == "Bar", currency));
    }
    Some(Signed { kind, slots, paid: payments })
}

/// `-?digits.dd` in cents.
fn cents(text: &str) -> Option<i64> {
    let (_, decimals) = text.split_once('.')?;
    if decimals.len() != 2 {
        return None;
    }
    scaled(text, 2)
}

/// A number with a point and at most so many decimals, counted in all of them.
fn scaled(text: &str, decimals: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || part.len() > decimals {
        return None;
    }
    let mut value: i64 = 0;
    let padding = std::iter::repeat_n(b'0', decimals.saturating_sub(part.len()));
    for byte in whole.bytes().chain(part.bytes()).chain(padding) {
        let digit = byte.is_ascii_digit().then(|| byte.saturating_sub(b'0'))?;
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    Some(if negative { value.saturating_neg() } else { value })
}

/// A line of a signed order (Bestellung-V1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ordered {
    /// Thousandths.
    pub(super) quantity: i64,
    /// As it was signed.
    pub(super) text: String,
    /// The price of one, in hundred-thousandths.
    pub(super) price: i64,
}

/// Reads `qty;"text";price` with a CR between lines; nothing when it is of any other form.
pub(super) fn order(data: &str) -> Option<Vec<Ordered>> {
    let mut lines = Vec::new();
    let mut rest = data;
    loop {
        let (quantity, after) = rest.split_once(";\"")?;
        let (text, after) = quoted(after)?;
        let after = after.strip_prefix(';')?;
        let (price, next) = match after.split_once('\r') {
            Some((price, next)) => (price, Some(next)),
            None => (after, None),
        };
        lines.push(Ordered { quantity: scaled(quantity, 3)?, text, price: scaled(price, 5)? });
        match next {
            Some(next) => rest = next,
            None => return Some(lines),
        }
    }
}

/// What stands up to the closing quote, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut rest = text;
    loop {
        let (piece, after) = rest.split_once('"')?;
        found.push_str(piece);
        match after.strip_prefix('"') {
            Some(after) => {
                found.push('"');
                rest = after;
            }
            None => return Some((found, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_receipts_are_read() {
        let read =
            receipt("Beleg^4.05_3.00_0.00_0.00_-0.10^5.00:Bar:USD_7.05:Bar_1.00:Unbar").unwrap();
        assert_eq!((read.kind, read.slots), ("Beleg", [405, 300, 0, 0, -10]));
        assert_eq!(read.paid, [(500, true, "USD"), (705, true, ""), (100, false, "")]);
        let aborted = receipt("AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^").unwrap();
        assert_eq!(aborted.paid, []);
        for wrong in [
            "",
            "Beleg^0.00_0.00_0.00_0.00^",
            "Beleg^0,00_0.00_0.00_0.00_0.00^",
            "Beleg^0.0_0.00_0.00_0.00_0.00^",
            "Beleg^0.00_0.00_0.00_0.00_0.00^1.00:Karte",
            "Beleg^0.00_0.00_0.00_0.00_0.00^1.00:Bar:usd",
            "Beleg^0.00_0.00_0.00_0.00_0.00^_",
            "Beleg^0.00_0.00_0.00_0.00_0.00^^",
            "Beleg^.00_0.00_0.00_0.00_0.00^",
        ] {
            assert_eq!(receipt(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn signed_orders_are_read() {
        let read = order("2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r-0.5;\"a;b\";10").unwrap();
        let texts: Vec<&str> = read.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["Eisbecher \"Himbeere\"", "a;b"]);
        let numbers: Vec<_> = read.iter().map(|line| (line.quantity, line.price)).collect();
        assert_eq!(numbers, [(2_000, 399_000), (-500, 1_000_000)]);
        for wrong in ["", "2;Eis;3.99", "2;\"Eis\"", "2;\"Eis;3.99", "x;\"Eis\";1", "2;\"Eis\";1\r"]
        {
            assert_eq!(order(wrong), None, "{wrong}");
        }
    }
}
