//! One file's YAML (or JSON, which is YAML here), with what was odd about it.

use crate::fleet::IrregularityCode;
use crate::yaml::{FileId, Node};

/// A file, parsed.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Every document up to the first error; the first is the only one that Helm reads.
    pub documents: Vec<Node>,
    /// Why the rest could not be read.
    pub broken: Option<Odd>,
    /// Irregularities of the first document.
    pub notes: Vec<Odd>,
    /// Irregularities of the others, for files in which several documents are normal.
    pub later_notes: Vec<Odd>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Odd {
    pub code: IrregularityCode,
    pub line: u32,
    pub column: u32,
    pub detail: String,
}

/// What a look at the bytes tells: enough to decide whether to parse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Holds an Argo CD Application or ApplicationSet at the top level of a document.
    pub declares: bool,
    /// The line of the first `{{`.
    pub template_line: Option<u32>,
}

impl Outline {
    pub fn of(bytes: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else { return Self::default() };
        let declares = text.contains("argoproj.io/")
            && text.lines().any(|line| {
                let kind = line.strip_prefix("kind:").map(|rest| rest.split('#').next().unwrap_or(rest).trim());
                kind.is_some_and(|kind| matches!(kind.trim_matches(['"', '\'']), "Application" | "ApplicationSet"))
            });
        let template = declares.then(|| text.find("{{")).flatten();
        let template_line = template.map(|at| 1 + text[..at].matches('\n').count() as u32);
        Self { declares, template_line }
    }
}

pub fn parse(bytes: &[u8], file: FileId) -> Parsed {
    interim::parse(bytes, file)
}

/// Until the YAML reader is here: events to nodes, without its finer rules.
mod interim {
    use super::{Odd, Parsed};
    use crate::fleet::IrregularityCode;
    use crate::yaml::{Entry, FileId, Kind, Map, Mark, Node, Style};
    use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

    struct Reader<'a> {
        parser: Parser<&'a mut &'a [u8]>,
        file: FileId,
        notes: Vec<Odd>,
    }

    pub fn parse(bytes: &[u8], file: FileId) -> Parsed {
        let mut bytes = bytes;
        let mut parsed = Parsed::default();
        let mut parser = Parser::new();
        parser.set_input_string(&mut bytes);
        let mut reader = Reader { parser, file, notes: Vec::new() };
        loop {
            match reader.parser.parse() {
                Ok(Event { data: EventData::StreamEnd, .. }) => break,
                Ok(Event { data: EventData::StreamStart { .. } | EventData::DocumentStart { .. } | EventData::DocumentEnd { .. }, .. }) => {}
                Ok(event) => match reader.node(event) {
                    Ok(node) => parsed.documents.push(node),
                    Err(error) => {
                        parsed.broken = Some(error);
                        break;
                    }
                },
                Err(error) => {
                    parsed.broken = Some(odd(&error));
                    break;
                }
            }
        }
        if parsed.documents.is_empty() && parsed.broken.is_none() {
            parsed.documents.push(Node { kind: Kind::Null, mark: Mark { file, line: 1, column: 1 }, written: None, style: Style::Plain });
        }
        parsed.notes = std::mem::take(&mut reader.notes);
        parsed
    }

    fn odd(error: &libyaml_safer::Error) -> Odd {
        Odd { code: IrregularityCode::BrokenYaml, line: 1, column: 1, detail: error.to_string() }
    }

    impl Reader<'_> {
        fn next(&mut self) -> Result<Event, Odd> {
            self.parser.parse().map_err(|error| odd(&error))
        }

        fn node(&mut self, event: Event) -> Result<Node, Odd> {
            let mark = Mark { file: self.file, line: event.start_mark.line as u32 + 1, column: event.start_mark.column as u32 + 1 };
            let (kind, written, style) = match event.data {
                EventData::Scalar { value, style: ScalarStyle::Plain, .. } => scalar(&value),
                EventData::Scalar { value, style, .. } => {
                    let style = match style {
                        ScalarStyle::SingleQuoted => Style::SingleQuoted,
                        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                        _ => Style::Block,
                    };
                    (Kind::Str(value.into()), None, style)
                }
                EventData::SequenceStart { .. } => {
                    let mut items = Vec::new();
                    loop {
                        let event = self.next()?;
                        if matches!(event.data, EventData::SequenceEnd) {
                            break;
                        }
                        items.push(self.node(event)?);
                    }
                    (Kind::Seq(items), None, Style::Plain)
                }
                EventData::MappingStart { .. } => {
                    let mut map = Map::new();
                    loop {
                        let event = self.next()?;
                        if matches!(event.data, EventData::MappingEnd) {
                            break;
                        }
                        let key = self.node(event)?;
                        let event = self.next()?;
                        let node = self.node(event)?;
                        let name = key.written.clone().unwrap_or_else(|| key.render().into());
                        if map.insert(name.clone(), Entry { key_mark: key.mark, node }).is_some() {
                            self.notes.push(Odd { code: IrregularityCode::DuplicateKey, line: key.mark.line, column: key.mark.column, detail: format!("{name} stands twice") });
                        }
                    }
                    (Kind::Map(map), None, Style::Plain)
                }
                _ => (Kind::Null, None, Style::Plain),
            };
            Ok(Node { kind, mark, written, style })
        }
    }

    fn scalar(text: &str) -> (Kind, Option<std::sync::Arc<str>>, Style) {
        let written = Some(text.into());
        let kind = match text {
            "" | "~" | "null" => Kind::Null,
            "true" | "on" | "yes" => Kind::Bool(true),
            "false" | "off" | "no" => Kind::Bool(false),
            _ => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(number), _) => Kind::Int(number),
                (_, Ok(number)) if text.starts_with(|c: char| c.is_ascii_digit()) => Kind::Float(number),
                _ => return (Kind::Str(text.into()), None, Style::Plain),
            },
        };
        (kind, written, Style::Plain)
    }
}
