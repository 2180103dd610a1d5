use dataflow_core::schema::{
    Action, Bound, Check, Deferrable, Field, FieldType, Generated, Index, IndexMember, Relation,
    Rules,
};

use super::draft::{Draft, Table, quoted};
use super::kind;

/// One change of models. The numbers choose among what is there; where nothing is, nothing changes.
#[derive(Debug)]
pub(super) struct Edit {
    what: What,
    table: u8,
    field: u8,
    choice: u8,
    other: u8,
}

#[derive(Debug, Clone, Copy)]
enum What {
    AddTable,
    DropTable,
    RenameTable,
    MoveTable,
    AddField,
    DropField,
    RenameColumn,
    SetType,
    SetNullable,
    SetDefault,
    AddIndex,
    DropIndex,
    AddCheck,
    ChangeCheck,
    DropCheck,
    AddRelation,
    ChangeRelation,
    DropRelation,
    AddGenerated,
    ChangeGenerated,
    ChangeIndex,
    RenameAndSetType,
    SetRules,
    SetCollation,
    SetComment,
}

const ALL: [What; 33] = [
    What::AddTable,
    What::DropTable,
    What::RenameTable,
    What::MoveTable,
    What::AddField,
    What::AddField,
    What::AddField,
    What::AddField,
    What::DropField,
    What::RenameColumn,
    What::RenameColumn,
    What::SetType,
    What::SetType,
    What::SetNullable,
    What::SetDefault,
    What::AddIndex,
    What::AddIndex,
    What::DropIndex,
    What::AddCheck,
    What::ChangeCheck,
    What::DropCheck,
    What::AddRelation,
    What::ChangeRelation,
    What::DropRelation,
    What::AddGenerated,
    What::ChangeGenerated,
    What::ChangeIndex,
    What::ChangeIndex,
    What::RenameAndSetType,
    What::SetRules,
    What::SetRules,
    What::SetCollation,
    What::SetComment,
];

impl Edit {
    pub(super) fn of(&[what, table, field, choice, other, _]: &[u8; 6]) -> Self {
        Self {
            what: ALL[usize::from(what) % ALL.len()],
            table,
            field,
            choice,
            other,
        }
    }

    pub(super) fn apply(&self, draft: &mut Draft) {
        let Some(position) = draft.table(self.table) else {
            return draft.add_table();
        };
        match self.what {
            What::AddTable => draft.add_table(),
            What::DropTable => draft.drop_table(position),
            What::RenameTable => draft.rename_table(position),
            What::MoveTable => draft.move_table(position, self.choice),
            What::AddField => self.add_field(draft, position),
            What::AddRelation => self.add_relation(draft, position),
            What::AddGenerated => self.add_generated(draft, position),
            What::ChangeGenerated => self.change_generated(draft, position),
            What::AddIndex => self.add_index(draft, position),
            What::ChangeIndex => self.change_index(draft, position),
            What::AddCheck => self.add_check(draft, position),
            What::DropIndex => drop_one(draft, position, self.choice, Table::drop_index, |table| {
                table.indexes.len()
            }),
            What::DropCheck => drop_one(draft, position, self.choice, Table::drop_check, |table| {
                table.checks.len()
            }),
            What::DropRelation => drop_one(
                draft,
                position,
                self.choice,
                Table::drop_relation,
                |table| table.relations.len(),
            ),
            What::ChangeCheck => self.change_check(draft, position),
            What::ChangeRelation => self.change_relation(draft, position),
            What::DropField
            | What::RenameColumn
            | What::SetType
            | What::SetNullable
            | What::SetDefault
            | What::RenameAndSetType
            | What::SetRules
            | What::SetCollation
            | What::SetComment => {
                if let Some(field) = draft.tables[position].field(self.field) {
                    self.change_field(draft, position, field);
                }
            }
        }
    }

    fn add_field(&self, draft: &mut Draft, position: usize) {
        let mut field = kind::field(self.choice, draft.name());
        field.nullable = self.other.is_multiple_of(2);
        field.comment = self.other.is_multiple_of(5).then(|| "it's new".into());
        if self.other.is_multiple_of(3) {
            field.default = Some(kind::default(&field.field_type, self.field));
        }
        draft.may_be_refused |= !field.is_optional();
        draft.tables[position].add_field(field);
    }

