//! What is on a screen: an emulator that knows as much as our programs write.

/// A screen with what has scrolled off it.
pub(crate) struct Screen {
    columns: usize,
    rows: usize,
    main: Buffer,
    other: Option<Buffer>,
    scrolled_off: Vec<String>,
}

struct Buffer {
    cells: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    /// A screen of this size after all of this was written to it.
    pub(crate) fn after(written: &[u8], columns: usize, rows: usize) -> Self {
        let empty = || Buffer {
            cells: vec![vec![' '; columns]; rows],
            row: 0,
            column: 0,
        };
        let mut screen = Self {
            columns,
            rows,
            main: empty(),
            other: None,
            scrolled_off: Vec::new(),
        };
        let text = String::from_utf8_lossy(written);
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c != '\u{1b}' {
                screen.put(c);
                continue;
            }
            assert_eq!(rest.next(), Some('['), "an escape sequence of another kind");
            let mut parameters = String::new();
            let last = loop {
                match rest.next().unwrap() {
                    c @ ('@'..='~') => break c,
                    c => parameters.push(c),
                }
            };
            match (&*parameters, last) {
                ("?1049", 'h') => screen.other = Some(empty()),
                ("?1049", 'l') => screen.other = None,
                _ => screen.control(&parameters, last),
            }
        }
        screen
    }

    /// What a person sees.
    pub(crate) fn seen(&self) -> String {
        let buffer = self.other.as_ref().unwrap_or(&self.main);
        text(&buffer.cells)
    }

    /// What a person could see: now, and by scrolling back.
    pub(crate) fn all(&self) -> String {
        self.scrolled_off.join("\n") + "\n" + &self.seen()
    }

    fn buffer(&mut self) -> &mut Buffer {
        self.other.as_mut().unwrap_or(&mut self.main)
    }

    fn put(&mut self, c: char) {
        let columns = self.columns;
        match c {
            '\r' => self.buffer().column = 0,
            '\n' => self.line_feed(),
            _ => {
                if self.buffer().column == columns {
                    self.buffer().column = 0;
                    self.line_feed();
                }
                let buffer = self.buffer();
                buffer.cells[buffer.row][buffer.column] = c;
                buffer.column += 1;
            }
        }
    }

    fn line_feed(&mut self) {
        let (rows, columns) = (self.rows, self.columns);
        let is_main = self.other.is_none();
        let buffer = self.buffer();
        if buffer.row + 1 < rows {
            buffer.row += 1;
            return;
        }
        let top = buffer.cells.remove(0);
        buffer.cells.push(vec![' '; columns]);
        if is_main {
            self.scrolled_off.push(top.into_iter().collect());
        }
    }

    fn control(&mut self, parameters: &str, last: char) {
        let (rows, columns) = (self.rows, self.columns);
        let count = parameters.parse().unwrap_or(1);
        let buffer = self.buffer();
        let column = buffer.column.min(columns - 1);
        match last {
            'A' => buffer.row = buffer.row.saturating_sub(count),
            'B' => buffer.row = (buffer.row + count).min(rows - 1),
            'C' => buffer.column = (column + count).min(columns - 1),
            'D' => buffer.column = column.saturating_sub(count),
            'H' => (buffer.row, buffer.column) = (0, 0),
            'J' => buffer.cells = vec![vec![' '; columns]; rows],
            'K' if parameters == "2" => buffer.cells[buffer.row] = vec![' '; columns],
            'K' => buffer.cells[buffer.row][column..].fill(' '),
            // The cursor's looks, colours.
            'h' | 'l' | 'm' => {}
            _ => panic!("unknown: {parameters}{last}"),
        }
    }
}

fn text(cells: &[Vec<char>]) -> String {
    let line = |row: &Vec<char>| row.iter().collect::<String>().trim_end().to_owned();
    cells.iter().map(line).collect::<Vec<_>>().join("\n")
}
