//! The MCP channel of Nexus.
