package dev.plexus.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;

class PostgresRepositoryTest extends RepositoryContract {

    PostgresRepositoryTest() {
        super(RealPostgres.freshDatabase());
    }

    @Override
    Connection jdbc() throws SQLException {
        return connect("jdbc:postgresql://" + url().substring(url().indexOf('@') + 1) + "?user=postgres&password=postgres");
    }

    @RepeatedTest(5)
    void nodes_that_start_together_make_the_schema_once() {
        Vertx vertx = Vertx.vertx();
        List<Database> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(Database.at(vertx, DatabaseUrl.parse(url()), 2));
        }

        Future.all(nodes.stream().map(Database::ready).toList()).await();

        assertThat(new UsageRepository(nodes.getLast()).count().await()).isZero();
        nodes.forEach(node -> node.close().await());
        vertx.close().await();
    }
}
