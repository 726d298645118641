//! temp
use std::net::SocketAddr; use std::path::PathBuf;
pub struct Wanted { pub listen: SocketAddr, pub data: PathBuf, pub fresh: bool, pub year: bool, pub seed: u64 }
pub fn demo(_l: crate::say::Language, w: &Wanted) -> anyhow::Result<()> { let _ = (&w.listen,&w.data,w.fresh,w.year,w.seed); Ok(()) }
