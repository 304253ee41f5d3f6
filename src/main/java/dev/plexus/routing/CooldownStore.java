package dev.plexus.routing;

import dev.plexus.message.CooldownView.Entry;
import dev.plexus.model.TargetId;
import io.vertx.core.Future;
import java.util.Map;

/// Where cooldowns outlive the process.
public interface CooldownStore {

    /// Everything that is still worth knowing.
    Future<Map<TargetId, Entry>> load();

    Future<Void> save(TargetId target, Entry entry);

    Future<Void> delete(TargetId target);
}
