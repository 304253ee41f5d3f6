package dev.plexus.storage;

import io.vertx.jdbcclient.impl.actions.JDBCColumnDescriptor;
import io.vertx.jdbcclient.impl.actions.SQLValueProvider;
import io.vertx.jdbcclient.spi.JDBCColumnDescriptorProvider;
import io.vertx.jdbcclient.spi.JDBCDecoderImpl;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Reads SQLite's values as they are: the general decoder makes a `Float` of every `REAL` and loses half the digits of a cost.
///
/// Public only because vertx-jdbc-client makes it by its name.
public final class SqliteValues extends JDBCDecoderImpl {

    @Override
    @SuppressWarnings("NullAway") // the interface has no word for null
    public @Nullable Object parse(ResultSet row, int column, JDBCColumnDescriptorProvider types) throws SQLException {
        return row.getObject(column);
    }

    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Object decode(JDBCColumnDescriptor type, SQLValueProvider value) throws SQLException {
        return value.apply(null);
    }
}
