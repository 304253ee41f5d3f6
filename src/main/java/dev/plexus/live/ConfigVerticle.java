package dev.plexus.live;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import dev.plexus.config.ConfigSummary;
import dev.plexus.message.Addresses;
import dev.plexus.message.Bus;
import dev.plexus.message.ConfigChanged;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the configuration file and announces each new snapshot. Owns the serving snapshot of the node; one instance.
///
/// The file is looked at by its path twice a second and compared by content, so that a rename over it, a symbolic link that is moved
/// (Kubernetes), and a file system without notifications all work alike. The retriever hands over the text as it is: our reader needs it for
/// lines and columns, and a text that is no YAML at all must be noticed too.
public final class ConfigVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigVerticle.class);
    private static final String TEXT = "text";
    private static final long SCAN_MILLIS = 500;
    /// A text must stay the same for this long before it is read: an editor may write it in pieces that are valid each.
    private static final long SETTLE_MILLIS = 100;
    /// A text that cannot be read is looked at once more after this time, before it is reported.
    private static final long AGAIN_MILLIS = 500;

    private final Bus bus;
    private final Path file;
    private final ConfigReader reader;
    private final Reload reload;
    private final ReloadListener listener;
    /// Counts the changes seen; work on an older one is dropped.
    private long turn;
    private @Nullable ConfigRetriever retriever;
    private Bus.@Nullable Registration answering;

    /// `initial` is the snapshot that everyone was started with, read from `file`; `listener` hears how each reload went.
    public ConfigVerticle(Bus bus, Path file, ConfigReader reader, Config initial, ReloadListener listener) {
        this.bus = bus;
        this.file = file;
        this.reader = reader;
        this.reload = new Reload(initial);
        this.listener = listener;
    }

    @Override
    public Future<?> start() {
        ConfigStoreOptions text = new ConfigStoreOptions()
                .setType("file")
                .setFormat("raw")
                .setOptional(true)
                .setConfig(new JsonObject().put("path", file.toAbsolutePath().toString()).put("raw.key", TEXT));
        ConfigRetriever watching = ConfigRetriever.create(
                vertx, new ConfigRetrieverOptions().setIncludeDefaultStores(false).setScanPeriod(SCAN_MILLIS).addStore(text));
        retriever = watching;
        answering = bus.answer(Addresses.CONFIG_STATE, _ -> Future.succeededFuture(reload.state()));
        watching.listen(change -> settle(watching, textOf(change.getNewConfiguration())));
        return watching.getConfig().compose(found -> consider(watching, turn, textOf(found), false));
    }

    @Override
    public Future<?> stop() {
        turn++;
        Future<Void> silent = answering == null ? Future.succeededFuture() : answering.unregister();
        return retriever == null ? silent : Future.join(silent, retriever.close());
    }

    /// Waits until the text stays the same.
    private void settle(ConfigRetriever watching, @Nullable String text) {
        long mine = ++turn;
        vertx.timer(SETTLE_MILLIS, TimeUnit.MILLISECONDS)
                .compose(_ -> watching.getConfig())
                .compose(found -> {
                    String now = textOf(found);
                    if (mine == turn && !Objects.equals(now, text)) {
                        settle(watching, now);
                        return Future.succeededFuture();
                    }
                    return consider(watching, mine, now, false);
                })
                .onFailure(failure -> LOG.error("looking at {} failed", file, failure));
    }

    private Future<Void> consider(ConfigRetriever watching, long mine, @Nullable String text, boolean again) {
        if (mine != turn || !reload.isNews(text)) {
            return Future.succeededFuture();
        }
        Future<ConfigRead> reading =
                text == null ? Future.succeededFuture(Reload.GONE) : vertx.executeBlocking(() -> reader.read(text));
        return reading.compose(read -> mine == turn ? act(watching, mine, text, read, again) : Future.succeededFuture());
    }

    private Future<Void> act(
            ConfigRetriever watching, long mine, @Nullable String text, ConfigRead read, boolean again) {
        switch (reload.judge(text, read, again)) {
            case Reload.Verdict.Again() -> {
                return vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(_ -> watching.getConfig())
                        .compose(found -> consider(watching, mine, textOf(found), true));
            }
            case Reload.Verdict.Refused(var faults) -> {
                log(faults);
                LOG.error("{} is not taken; the last good configuration goes on serving", file);
                listener.reloaded(false);
            }
            case Reload.Verdict.Unchanged(var remarks) -> {
                if (mine > 0) {       // those of the first look were logged when the file was read to start with
                    log(remarks);
                }
            }
            case Reload.Verdict.Adopted(var config, var remarks) -> {
                log(remarks);
                bus.publish(Addresses.CONFIG_CHANGED, new ConfigChanged(config));
                LOG.info("{} reloaded", file);
                listener.reloaded(true);
                ConfigSummary.lines(config).forEach(LOG::info);
            }
        }
        return Future.succeededFuture();
    }

    private void log(List<ConfigFault> faults) {
        for (ConfigFault fault : faults) {
            String line = fault.describe(file.toString());
            switch (fault.severity()) {
                case ERROR -> LOG.error("{}", line);
                case WARNING -> LOG.warn("{}", line);
                case NOTICE -> {} // all of them in one line, below
            }
        }
        ConfigSummary.withoutEffect(faults).ifPresent(line -> LOG.warn("{}: {}", file, line));
    }

    private static @Nullable String textOf(JsonObject found) {
        return found.getString(TEXT);
    }
}
