//! Pages as a PDF that may lie in an archive for as long as the law wants it (PDF/A-3, level U), with files within it.
//!
//! Whoever writes says what stands where, in points from the upper left corner ([`Pages`]), or one thing below the other
//! ([`Flow`]), or hands over a whole paper ([`paper`]). The same marks make the same bytes. What the typeface lacks stands
//! as a question mark: it has the letters of all of Europe, and no emoji.
//!
//! Source: ISO 19005-3. *Absent:* what the pages are about, shaping of scripts that join their letters, pictures.

mod extend;
mod face;
mod flow;
mod paper;
mod table;

#[cfg(test)]
mod tests;

use krilla::color::luma;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::{Document, SerializeSettings};

pub use face::{Face, wrapped};
pub use flow::Flow;
pub use paper::paper;
pub use table::{Cell, Column, Side};

use face::Faces;

/// Width of a sheet of A4, points.
pub const WIDTH: f32 = 595.28;
/// Its height, points.
pub const HEIGHT: f32 = 841.89;

/// Points of so many millimetres.
#[must_use]
pub fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
    /// Hour, minute, second.
    pub time: (u8, u8, u8),
}

/// What the document says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Title.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// `de`, `en`.
    pub language: String,
    /// When it was made.
    pub made: Moment,
}

/// A file within the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub description: String,
    /// `text/xml`.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is to the document.
    pub is: Relation,
}

/// What an attachment is to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same once more, for machines.
    Alternative,
    /// What the document was made of.
    Data,
    /// More about it.
    Supplement,
}

/// More metadata of an own kind, as XMP wants it: the properties, and the description of their schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// What it is called.
    pub name: &'static str,
    /// Its namespace.
    pub namespace: &'static str,
    /// The prefix of its properties.
    pub prefix: &'static str,
    /// Name, value, and what it is.
    pub properties: Vec<(&'static str, String, &'static str)>,
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// What was drawn is not lawful in an archive.
    #[error("not lawful in PDF/A-3: {0}")]
    NotLawful(String),
    /// A size that no page has.
    #[error("a page cannot have that size")]
    Size,
    /// The file that was written has another shape than it should.
    #[error("the file cannot be extended")]
    Shape,
}

/// So many lines at most stand at the foot of a page.
const FEET: usize = 3;

#[derive(Debug, Clone)]
enum Mark {
    Text { x: f32, y: f32, face: Face, size: f32, grey: u8, text: String },
    Box { x: f32, y: f32, width: f32, height: f32, grey: u8 },
}

/// Pages with marks on them, of A4 unless said otherwise.
#[derive(Debug)]
pub struct Pages {
    about: About,
    faces: Faces,
    pages: Vec<Vec<Mark>>,
    /// Width and height of each.
    sizes: Vec<(f32, f32)>,
    /// Title, page from 0, height on it.
    bookmarks: Vec<(String, usize, f32)>,
    attachments: Vec<Attachment>,
    schemas: Vec<Schema>,
}

impl Pages {
    /// One empty page.
    #[must_use]
    pub fn new(about: About) -> Pages {
        Pages::sized(about, (WIDTH, HEIGHT))
    }

    /// One empty page of another size than A4: width and height in points, each from 3 to 14,400 (ISO 19005-3, 6.1.13).
    #[must_use]
    pub fn sized(about: About, size: (f32, f32)) -> Pages {
        let (bookmarks, attachments, schemas) = (Vec::new(), Vec::new(), Vec::new());
        let (faces, pages) = (Faces::new(), vec![Vec::new()]);
        Pages { about, faces, pages, sizes: vec![size], bookmarks, attachments, schemas }
    }

