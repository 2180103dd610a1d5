//! A `CREATE TABLE` taken apart, so that one piece can be changed and all others stay as somebody
//! wrote them.

use super::column::{ColumnText, is_check_about, references, says};
use crate::dialect::identifier;
use crate::dialect::token::{Token, whole};

/// The pieces of a `CREATE TABLE`.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pieces: Vec<Piece>,
    /// What follows the closing bracket, such as ` STRICT`.
    suffix: String,
}

#[derive(Debug, Clone)]
enum Piece {
    Column(ColumnText),
    Constraint(Constraint),
}

#[derive(Debug, Clone)]
struct Constraint {
    name: Option<String>,
    /// The columns that it is about, where it lists them.
    columns: Vec<String>,
    text: String,
}

impl Layout {
    /// Takes a statement apart; none when it is no plain `CREATE TABLE`.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let tokens = whole(sql)?;
        let is_table = tokens.first()?.is("CREATE") && tokens.get(1)?.is("TABLE");
        let open = tokens.iter().position(|token| token.text == "(")?;
        let close = tokens
            .iter()
            .position(|token| token.text == ")" && token.depth == 1)?;
        if !is_table || close < open {
            return None;
        }
        let inner = &tokens[open + 1..close];
        let is_comma = |token: &Token| token.text == "," && token.depth == 1;
        let pieces: Option<Vec<Piece>> = inner
            .split(is_comma)
            .map(|piece| Piece::of(sql, piece))
            .collect();
        Some(Self {
            pieces: pieces?,
            suffix: sql[tokens[close].end()..].to_owned(),
        })
    }

    /// The statement under another name of the table.
    pub(super) fn to_sql(&self, table: &str) -> String {
        let pieces: Vec<String> = self.pieces.iter().map(Piece::to_sql).collect();
        format!(
            "CREATE TABLE {} (\n  {}\n){}",
            identifier(table),
            pieces.join(",\n  "),
            self.suffix
        )
    }

    /// The columns, in order.
    pub(super) fn columns(&self) -> impl Iterator<Item = &ColumnText> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Column(column) => Some(column),
            Piece::Constraint(_) => None,
        })
    }

    /// A column, to be changed.
    pub(super) fn column_mut(&mut self, name: &str) -> Option<&mut ColumnText> {
        self.pieces.iter_mut().find_map(|piece| match piece {
            Piece::Column(column) if column.name.eq_ignore_ascii_case(name) => Some(column),
            _ => None,
        })
    }

    /// Adds a column after the others, as it stands in `CREATE TABLE`.
    pub(super) fn add_column(&mut self, clause: &str) {
        let is_column = |piece: &Piece| matches!(piece, Piece::Column(_));
        let end = self.pieces.iter().rposition(is_column);
        if let Some(piece) = Layout::of(&format!("CREATE TABLE t ({clause})"))
            .and_then(|mut layout| layout.pieces.pop())
        {
            self.pieces.insert(end.map_or(0, |end| end + 1), piece);
        }
    }

    /// Removes a column, and the constraints that speak of it, as PostgreSQL does.
    pub(super) fn drop_column(&mut self, name: &str) {
        self.pieces.retain(|piece| match piece {
            Piece::Column(column) => !column.name.eq_ignore_ascii_case(name),
            Piece::Constraint(constraint) => !constraint.is_about(name),
        });
        for piece in &mut self.pieces {
            if let Piece::Column(column) = piece {
                column.drop_checks_about(name);
            }
        }
    }

    /// Adds a constraint after all else.
    pub(super) fn add_constraint(&mut self, text: String) {
        self.pieces.push(Piece::Constraint(Constraint {
            name: None,
            columns: Vec::new(),
            text,
        }));
    }

    /// Whether a constraint has a name, wherever it stands.
    pub(super) fn names_constraint(&self, name: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Column(column) => column.names_constraint(name),
            Piece::Constraint(constraint) => constraint.name.as_deref() == Some(name),
        })
    }

    /// Removes the constraint of a name, wherever it stands.
    pub(super) fn drop_constraint(&mut self, name: &str) {
        self.pieces.retain(|piece| match piece {
            Piece::Column(_) => true,
            Piece::Constraint(constraint) => constraint.name.as_deref() != Some(name),
        });
        for piece in &mut self.pieces {
            if let Piece::Column(column) = piece {
                column.drop_constraint(name);
            }
        }
    }

    /// Removes the condition that says something, wherever it stands.
    pub(super) fn drop_check(&mut self, condition: &str) {
        self.pieces.retain(|piece| match piece {
            Piece::Column(_) => true,
            Piece::Constraint(constraint) => !says(&constraint.text, condition),
        });
        for piece in &mut self.pieces {
            if let Piece::Column(column) = piece {
                column.drop_check(condition);
            }
        }
    }

    /// Removes the foreign key from a column to a table, wherever it stands.
    pub(super) fn drop_foreign_key(&mut self, column: &str, table: &str) {
        self.pieces.retain(|piece| match piece {
            Piece::Column(_) => true,
            Piece::Constraint(constraint) => {
                let is_of_it = matches!(constraint.columns.as_slice(),
                    [only] if only.eq_ignore_ascii_case(column));
                !(is_of_it && references(&constraint.text, table))
            }
        });
        if let Some(column) = self.column_mut(column) {
            column.drop_reference(table);
        }
    }

    /// Keeps rows by their key alone, which then is not counted up either.
    pub(super) fn drop_rowid(&mut self) {
        let separator = match self.suffix.trim().is_empty() {
            true => "",
            false => ",",
        };
        self.suffix = format!("{}{separator} WITHOUT ROWID", self.suffix.trim_end());
        for piece in &mut self.pieces {
            if let Piece::Column(column) = piece {
                column.stop_counting();
            }
        }
    }

    /// Whether a keyword stands in it, outside of expressions.
    pub(super) fn has(&self, keyword: &str) -> bool {
        let suffix = whole(&self.suffix).unwrap_or_default();
        suffix.iter().any(|token| token.is(keyword))
            || self.columns().any(|column| column.has(keyword))
    }
}

