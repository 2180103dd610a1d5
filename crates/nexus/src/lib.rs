//! Nexus: one registration, served over HTTP, MCP and the command line; the face users import.