    fn change_field(&self, draft: &mut Draft, position: usize, number: usize) {
        let name = draft.name();
        let (is_settled, is_postgres) = (draft.is_settled(), draft.is_postgres());
        let table = &mut draft.tables[position];
        let is_used = table.is_used(number);
        // What fills rows in may be what a condition, an index or a foreign key refuses, which only
        // shows once others have their rows.
        let name_of_it = table.model.fields[number].name.clone();
        let is_unique = table
            .model
            .indexes
            .iter()
            .filter_map(|index| index.unique_fields())
            .any(|fields| fields.contains(&&*name_of_it));
        let may_not_be_filled = is_settled && (is_used || is_unique);
        let field = &mut table.model.fields.to_mut()[number];
        match self.what {
            What::DropField => table.drop_field(number),
            What::RenameColumn => table.rename_column(number, name),
            What::SetNullable
                if field.generated.is_none() && !(may_not_be_filled && field.default.is_some()) =>
            {
                field.nullable = !field.nullable;
                draft.may_be_refused |= is_settled && !field.nullable;
            }
            // One that the field's own rules refuse is a mistake in the model.
            What::SetDefault
                if field.generated.is_none() && field.rules.is_none() && !may_not_be_filled =>
            {
                field.default = match field.default {
                    Some(_) => None,
                    None => Some(kind::default(&field.field_type, self.choice)),
                };
                draft.may_be_refused |= !field.is_optional();
            }
            What::SetType | What::RenameAndSetType if !is_used => {
                let Some((field_type, limit)) = kind::other(field, self.choice) else {
                    return;
                };
                if field.field_type != field_type {
                    let default = || kind::default(&field_type, self.other);
                    field.default = field.default.is_some().then(default);
                    field.rules = Rules::NONE;
                    field.collation = None;
                }
                field.field_type = field_type;
                field.limit = limit;
                draft.may_be_refused = true;
                if matches!(self.what, What::RenameAndSetType) {
                    table.rename_column(number, name);
                }
            }
            What::SetRules if field.generated.is_none() && field.default.is_none() => {
                field.rules = rules(&field.field_type, self.choice);
                draft.may_be_refused = true;
            }
            What::SetCollation if field.field_type == FieldType::String && !is_used => {
                let names = match is_postgres {
                    true => ["C", "POSIX"],
                    false => ["NOCASE", "RTRIM"],
                };
                let name = names[usize::from(self.choice) % names.len()];
                field.collation = Some(name.into());
            }
            What::SetComment => {
                let comment = format!("it's {}", self.choice);
                match self.other.is_multiple_of(3) {
                    true => table.model.comment = Some(comment.into()),
                    false => field.comment = Some(comment.into()),
                }
            }
            _ => {}
        }
    }

    /// Plain, unique at once or later, with nulls that agree, partial, over an expression, over
    /// several fields, descending, or of another method.
    fn add_index(&self, draft: &mut Draft, position: usize) {
        let (name, is_settled) = (draft.name(), draft.is_settled());
        let is_postgres = draft.is_postgres();
        let table = &mut draft.tables[position];
        let Some(number) = table.field(self.field) else {
            return;
        };
        let field = &table.model.fields[number];
        let is_filled = table.columns[number].is_none() && field.default.is_some();
        let method = kind::index_method(&field.field_type, self.other);
        let is_sorted = self.choice % 10 != 9 || !is_postgres;
        if field.field_type == FieldType::Json && is_sorted || is_settled && is_filled {
            return;
        }
        let mut index = Index::over([field.name.clone()]);
        let is_text = field.field_type == FieldType::String;
        match self.choice % 10 {
            0 => index.unique = true,
            8 => {
                index.unique = true;
                index.deferrable = deferrable(self.choice).filter(|_| is_postgres);
                index.members.to_mut().insert(0, IndexMember::field("id"));
            }
            9 if is_postgres => index.method = Some(method.into()),
            6 | 7 if is_postgres => {
                index.unique = true;
                index.deferrable = deferrable(self.choice);
                index.nulls_not_distinct = self.other.is_multiple_of(3);
            }
            1 => index.predicate = Some(format!("{} is not NULL", quoted(field)).into()),
            2 if is_text => {
                let expression = format!("lower({})", quoted(field));
                index.members = vec![IndexMember::expression(expression)].into();
            }
            3 => index.members.to_mut()[0].descending = true,
            4 => index.members.to_mut().push(IndexMember::field("id")),
            _ => {}
        }
        // One that does the work of another is not made.
        let mut indexes = table.model.indexes.iter();
        if indexes.any(|other| does_the_same(other, &index)) {
            return;
        }
        draft.may_be_refused |= index.unique;
        // Two may cover the same, and then need names of their own.
        index.name =
            (self.other.is_multiple_of(2) || !table.indexes.is_empty()).then(|| name.into());
        table.model.indexes.to_mut().push(index);
        table.indexes.push(None);
    }

