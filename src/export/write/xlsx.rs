//! A workbook of one sheet, every cell a text: nothing in it is run, and codes keep their leading zeros.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use crate::channel::profile::{File, Header};

/// A sheet, growing.
pub(super) struct Sheet {
    workbook: Workbook,
    row: u32,
}

/// UTF-16 units that fit one cell (Excel specifications).
pub(in super::super) const LONGEST: usize = 32_767;

impl Sheet {
    /// A sheet with its head.
    pub(super) fn new(file: &File) -> Self {
        let mut workbook = Workbook::new();
        // A workbook says when it was made; equal tables must be equal bytes.
        if let Ok(moment) = ExcelDateTime::from_ymd(2000, 1, 1) {
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&moment));
        }
        // Rows are written one after the other, so only one is kept in memory.
        // A sheet that the system has no room for ends as an empty file, which reading it back finds.
        if let (Ok(sheet), Some(name)) =
            (workbook.add_worksheet_with_constant_memory(), &file.sheet)
        {
            // A name that Excel does not take leaves the usual one.
            let _ = sheet.set_name(name);
        }
        let mut sheet = Self { workbook, row: 0 };
        let keys: Vec<String> = file.columns.iter().map(|column| column.key.clone()).collect();
        let labels: Vec<String> = file.columns.iter().map(|column| column.label.clone()).collect();
        match file.header {
            Header::Keys => sheet.row(&keys),
            Header::Labels => sheet.row(&labels),
            Header::Both => {
                sheet.row(&keys);
                sheet.row(&labels);
            }
            Header::None => {}
        }
        sheet
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[String]) {
        let Some(sheet) = self.workbook.worksheets_mut().first_mut() else { return };
        let sheet: &mut Worksheet = sheet;
        for (column, text) in (0_u16..).zip(cells) {
            if !text.is_empty() {
                // A text too long for a cell was reported with its place.
                let _ = sheet.write_string(self.row, column, text);
            }
        }
        self.row += 1;
    }

    /// The file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.workbook.save_to_buffer().unwrap_or_default()
    }
}
