//! Why a command could not do what it was asked to.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use csoc_source::SourceError;

/// What a command comes to. An error is one sentence for stderr that says what to do.
pub type Outcome = Result<ExitCode, Box<dyn Error>>;

/// A failure of the command line's own.
#[derive(Debug)]
pub enum Failure {
    Said(String),
    /// The other end of the pipe was closed (`csoc changes | head`): nothing to complain about.
    Pipe,
}

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(sentence) => f.write_str(sentence),
            Self::Pipe => f.write_str("the reader of the output went away"),
        }
    }
}

impl Error for Failure {}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Pipe,
            _ => Self::Said(format!("writing the output: {error}")),
        }
    }
}

/// Says it on stderr; 2 means "could not be done".
pub fn report(error: &(dyn Error + 'static)) -> ExitCode {
    if matches!(error.downcast_ref(), Some(Failure::Pipe)) {
        return ExitCode::SUCCESS;
    }
    eprintln!("csoc: {error}");
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !told.contains(&text) {
            eprintln!("  because: {text}");
            told = text;
        }
        cause = inner.source();
    }
    ExitCode::from(2)
}
