package dev.plexus.model;

/// A provider and one of its models: what cooldowns and performance samples are kept for.
public record TargetId(ProviderId provider, String model) {

    /// Spread by hand: names that only differ in a digit have neighbouring hashes, and thousands of such targets would crowd together in every map.
    @Override
    public int hashCode() {
        int mixed = provider.hashCode() * 0x9E3779B9 + model.hashCode();
        mixed = (mixed ^ (mixed >>> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >>> 13)) * 0xC2B2AE35;
        return mixed ^ (mixed >>> 16);
    }

    /// The form that attempt lists use: `provider/model`.
    @Override
    public String toString() {
        return provider.value() + "/" + model;
    }
}
