package dev.plexus.model;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The scalar wishes of a request. Null, or empty for the collections, is what the client did not say; nothing is ever a default.
///
/// Numbers keep the client's spelling. `logitBias` and `metadata` map a name to the JSON text of its value, in the client's order.
public record Settings(
        @Nullable Long maxTokens,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Long topK,
        @Nullable Long seed,
        @Nullable BigDecimal frequencyPenalty,
        @Nullable BigDecimal presencePenalty,
        @Nullable Long n,
        Map<String, String> logitBias,
        List<String> stop,
        @Nullable Boolean logprobs,
        @Nullable Long topLogprobs,
        List<String> modalities,
        @Nullable OutputFormat format,
        @Nullable String verbosity,
        @Nullable String user,
        Map<String, String> metadata,
        @Nullable String serviceTier,
        @Nullable String promptCacheKey) {

    public Settings {
        logitBias = Collections.unmodifiableMap(new LinkedHashMap<>(logitBias));
        stop = List.copyOf(stop);
        modalities = List.copyOf(modalities);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /// Gathers settings in whatever order a request has them. Setting a member to null says that it is absent.
    public static final class Builder {

        private @Nullable Long maxTokens;
        private @Nullable BigDecimal temperature;
        private @Nullable BigDecimal topP;
        private @Nullable Long topK;
        private @Nullable Long seed;
        private @Nullable BigDecimal frequencyPenalty;
        private @Nullable BigDecimal presencePenalty;
        private @Nullable Long n;
        private Map<String, String> logitBias = Map.of();
        private List<String> stop = List.of();
        private @Nullable Boolean logprobs;
        private @Nullable Long topLogprobs;
        private List<String> modalities = List.of();
        private @Nullable OutputFormat format;
        private @Nullable String verbosity;
        private @Nullable String user;
        private Map<String, String> metadata = Map.of();
        private @Nullable String serviceTier;
        private @Nullable String promptCacheKey;

        public Settings build() {
            return new Settings(
                    maxTokens, temperature, topP, topK, seed, frequencyPenalty, presencePenalty, n, logitBias, stop, logprobs, topLogprobs,
                    modalities, format, verbosity, user, metadata, serviceTier, promptCacheKey);
        }

        public Builder maxTokens(@Nullable Long value) {
            maxTokens = value;
            return this;
        }

        public Builder temperature(@Nullable BigDecimal value) {
            temperature = value;
            return this;
        }

        public Builder topP(@Nullable BigDecimal value) {
            topP = value;
            return this;
        }

        public Builder topK(@Nullable Long value) {
            topK = value;
            return this;
        }

        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        public Builder frequencyPenalty(@Nullable BigDecimal value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder presencePenalty(@Nullable BigDecimal value) {
            presencePenalty = value;
            return this;
        }

        public Builder n(@Nullable Long value) {
            n = value;
            return this;
        }

        public Builder logitBias(Map<String, String> value) {
            logitBias = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder logprobs(@Nullable Boolean value) {
            logprobs = value;
            return this;
        }

        public Builder topLogprobs(@Nullable Long value) {
            topLogprobs = value;
            return this;
        }

        public Builder modalities(List<String> value) {
            modalities = value;
            return this;
        }

        public Builder format(@Nullable OutputFormat value) {
            format = value;
            return this;
        }

        public Builder verbosity(@Nullable String value) {
            verbosity = value;
            return this;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        public Builder metadata(Map<String, String> value) {
            metadata = value;
            return this;
        }

        public Builder serviceTier(@Nullable String value) {
            serviceTier = value;
            return this;
        }

        public Builder promptCacheKey(@Nullable String value) {
            promptCacheKey = value;
            return this;
        }
    }
}
