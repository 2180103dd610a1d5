//! The foundation of DataFlow and Nexus: schema, plan, dialect, values, nodes and errors.
