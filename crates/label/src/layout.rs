//! What stands where: the name above, the price as large as it can be, what belongs to it beside it, the bars below.

use crate::Label;
use crate::bars::Bars;
use crate::size::Size;

/// How wide a text is, bold or not, thousandths of its size.
pub type Measure<'a> = &'a dyn Fn(&str, bool) -> u32;

/// The smallest text, micrometres: 5.4 points.
const SMALLEST: u32 = 1_900;
/// The smallest price.
const SMALLEST_PRICE: u32 = 3_200;
/// The height of a figure and of a capital letter, thousandths of the text's size; and of a line.
const FIGURE: u32 = 740;
const LINE: u32 = 1_180;
/// What stands below the base line.
const BELOW: u32 = 240;

/// Something on a label, micrometres from its upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A text: its left edge, its base line, its size, how wide it is.
    Text {
        /// Left edge.
        x: u32,
        /// Base line.
        y: u32,
        /// Size (an em).
        size: u32,
        /// Its width as it was measured.
        width: u32,
        /// Bold.
        bold: bool,
        /// What it says.
        text: String,
    },
    /// Bars.
    Bars {
        /// The left edge of the first bar.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Width of a module.
        module: u32,
        /// Height of the bars.
        height: u32,
        /// Which.
        bars: Bars,
    },
}

/// A label that is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// Its size.
    pub size: Size,
    /// What stands on it.
    pub marks: Vec<Mark>,
    /// The name was too long and ends with "…", or what is small has no room.
    pub shortened: bool,
    /// The bars of its code are wider than the label, or there are none for it: its code stands as text, or not at all.
    pub without_bars: bool,
    /// The price and what belongs to it have no room: this label must not be used.
    pub too_small: bool,
}

/// Lines of one size, below each other.
struct Lines {
    size: u32,
    lines: Vec<String>,
}

impl Lines {
    fn height(&self) -> u32 {
        let count = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        part(self.size, LINE).saturating_mul(count)
    }
}

fn part(whole: u32, thousandths: u32) -> u32 {
    whole.saturating_mul(thousandths).checked_div(1_000).unwrap_or(0)
}

struct Sheet<'a> {
    size: Size,
    margin: u32,
    measure: Measure<'a>,
    marks: Vec<Mark>,
    /// Something small has no room.
    lost: bool,
}

