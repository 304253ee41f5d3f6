package dev.plexus.model;

/// Is the name of a client's API key, never its secret.
public record KeyName(String value) {

    public KeyName {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("KeyName: value must not be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
