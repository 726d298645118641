//! One thing below the other, on as many pages as it takes.

use crate::{About, Attachment, Face, Fault, HEIGHT, Pages, Schema, WIDTH, mm, wrapped};

/// How a line looks: face, size in points, 0 black to 255 white.
pub(crate) type Look = (Face, f32, u8);

/// Pages that are written from top to bottom.
#[derive(Debug)]
pub struct Flow {
    pub(crate) pages: Pages,
    /// The base line of what was written last.
    pub(crate) y: f32,
    /// Size of plain text.
    pub(crate) size: f32,
    /// Headings, and spaces around them, that are written with what follows them.
    waiting: Vec<Waiting>,
    foot: Option<String>,
}

#[derive(Debug)]
enum Waiting {
    Heading { lines: Vec<String>, size: f32, chapter: Option<String> },
    Space(f32),
}

/// What stands at the edge of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Nothing,
    Bullet,
    Bar,
}

/// Small text is grey.
pub(crate) const GREY: u8 = 80;

/// From one base line to the next.
pub(crate) fn leading(size: f32) -> f32 {
    size * 1.35
}

impl Flow {
    /// An empty first page; plain text has `size` points.
    #[must_use]
    pub fn new(about: About, size: f32) -> Flow {
        let (pages, y) = (Pages::new(about), Self::top());
        Flow { pages, y, size, waiting: Vec::new(), foot: None }
    }

    fn top() -> f32 {
        mm(20.0)
    }

    pub(crate) fn left() -> f32 {
        mm(25.0)
    }

    pub(crate) fn right() -> f32 {
        WIDTH - mm(20.0)
    }

    fn bottom() -> f32 {
        HEIGHT - mm(22.0)
    }

    /// How much of a page there is to write on.
    pub(crate) fn height() -> f32 {
        Self::bottom() - Self::top()
    }

    /// What stands at the foot of each page, beside its number.
    pub fn foot(&mut self, text: impl Into<String>) {
        self.foot = Some(text.into());
    }

