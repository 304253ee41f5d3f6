package dev.plexus.model;

/// Is the key of a configured provider.
public record ProviderId(String value) {

    public ProviderId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("ProviderId: value must not be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
