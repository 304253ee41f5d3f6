package dev.plexus.storage;

import dev.plexus.message.Done;
import dev.plexus.storage.DatabaseUrl.Postgres;
import dev.plexus.storage.DatabaseUrl.SqliteFile;
import dev.plexus.storage.DatabaseUrl.SqliteMemory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.jdbcclient.JDBCConnectOptions;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/// One database, open: where to read, where to write, and the schema brought up to date before the first use.
///
/// SQLite has exactly one connection that writes, so that writers queue here and not in the file's lock, and others that read meanwhile (WAL).
/// PostgreSQL has one pool for both. Thread-safe.
public final class Database {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int READERS = 4;
    private static final String PRAGMAS = "journal_mode=WAL&synchronous=NORMAL&busy_timeout=5000&foreign_keys=true";
    private static final int IDLE_SECONDS = 20;
    private static final int CONNECT_SECONDS = 10;
    private static final String STATEMENT_TIMEOUT_MS = "30000";
    /// Waiting for a connection is bounded, so that a database that hangs fills no memory.
    private static final int WAITING_MAX = 1_000;
    /// SQLite's primary result codes that blame the row: constraint, mismatch, too big, out of range.
    private static final Set<Integer> SQLITE_ROW_FAULTS = Set.of(18, 19, 20, 25);

    private final Vertx vertx;
    private final Schema.Flavour flavour;
    private final DataSource blocking;
    private final Pool reads;
    private final Pool writes;
    private final @Nullable AutoCloseable anchor;
    private final AtomicReference<@Nullable Future<Done>> ready = new AtomicReference<>();

    private Database(
            Vertx vertx, Schema.Flavour flavour, DataSource blocking, Pool reads, Pool writes, @Nullable AutoCloseable anchor) {
        this.vertx = vertx;
        this.flavour = flavour;
        this.blocking = blocking;
        this.reads = reads;
        this.writes = writes;
        this.anchor = anchor;
    }

    /// Makes the pools; connects to nothing yet (but makes SQLite's directory). `poolSize` is for PostgreSQL.
    public static Database at(Vertx vertx, DatabaseUrl url, int poolSize) {
        return switch (url) {
            case SqliteFile(Path file) -> sqlite(vertx, file);
            case SqliteMemory _ -> memory(vertx);
            case Postgres postgres -> postgres(vertx, postgres, poolSize);
        };
    }

    /// Succeeds when the database can be reached and has this program's schema. Tries again when it is asked again after a failure.
    public Future<Done> ready() {
        Future<Done> known = ready.get();
        if (known != null && !known.failed()) {
            return known;
        }
        Promise<Done> attempt = Promise.promise();
        if (!ready.compareAndSet(known, attempt.future())) {
            return ready();
        }
        vertx.executeBlocking(
                        () -> {
                            Schema.bring(blocking, flavour);
                            return Done.DONE;
                        },
                        false)
                .<Done>map(_ -> Done.DONE)
                .onComplete(attempt);
        return attempt.future();
    }

    /// Where to read.
    public SqlClient reads() {
        return reads;
    }

