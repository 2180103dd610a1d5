//! Nexus core: the registry of operations and the HTTP channel.
