package dev.plexus.quota;

import io.vertx.core.Future;
import java.util.List;

/// Where counters outlive the process. Called on the quota actor's event loop, and must not block it.
public interface QuotaStore {

    /// All counters as they were last saved.
    Future<List<QuotaState>> load();

    /// Writes these counters over what was saved under the same key and quota names. Never called again before its future has
    /// completed, or has taken five seconds and is given up: such a late write must not replace a later one.
    Future<Void> save(List<QuotaState> changed);
}
