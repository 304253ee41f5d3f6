package dev.plexus.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plexus.storage.DatabaseUrl.Postgres;
import dev.plexus.storage.DatabaseUrl.SqliteFile;
import dev.plexus.storage.DatabaseUrl.SqliteMemory;
import dev.plexus.storage.DatabaseUrl.SslMode;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseUrlTest {

    @Test
    void sqlite_in_all_its_forms() {
        assertThat(DatabaseUrl.parse("sqlite:///abs/dir/p.db")).isEqualTo(new SqliteFile(Path.of("/abs/dir/p.db")));
        assertThat(DatabaseUrl.parse("sqlite://./data/p.db")).isEqualTo(new SqliteFile(Path.of("./data/p.db")));
        assertThat(DatabaseUrl.parse("sqlite://data/p.db")).isEqualTo(new SqliteFile(Path.of("data/p.db")));
        assertThat(DatabaseUrl.parse("sqlite://:memory:")).isEqualTo(new SqliteMemory());
        assertThat(DatabaseUrl.parse("sqlite::memory:")).isEqualTo(new SqliteMemory());
    }

    @Test
    void postgres_in_all_its_forms() {
        assertThat(DatabaseUrl.parse("postgres://u:p@h:5433/db")).isEqualTo(new Postgres("h", 5433, "db", "u", "p", SslMode.PREFER));
        assertThat(DatabaseUrl.parse("postgresql://u@my_host/db?sslmode=verify-full&x=1"))
                .isEqualTo(new Postgres("my_host", 5432, "db", "u", "", SslMode.VERIFY_FULL));
        assertThat(DatabaseUrl.parse("postgres://u:p%40%2F+@[::1]:5432/d%20b?sslmode=disable"))
                .isEqualTo(new Postgres("::1", 5432, "d b", "u", "p@/+", SslMode.DISABLE));
    }

    @Test
    void nothing_that_is_said_about_a_url_contains_the_password() {
        for (String wrong : List.of(
                "mysql://u:s3cret@h/db",
                "postgres://u:s3cret@/db",
                "postgres://u:s3cret@h",
                "postgres://:s3cret@h/db",
                "postgres://u:s3cret@h:port/db",
                "postgres://u:s3cret/x@h:1/",
                "postgres://u:s3cret%zz@h/db",
                "postgres://u:s3cret@h/db?sslmode=s3cret",
                "s3cret")) {
            Throwable refusal = catchThrowable(() -> DatabaseUrl.parse(wrong));

            assertThat(refusal).as(wrong).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("DATABASE_URL");
            assertThat(refusal.getMessage()).doesNotContain("s3cret");
            assertThat(refusal.getCause()).isNull();
        }
        assertThat(DatabaseUrl.parse("postgres://u:s3cret@h/db").toString()).doesNotContain("s3cret");
    }

    @Test
    void a_refused_login_does_not_tell_the_password_either() {
        Vertx vertx = Vertx.vertx();
        try {
            Database database = Database.at(vertx, DatabaseUrl.parse("postgres://u:s3cret@127.0.0.1:1/db"), 1);

            assertThatThrownBy(() -> database.ready().await()).satisfies(refused -> assertThat(refused.toString()).doesNotContain("s3cret"));
            database.close().await();
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void a_database_in_memory_keeps_its_rows_as_long_as_it_is_open() {
        Vertx vertx = Vertx.vertx();
        try {
            Database database = Database.at(vertx, new SqliteMemory(), 1);
            database.ready().await();

            assertThat(new UsageRepository(database).count().await()).isZero();
            assertThat(Path.of(":memory:")).doesNotExist();
            database.close().await();
        } finally {
            vertx.close().await();
        }
    }
}
