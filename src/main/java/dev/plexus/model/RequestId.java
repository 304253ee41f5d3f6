package dev.plexus.model;

/// Is the identity of one exchange, a UUID in its text form.
public record RequestId(String value) {

    public RequestId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("RequestId: value must not be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