impl Sheet<'_> {
    fn width(&self, text: &str, bold: bool, size: u32) -> u32 {
        // Sizes are below 200,000 and texts below 1,000 em: no product leaves the range.
        part(size, (self.measure)(text, bold))
    }

    fn inner(&self) -> u32 {
        self.size.width.saturating_sub(self.margin.saturating_mul(2))
    }

    fn text(&mut self, (x, y): (u32, u32), (size, bold): (u32, bool), text: &str) {
        if !text.is_empty() {
            let width = self.width(text, bold, size);
            // In its line a blank that keeps words together has done its work, and not every printer has a letter for it.
            let text = text.replace('\u{a0}', " ");
            self.marks.push(Mark::Text { x, y, size, width, bold, text });
        }
    }

    /// The largest size from `most` to `least` at which the texts stand in that box, each in as many lines as it needs.
    fn fit(
        &self,
        texts: &[String],
        (width, height): (u32, u32),
        (most, least): (u32, u32),
        (bold, most_lines): (bool, usize),
    ) -> Option<Lines> {
        let mut size = most.max(least);
        loop {
            let wrap = |text: &String| wrapped(text, width, |t| self.width(t, bold, size));
            let lines: Option<Vec<Vec<String>>> = texts.iter().map(wrap).collect();
            if let Some(lines) = lines {
                let found = Lines { size, lines: lines.concat() };
                if found.lines.len() <= most_lines && found.height() <= height {
                    return Some(found);
                }
            }
            if size <= least {
                return None;
            }
            size = size.saturating_sub(part(size, 40).max(20)).max(least);
        }
    }

    fn lines(&mut self, lines: &Lines, (x, top): (u32, u32), bold: bool) {
        let mut y = top.saturating_add(part(lines.size, 900));
        for line in &lines.lines {
            self.text((x, y), (lines.size, bold), line);
            y = y.saturating_add(part(lines.size, LINE));
        }
    }

    /// The name, above. Its height, and whether it was cut.
    fn name(&mut self, name: &str) -> (u32, bool) {
        let (height, width) = (self.size.height, self.inner());
        let room = part(height, 360);
        let most = part(height, 125).clamp(SMALLEST, 7_000);
        let texts = [name.to_owned()];
        // In fewer lines as long as it is not much smaller so: each line costs the price its room.
        let fair = part(most, 700).max(SMALLEST);
        let fits = [(1, fair), (2, fair), (3, SMALLEST)].into_iter().find_map(|(lines, least)| {
            self.fit(&texts, (width, room), (most, least), (true, lines))
        });
        let (found, cut) = match fits {
            Some(found) => (found, false),
            None => (self.cut(name, (width, room)), true),
        };
        self.lines(&found, (self.margin, self.margin), true);
        (found.height(), cut)
    }

    /// As much of a text as stands in that box at the smallest size, with "…" at its end.
    fn cut(&self, text: &str, (width, height): (u32, u32)) -> Lines {
        let most = height.checked_div(part(SMALLEST, LINE)).unwrap_or(1).clamp(1, 3);
        let most = usize::try_from(most).unwrap_or(1);
        let measure = |text: &str| self.width(text, true, SMALLEST);
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() && lines.len() < most {
            let (line, left) = first_line(rest, width, measure);
            lines.push(line.to_owned());
            rest = left;
        }
        if let Some(last) = lines.last_mut() {
            while measure(&format!("{last}…")) > width && last.pop().is_some() {}
            last.truncate(last.trim_end().len());
            last.push('…');
        }
        Lines { size: SMALLEST, lines }
    }

    /// The bars and, beside or above them, what is small. Answers how high that is, and whether the bars are there.
    fn below(&mut self, label: &Label, modules: &[u32]) -> (u32, bool) {
        let bars = Bars::of(&label.code);
        let widest = |bold| {
            let widths = label.small.iter().map(|text| self.width(text, bold, SMALLEST));
            widths.max().unwrap_or(0)
        };
        let side = widest(false).saturating_add(part(self.margin, 1_000));
        let width_at = |bars: &Bars, module: u32| {
            let (left, right) = bars.quiet();
            let count = u32::try_from(bars.modules().len()).unwrap_or(u32::MAX);
            count.saturating_add(left).saturating_add(right).saturating_mul(module)
        };
        let choose = |bars: &Bars, room: u32| {
            let mut usable = modules.iter().filter(|module| **module >= bars.narrowest());
            usable.find(|module| width_at(bars, **module) <= room).copied()
        };
        let fitting = bars.and_then(|bars| {
            // The edge of the label is white as well: quiet zones may lie in it.
            let room = self.inner().saturating_add(self.margin);
            let module =
                choose(&bars, room.saturating_sub(side)).or_else(|| choose(&bars, room))?;
            Some((bars, module))
        });
        match fitting {
            Some((bars, module)) => (self.with_bars(label, bars, module, side), true),
            None => (self.without_bars(label), false),
        }
    }

    fn with_bars(&mut self, label: &Label, bars: Bars, module: u32, side: u32) -> u32 {
        let digits = 2_200.min(part(self.size.height, 80)).max(SMALLEST);
        let height = part(self.size.height, 220).clamp(5_000, 14_000);
        let (left, right) = bars.quiet();
        let across = u32::try_from(bars.modules().len()).unwrap_or(0).saturating_mul(module);
        // The left quiet zone begins half in the margin.
        let x = left.saturating_mul(module).max(self.margin);
        let whole = height.saturating_add(part(digits, 1_050));
        let y = self.size.height.saturating_sub(self.margin).saturating_sub(whole);
        let text = bars.text().to_owned();
        let wide = self.width(&text, false, digits);
        let middle = x.saturating_add(across.saturating_sub(wide).checked_div(2).unwrap_or(0));
        let base = y.saturating_add(height).saturating_add(part(digits, 900));
        self.marks.push(Mark::Bars { x, y, module, height, bars });
        self.text((middle, base), (digits, false), &text);
        let end = x.saturating_add(across).saturating_add(right.saturating_mul(module));
        let edge = self.size.width.saturating_sub(self.margin);
        let room = edge.saturating_sub(end);
        if side <= room.saturating_add(self.margin) {
            let sizes = (part(self.size.height, 75).clamp(SMALLEST, 2_800), SMALLEST);
            if let Some(found) = self.fit(&label.small, (room, whole), sizes, (false, 6)) {
                let top = self.size.height.saturating_sub(self.margin);
                self.right(&found, edge, top.saturating_sub(found.height()));
                return whole;
            }
        }
        // No room beside them: above.
        let inner = self.inner();
        let one = [label.small.join(" · ")];
        let Some(found) = self.fit(&one, (inner, whole), (SMALLEST, SMALLEST), (false, 2)) else {
            self.lost = true;
            return whole;
        };
        let top = y.saturating_sub(found.height());
        self.lines(&found, (self.margin, top), false);
        whole.saturating_add(found.height())
    }

    fn without_bars(&mut self, label: &Label) -> u32 {
        let mut texts = label.small.clone();
        let code = receipt::clean_code(&label.code);
        if !code.is_empty() {
            texts.push(code);
        }
        let texts = [texts.join(" · ")];
        let sizes = (part(self.size.height, 75).clamp(SMALLEST, 2_800), SMALLEST);
        let room = (self.inner(), part(self.size.height, 250));
        let Some(found) = self.fit(&texts, room, sizes, (false, 3)) else {
            self.lost = true;
            return 0;
        };
        let bottom = self.size.height.saturating_sub(self.margin);
        self.lines(&found, (self.margin, bottom.saturating_sub(found.height())), false);
        found.height()
    }

    fn right(&mut self, lines: &Lines, edge: u32, top: u32) {
        let mut y = top.saturating_add(part(lines.size, 900));
        for line in &lines.lines {
            let x = edge.saturating_sub(self.width(line, false, lines.size));
            self.text((x, y), (lines.size, false), line);
            y = y.saturating_add(part(lines.size, LINE));
        }
    }

    /// The price at the right, what belongs to it at the left, between two heights. False where they have no room.
    fn price(&mut self, label: &Label, (top, bottom): (u32, u32)) -> bool {
        let room = bottom.saturating_sub(top);
        let gap = self.margin;
        let facts: Vec<String> = std::iter::once(&label.unit_price)
            .chain(&label.facts)
            .filter(|text| !text.is_empty())
            .cloned()
            .collect();
        let most = part(self.inner(), if facts.is_empty() { 1_000 } else { 620 });
        let sizes = |size: u32| {
            let small = part(size, 420).max(SMALLEST);
            let per = self.width(&label.per, false, small);
            let space = if label.per.is_empty() { 0 } else { part(size, 120) };
            let price = self.width(&label.price, true, size);
            (small, price.saturating_add(space), price.saturating_add(space).saturating_add(per))
        };
        let mut size = room.saturating_mul(1_000).checked_div(FIGURE + BELOW).unwrap_or(0);
        size = size.min(part(self.size.height, 420));
        while size >= SMALLEST_PRICE && sizes(size).2 > most {
            size = size.saturating_sub(part(size, 30).max(20));
        }
        let (small, before, whole) = sizes(size);
        if size < SMALLEST_PRICE || whole > most {
            return false;
        }
        let edge = self.size.width.saturating_sub(self.margin);
        let x = edge.saturating_sub(whole);
        let base = bottom.saturating_sub(part(size, BELOW));
        self.text((x, base), (size, true), &label.price);
        self.text((x.saturating_add(before), base), (small, false), &label.per);
        if facts.is_empty() {
            return true;
        }
        let width = x.saturating_sub(self.margin).saturating_sub(gap);
        let largest = part(self.size.height, 95).clamp(SMALLEST, 4_200);
        // A line each as long as they are not much smaller so.
        let fair = part(largest, 600).max(SMALLEST);
        let found = [(facts.len(), fair), (12, SMALLEST)].into_iter().find_map(|(lines, least)| {
            self.fit(&facts, (width, room), (largest, least), (false, lines))
        });
        let Some(found) = found else { return false };
        // The last line stands on the price's line, as far as there is room above.
        let last = found.height().saturating_sub(part(found.size, LINE.saturating_sub(900)));
        let first = base.saturating_sub(last).max(top);
        let first = first.min(bottom.saturating_sub(found.height()));
        self.lines(&found, (self.margin, first), false);
        true
    }
}