    /// How many pages there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pages.len()
    }

    /// Begins another page, of the size of the one before.
    pub fn begin_page(&mut self) {
        self.begin_page_of(self.sizes.last().copied().unwrap_or((WIDTH, HEIGHT)));
    }

    /// Begins another page of a size of its own.
    pub fn begin_page_of(&mut self, size: (f32, f32)) {
        self.pages.push(Vec::new());
        self.sizes.push(size);
    }

    /// How wide a text is, points.
    #[must_use]
    pub fn width_of(&self, text: &str, face: Face, size: f32) -> f32 {
        self.faces.width(&face::clean(text), face, size)
    }

    /// Writes a text on the last page: its left edge, its base line, its size in points, 0 black to 255 white.
    pub fn text(&mut self, (x, y): (f32, f32), (face, size): (Face, f32), grey: u8, text: &str) {
        let text = face::clean(text);
        if !text.trim().is_empty() {
            self.mark(Mark::Text { x, y, face, size, grey, text });
        }
    }

    /// Fills a box on the last page: its upper left corner, width and height. A line is a flat one.
    pub fn fill(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), grey: u8) {
        self.mark(Mark::Box { x, y, width, height, grey });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A place on the last page that readers can go to by its title.
    pub fn bookmark(&mut self, y: f32, title: &str) {
        self.bookmarks.push((face::clean(title), self.pages.len().saturating_sub(1), y));
    }

    /// Writes `text` and the number of the page at the foot of each page, between `left` and `right`; `y` is the base line
    /// of the lowest line.
    pub fn foot(&mut self, text: &str, (left, right): (f32, f32), y: f32, size: f32) {
        let of = self.pages.len();
        let face = Face::Regular;
        let place = |number: usize| {
            let number = match self.about.language.as_str() {
                "de" => format!("Seite {number} von {of}"),
                "en" => format!("Page {number} of {of}"),
                _ => format!("{number} / {of}"),
            };
            (right - self.width_of(&number, face, size), number)
        };
        let numbers: Vec<(f32, String)> = (1..=of).map(place).collect();
        let widest = numbers.last().map_or(right, |(x, _)| *x) - left - size;
        let lines = wrapped(text, widest, |text| self.width_of(text, face, size));
        let below = lines.len().min(FEET);
        let feet: Vec<(f32, String)> = (0..below)
            .rev()
            .map(|above| y - (0..above).map(|_| size * 1.25).sum::<f32>())
            .zip(lines)
            .collect();
        for (page, (x, number)) in self.pages.iter_mut().zip(numbers) {
            let mark = |x, y, text| Mark::Text { x, y, face, size, grey: 90, text };
            page.extend(feet.iter().map(|(y, line)| mark(left, *y, face::clean(line))));
            page.push(mark(x, y, number));
        }
    }

    /// Lays a file into the document.
    pub fn attach(&mut self, file: Attachment) {
        self.attachments.push(file);
    }

    /// Adds metadata of an own kind.
    pub fn describe(&mut self, schema: Schema) {
        self.schemas.push(schema);
    }

    /// The document. Errs when a mark is not lawful in an archive.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_U)
            .finish()
            .map_err(|error| Fault::NotLawful(format!("{error:?}")))?;
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let About { title, author, language, made } = &self.about;
        let (hour, minute, second) = made.time;
        let date = DateTime::new(made.year)
            .month(made.month)
            .day(made.day)
            .hour(hour)
            .minute(minute)
            .second(second)
            .utc_offset_hour(0)
            .utc_offset_minute(0);
        document.set_metadata(
            Metadata::new()
                .title(face::clean(title))
                .authors(vec![face::clean(author)])
                .language(language.clone())
                .creator("Tresen".to_owned())
                .producer("Tresen".to_owned())
                .creation_date(date),
        );
        for file in self.attachments {
            let association_kind = match file.is {
                Relation::Alternative => AssociationKind::Alternative,
                Relation::Data => AssociationKind::Data,
                Relation::Supplement => AssociationKind::Supplement,
            };
            let embedded = EmbeddedFile {
                path: file.name,
                mime_type: MimeType::new(file.media),
                description: Some(file.description),
                association_kind,
                data: file.bytes.into(),
                modification_date: Some(date),
                compress: Some(true),
                location: None,
            };
            document.embed_file(embedded);
        }
        if !self.bookmarks.is_empty() {
            document.set_outline(outline(self.bookmarks));
        }
        for (marks, (width, height)) in self.pages.iter().zip(&self.sizes) {
            let size = PageSettings::from_wh(*width, *height).ok_or(Fault::Size)?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, &self.faces, mark);
            }
            surface.finish();
            page.finish();
        }
        let bytes = document.finish().map_err(|error| Fault::NotLawful(format!("{error:?}")))?;
        if self.schemas.is_empty() {
            return Ok(bytes);
        }
        extend::with_schemas(&bytes, &self.schemas).ok_or(Fault::Shape)
    }
}

fn outline(bookmarks: Vec<(String, usize, f32)>) -> Outline {
    let mut outline = Outline::new();
    for (title, page, y) in bookmarks {
        let place = XyzDestination::new(page, Point::from_xy(0.0, y));
        outline.push_child(OutlineNode::new(title, place));
    }
    outline
}

fn draw(surface: &mut krilla::surface::Surface<'_>, faces: &Faces, mark: &Mark) {
    let ink = |grey: u8| Fill { paint: luma::Color::new(grey).into(), ..Fill::default() };
    match mark {
        Mark::Text { x, y, face, size, grey, text } => {
            surface.set_fill(Some(ink(*grey)));
            let glyphs = faces.glyphs(text, *face);
            let start = Point::from_xy(*x, *y);
            surface.draw_glyphs(start, &glyphs, faces.font(*face), text, *size, false);
        }
        Mark::Box { x, y, width, height, grey } => {
            surface.set_fill(Some(ink(*grey)));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
