package dev.plexus.usage;

import static dev.plexus.message.Addresses.JOURNAL_STATE;

import dev.plexus.message.Bus;
import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.JournalState;
import dev.plexus.message.UsageRecord;
import dev.plexus.model.RequestId;
import dev.plexus.pricing.Cost;
import dev.plexus.storage.Database;
import dev.plexus.storage.InferenceErrorRepository;
import dev.plexus.storage.StoredUsage;
import dev.plexus.storage.UsageRepository;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the journal into the database: one batch, one transaction, then the cursor. Runs on a virtual thread.
///
/// A batch is tried until it is stored; the database may be locked, slow or gone meanwhile, and nothing waits for it but this verticle. A record
/// that the database refuses for what is in it is found by halving its batch, and set aside. When the process is killed between a transaction
/// and the cursor, the next one stores the same batch again, which changes nothing.
///
/// When all that earlier processes left is stored, what is still pending from before this one began will never end: it becomes `aborted`.
public final class JournalWriterVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriterVerticle.class);
    private static final Duration FLUSH_MAX = Duration.ofSeconds(10);
    private static final long BACK_OFF_FIRST_MS = 100;
    private static final long BACK_OFF_MAX_MS = 2_000;
    /// Longer than any statement or lock may take by the database's own limits.
    private static final long TRANSACTION_MAX_MS = 40_000;
    private static final int FAILURES_TO_OPEN = 3;
    private static final long OPEN_MS = 1_000;

    private final Bus bus;
    private final Journal journal;
    private final Database database;
    private final UsageRepository usages;
    private final InferenceErrorRepository errors;
    private final CostOf costs;
    private final String node;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final WriterPace pace;
    private final Rejected rejected;
    private final UsageCodec codec = new UsageCodec();
    private final Promise<Void> ended = Promise.promise();
    private @Nullable JournalReader reader;
    private @Nullable CircuitBreaker breaker;
    private @Nullable String lastError;
    private long oldestAt;
    private long written;
    private boolean stopping;
    private long flushUntil;

    /// `node` names this node in the rows; `nanos` is a clock for spans.
    public JournalWriterVerticle(
            Bus bus,
            Journal journal,
            Database database,
            CostOf costs,
            String node,
            InstantSource clock,
            LongSupplier nanos,
            WriterPace pace) {
        this.bus = bus;
        this.journal = journal;
        this.database = database;
        this.usages = new UsageRepository(database);
        this.errors = new InferenceErrorRepository(database);
        this.costs = costs;
        this.node = node;
        this.clock = clock;
        this.nanos = nanos;
        this.pace = pace;
        this.rejected = new Rejected(journal.directory().resolve("rejected.tsv"), clock);
    }

    @Override
    public Future<?> start() {
        JournalReader following = new JournalReader(journal, rejected);
        CircuitBreaker guard = CircuitBreaker.create(
                        "database",
                        vertx,
                        new CircuitBreakerOptions()
                                .setMaxFailures(FAILURES_TO_OPEN)
                                .setTimeout(TRANSACTION_MAX_MS)
                                .setResetTimeout(OPEN_MS))
                .<Object>failurePolicy(attempt -> attempt.failed() && !Database.blamesRow(attempt.cause()));
        reader = following;
        breaker = guard;
        long startedAt = clock.millis();
        bus.answer(JOURNAL_STATE, _ -> Future.succeededFuture(state()));
        context.runOnContext(_ -> follow(following, guard, startedAt));
        return Future.succeededFuture();
    }

    /// Writes what is there, for ten seconds at most; what remains is written by the next process.
    @Override
    public Future<?> stop() {
        stopping = true;
        flushUntil = nanos.getAsLong() + FLUSH_MAX.toNanos();
        return ended.future()
                .timeout(FLUSH_MAX.toMillis() + 1_000, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .onComplete(_ -> {
                    JournalState left = state();
                    if (left.backlogRecords() > 0) {
                        LOG.warn("{} usage records stay in the journal for the next start: {}", left.backlogRecords(), left.lastError());
                    }
                });
    }

    private void follow(JournalReader following, CircuitBreaker guard, long startedAt) {
        try {
            boolean aborted = false;
            while (true) {
                long began = nanos.getAsLong();
                JournalReader.Batch batch = following.read(pace.batchRows());
                oldestAt = batch.oldestAt();
                if (!store(batch, guard)) {
                    break;
                }
                following.stored(batch);
                long age = oldestAt == 0 ? 0 : clock.millis() - oldestAt;
                oldestAt = 0;
                if (!aborted && following.leftoversRead() && batch.records().isEmpty()) {
                    aborted = abort(guard, startedAt);
                }
                if (stopping && batch.records().isEmpty()) {
                    break;
                }
                sleep(stopping ? 0 : pace.pauseMs(batch.records().size(), age, (nanos.getAsLong() - began) / 1_000_000));
            }
        } catch (RuntimeException bug) {
            lastError = String.valueOf(bug);
            LOG.error("the journal is no longer written to the database; a restart will take it up again", bug);
        } finally {
            following.close();
            guard.close();
            ended.tryComplete();
        }
    }

    /// True when the batch is in the database (or set aside); false when the verticle must stop before it is.
    private boolean store(JournalReader.Batch batch, CircuitBreaker guard) {
        if (batch.records().isEmpty()) {
            return true;
        }
        Map<RequestId, StoredUsage> latest = new LinkedHashMap<>();
        for (UsageRecord usage : batch.records()) {
            boolean known = latest.containsKey(usage.requestId());
            if (!known || usage.outcome().status() != ExchangeStatus.PENDING) {
                latest.put(usage.requestId(), priced(usage));
            }
        }
        return store(List.copyOf(latest.values()), guard);
    }

    private boolean store(List<StoredUsage> records, CircuitBreaker guard) {
        long backOff = BACK_OFF_FIRST_MS;
        while (true) {
            Throwable failure = attempt(records, guard);
            if (failure == null) {
                written += records.size();
                if (lastError != null) {
                    LOG.info("the database takes usage records again");
                    lastError = null;
                }
                return true;
            }
            if (Database.blamesRow(failure)) {
                return apart(records, failure, guard);
            }
            note(failure);
            if (stopping && nanos.getAsLong() - flushUntil > 0) {
                return false;
            }
            sleep(backOff);
            backOff = Math.min(backOff * 2, BACK_OFF_MAX_MS);
        }
    }

    private @Nullable Throwable attempt(List<StoredUsage> records, CircuitBreaker guard) {
        Future<Void> attempt = guard.execute(() -> database.ready()
                .compose(_ -> database.inTransaction(transaction -> usages.store(transaction, records)
                        .compose(_ -> errors.store(transaction, records)))));
        return failureOf(attempt);
    }

    private static @Nullable Throwable failureOf(Future<?> attempt) {
        return attempt.<@Nullable Throwable>map(_ -> null).otherwise(failure -> failure).await();
    }

    /// Stores the good ones among records of which the database refuses at least one.
    private boolean apart(List<StoredUsage> records, Throwable refusal, CircuitBreaker guard) {
        if (records.size() == 1) {
            UsageRecord usage = records.getFirst().usage();
            int length = codec.encode(usage);
            rejected.add(usage.requestId().value(), String.valueOf(refusal.getMessage()), codec.bytes(), length);
            return true;
        }
        int half = records.size() / 2;
        return store(records.subList(0, half), guard) && store(records.subList(half, records.size()), guard);
    }

    private boolean abort(CircuitBreaker guard, long startedAt) {
        Future<Integer> attempt = guard.execute(() -> database.ready().compose(_ -> usages.abort(node, startedAt)));
        Throwable failure = failureOf(attempt);
        if (failure != null) {
            note(failure);
            return false;
        }
        if (attempt.result() > 0) {
            LOG.warn("{} exchanges did not end before the last stop of this node; their usage is marked aborted", attempt.result());
        }
        return true;
    }

    private void note(Throwable failure) {
        if (failure instanceof OpenCircuitException && lastError != null) {
            return;
        }
        String text = String.valueOf(failure.getMessage());
        if (!text.equals(lastError)) {
            LOG.warn("the database takes no usage records, they wait in the journal: {}", text);
        }
        lastError = text;
    }

    private StoredUsage priced(UsageRecord usage) {
        Cost cost = null;
        if (usage.outcome().usage() != null || usage.outcome().status() == ExchangeStatus.SUCCESS) {
            try {
                cost = costs.of(usage);
            } catch (RuntimeException bug) {
                LOG.error("the cost of {} cannot be computed; it is stored without", usage.requestId(), bug);
            }
        }
        return new StoredUsage(usage, cost, node);
    }

    private void sleep(long millis) {
        if (millis > 0) {
            vertx.timer(millis, TimeUnit.MILLISECONDS).await();
        }
    }

    private JournalState state() {
        JournalReader following = reader;
        if (following == null) {
            return JournalState.EMPTY;
        }
        long age = oldestAt == 0 ? 0 : Math.max(0, clock.millis() - oldestAt);
        return new JournalState(
                following.backlogBytes(),
                following.backlogRecords(),
                age,
                written,
                rejected.count(),
                following.damaged(),
                lastError);
    }
}
