//! The record as JSON lines, oldest first, without holding more than a page of it.

use csoc_core::access::Visible;
use csoc_core::audit::Record;

use super::{AuditFilter, OLDEST_FIRST, filtered, read};
use crate::page::LARGEST_PAGE;
use crate::{PageRequest, Store, StoreError};

/// Gives batch after batch; `None` at the end.
pub struct AuditExport {
    store: Store,
    visible: Visible,
    filter: AuditFilter,
    page: Option<PageRequest>,
}

impl Store {
    pub fn audit_export(&self, visible: Visible, filter: AuditFilter) -> AuditExport {
        AuditExport { store: self.clone(), visible, filter, page: Some(PageRequest::first(LARGEST_PAGE)) }
    }
}

impl AuditExport {
    pub async fn next_batch(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        let Some(page) = self.page.take() else { return Ok(None) };
        let query = filtered("SELECT * FROM audit WHERE 1 = 1", &self.visible, &self.filter);
        let got = self.store.page("audit_export", query, OLDEST_FIRST, &page, read).await?;
        self.page = got.next.map(|after| PageRequest { after: Some(after), limit: LARGEST_PAGE });
        Ok((!got.items.is_empty()).then_some(got.items))
    }

    /// The next batch as text, one object a line.
    pub async fn next_lines(&mut self) -> Result<Option<String>, StoreError> {
        let Some(records) = self.next_batch().await? else { return Ok(None) };
        let mut text = String::new();
        for record in &records {
            text.push_str(&record.to_json());
            text.push('\n');
        }
        Ok(Some(text))
    }
}
