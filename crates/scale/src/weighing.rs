//! What is asked of a scale, and what comes of it.

/// Longest text that a scale shows beside the price.
pub(crate) const TEXT: usize = 13;
/// Highest price of a kilogram, minor units: six digits.
const MAX_PRICE: u32 = 999_999;
/// Highest tare, grams: four digits.
const MAX_TARE: u32 = 9_999;

/// What a scale speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Checkout-Dialog 02; usually 2,400 bits per second, 7O1.
    Dialog02,
    /// Checkout-Dialog 04; usually 4,800 bits per second, 7O1.
    Dialog04,
    /// Checkout-Dialog 06: as 04, after the till has shown that it knows the maker's secret.
    Dialog06,
    /// Mettler-Toledo 8217: tells the weight alone.
    Mettler8217,
    /// MT-SICS: tells the weight alone.
    Sics,
}

impl Protocol {
    /// Whether the scale itself computes the price.
    #[must_use]
    pub const fn computes_price(self) -> bool {
        matches!(self, Self::Dialog02 | Self::Dialog04 | Self::Dialog06)
    }
}

/// The goods that are to be weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    unit_price: u32,
    tare: u32,
    text: String,
}

impl Goods {
    /// Goods at a price of one kilogram (minor units, 1 to 999,999), less a tare in grams (up to 9,999), under a name. None
    /// where a scale cannot take it.
    #[must_use]
    pub fn new(unit_price: u32, tare: u32, name: &str) -> Option<Self> {
        let fits = (1..=MAX_PRICE).contains(&unit_price) && tare <= MAX_TARE;
        fits.then(|| Self { unit_price, tare, text: plain(name) })
    }

    /// The price of one kilogram, minor units.
    #[must_use]
    pub const fn unit_price(&self) -> u32 {
        self.unit_price
    }

    /// The tare, grams.
    #[must_use]
    pub const fn tare(&self) -> u32 {
        self.tare
    }

    /// What the scale shows: at most 13 characters that every scale has.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A name in the letters that every scale has, shortened to its display. Nothing in it can be taken for a command.
fn plain(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        match letter {
            'ä' => text.push_str("ae"),
            'ö' => text.push_str("oe"),
            'ü' => text.push_str("ue"),
            'Ä' => text.push_str("Ae"),
            'Ö' => text.push_str("Oe"),
            'Ü' => text.push_str("Ue"),
            'ß' => text.push_str("ss"),
            'é' | 'è' | 'ê' => text.push('e'),
            'á' | 'à' | 'â' => text.push('a'),
            ' '..='~' => text.push(letter),
            _ => text.push('?'),
        }
    }
    text.chars().take(TEXT).collect()
}

/// A weighing: what the scale said, fixed. There is no way to change one, nor to make one outside of this room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighing {
    net: u32,
    tare: u32,
    unit_price: u32,
    price: Option<u32>,
}

impl Weighing {
    pub(crate) const fn new(net: u32, goods: &Goods, price: Option<u32>) -> Self {
        Self { net, tare: goods.tare, unit_price: goods.unit_price, price }
    }

    /// The weight of the goods alone, grams.
    #[must_use]
    pub const fn net(&self) -> u32 {
        self.net
    }

    /// The tare that was taken off, grams.
    #[must_use]
    pub const fn tare(&self) -> u32 {
        self.tare
    }

    /// The price of one kilogram that the scale weighed at, minor units.
    #[must_use]
    pub const fn unit_price(&self) -> u32 {
        self.unit_price
    }

    /// The price as the scale computed it, minor units; none from a scale that tells the weight alone.
    #[must_use]
    pub const fn price(&self) -> Option<u32> {
        self.price
    }
}

/// Why there is no weighing yet: the scale is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The scale is being asked.
    Asking,
    /// The load moves.
    InMotion,
    /// The load has not changed since it was weighed.
    NoLoadChange,
    /// Less lies on it than may be sold, or nothing.
    BelowMinimum,
    /// Less than nothing lies on it: it must be set to zero.
    Underload,
    /// More lies on it than it bears.
    Overload,
    /// The scale cannot weigh just now.
    Busy,
    /// What it answered cannot be read; it is asked again.
    Garbled,
    /// It does not answer.
    Silent,
}

/// Why there will be no weighing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The scale takes no such price.
    PriceRefused,
    /// The scale takes no such tare.
    TareRefused,
    /// The scale takes no such text.
    TextRefused,
    /// The scale wants to be shown a secret that the till does not have.
    SecretMissing,
    /// The scale does not accept the till's secret.
    SecretRefused,
    /// The scale weighed at another price than it was given.
    OtherPrice,
    /// The scale weighs finer than a gram: such a weight cannot be sold whole.
    FinerThanGrams,
    /// The scale has not understood, again and again.
    NotUnderstood,
}