/// Lays a label out. `modules`: widths that a bar can have, widest first, micrometres.
#[must_use]
pub fn lay_out(label: &Label, size: Size, modules: &[u32], measure: Measure<'_>) -> Laid {
    let least = size.width.min(size.height);
    let margin = part(least, 45).clamp(1_200, 3_000);
    let mut sheet = Sheet { size, margin, measure, marks: Vec::new(), lost: false };
    let label = cleaned(label);
    let (above, cut) = sheet.name(&label.name);
    let (below, has_bars) = sheet.below(&label, modules);
    let gap = part(margin, 500);
    let top = margin.saturating_add(above).saturating_add(gap);
    let bottom = size.height.saturating_sub(margin).saturating_sub(below).saturating_sub(gap);
    let fits = sheet.price(&label, (top, bottom));
    let without_bars = !label.code.is_empty() && !has_bars;
    let shortened = cut || sheet.lost;
    Laid { size, marks: sheet.marks, shortened, without_bars, too_small: !fits }
}

fn cleaned(label: &Label) -> Label {
    let clean = |text: &String| receipt::clean(text).trim().to_owned();
    let all = |texts: &[String]| {
        texts.iter().map(clean).filter(|text| !text.is_empty()).collect::<Vec<_>>()
    };
    Label {
        name: clean(&label.name),
        price: clean(&label.price),
        per: clean(&label.per),
        unit_price: clean(&label.unit_price),
        facts: all(&label.facts),
        small: all(&label.small),
        code: label.code.clone(),
    }
}

/// A text in lines no wider than `width`, between words; none where a word alone is wider: nothing is broken within a word as long as
/// a smaller size lets it stand whole.
fn wrapped(text: &str, width: u32, measure: impl Fn(&str) -> u32) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if measure(word) > width {
            return None;
        }
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(last)) if measure(&joined) <= width => *last = joined,
            _ => lines.push(word.to_owned()),
        }
    }
    Some(lines)
}

/// What of a text stands in one line, and what is left; a word that is wider than a line is broken.
fn first_line(text: &str, width: u32, measure: impl Fn(&str) -> u32) -> (&str, &str) {
    let mut end = 0;
    for (at, _) in text.match_indices(' ').chain([(text.len(), "")]) {
        if text.get(..at).is_some_and(|line| measure(line) <= width) {
            end = at;
        } else {
            break;
        }
    }
    if end == 0 {
        for (at, c) in text.char_indices() {
            let after = at.saturating_add(c.len_utf8());
            if at > 0 && text.get(..after).is_none_or(|line| measure(line) > width) {
                break;
            }
            end = after;
        }
    }
    let (line, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (line.trim_end(), rest.trim_start())
}
