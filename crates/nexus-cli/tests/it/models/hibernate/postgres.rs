//! Models of an existing database, written by `nexus models generate`.
//!
//! Their fields use chrono, rust_decimal.

// In the database, and in no model:
// - table "employee_phones" has no model: it has no primary key, nor a unique index whose columns all refuse null, so its rows cannot be told apart
// - table "office" has no model: column "country" of its primary key has type character(2), which no field has
// - table "every_type": index "every_type_clock" covers a column that has no field
// - table "every_type": index "every_type_period" covers a column that has no field
// - table "every_type": check "every_type_cost_check" speaks of column "cost"
// - table "every_type": index "every_type_lap" speaks of column "lap"
// - table "every_type": check "every_type_check" speaks of column "lap"
// - table "needy" has no model: column "wanted" has type needed, which no field has, and no row can be written without it
// - table "booking": index "booking_during_excl" covers a column that has no field
// - table "nine" has no model: its primary key has more than eight columns
// - table "measured_in_2025" has no model: it is a PARTITION OF measured FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
// - enum "nothing"
// - enum "holed"
// - sequence "employee_seq"
// - table "measured": PARTITION BY RANGE (at)
// - foreign table "distant"
// - foreign key "fk_desk_office" of table "desk"
// - domain "email"
// - domain "needed"
// - domain rule "email CONSTRAINT email_check"
// - domain rule "needed NOT NULL"
// - composite type "address"
// - range type "span"
// - view "employed"
// - materialized view "counted"
// - foreign server "elsewhere"

use dataflow::{Model, SchemaSet};

/// Every model, to be registered at once.
pub fn models() -> SchemaSet {
    SchemaSet::new()
        .model::<Department>()
        .model::<Employee>()
        .model::<Project>()
        .model::<EmployeeProject>()
        .model::<EmployeeAud>()
        .model::<Badge>()
        .model::<Desk>()
        .model::<EveryType>()
        .model::<Numbered>()
        .model::<Booking>()
        .model::<Measured>()
}

/// A row of `department`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "department", has_many(employees = Employee.department_id))]
pub struct Department {
    #[model(primary_key)]
    pub id: i64,
    #[model(max_length = 255)]
    pub name: Option<String>,
}

/// A row of `employee`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "employee",
    unique(zone, status, name = "ukjs5q8gkbfrnlmyd7h0cq7vq0s"),
    check("((grade >= 0) AND (grade <= 3))", name = "employee_grade_check"),
    check(
        "((status)::text = ANY ((ARRAY['NEW'::character varying, 'GONE'::character varying])::text[]))",
        name = "employee_status_check"
    ),
    has_many(employees_by_boss = Employee.boss_id),
    has_many(employee_projects = EmployeeProject.employee_id),
    has_one(badge = Badge.employee_id),
    many_to_many(
        projects = Project,
        through = EmployeeProject(employee_id, projects_code)
    )
)]
pub struct Employee {
    #[model(primary_key, generate = "none")]
    pub id: i64,
    pub active: bool,
    pub grade: Option<i16>,
    #[model(precision = 38, scale = 2)]
    pub salary: Option<rust_decimal::Decimal>,
    pub ratio: Option<f64>,
    pub weight: Option<f32>,
    pub hired: Option<chrono::NaiveDate>,
    pub born: Option<chrono::DateTime<chrono::Utc>>,
    #[model(precision = 21, scale = 0)]
    pub worked: Option<rust_decimal::Decimal>,
    pub fingerprint: Option<Vec<u8>>,
    #[model(max_length = 255)]
    pub status: Option<String>,
    pub started: Option<chrono::NaiveDateTime>,
    pub shift: Option<chrono::NaiveTime>,
    #[model(max_length = 255)]
    pub zone: String,
    #[model(belongs_to = Department)]
    pub department_id: Option<i64>,
    #[model(belongs_to = Employee)]
    pub boss_id: Option<i64>,
    // Column "photo" has type oid, which no field has; reads and writes do not touch it.
}

