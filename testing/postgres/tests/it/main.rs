//! A private server starts, answers, and is gone afterwards. Needs PostgreSQL's programs only.

mod cluster;
mod database;
