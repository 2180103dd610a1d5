use dataflow_core::Value;
use dataflow_core::dialect::dml::Statement;
use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp, parse_uuid, uuid_to_text};
use proptest::prelude::*;

/// 0001-01-01 and 9999-12-31, in days since 1970-01-01.
const DAYS: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;

/// Half seconds around 1970, close to each other.
const HALF_SECONDS: std::ops::RangeInclusive<i64> = -200..=200;

proptest! {
    #[test]
    fn a_date_reads_back(days in DAYS) {
        let date = Date::from_unix_days(days);
        prop_assert_eq!(date.to_string().parse(), Ok(date));
    }

    #[test]
    fn dates_sort_as_their_texts(left in DAYS, right in DAYS) {
        let (left, right) = (Date::from_unix_days(left), Date::from_unix_days(right));
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }

    #[test]
    fn a_timestamp_reads_back(days in DAYS, micros in 0..86_400_000_000_i64) {
        let instant = Timestamp::from_unix_micros(i64::from(days) * 86_400_000_000 + micros);
        prop_assert_eq!(instant.to_string().parse(), Ok(instant));
    }

    #[test]
    fn a_local_date_time_reads_back(days in DAYS, micros in 0..86_400_000_000_i64) {
        let time = LocalDateTime::from_micros(i64::from(days) * 86_400_000_000 + micros);
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        prop_assert_eq!(time.to_sql().parse(), Ok(time));
    }

    #[test]
    fn local_date_times_sort_as_their_texts(left in HALF_SECONDS, right in HALF_SECONDS) {
        let [left, right] = [left, right].map(|half_seconds| {
            LocalDateTime::from_micros(half_seconds * 500_000)
        });
        prop_assert_eq!(left.cmp(&right), left.to_sql().cmp(&right.to_sql()));
    }

    #[test]
    fn a_local_time_reads_back(micros in 0..86_400_000_000_i64) {
        let time = LocalTime::from_micros(micros).unwrap();
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn local_times_sort_as_their_texts(left in 0..172_800_i64, right in 0..172_800_i64) {
        let [left, right] = [left, right].map(|half_seconds| {
            LocalTime::from_micros(half_seconds * 500_000).unwrap()
        });
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }

    #[test]
    fn dates_are_those_of_chrono(days in DAYS) {
        let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let theirs = epoch + chrono::Duration::days(days.into());
        prop_assert_eq!(Date::from_unix_days(days).to_string(), theirs.to_string());
    }

    #[test]
    fn a_uuid_reads_back(bytes: [u8; 16]) {
        prop_assert_eq!(parse_uuid(&uuid_to_text(&bytes)), Some(bytes));
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = text.parse::<Date>();
        let _ = text.parse::<Timestamp>();
        let _ = text.parse::<LocalDateTime>();
        let _ = text.parse::<LocalTime>();
        let _ = parse_uuid(&text);
    }
}

#[test]
fn a_timestamp_is_read_with_its_offset() {
    let cases = [
        ("2026-11-23T07:30:00Z", Some("2026-11-23T07:30:00.000000Z")),
        (
            "2026-11-23 07:30:00.1234567+00:00",
            Some("2026-11-23T07:30:00.123456Z"),
        ),
        (
            "2026-11-23T00:30:00+02:00",
            Some("2026-11-22T22:30:00.000000Z"),
        ),
        (
            "1969-12-31T23:59:59.999999Z",
            Some("1969-12-31T23:59:59.999999Z"),
        ),
        ("2026-11-23T24:00:00Z", None),
        ("2026-11-23T07:30:00", None),
        ("2026-11-23T07:30:00+2:00", None),
        ("2026-11-23", None),
        ("2026-02-30T00:00:00Z", None),
        ("ä026-11-23T07:30:00Z", None),
    ];
    for (text, expected) in cases {
        let found = text
            .parse::<Timestamp>()
            .ok()
            .map(|instant| instant.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

/// Such an instant could be stored as a text that nothing reads back.
#[test]
fn an_offset_leads_no_timestamp_out_of_the_calendar() {
    for text in ["9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
    for text in ["9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"] {
        assert!(text.parse::<Timestamp>().is_ok(), "{text}");
    }
}

#[test]
fn a_time_out_of_the_calendar_reaches_no_database() {
    let year_10000 = Timestamp::from_unix_micros(253_402_300_800_000_000);
    let statement = Statement::new("", vec![FieldType::Timestamp]);
    let error = statement
        .accepts(&[Value::Timestamp(year_10000)])
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    let statement = Statement::new("", vec![FieldType::Date]);
    let error = statement
        .accepts(&[Value::Date(Date::from_unix_days(i32::MAX))])
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
}

#[test]
fn a_local_date_time_is_read_without_an_offset() {
    let cases = [
        ("2026-11-23T07:30", Some("2026-11-23T07:30:00")),
        ("2026-11-23T07:30:00", Some("2026-11-23T07:30:00")),
        ("2026-11-23 07:30:00.5", Some("2026-11-23T07:30:00.500000")),
        ("2026-11-23T07:30:60", Some("2026-11-23T07:30:59")),
        ("2026-11-23", None),
        ("2026-11-23T24:00:00", None),
        ("2026-11-23T07:30:00Z", None),
        ("2026-11-23T07:30:00+00:00", None),
        ("2026-02-29T07:30:00", None),
        ("2026-11-23T+7:30:00", None),
    ];
    for (text, expected) in cases {
        let read = text.parse::<LocalDateTime>().ok();
        let read = read.map(|time| time.to_string());
        assert_eq!(read.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_local_time_is_one_that_every_day_has() {
    let cases = [
        ("07:30", Some("07:30:00")),
        ("00:00:00", Some("00:00:00")),
        ("23:59:59.9999999", Some("23:59:59.999999")),
        ("23:59:60", Some("23:59:59")),
        ("24:00:00", None),
        ("07:60:00", None),
        ("7:30:00", None),
        ("07:30:00.", None),
        ("07:30:00Z", None),
        ("07:30:00+01:00", None),
        ("2026-11-23T07:30:00", None),
    ];
    for (text, expected) in cases {
        let read = text.parse::<LocalTime>().ok();
        let read = read.map(|time| time.to_string());
        assert_eq!(read.as_deref(), expected, "{text}");
    }
    assert_eq!(LocalTime::from_micros(-1), None);
    assert_eq!(LocalTime::from_micros(86_400_000_000), None);
}
