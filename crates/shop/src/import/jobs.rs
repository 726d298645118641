//! Imports as jobs: begun by an upload, looked at by people, applied or cancelled. One at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::analysis::{Analysis, Preview};
use super::apply::{Applier, ImportOutcome, analyse_with, apply};
use super::problem::ImportFailure;

/// Jobs that can still be looked at.
const KEPT: usize = 10;

/// A job, numbered from 1 since the program started; not the import of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ImportJobId(pub u32);

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// The file is being looked through.
    Analysing,
    /// A person decides.
    Ready,
    /// The items go in.
    Applying,
    /// All are in.
    Done,
    /// Given up: no item of it is valid.
    Cancelled,
    /// Failed: no item of it is valid.
    Failed,
}

/// How far the work is: bytes while analysing, lines while applying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct ImportProgress {
    /// Done.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportStatus {
    /// Which.
    pub id: ImportJobId,
    /// Name of the file.
    pub name: String,
    /// Where it stands.
    pub state: ImportState,
    /// How far it is.
    pub progress: ImportProgress,
    /// What the file would do; from `ready` on.
    pub preview: Option<Preview>,
    /// What it did; when done.
    pub outcome: Option<ImportOutcome>,
    /// Why it failed; when failed.
    #[schema(value_type = Option<Object>)]
    pub failure: Option<ImportFailure>,
}

/// Why a request about jobs was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobRefusal {
    /// Another one is analysing or applying. Code `import_running`.
    #[error("another import is at work")]
    Busy,
    /// There is no such job. Code `unknown_import`.
    #[error("there is no such import")]
    Unknown,
    /// It is not waiting for a decision. Code `import_not_ready`.
    #[error("the import is not waiting for a decision")]
    NotReady,
    /// It has errors and the good lines were not asked for. Code `import_has_errors`.
    #[error("the file has errors")]
    HasErrors,
}

impl JobRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            JobRefusal::Busy => "import_running",
            JobRefusal::Unknown => "unknown_import",
            JobRefusal::NotReady => "import_not_ready",
            JobRefusal::HasErrors => "import_has_errors",
        }
    }
}

/// All jobs. Clones share them.
#[derive(Clone, Default)]
pub struct Imports {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    book: Mutex<Book>,
    changed: Condvar,
}

#[derive(Default)]
struct Book {
    last: u32,
    jobs: VecDeque<Job>,
}

struct Job {
    status: ImportStatus,
    file: PathBuf,
    analysis: Option<Arc<Analysis>>,
    cancel: Arc<AtomicBool>,
}

impl Job {
    fn is_at_work(&self) -> bool {
        matches!(self.status.state, ImportState::Analysing | ImportState::Applying)
    }
}

impl Book {
    fn job(&mut self, id: ImportJobId) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.status.id == id)
    }
}

impl Imports {
    /// No jobs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins to look a file through, in a thread of its own. The file now belongs to the job: it is
    /// removed when the job has ended. A job that waits for a decision is cancelled by a new one.
    pub fn begin(
        &self,
        name: &str,
        file: PathBuf,
        applier: Arc<dyn Applier>,
    ) -> Result<ImportStatus, JobRefusal> {
        let mut book = self.book();
        if book.jobs.iter().any(Job::is_at_work) {
            return Err(JobRefusal::Busy);
        }
        for job in book.jobs.iter_mut().filter(|job| job.status.state == ImportState::Ready) {
            end(job, ImportState::Cancelled);
        }
        while book.jobs.len() >= KEPT {
            book.jobs.pop_front();
        }
        book.last = book.last.saturating_add(1);
        let id = ImportJobId(book.last);
        let total = std::fs::metadata(&file).map_or(0, |meta| meta.len());
        let cancel = Arc::new(AtomicBool::new(false));
        let status = ImportStatus {
            id,
            name: name.to_owned(),
            state: ImportState::Analysing,
            progress: ImportProgress { done: 0, total },
            preview: None,
            outcome: None,
            failure: None,
        };
        let job = Job {
            status: status.clone(),
            file: file.clone(),
            analysis: None,
            cancel: cancel.clone(),
        };
        book.jobs.push_back(job);
        drop(book);
        let shared = self.shared.clone();
        self.start(id, move || {
            let mut file = File::open(&file)?;
            let mut watch = shared.watch(id, cancel);
            let analysis = analyse_with(&mut file, &*applier, &mut watch)?;
            shared.change(id, |job| {
                job.status.preview = Some(analysis.preview.clone());
                job.analysis = Some(Arc::new(analysis));
                job.status.state = ImportState::Ready;
            });
            Ok(())
        });
        Ok(status)
    }

