//! A workbook of one sheet, every cell a text: nothing in it is run, and codes keep their leading zeros.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use crate::channel::profile::File;

/// A sheet, growing.
pub struct Sheet {
    workbook: Workbook,
    row: u32,
}

/// UTF-16 units that fit one cell (Excel specifications).
pub(in super::super) const LONGEST: usize = 32_767;

impl Sheet {
    /// A sheet with its head.
    pub fn new(file: &File) -> Self {
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
        file.names().iter().for_each(|names| sheet.row(names.iter().map(String::as_str)));
        sheet
    }

    /// Adds the rows of a lot, which are kept as CSV.
    pub fn add(&mut self, part: &[u8]) {
        let mut reader =
            ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(part);
        let mut record = ::csv::StringRecord::new();
        while reader.read_record(&mut record).is_ok_and(|more| more) {
            self.row(record.iter());
        }
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) {
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

    /// The file, or why there is none.
    pub fn finish(mut self) -> Result<Vec<u8>, String> {
        self.workbook.save_to_buffer().map_err(|error| error.to_string())
    }
}