    /// Room for so many points, on another page if need be; true when it is another one. Headings that wait are written
    /// there: none stands alone at the foot of a page.
    pub(crate) fn room(&mut self, height: f32) -> bool {
        let above = self.waiting.iter().map(|waiting| match waiting {
            Waiting::Heading { lines, size, .. } => lines.iter().map(|_| leading(*size)).sum(),
            Waiting::Space(points) => *points,
        });
        let above: f32 = above.sum();
        let another = self.fit(above + height);
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Heading { lines, size, chapter } => {
                    if let Some(chapter) = chapter {
                        self.fit(leading(size));
                        self.pages.bookmark(self.y, &chapter);
                    }
                    self.lines(lines, (Face::Bold, size, 0), 0.0, Edge::Nothing);
                }
                Waiting::Space(points) => self.skip(points),
            }
        }
        another
    }

    /// A page that is empty is not left for another one.
    fn fit(&mut self, height: f32) -> bool {
        let another = self.y + height > Self::bottom() && self.y > Self::top();
        if another {
            self.pages.begin_page();
            self.y = Self::top();
        }
        another
    }

    /// Nothing is left free at the top of a page.
    fn skip(&mut self, points: f32) {
        if self.y > Self::top() {
            self.y += points;
        }
    }

    /// Leaves so many points free.
    pub fn space(&mut self, points: f32) {
        if self.waiting.is_empty() {
            self.skip(points);
        } else {
            self.waiting.push(Waiting::Space(points));
        }
    }

    /// A heading: level 1 is the title.
    pub fn heading(&mut self, level: u8, text: &str) {
        let size = match level {
            1 => self.size * 1.7,
            2 => self.size * 1.3,
            _ => self.size * 1.1,
        };
        self.wait(text, size, None);
    }

    /// A heading of level 2 that readers can go to from the list of chapters.
    pub fn chapter(&mut self, text: &str) {
        self.wait(text, self.size * 1.3, Some(text.to_owned()));
    }

    fn wait(&mut self, text: &str, size: f32, chapter: Option<String>) {
        let lines = self.wrap(text, (Face::Bold, size, 0), Self::right() - Self::left());
        self.waiting.push(Waiting::Heading { lines, size, chapter });
        self.waiting.push(Waiting::Space(size * 0.3));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.write(text, (Face::Regular, self.size, 0), 0.0, Edge::Nothing);
    }

    /// A bold paragraph.
    pub fn strong(&mut self, text: &str) {
        self.write(text, (Face::Bold, self.size, 0), 0.0, Edge::Nothing);
    }

    /// A small grey paragraph.
    pub fn small(&mut self, text: &str) {
        self.write(text, (Face::Regular, self.size * 0.85, GREY), 0.0, Edge::Nothing);
    }

    /// A bold paragraph with a bar beside it, that must not be overlooked.
    pub fn note(&mut self, text: &str) {
        self.write(text, (Face::Bold, self.size, 0), self.size * 1.2, Edge::Bar);
    }

    /// A point of a list.
    pub fn point(&mut self, text: &str) {
        self.write(text, (Face::Regular, self.size, 0), self.size * 1.2, Edge::Bullet);
    }

    pub(crate) fn wrap(&self, text: &str, (face, size, _): Look, width: f32) -> Vec<String> {
        wrapped(text, width, |text| self.pages.width_of(text, face, size))
    }

    fn write(&mut self, text: &str, look: Look, indent: f32, edge: Edge) {
        let lines = self.wrap(text, look, Self::right() - Self::left() - indent);
        // No paragraph leaves its first line alone on a page.
        self.room(lines.iter().take(2).map(|_| leading(look.1)).sum());
        self.lines(lines, look, indent, edge);
    }

    fn lines(&mut self, lines: Vec<String>, (face, size, grey): Look, indent: f32, edge: Edge) {
        let left = Self::left();
        for (at, line) in lines.iter().enumerate() {
            self.fit(leading(size));
            self.y += leading(size);
            match edge {
                Edge::Bullet if at == 0 => self.pages.text((left, self.y), (face, size), grey, "•"),
                Edge::Bar => {
                    // From the letters' top to below their feet, so that the bars of lines meet.
                    let top = self.y - leading(size) + size * 0.3;
                    self.pages.fill((left, top), (2.0, leading(size)), 120);
                }
                _ => {}
            }
            self.pages.text((left + indent, self.y), (face, size), grey, line);
        }
    }

    /// Two blocks of lines beside each other; the right one is of names and values.
    pub fn beside(&mut self, left: &[(String, bool)], right: &[(String, String)]) {
        let line = leading(self.size);
        self.room(line);
        let (size, top) = (self.size, self.y);
        for (text, small) in left {
            let look =
                if *small { (Face::Regular, size * 0.85, GREY) } else { (Face::Regular, size, 0) };
            let width = (Self::right() - Self::left()) * 0.5;
            for text in self.wrap(text, look, width) {
                self.y += line;
                self.pages.text((Self::left(), self.y), (look.0, look.1), look.2, &text);
            }
        }
        let mut y = top;
        let begin = Self::left() + (Self::right() - Self::left()) * 0.55;
        for (name, value) in right {
            y += line;
            self.pages.text((begin, y), (Face::Regular, size), GREY, name);
            let x = Self::right() - self.pages.width_of(value, Face::Regular, size);
            self.pages.text((x, y), (Face::Regular, size), 0, value);
        }
        self.y = self.y.max(y);
    }

    /// A line across the page.
    pub fn line(&mut self, thick: f32) {
        self.y += 3.0;
        let width = Self::right() - Self::left();
        self.pages.fill((Self::left(), self.y), (width, thick), 0);
        self.y += thick + 1.0;
    }

    /// Lays a file into the document.
    pub fn attach(&mut self, file: Attachment) {
        self.pages.attach(file);
    }

    /// Adds metadata of an own kind.
    pub fn describe(&mut self, schema: Schema) {
        self.pages.describe(schema);
    }

    /// The document; its pages are numbered where there are several, and where something stands at their foot.
    ///
    /// # Errors
    /// When a mark is not lawful in an archive.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        self.pages_with_feet().finish()
    }

    pub(crate) fn pages_with_feet(mut self) -> Pages {
        self.room(0.0);
        if self.pages.count() > 1 || self.foot.is_some() {
            let foot = self.foot.unwrap_or_default();
            let between = (Self::left(), Self::right());
            self.pages.foot(&foot, between, HEIGHT - mm(12.0), self.size * 0.85);
        }
        self.pages
    }
}
