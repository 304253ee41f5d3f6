package dev.plexus.storage;

import io.vertx.jdbcclient.spi.JDBCColumnDescriptorProvider;
import io.vertx.jdbcclient.spi.JDBCEncoderImpl;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/// Gives SQLite parameters as they are: the general encoder asks for the type of each, which SQLite answers with two exceptions a parameter.
///
/// Public only because vertx-jdbc-client makes it by its name.
public final class SqliteParameters extends JDBCEncoderImpl {

    @Override
    @SuppressWarnings("NullAway") // the interface has no word for null
    public @Nullable Object encode(Tuple parameters, int position, JDBCColumnDescriptorProvider types) {
        return parameters.getValue(position - 1);
    }
}
