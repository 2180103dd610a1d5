//! DataFlow: models, pool, repositories and nodes; the face users import.
