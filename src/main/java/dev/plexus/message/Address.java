package dev.plexus.message;

/// Where a message goes, with the types of what is asked and what is answered.
public record Address<Q, A>(String name, Class<Q> question, Class<A> answer) {

    /// This address on one lane.
    public Address<Q, A> on(int lane) {
        return new Address<>(name + "." + lane, question, answer);
    }

    /// This address for one named instance.
    public Address<Q, A> of(String instance) {
        return new Address<>(name + "." + instance, question, answer);
    }
}