    /// The only way to write: all that `work` does, or nothing.
    ///
    /// There is no writing outside of a transaction, because vertx-jdbc-client (5.0.8) leaves a connection without auto-commit after the first one: a
    /// single statement would then hold SQLite's lock until the next transaction happens to commit it.
    @SuppressWarnings("NullAway") // the pool's signature allows for null; the answer is what `work` answers
    public <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
        return writes.withTransaction(work);
    }

    /// Does this failure blame what was to be stored, so that trying again is useless?
    public static boolean blamesRow(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = refused.getSqlState();
            return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
        }
        if (failure instanceof IllegalArgumentException || failure instanceof ClassCastException) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && SQLITE_ROW_FAULTS.contains(refused.getErrorCode() & 0xFF)) {
                return true;
            }
        }
        return false;
    }

    /// Gives all connections back.
    public Future<Void> close() {
        return Future.join(reads.close(), writes.close()).eventually(this::release).mapEmpty();
    }

    Schema.Flavour flavour() {
        return flavour;
    }

    private Future<Done> release() {
        if (anchor == null) {
            return Future.succeededFuture(Done.DONE);
        }
        return vertx.executeBlocking(() -> {
                    anchor.close();
                    return Done.DONE;
                })
                .map(_ -> Done.DONE);
    }

    private static Database sqlite(Vertx vertx, Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot make the directory of the database " + file + ": " + refused, refused);
        }
        String url = "jdbc:sqlite:" + file + "?" + PRAGMAS;
        return new Database(
                vertx,
                Schema.Flavour.SQLITE,
                blocking(url),
                jdbc(vertx, url, "sqlite-read", READERS),
                jdbc(vertx, url, "sqlite-write", 1),
                null);
    }

    /// The database lives as long as one connection to it is open: that is the anchor.
    private static Database memory(Vertx vertx) {
        String url = "jdbc:sqlite:file:plexus-" + UUID.randomUUID() + "?mode=memory&cache=shared&" + PRAGMAS;
        DataSource source = blocking(url);
        try {
            AutoCloseable anchor = source.getConnection();
            Pool single = jdbc(vertx, url, "sqlite-memory", 1);
            return new Database(vertx, Schema.Flavour.SQLITE, source, single, single, anchor);
        } catch (SQLException refused) {
            throw new IllegalStateException("cannot open a database in memory: " + refused.getMessage(), refused);
        }
    }

    private static DataSource blocking(String url) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        return source;
    }

    private static Pool jdbc(Vertx vertx, String url, String name, int size) {
        JDBCConnectOptions options = new JDBCConnectOptions()
                .setJdbcUrl(url)
                .setAutoGeneratedKeys(false)
                .setExtraConfig(new JsonObject()
                        .put("encoderCls", SqliteParameters.class.getName())
                        .put("decoderCls", SqliteValues.class.getName()));
        return JDBCPool.pool(vertx, options, pooling(name, size).setIdleTimeout(0));
    }

    private static PoolOptions pooling(String name, int size) {
        return new PoolOptions()
                .setName(name)
                .setMaxSize(size)
                .setMaxWaitQueueSize(WAITING_MAX)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setConnectionTimeout(CONNECT_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    }

    private static Database postgres(Vertx vertx, Postgres url, int poolSize) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(url.host())
                .setPort(url.port())
                .setDatabase(url.database())
                .setUser(url.user())
                .setPassword(url.password())
                .setCachePreparedStatements(true)
                .addProperty("application_name", "plexus")
                .addProperty("statement_timeout", STATEMENT_TIMEOUT_MS);
        PGSimpleDataSource blocking = new PGSimpleDataSource();
        blocking.setServerNames(new String[] {url.host()});
        blocking.setPortNumbers(new int[] {url.port()});
        blocking.setDatabaseName(url.database());
        blocking.setUser(url.user());
        blocking.setPassword(url.password());
        blocking.setConnectTimeout(CONNECT_SECONDS);
        blocking.setSslMode(url.sslMode().label());
        if (url.sslMode() == DatabaseUrl.SslMode.REQUIRE) {
            blocking.setSslfactory("org.postgresql.ssl.NonValidatingFactory");
        }
        Pool pool = PgBuilder.pool()
                .with(pooling("postgres", poolSize))
                .with(new NetClientOptions().setConnectTimeout(CONNECT_SECONDS * 1_000))
                .connectingTo(secured(options, url.sslMode()))
                .using(vertx)
                .build();
        LOG.debug("database is {}", url);
        return new Database(vertx, Schema.Flavour.POSTGRES, blocking, pool, pool, null);
    }

    /// `prefer` and `require` encrypt without asking who the other is, as libpq does; the other two verify against the system's authorities.
    private static PgConnectOptions secured(PgConnectOptions options, DatabaseUrl.SslMode mode) {
        return switch (mode) {
            case DISABLE -> options.setSslMode(io.vertx.pgclient.SslMode.DISABLE);
            case PREFER -> options.setSslMode(io.vertx.pgclient.SslMode.PREFER).setSslOptions(new ClientSSLOptions().setTrustAll(true));
            case REQUIRE -> options.setSslMode(io.vertx.pgclient.SslMode.REQUIRE).setSslOptions(new ClientSSLOptions().setTrustAll(true));
            case VERIFY_CA -> options.setSslMode(io.vertx.pgclient.SslMode.VERIFY_CA).setSslOptions(new ClientSSLOptions());
            case VERIFY_FULL ->
                options.setSslMode(io.vertx.pgclient.SslMode.VERIFY_FULL)
                        .setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
        };
    }
}