/// A row of `project`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    table = "project",
    has_many(employee_projects = EmployeeProject.projects_code),
    many_to_many(
        employees = Employee,
        through = EmployeeProject(projects_code, employee_id)
    )
)]
pub struct Project {
    #[model(primary_key, max_length = 16)]
    pub code: String,
    #[model(max_length = 255)]
    pub title: String,
}

/// A row of `employee_projects`.
#[derive(Debug, Clone, PartialEq, Model)]
pub struct EmployeeProject {
    #[model(primary_key, belongs_to = Employee)]
    pub employee_id: i64,
    #[model(primary_key, max_length = 16, belongs_to = Project)]
    pub projects_code: String,
}

/// A row of `employee_aud`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "employee_aud")]
pub struct EmployeeAud {
    #[model(primary_key)]
    pub rev: i32,
    #[model(primary_key)]
    pub id: i64,
    pub revtype: Option<i16>,
    #[model(max_length = 255)]
    pub zone: Option<String>,
}

/// A row of `badge`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "badge")]
pub struct Badge {
    #[model(
        primary_key,
        generate = "none",
        belongs_to = Employee,
        on_delete = "cascade"
    )]
    pub employee_id: i64,
    #[model(default_sql = "nextval('badge_number_seq'::regclass)")]
    pub number: i16,
    // Column "issued" has type xml, which no field has; reads and writes do not touch it.
}

/// A row of `desk`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "desk")]
pub struct Desk {
    #[model(primary_key, generate = "none")]
    pub id: i32,
    #[model(max_length = 40)]
    pub office_city: Option<String>,
    // Column "office_country" has type character(2), which no field has; reads and writes do not touch it.
}

/// A row of `every_type`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "every_type", check("(id > 0)", name = "every_type_id_check"))]
pub struct EveryType {
    #[model(primary_key)]
    pub id: i64,
    #[model(default_sql = "nextval('every_type_counter_seq'::regclass)")]
    pub counter: i32,
    pub lengths: Option<Vec<f32>>,
    // Column "mail" has type email, which no field has; reads and writes do not touch it.
    // Column "home" has type address, which no field has; reads and writes do not touch it.
    // Column "spans" has type span, which no field has; reads and writes do not touch it.
    // Column "period" has type tstzrange, which no field has; reads and writes do not touch it.
    // Column "cost" has type money, which no field has; reads and writes do not touch it.
    // Column "mask" has type bit(3), which no field has; reads and writes do not touch it.
    // Column "bits" has type bit varying(5), which no field has; reads and writes do not touch it.
    // Column "document" has type xml, which no field has; reads and writes do not touch it.
    // Column "raw" has type json, which no field has; reads and writes do not touch it.
    // Column "computed" is computed of column "raw"; reads and writes do not touch it.
    // Column "mac" has type macaddr, which no field has; reads and writes do not touch it.
    // Column "net" has type cidr, which no field has; reads and writes do not touch it.
    // Column "place" has type point, which no field has; reads and writes do not touch it.
    // Column "words" has type tsvector, which no field has; reads and writes do not touch it.
    // Column "none" has type "nothing", which no field has; reads and writes do not touch it.
    // Column "holey" has type "holed", which no field has; reads and writes do not touch it.
    // Column "lap" has type interval(3), which no field has; reads and writes do not touch it.
    // Column "clock" has type time with time zone, which no field has; reads and writes do not touch it.
    // Column "tiny" has type "char", which no field has; reads and writes do not touch it.
    // Column "identifier" has type name, which no field has; reads and writes do not touch it.
    // Column "row_of" has type employee, which no field has; reads and writes do not touch it.
}

/// A row of `numbered`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "numbered")]
pub struct Numbered {
    #[model(primary_key, generate = "none")]
    pub number: i32,
    #[model(unique)]
    pub label: Option<String>,
}

/// A row of `booking`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "booking")]
pub struct Booking {
    #[model(primary_key)]
    pub id: i64,
    pub room: i32,
    // Column "during" has type int4range, which no field has; reads and writes do not touch it.
}

/// A row of `measured`.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(table = "measured")]
pub struct Measured {
    #[model(primary_key)]
    pub town: String,
    #[model(primary_key)]
    pub at: chrono::NaiveDate,
    pub degrees: Option<f32>,
}
