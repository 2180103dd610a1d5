//! SyncDDLExecutor: schema changes, blocking, outside any async runtime.