impl Constraint {
    /// Whether it lists a column, or its condition speaks of it.
    fn is_about(&self, column: &str) -> bool {
        let is_listed = |name: &String| name.eq_ignore_ascii_case(column);
        match self.columns.as_slice() {
            [] => is_check_about(&self.text, column),
            listed => listed.iter().any(is_listed),
        }
    }
}

impl Piece {
    fn of(sql: &str, tokens: &[Token]) -> Option<Self> {
        const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

        let (first, last) = (tokens.first()?, tokens.last()?);
        if !CONSTRAINTS.iter().any(|keyword| first.is(keyword)) {
            return Some(Self::Column(ColumnText::of(sql, tokens)?));
        }
        let name = first
            .is("CONSTRAINT")
            .then(|| tokens.get(1).map(Token::name));
        Some(Self::Constraint(Constraint {
            name: name.flatten(),
            columns: listed_columns(tokens),
            text: sql[first.start..last.end()].to_owned(),
        }))
    }

    fn to_sql(&self) -> String {
        match self {
            Self::Column(column) => column.to_sql(),
            Self::Constraint(constraint) => constraint.text.clone(),
        }
    }
}

/// What stands in the first brackets of a key, a unique constraint or a foreign key. A check lists
/// no columns.
fn listed_columns(tokens: &[Token]) -> Vec<String> {
    let about = tokens.iter().position(|token| {
        ["PRIMARY", "UNIQUE", "FOREIGN"]
            .iter()
            .any(|keyword| token.is(keyword))
    });
    let Some(about) = about.filter(|at| *at <= 2) else {
        return Vec::new();
    };
    let inside = tokens[about..]
        .iter()
        .skip_while(|token| token.text != "(")
        .skip(1)
        .take_while(|token| token.text != ")");
    inside
        .filter(|token| token.text != ",")
        .map(Token::name)
        .collect()
}
