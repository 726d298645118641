//! Who may upload: tokens, of which the host keeps the hashes alone, a line each: `name hash`.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};

/// Which token something was uploaded with: the beginning of its hash.
pub type Owner = [u8; 8];

/// See the module. The file is read anew at each upload: a new token counts at once, and one whose line is gone no more.
#[derive(Debug)]
pub struct Tokens {
    file: PathBuf,
}

fn hash(token: &str) -> String {
    Base64UrlUnpadded::encode_string(digest(&SHA256, token.as_bytes()).as_ref())
}

/// A new token and the line that makes it one of the host's.
///
/// # Errors
/// When the system gives no random numbers, or the name has spaces or lines in it.
pub fn fresh_token(name: &str) -> std::io::Result<(String, String)> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_graphic()) {
        return Err(std::io::Error::new(ErrorKind::InvalidInput, "a name has no spaces"));
    }
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let token = Base64UrlUnpadded::encode_string(&bytes);
    let line = format!("{name} {}\n", hash(&token));
    Ok((token, line))
}

impl Tokens {
    /// The tokens of a file, which may not be there yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(file: &Path) -> std::io::Result<Tokens> {
        match std::fs::read_to_string(file) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(Tokens { file: file.to_owned() })
    }

    /// Adds a token for a shop and answers it: it is shown once, and stands nowhere.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(file: &Path, name: &str) -> std::io::Result<String> {
        let (token, line) = fresh_token(name)?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut to = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
        to.write_all(line.as_bytes())?;
        to.sync_all()?;
        Ok(token)
    }

    /// Whose token it is.
    #[must_use]
    pub fn owner(&self, token: &str) -> Option<Owner> {
        // Hashes of random tokens are compared: how long that takes tells nothing of any token.
        let hash = hash(token);
        let lines = std::fs::read_to_string(&self.file).ok()?;
        let known = lines.lines().filter_map(|line| line.split_once(' ')).any(|(_, of)| of == hash);
        let digest = digest(&SHA256, token.as_bytes());
        known.then(|| digest.as_ref().first_chunk::<8>().copied()).flatten()
    }
}