    /// The same name for another index: over other rows or other values, in another order or manner.
    fn change_index(&self, draft: &mut Draft, position: usize) {
        let is_postgres = draft.is_postgres();
        let table = &mut draft.tables[position];
        let (Some(number), Some(field)) = (
            usize::from(self.choice).checked_rem(table.indexes.len()),
            table.field(self.field),
        ) else {
            return;
        };
        let field = &table.model.fields[field];
        let mut index = table.model.indexes[number].clone();
        let is_sorted = |member: &IndexMember| {
            let field = member.as_field().unwrap_or_default().to_owned();
            *member == IndexMember::field(field)
        };
        let may_wait = index.unique_fields().is_some() && index.members.iter().all(is_sorted);
        let is_plain = index.members.len() == 1 && !index.unique && !index.members[0].descending;
        if self.other % 8 < 6 {
            (index.deferrable, index.nulls_not_distinct) = (None, false);
        }
        match self.other % 8 {
            6 if may_wait && is_postgres => {
                index.deferrable = match index.deferrable {
                    None => deferrable(self.choice),
                    Some(_) => None,
                };
                draft.may_be_refused = true;
            }
            7 if index.unique && is_postgres => {
                index.nulls_not_distinct = !index.nulls_not_distinct;
                draft.may_be_refused = true;
            }
            0 => index.predicate = Some(format!("{} IS NOT NULL", quoted(field)).into()),
            1 => index.predicate = None,
            2 if field.field_type == FieldType::String => {
                let expression = format!("upper({})", quoted(field));
                index.members = vec![IndexMember::expression(expression)].into();
                index.method = None;
            }
            3 if is_plain && is_postgres => index.method = Some("hash".into()),
            4 if index.method.is_none() => {
                let member = &mut index.members.to_mut()[0];
                member.descending = !member.descending;
            }
            5 if index.method.is_none() => {
                index.unique = !index.unique;
                draft.may_be_refused |= index.unique;
            }
            _ => return,
        }
        // A name that is made of what it covers becomes another with it.
        let mut indexes = table.model.indexes.iter();
        if index.name.is_none() || indexes.any(|other| does_the_same(other, &index)) {
            return;
        }
        table.drop_index(number);
        table.model.indexes.to_mut().push(index);
        table.indexes.push(None);
    }

    fn add_check(&self, draft: &mut Draft, position: usize) {
        let (name, is_settled) = (draft.name(), draft.is_settled());
        let table = &mut draft.tables[position];
        let Some(number) = table.field(self.field) else {
            return;
        };
        let field = &table.model.fields[number];
        if is_settled && table.columns[number].is_none() && field.default.is_some() {
            return;
        }
        let is_named = self.other.is_multiple_of(2) || !table.checks.is_empty();
        let check = Check {
            name: is_named.then(|| name.into()),
            field: Some(field.name.clone()),
            expression: condition(field, self.choice).into(),
        };
        let is_there = |other: &Check| other.expression == check.expression;
        if table.model.checks.iter().any(is_there) {
            return;
        }
        table.model.checks.to_mut().push(check);
        table.checks.push(None);
        draft.may_be_refused = true;
    }

    fn change_check(&self, draft: &mut Draft, position: usize) {
        let table = &mut draft.tables[position];
        let Some(number) = usize::from(self.choice).checked_rem(table.checks.len()) else {
            return;
        };
        let field = table.model.checks[number].field.clone().unwrap();
        let field = table.model.fields.iter().find(|other| other.name == field);
        let expression = condition(field.unwrap(), self.other);
        let checks = table.model.checks.to_mut();
        if checks.iter().any(|other| other.expression == expression) {
            return;
        }
        checks[number].expression = expression.into();
        draft.may_be_refused = true;
    }

    fn add_generated(&self, draft: &mut Draft, position: usize) {
        let (name, kept) = (draft.name(), draft.kept(self.choice));
        let table = &mut draft.tables[position];
        let Some(number) = table.field(self.field) else {
            return;
        };
        let field = &table.model.fields[number];
        let (expression, field_type) = match field.field_type {
            _ if field.generated.is_some() => return,
            FieldType::I16 | FieldType::I32 => (format!("{} + 1", quoted(field)), FieldType::I64),
            FieldType::String => (format!("upper({})", quoted(field)), FieldType::String),
            _ => return,
        };
        table.add_field(Field {
            nullable: true,
            generated: Some(Generated {
                expression: expression.into(),
                kept,
            }),
            ..Field::new(name, field_type)
        });
    }

