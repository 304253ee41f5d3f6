package dev.plexus.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the tables to the version of this program. Blocks; runs once, before anything else uses the database.
///
/// Flyway takes a third of a second to look at a database that needs nothing, so it is asked only when its own history does not already end
/// with our version and without a failure. A database of earlier versions, which has our tables but no history, is adopted first.
final class Schema {

    /// The number of the last file in `db/migration`; a test holds them together.
    static final int VERSION = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    /// Serializes the nodes that start together; any number will do.
    private static final long ADVISORY_LOCK = 7_163_900_411L;
    static final String HISTORY = "flyway_schema_history";

    /// What the two databases spell differently in the migrations.
    enum Flavour {
        SQLITE("integer primary key autoincrement", "integer", "double precision"),
        POSTGRES("bigserial primary key", "bigint", "double precision");

        private final Map<String, String> placeholders;

        Flavour(String id, String wide, String num) {
            this.placeholders = Map.of("id", id, "long", wide, "num", num);
        }

        Map<String, String> placeholders() {
            return placeholders;
        }
    }

    private Schema() {}

    static void bring(DataSource source, Flavour flavour) throws SQLException {
        try (Connection connection = source.getConnection()) {
            if (isCurrent(connection)) {
                return;
            }
            if (flavour == Flavour.POSTGRES) {
                lock(connection);
                if (isCurrent(connection)) {
                    return;
                }
            }
            migrate(source, flavour);
        }
    }

    /// Held until the connection closes. Flyway's own lock is not enough: it looks whether the schema is empty before it takes it, and a node that
    /// starts a moment later sees the tables of the first one and tries to baseline them.
    private static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + ADVISORY_LOCK + ")");
        }
    }

    private static void migrate(DataSource source, Flavour flavour) throws SQLException {
        new Adoption(source, flavour).run();
        int applied = Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .placeholders(flavour.placeholders())
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate()
                .migrationsExecuted;
        LOG.info("database schema brought to version {} ({} migrations)", VERSION, applied);
    }

    private static boolean isCurrent(Connection connection) throws SQLException {
        if (!hasTable(connection, HISTORY)) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet versions = statement.executeQuery("select version, success from " + HISTORY)) {
            int latest = 0;
            while (versions.next()) {
                String version = versions.getString(1);
                if (!versions.getBoolean(2)) {
                    return false;
                }
                latest = version == null ? latest : Math.max(latest, Integer.parseInt(version));
            }
            return latest == VERSION;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    static boolean hasTable(Connection connection, String table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, connection.getSchema(), table, null)) {
            return tables.next();
        }
    }
}
