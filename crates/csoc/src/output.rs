//! Rows on stdout: a table for people, JSON, YAML or CSV for programs.
//!
//! A table fits the terminal it is shown in; into a pipe it goes as wide as it is, without colour. JSON and
//! YAML hold every field, CSV every field with lists joined by spaces; the JSON's schemas are committed.

mod yaml;

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use comfy_table::{Cell, Color, ContentArrangement, Table};
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

pub use yaml::to_yaml;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Table,
    Json,
    Yaml,
    Csv,
}

#[derive(Clone, Copy, clap::Args)]
pub struct FormatArgs {
    /// How to print it
    #[arg(long, short = 'o', value_enum, default_value_t)]
    pub format: Format,
}

/// A table under construction.
pub struct Columns {
    table: Table,
}

impl Columns {
    pub fn new(titles: &[&str]) -> Self {
        let mut table = Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        let to_terminal = io::stdout().is_terminal();
        table.set_content_arrangement(if to_terminal {
            ContentArrangement::Dynamic
        } else {
            ContentArrangement::Disabled
        });
        if !to_terminal || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()) {
            table.force_no_tty();
        }
        table.set_header(titles.iter().map(|title| title.to_uppercase()).collect::<Vec<_>>());
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        Self { table }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells.into_iter().map(one_line));
        let columns = self.table.column_iter_mut();
        columns.for_each(|column| {
            column.set_padding((0, 2));
        });
    }

    /// A row where one cell asks for attention.
    pub fn marked_row(&mut self, cells: Vec<String>, marked: usize) {
        let cells = cells.into_iter().enumerate().map(|(index, text)| {
            let cell = Cell::new(one_line(text));
            if index == marked { cell.fg(Color::Yellow) } else { cell }
        });
        self.table.add_row(cells.collect::<Vec<_>>());
    }

    pub fn print(&self) -> Result<(), Failure> {
        print(&self.table.trim_fmt())
    }
}

fn one_line(text: String) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// A line (or several) on stdout.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Rows in one of the formats; `table` is asked only for a table. CSV has `fields`, or what the first row
/// has.
pub fn rows<T: Serialize>(
    format: Format,
    rows: &[T],
    fields: &[&str],
    table: impl FnOnce(&[T]) -> Columns,
) -> Result<(), Failure> {
    match format {
        Format::Table => table(rows).print(),
        Format::Json | Format::Yaml => document(format, &rows),
        Format::Csv => csv(fields, rows.iter().map(as_json)),
    }
}

/// One document as JSON or YAML (CSV and table have no form for it and fall back to YAML).
pub fn document<T: Serialize>(format: Format, value: &T) -> Result<(), Failure> {
    let value = as_json(value);
    match format {
        Format::Json => print(&serde_json::to_string_pretty(&value).unwrap_or_default()),
        _ => print(&to_yaml(&value)),
    }
}

pub fn as_json<T: Serialize>(value: T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

pub fn csv(fields: &[&str], rows: impl Iterator<Item = Value>) -> Result<(), Failure> {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let bad = |error: ::csv::Error| Failure::new(format!("writing CSV: {error}"));
    out.write_record(fields).map_err(bad)?;
    for row in rows {
        out.write_record(fields.iter().map(|field| flat(row.get(*field)))).map_err(bad)?;
    }
    let bytes = out.into_inner().map_err(|error| Failure::new(format!("writing CSV: {error}")))?;
    print(&String::from_utf8_lossy(&bytes))
}

/// One field's text: lists joined by spaces, nothing for null.
fn flat(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| flat(Some(item))).collect::<Vec<_>>().join(" "),
        Some(other) => other.to_string(),
    }
}

/// `-` for nothing, as tables show it.
pub fn or_dash(text: Option<&str>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned()
}