    fn change_generated(&self, draft: &mut Draft, position: usize) {
        let kept = draft.kept(self.choice);
        let table = &mut draft.tables[position];
        let fields = table.model.fields.to_mut();
        let generated = fields.iter_mut().find_map(|field| field.generated.as_mut());
        if let Some(generated) = generated {
            generated.expression = format!("coalesce({}, NULL)", generated.expression).into();
            generated.kept = kept;
        }
    }

    /// A field that is there, whose values may point nowhere, or a new one, which may be null.
    fn add_relation(&self, draft: &mut Draft, position: usize) {
        let tables = draft.tables.iter();
        let parents: Vec<_> = tables.filter(|it| !it.model.key.is_composite()).collect();
        if parents.is_empty() {
            return;
        }
        let parent = parents[usize::from(self.other) % parents.len()];
        let parent = parent.model.table.clone();
        let name = draft.name();
        let table = &mut draft.tables[position];
        let of_field = |field: String| Relation {
            on_delete: action(self.choice),
            deferred: self.choice.is_multiple_of(7),
            ..Relation::new(field, parent, "id")
        };
        let there = table.field(self.field).filter(|number| {
            let field = &table.model.fields[*number];
            field.field_type == FieldType::I64 && field.default.is_none() && !table.is_used(*number)
        });
        let relation = match there {
            Some(number) => {
                draft.may_be_refused = true;
                of_field(table.model.fields[number].name.to_string())
            }
            None => {
                table.add_field(Field {
                    nullable: true,
                    ..Field::new(name.clone(), FieldType::I64)
                });
                of_field(name)
            }
        };
        table.model.relations.to_mut().push(relation);
        table.relations.push(None);
    }

    fn change_relation(&self, draft: &mut Draft, position: usize) {
        let table = &mut draft.tables[position];
        if let Some(number) = usize::from(self.choice).checked_rem(table.relations.len()) {
            let relation = &mut table.model.relations.to_mut()[number];
            relation.on_delete = action(self.other);
            relation.on_update = action(self.field);
        }
    }
}

fn drop_one(
    draft: &mut Draft,
    position: usize,
    choice: u8,
    drop: fn(&mut Table, usize),
    count: fn(&Table) -> usize,
) {
    let table = &mut draft.tables[position];
    if let Some(number) = usize::from(choice).checked_rem(count(table)) {
        drop(table, number);
    }
}

fn does_the_same(one: &Index, other: &Index) -> bool {
    one.members == other.members
        && one.predicate == other.predicate
        && one.deferrable == other.deferrable
        && one.nulls_not_distinct == other.nulls_not_distinct
}

fn deferrable(choice: u8) -> Option<Deferrable> {
    let all = [
        None,
        Some(Deferrable::InitiallyImmediate),
        Some(Deferrable::InitiallyDeferred),
    ];
    all[usize::from(choice / 8) % all.len()]
}

/// Rules of a type, which most rows fulfill.
fn rules(field_type: &FieldType, choice: u8) -> Rules {
    let bound = |number: i64| (!choice.is_multiple_of(3)).then_some(Bound::Integer(number));
    match field_type {
        FieldType::I16 | FieldType::I32 | FieldType::I64 => Rules {
            min: bound(1 - i64::from(choice % 4)),
            max: (!choice.is_multiple_of(4)).then_some(Bound::Integer(300 - i64::from(choice))),
            ..Rules::NONE
        },
        FieldType::String => Rules {
            min_length: Some(u32::from(choice % 5)),
            ..Rules::NONE
        },
        _ => Rules::NONE,
    }
}

/// A condition on a field, which most rows fulfill.
fn condition(field: &Field, choice: u8) -> String {
    let column = quoted(field);
    let number = u32::from(choice % 4) + 1;
    match field.field_type {
        FieldType::I16 | FieldType::I32 | FieldType::I64 => format!("{column}*{number} > 0"),
        FieldType::String => format!("length({column}) <{number}0"),
        _ => format!("({column} IS NOT NULL or id>-{number})"),
    }
}

fn action(choice: u8) -> Action {
    [
        Action::NoAction,
        Action::Restrict,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
    ][usize::from(choice) % 5]
}