    /// Imports the good lines of a job that is ready. With errors it must be said that the good lines shall
    /// be kept and the others left out.
    pub fn apply(
        &self,
        id: ImportJobId,
        keep_good: bool,
        applier: Arc<dyn Applier>,
    ) -> Result<ImportStatus, JobRefusal> {
        let mut book = self.book();
        let job = book.job(id).ok_or(JobRefusal::Unknown)?;
        let analysis = match (job.status.state, &job.analysis) {
            (ImportState::Ready, Some(analysis)) => analysis.clone(),
            _ => return Err(JobRefusal::NotReady),
        };
        let counts = analysis.preview.counts;
        if counts.errors > 0 && !keep_good {
            return Err(JobRefusal::HasErrors);
        }
        job.status.state = ImportState::Applying;
        job.status.progress = ImportProgress { done: 0, total: counts.rows };
        let (status, path, cancel) = (job.status.clone(), job.file.clone(), job.cancel.clone());
        drop(book);
        let shared = self.shared.clone();
        let name = status.name.clone();
        self.start(id, move || {
            let mut file = File::open(&path)?;
            let mut watch = shared.watch(id, cancel);
            let outcome = apply(&mut file, &name, &analysis, keep_good, &*applier, &mut watch)?;
            shared.change(id, |job| {
                job.status.outcome = Some(outcome);
                end(job, ImportState::Done);
            });
            Ok(())
        });
        Ok(status)
    }

    /// Cancels a job at any moment before its last item is in. A job at work stops at its next look.
    pub fn cancel(&self, id: ImportJobId) -> Result<ImportStatus, JobRefusal> {
        let mut book = self.book();
        let job = book.job(id).ok_or(JobRefusal::Unknown)?;
        job.cancel.store(true, Ordering::Relaxed);
        if job.status.state == ImportState::Ready {
            end(job, ImportState::Cancelled);
        }
        let status = job.status.clone();
        drop(book);
        self.shared.changed.notify_all();
        Ok(status)
    }

    /// A job as it is.
    pub fn status(&self, id: ImportJobId) -> Result<ImportStatus, JobRefusal> {
        self.book().job(id).map(|job| job.status.clone()).ok_or(JobRefusal::Unknown)
    }

    /// The job begun last.
    pub fn latest(&self) -> Option<ImportStatus> {
        self.book().jobs.back().map(|job| job.status.clone())
    }

    /// Waits until a job is not at work.
    pub fn wait(&self, id: ImportJobId) -> Result<ImportStatus, JobRefusal> {
        let mut book = self.book();
        loop {
            let job = book.job(id).ok_or(JobRefusal::Unknown)?;
            if !job.is_at_work() {
                return Ok(job.status.clone());
            }
            book = self.shared.changed.wait(book).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.shared.book()
    }

    /// Runs the work of a job in a thread; whatever happens there, the job ends.
    fn start(
        &self,
        id: ImportJobId,
        work: impl FnOnce() -> Result<(), ImportFailure> + Send + 'static,
    ) {
        let shared = self.shared.clone();
        let thread = std::thread::Builder::new().name("import".to_owned());
        let spawned = thread.spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
                Err(ImportFailure::Fault { detail: "the import stopped unexpectedly".to_owned() })
            });
            if let Err(failure) = result {
                shared.fail(id, failure);
            }
        });
        if let Err(error) = spawned {
            self.shared.fail(id, ImportFailure::Fault { detail: error.to_string() });
        }
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: ImportJobId, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.book().job(id) {
            change(job);
        }
        self.changed.notify_all();
    }

    fn fail(&self, id: ImportJobId, failure: ImportFailure) {
        self.change(id, |job| {
            if failure == ImportFailure::Cancelled {
                end(job, ImportState::Cancelled);
            } else {
                job.status.failure = Some(failure);
                end(job, ImportState::Failed);
            }
        });
    }

    fn watch(
        self: &Arc<Self>,
        id: ImportJobId,
        cancel: Arc<AtomicBool>,
    ) -> impl FnMut(u64) -> ControlFlow<()> {
        let shared = self.clone();
        move |done| {
            if cancel.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            if let Some(job) = shared.book().job(id) {
                job.status.progress.done = done;
            }
            ControlFlow::Continue(())
        }
    }
}

fn end(job: &mut Job, state: ImportState) {
    job.status.state = state;
    job.analysis = None;
    // It may be gone already; a file left over is removed with the directory of uploads.
    let _ = std::fs::remove_file(&job.file);
}

/// What [`import_file`] found and did; or why nothing was imported, with what was found, if it came so far.
pub type FileImport = Result<(Preview, ImportOutcome), (ImportFailure, Option<Box<Preview>>)>;

/// Imports a file at once, for the command line. The file stays. `progress` is told the state and how far
/// it is; it breaks to cancel.
pub fn import_file(
    path: &Path,
    keep_good: bool,
    applier: &dyn Applier,
    progress: &mut dyn FnMut(ImportState, ImportProgress) -> ControlFlow<()>,
) -> FileImport {
    let early = |failure: ImportFailure| (failure, None);
    let mut file = File::open(path).map_err(|error| early(error.into()))?;
    let total = file.metadata().map_or(0, |meta| meta.len());
    let analysis = analyse_with(&mut file, applier, &mut |done| {
        progress(ImportState::Analysing, ImportProgress { done, total })
    })
    .map_err(early)?;
    let total = analysis.preview.counts.rows;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let outcome = apply(&mut file, &name, &analysis, keep_good, applier, &mut |done| {
        progress(ImportState::Applying, ImportProgress { done, total })
    });
    match outcome {
        Ok(outcome) => Ok((analysis.preview, outcome)),
        Err(failure) => Err((failure, Some(Box::new(analysis.preview)))),
    }
}
