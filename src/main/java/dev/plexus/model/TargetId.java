package dev.plexus.model;

/// A provider and one of its models: what cooldowns and performance samples are kept for.
public record TargetId(ProviderId provider, String model) {

    /// The form that attempt lists use: `provider/model`.
    @Override
    public String toString() {
        return provider.value() + "/" + model;
    }
}
