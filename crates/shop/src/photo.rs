//! What a picture is, as far as its own bytes tell. It is never opened here: browsers do that.

use domain::device::PhotoKind;

/// Most bytes of a photo.
pub const PHOTO_LIMIT: usize = 4 * 1024 * 1024;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PNG_FIRST: &[u8] = b"\0\0\0\rIHDR";
const PNG_LAST: &[u8] = b"IEND\xaeB`\x82";

/// JPEG or PNG from its first to its last byte; none for anything else, or for half of one.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> Option<PhotoKind> {
    let png = bytes.strip_prefix(PNG).is_some_and(|rest| rest.starts_with(PNG_FIRST));
    if png && bytes.ends_with(PNG_LAST) {
        return Some(PhotoKind::Png);
    }
    let jpeg = bytes.starts_with(b"\xff\xd8\xff") && bytes.len() > 100;
    // Cameras put something of their own behind the picture.
    let ends = bytes.windows(2).rev().any(|two| two == b"\xff\xd9");
    (jpeg && ends).then_some(PhotoKind::Jpeg)
}

/// As HTTP calls it.
#[must_use]
pub const fn media_type(kind: PhotoKind) -> &'static str {
    match kind {
        PhotoKind::Jpeg => "image/jpeg",
        PhotoKind::Png => "image/png",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_pictures_are_pictures() {
        let png = [PNG, PNG_FIRST, &[0; 13], PNG_LAST].concat();
        let jpeg = [b"\xff\xd8\xff\xe0".as_slice(), &[0; 200], b"\xff\xd9"].concat();
        assert_eq!(kind_of(&png), Some(PhotoKind::Png));
        assert_eq!(kind_of(&jpeg), Some(PhotoKind::Jpeg));
        for bad in
            [&png[..30], &jpeg[..90], b"", b"GIF89a", b"<svg onload=\"x\"/>", b"\xff\xd8\xff"]
        {
            assert_eq!(kind_of(bad), None, "{bad:?}");
        }
    }
}
