package dev.plexus.contract;

import static dev.plexus.app.RunningGateway.await;

import dev.plexus.app.RunningGateway;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A gateway for the vendors' own clients: one provider that speaks every dialect, and an alias for each thing that it can do.
final class SdkGateway implements AutoCloseable {

    /// From a client that leaves to a provider that knows.
    static final long UPSTREAM_GONE_MILLIS = 250;

    private static final String YAML = """
            adminKey: admin-secret
            retry: {sameTargetRetries: 0}
            providers:
              sim:
                api_base_url: {chat: "{sim}/v1", messages: "{sim}/v1", responses: "{sim}/v1", embeddings: "{sim}/v1", gemini: "{sim}"}
                api_key: upstream-secret-key
                disable_cooldown: true
              counts: {api_base_url: {messages: "{sim}/v1", gemini: "{sim}"}, api_key: upstream-secret-key, translation: {count_tokens: true}}
            models:
              counting: {targets: [{provider: counts, model: sim-c5}]}
              fast: {targets: [{provider: sim, model: sim-c5}]}
              org/fast:free: {targets: [{provider: sim, model: sim-c5}]}
              tools: {targets: [{provider: sim, model: sim-tools2}]}
              think: {targets: [{provider: sim, model: sim-think-c5}]}
              cut: {targets: [{provider: sim, model: sim-c5-err3-d15}]}
              endless: {targets: [{provider: sim, model: sim-c2000-d20}]}
              silent: {targets: [{provider: sim, model: sim-silent3-c10}]}
              embed: {type: embeddings, targets: [{provider: sim, model: sim-embed}]}
              says-400: {targets: [{provider: sim, model: sim-400}]}
              says-401: {targets: [{provider: sim, model: sim-401}]}
              says-404: {targets: [{provider: sim, model: sim-404}]}
              says-429: {targets: [{provider: sim, model: sim-429-ra3}]}
              says-503: {targets: [{provider: sim, model: sim-503}]}
              off: {targets: [{provider: sim, model: sim-c5, enabled: false}]}
            user_quotas:
              none-left: {type: daily, limitType: requests, limit: 1}
            keys:
              app: {secret: sk-test}
              limited: {secret: sk-limited, quota: none-left}
              held: {secret: sk-held, allowedModels: [nothing]}
            """;

    private final RunningGateway gateway;

    private SdkGateway(RunningGateway gateway) {
        this.gateway = gateway;
    }

    /// Starts it, and uses up the quota of the key `sk-limited`.
    static SdkGateway start(Path directory) {
        RunningGateway gateway = RunningGateway.start(directory, YAML);
        gateway.post("/v1/embeddings", "{\"model\":\"embed\",\"input\":\"x\"}", "authorization", "Bearer sk-limited");
        return new SdkGateway(gateway);
    }

    RunningGateway running() {
        return gateway;
    }

    String url(String path) {
        return gateway.url(path);
    }

    /// Milliseconds from the end of `leave` to the moment when the provider has seen its request cancelled.
    long millisUntilCancelled(Runnable leave) {
        long[] seen = new long[1];
        var cancelled = gateway.simulator()
                .whenCancelled(gateway.simulator().tally().cancelled() + 1)
                .onSuccess(_ -> seen[0] = System.nanoTime());
        leave.run();
        long left = System.nanoTime();
        await(cancelled);
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(seen[0] - left));
    }

    @Override
    public void close() {
        gateway.close();
    }
}
