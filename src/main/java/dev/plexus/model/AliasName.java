package dev.plexus.model;

/// Is the public model name that a client sends.
public record AliasName(String value) {

    public AliasName {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("AliasName: value must not be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
