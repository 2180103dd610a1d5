//! Benchmarks against raw drivers.
