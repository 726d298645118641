//! What a picture is, as far as its own bytes tell. It is never opened here: browsers do that.

use domain::device::PhotoKind;
use receipt::Picture;

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
        PhotoKind::Pbm => "image/x-portable-bitmap",
    }
}

/// Widest sign, dots: the paper of 80 mm.
pub const SIGN_WIDTH: u16 = 576;
/// Highest sign, dots: five centimetres.
pub const SIGN_HEIGHT: u16 = 400;

/// A sign out of a PBM (`P4`: width, height, rows of whole bytes, 1 = black); none for anything else, and for one that is too large.
#[must_use]
pub fn sign(bytes: &[u8]) -> Option<Picture> {
    let mut rest = bytes.strip_prefix(b"P4")?;
    let mut number = || {
        let (space, after) = rest.split_first()?;
        let length = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = after.split_at_checked(length)?;
        rest = after;
        let number = std::str::from_utf8(digits).ok()?.parse::<u16>().ok()?;
        space.is_ascii_whitespace().then_some(number)
    };
    let (width, height) = (number()?, number()?);
    let data = rest.strip_prefix(b"\n")?;
    let fits = (1..=SIGN_WIDTH).contains(&width) && (1..=SIGN_HEIGHT).contains(&height);
    let row_bytes = width.div_ceil(8);
    let whole = data.len() == usize::from(row_bytes) * usize::from(height);
    (fits && whole).then(|| Picture { row_bytes, data: data.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_a_whole_picture_of_dots_that_fits_the_paper() {
        let good = sign(b"P4\n9 2\n\xff\x80\x01\x00").expect("a sign");
        assert_eq!((good.row_bytes, good.data.len()), (2, 4));
        for bad in [
            &b"P4\n9 2\n\xff\x80\x01"[..],
            b"P4\n9 2\n\xff\x80\x01\x00\x00",
            b"P4\n0 2\n",
            b"P4\n577 1\n",
            b"P4 9",
            b"P5\n9 2\n\xff\x80\x01\x00",
            b"",
        ] {
            assert_eq!(sign(bad), None, "{bad:?}");
        }
    }

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
