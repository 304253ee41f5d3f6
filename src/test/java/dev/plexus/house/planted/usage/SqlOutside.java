package dev.plexus.house.planted.usage;

import java.sql.Connection;

/// Offends: holds a database connection.
record SqlOutside(Connection connection) {}
